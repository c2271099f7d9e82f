import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import { abortable, abortError, joinSignals, orAborted, throwIfAborted } from '../../src/stream/index.ts';
import { refusalOf } from '../audio/refusal.ts';

describe('the error of a signal', () => {
  it.each([
    ['cancelled', AbortSignal.abort()],
    ['cancelled', AbortSignal.abort('any reason')],
    ['deadline-exceeded', AbortSignal.abort(new DOMException('', 'TimeoutError'))],
    ['unavailable', AbortSignal.abort(new ServiceError('unavailable', 'draining'))],
  ])('is %s', async (kind, signal) => {
    expect(abortError(signal).kind).toBe(kind);
    expect((await refusalOf(() => throwIfAborted(signal))).kind).toBe(kind);
  });

  it('is none while the signal is quiet', () => {
    throwIfAborted(undefined);
    throwIfAborted(new AbortController().signal);
  });
});

it('joins signals: the one that fires gives the reason', () => {
  const caller = new AbortController();
  const shutdown = new AbortController();
  const joined = joinSignals(caller.signal, undefined, shutdown.signal);
  expect(joined.aborted).toBe(false);
  shutdown.abort(new ServiceError('unavailable', 'draining'));
  expect(abortError(joined).kind).toBe('unavailable');
  expect(joinSignals(caller.signal)).toBe(caller.signal);
  expect(joinSignals().aborted).toBe(false);
});

describe('a promise that need not be waited for', () => {
  it('settles as it would, while the signal is quiet', async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(orAborted(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
  });

  it('rejects at once when the signal fires, or has fired', async () => {
    const controller = new AbortController();
    const waiting = refusalOf(() => orAborted(new Promise(() => {}), controller.signal));
    controller.abort();
    expect((await waiting).kind).toBe('cancelled');
    const late = orAborted(Promise.reject(new Error('nobody hears this')), controller.signal);
    expect((await refusalOf(() => late)).kind).toBe('cancelled');
  });
});

describe('a source made abortable', () => {
  it('passes everything on, and ends', async () => {
    async function* source() {
      yield 1;
      yield 2;
    }
    const items: number[] = [];
    for await (const item of abortable(source(), new AbortController().signal)) items.push(item);
    expect(items).toEqual([1, 2]);
  });

  it('throws when the signal fires although the source is stuck', async () => {
    const controller = new AbortController();
    async function* stuck() {
      yield 1;
      await new Promise(() => {});
    }
    const reading = refusalOf(async () => {
      for await (const _ of abortable(stuck(), controller.signal)) controller.abort();
    });
    expect((await reading).kind).toBe('cancelled');
  });

  it('lets the source free what it holds, whoever ends first', async () => {
    const freed: string[] = [];
    async function* source(name: string) {
      try {
        yield 1;
        yield 2;
      } finally {
        freed.push(name);
      }
    }
    for await (const _ of abortable(source('left'), undefined)) break;
    const controller = new AbortController();
    await refusalOf(async () => {
      for await (const _ of abortable(source('aborted'), controller.signal)) controller.abort();
    });
    expect(freed).toEqual(['left', 'aborted']);
  });
});
