import { describe, expect, test } from 'vitest';
import type { Ticket } from '../../src/asr/batch-executor.ts';
import { Scheduler, type WindowObservation } from '../../src/asr/scheduler.ts';
import type { DecodePriority } from '../../src/domain/speech-engine.ts';

interface Started {
  readonly ticket: Ticket;
  readonly finish: (result: string) => void;
}

/** A scheduler whose work ends when the test says so. */
function setUp(maxActive = 1) {
  const started: string[] = [];
  const work = new Map<string, Started>();
  const observed: WindowObservation[] = [];
  let nowMs = 0;
  const scheduler = new Scheduler({
    maxActive,
    maxArchiveWaitMs: 1_000,
    now: () => nowMs,
    observe: (observation) => observed.push(observation),
  });
  const submit = (name: string, priority: DecodePriority, streamKey = name, signal?: AbortSignal) => {
    const result = scheduler.submit({ streamKey, priority, signal }, (ticket) => {
      started.push(name);
      return new Promise<string>((resolve, reject) => {
        work.set(name, { ticket, finish: resolve });
        ticket.signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    });
    result.catch(() => {});
    return result;
  };
  const finish = async (name: string) => {
    work.get(name)!.finish(name);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const ticketOf = (name: string) => work.get(name)!.ticket;
  return { submit, finish, started, observed, pass, ticketOf };
}

describe('the scheduler', () => {
  test('starts live finals, then partials, then archive windows, each in order of arrival', async () => {
    const { submit, finish, started } = setUp();
    submit('first', 'archive');
    for (const [name, priority] of [
      ['a1', 'archive'],
      ['p1', 'live-partial'],
      ['p2', 'live-partial'],
      ['f1', 'live-final'],
      ['f2', 'live-final'],
    ] as const) {
      submit(name, priority);
    }
    for (const name of ['first', 'f1', 'f2', 'p1', 'p2', 'a1']) await finish(name);
    expect(started).toEqual(['first', 'f1', 'f2', 'p1', 'p2', 'a1']);
  });

  test('an archive window that waited long goes with the partials', async () => {
    const { submit, finish, started, pass } = setUp();
    submit('first', 'live-final');
    submit('old', 'archive');
    pass(1_001);
    submit('partial', 'live-partial');
    submit('final', 'live-final');
    for (const name of ['first', 'final', 'old']) await finish(name);
    expect(started).toEqual(['first', 'final', 'old', 'partial']);
  });

  test('a newer window takes the place of a waiting partial of its stream', async () => {
    const { submit, finish, started, observed } = setUp();
    submit('busy', 'live-final');
    const stale = submit('stale', 'live-partial', 'call');
    const other = submit('other', 'live-partial', 'other call');
    submit('newer', 'live-partial', 'call');
    await expect(stale).rejects.toMatchObject({ kind: 'cancelled' });
    await finish('busy');
    await finish('other');
    expect(await other).toBe('other');
    expect(started).toEqual(['busy', 'other', 'newer']);
    expect(observed[0]).toMatchObject({ priority: 'live-partial', outcome: 'superseded', tokens: 0 });
  });

  test('a partial under way is let go for the final of its stream, not for a newer partial', async () => {
    const { submit, observed } = setUp(3);
    const partial = submit('partial', 'live-partial', 'call');
    submit('newer', 'live-partial', 'call');
    expect(observed).toEqual([]);
    submit('final', 'live-final', 'call');
    await expect(partial).rejects.toThrow('aborted');
    await new Promise((resolve) => setImmediate(resolve));
    expect(observed.map((each) => each.outcome)).toEqual(['superseded', 'superseded']);
  });

  test('finals and archive windows are never superseded', async () => {
    const { submit, finish, started } = setUp();
    submit('busy', 'live-final');
    submit('f1', 'live-final', 'call');
    submit('f2', 'live-final', 'call');
    submit('a1', 'archive', 'item');
    submit('a2', 'archive', 'item');
    for (const name of ['busy', 'f1', 'f2', 'a1', 'a2']) await finish(name);
    expect(started).toEqual(['busy', 'f1', 'f2', 'a1', 'a2']);
  });

  test('an abort while waiting rejects as cancelled and never starts', async () => {
    const { submit, finish, started, observed } = setUp();
    const abort = new AbortController();
    submit('busy', 'live-final');
    const gone = submit('gone', 'live-final', 'gone', abort.signal);
    abort.abort();
    await expect(gone).rejects.toMatchObject({ kind: 'cancelled' });
    await finish('busy');
    expect(started).toEqual(['busy']);
    expect(observed.map((each) => each.outcome)).toEqual(['cancelled', 'done']);
  });

  test('an abort under way reaches the work by its ticket', async () => {
    const { submit, observed } = setUp();
    const abort = new AbortController();
    const gone = submit('gone', 'archive', 'gone', abort.signal);
    abort.abort();
    await expect(gone).rejects.toThrow('aborted');
    await new Promise((resolve) => setImmediate(resolve));
    expect(observed).toMatchObject([{ outcome: 'cancelled' }]);
  });

  test('partials and archive windows leave half of the places to finals', async () => {
    const { submit, started } = setUp(4);
    for (const name of ['a1', 'a2', 'a3']) submit(name, 'archive');
    for (const name of ['f1', 'f2', 'f3']) submit(name, 'live-final');
    expect(started).toEqual(['a1', 'a2', 'f1', 'f2']);
  });

  test('reports how long windows waited, before and between their runs', async () => {
    const { submit, finish, observed, pass, ticketOf } = setUp();
    submit('first', 'live-final');
    submit('second', 'live-final');
    pass(250);
    Object.assign(ticketOf('first').timings, { encodeMs: 100, decodeMs: 130 });
    await finish('first');
    await finish('second');
    expect(observed.map((each) => each.queueMs)).toEqual([20, 250]);
  });
});
