import { getPriority, platform } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import {
  SupervisedProcess,
  type SupervisedProcessOptions,
  type SupervisionEvent,
} from '../../src/inference/supervised-process.ts';
import type { ScriptedRequest } from './scripted-process.ts';

const ENTRY = new URL('./scripted-process.ts', import.meta.url);

let disposals: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of disposals) await each[Symbol.asyncDispose]();
  disposals = [];
});

async function start(options: Partial<SupervisedProcessOptions> = {}) {
  const supervision: SupervisionEvent[] = [];
  const waiters: { readonly type: string; readonly resolve: () => void }[] = [];
  const happened = (type: string) => {
    for (const waiter of waiters.filter((each) => each.type === type)) waiter.resolve();
  };
  const child = await SupervisedProcess.start<{ pid: number }>({
    entry: ENTRY,
    startOptions: 'work',
    graceMs: 30_000,
    restartDelayMs: 1,
    maxRestartDelayMs: 10,
    observe: (event) => {
      supervision.push(event);
      happened(event.type);
    },
    onEvent: (body) => happened(body as string),
    ...options,
  });
  disposals.push(child);
  return {
    child,
    supervision,
    ask: (request: ScriptedRequest, signal?: AbortSignal) => child.request(() => request, signal),
    /** Resolves at the next event of this type. */
    next: (type: string) => new Promise<void>((resolve) => waiters.push({ type, resolve })),
  };
}

describe('a supervised process', () => {
  test('answers, typed arrays included', async () => {
    const { ask } = await start();
    const value = { samples: Float32Array.of(0.25, -1), big: 2n };
    expect(await ask({ type: 'echo', value })).toEqual(value);
  });

  test.skipIf(platform() === 'win32')(
    'is nicer than its server (skipped on Windows: classes, not numbers)',
    async () => {
      const { child } = await start();
      expect(getPriority(child.pid!)).toBe(Math.min(19, getPriority() + 5));
    },
  );

  test('has the environment that it is given', async () => {
    const { ask } = await start({ environment: { SCRIPTED_VARIABLE: 'given' } });
    expect(await ask({ type: 'variable', name: 'SCRIPTED_VARIABLE' })).toBe('given');
    expect(await ask({ type: 'variable', name: 'PATH' })).toBe(process.env.PATH);
  });

  test('passes errors on without their text, unless made for callers', async () => {
    const { ask } = await start();
    const said = 'the caller said 4111';
    const error = (await ask({ type: 'fail', message: said }).catch((each) => each)) as Error;
    expect(error).toMatchObject({ name: 'ServiceError', kind: 'internal', message: 'the engine failed' });
    expect(JSON.stringify([error, String(error.cause), error.stack])).not.toContain('4111');
  });

  test('killed in mid-work: is started again, and what was in flight is sent again', async () => {
    const { child, ask, next, supervision } = await start();
    const hanging = next('hanging');
    const hung = ask({ type: 'hang' });
    hung.catch(() => {});
    await hanging;
    const waiting = Array.from({ length: 8 }, (_, value) => ask({ type: 'echo', value }));
    const firstPid = child.pid!;
    const restarted = next('started');
    const hangsAgain = next('hanging');
    process.kill(firstPid, 'SIGKILL');
    expect(await Promise.all(waiting)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await restarted;
    await hangsAgain;
    expect(await ask({ type: 'pid' })).not.toBe(firstPid);
    expect(supervision.map((event) => event.type)).toEqual(['started', 'crashed', 'started']);
    expect(supervision[1]).toMatchObject({ signal: 'SIGKILL' });
  });

  test('a request that kills each process it is given to is given up', async () => {
    const { ask, supervision } = await start();
    await expect(ask({ type: 'die' })).rejects.toMatchObject({ kind: 'internal' });
    expect(await ask({ type: 'echo', value: 1 })).toBe(1);
    expect(supervision.filter((event) => event.type === 'crashed')).toHaveLength(3);
  });

  test('requests fail as unavailable once the process is away longer than its grace', async () => {
    const { child, ask, next } = await start({
      graceMs: 0,
      restartDelayMs: 60_000,
      maxRestartDelayMs: 60_000,
    });
    const hanging = next('hanging');
    const hung = ask({ type: 'hang' });
    await hanging;
    process.kill(child.pid!, 'SIGKILL');
    await expect(hung).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('an abort rejects at once and reaches the process', async () => {
    const { ask, next } = await start();
    const abort = new AbortController();
    const hanging = next('hanging');
    const hung = ask({ type: 'hang' }, abort.signal);
    await hanging;
    const aborted = next('aborted');
    abort.abort();
    await expect(hung).rejects.toMatchObject({ kind: 'cancelled' });
    await aborted;
  });

  test('notices arrive before later requests', async () => {
    const { child, ask } = await start();
    child.notify('one');
    child.notify('two');
    expect(await ask({ type: 'notices' })).toEqual(['one', 'two']);
  });

  test.each([
    { startOptions: 'refuse', error: { kind: 'failed-precondition', message: 'config.json: missing' } },
    { startOptions: 'die', error: { kind: 'unavailable' } },
  ])('one that does not start the first time ($startOptions) is not tried again', async (how) => {
    await expect(start({ startOptions: how.startOptions })).rejects.toMatchObject(how.error);
  });

  test('one for which there can be no process fails at once, and may be disposed of', async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    try {
      await expect(start()).rejects.toMatchObject({ kind: 'unavailable' });
    } finally {
      process.execPath = execPath;
    }
  });

  test('disposal rejects what is in flight and lets the process end by itself', async () => {
    const { child, ask, next, supervision } = await start();
    const hanging = next('hanging');
    const hung = ask({ type: 'hang' });
    hung.catch(() => {});
    await hanging;
    const { pid } = child;
    await child[Symbol.asyncDispose]();
    await child[Symbol.asyncDispose]();
    await expect(hung).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(ask({ type: 'pid' })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    expect(supervision.map((event) => event.type)).toEqual(['started']);
  });
});
