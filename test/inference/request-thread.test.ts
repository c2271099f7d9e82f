import { afterEach, describe, expect, test } from 'vitest';
import { RequestThread } from '../../src/inference/request-thread.ts';
import type { ScriptedRequest } from './scripted-process.ts';

const ENTRY = new URL('./scripted-process.ts', import.meta.url);

let disposals: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of disposals) await each[Symbol.asyncDispose]();
  disposals = [];
});

async function start() {
  const waiters: { readonly type: string; readonly resolve: () => void }[] = [];
  const thread = await RequestThread.start<{ pid: number }>(ENTRY, 'work', (body) => {
    for (const waiter of waiters.filter((each) => each.type === body)) waiter.resolve();
  });
  disposals.push(thread);
  return {
    thread,
    ask: (request: ScriptedRequest, signal = new AbortController().signal) => thread.request(request, signal),
    /** Resolves at the next event of this type. */
    next: (type: string) => new Promise<void>((resolve) => waiters.push({ type, resolve })),
  };
}

describe('a thread that answers requests', () => {
  test('is part of this process, and takes buffers over', async () => {
    const { thread } = await start();
    expect(thread.info.pid).toBe(process.pid);
    const samples = Float32Array.of(0.25, -1);
    const answer = thread.request({ type: 'echo', value: samples }, new AbortController().signal, [
      samples.buffer,
    ]);
    expect(samples.length).toBe(0);
    expect(await answer).toEqual(Float32Array.of(0.25, -1));
  });

  test('passes errors on without their text', async () => {
    const { ask } = await start();
    const said = 'the caller said 4111';
    const error = (await ask({ type: 'fail', message: said }).catch((each) => each)) as Error;
    expect(error).toMatchObject({ kind: 'internal', message: 'the engine failed' });
    expect(error.cause).toMatchObject({ name: 'TypeError' });
    expect(JSON.stringify([error, String(error.cause), error.stack])).not.toContain('4111');
  });

  test('hears of an abort, also of one before the request', async () => {
    const { ask, next } = await start();
    const abort = new AbortController();
    const hanging = next('hanging');
    const hung = ask({ type: 'hang' }, abort.signal);
    await hanging;
    const aborted = next('aborted');
    abort.abort();
    await aborted;
    await expect(hung).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(ask({ type: 'hang' }, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('that refuses to start says why', async () => {
    await expect(RequestThread.start(ENTRY, 'refuse', () => {})).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: 'config.json: missing',
    });
  });

  test('ends what is under way when it is closed', async () => {
    const { thread, ask } = await start();
    const hung = ask({ type: 'hang' });
    const settled = expect(hung).rejects.toMatchObject({ kind: 'cancelled' });
    await thread[Symbol.asyncDispose]();
    await settled;
    disposals = [];
  });
});
