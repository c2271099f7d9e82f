import { expect, it, vi } from 'vitest';
import { yieldingEngine } from '../../src/archive/execution/yielding-engine.ts';
import type { DecodeRequest, DecodeResult } from '../../src/domain/speech-engine.ts';
import { scriptedEngine } from '../pipeline/scripted-stages.ts';

const REQUEST = { startSample: 0 } as DecodeRequest;

/** An engine whose windows end when they are told to. */
function heldEngine() {
  const ends: ((result: DecodeResult) => void)[] = [];
  const engine = scriptedEngine(() => new Promise<DecodeResult>((resolve) => ends.push(resolve)));
  return { engine, ends };
}

it('takes windows beside each other while nobody calls', async () => {
  const { engine, ends } = heldEngine();
  const archive = yieldingEngine(engine, () => 0);
  const all = [1, 2, 3].map(() => archive.decode(REQUEST));
  await vi.waitFor(() => expect(ends).toHaveLength(3));
  for (const end of ends) end({} as DecodeResult);
  await Promise.all(all);
});

it('takes one at a time while somebody calls, and all again afterwards', async () => {
  const { engine, ends } = heldEngine();
  let calls = 1;
  const archive = yieldingEngine(engine, () => calls);
  const [first, second] = [archive.decode(REQUEST), archive.decode(REQUEST)];
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  calls = 0;
  ends[0]!({} as DecodeResult);
  await first;
  await vi.waitFor(() => expect(ends).toHaveLength(2));
  const third = archive.decode(REQUEST);
  await vi.waitFor(() => expect(ends).toHaveLength(3));
  for (const end of ends) end({} as DecodeResult);
  await Promise.all([second, third]);
});

it('lets go of a window whose item is stopped while it waits, and of the next when its turn has come', async () => {
  const { engine, ends } = heldEngine();
  const archive = yieldingEngine(engine, () => 1);
  const first = archive.decode(REQUEST);
  const stop = new AbortController();
  const second = archive.decode(REQUEST, stop.signal);
  const third = archive.decode(REQUEST);
  stop.abort();
  await expect(second).rejects.toMatchObject({ kind: 'cancelled' });
  expect(ends).toHaveLength(1);
  ends[0]!({} as DecodeResult);
  await first;
  await vi.waitFor(() => expect(ends).toHaveLength(2));
  ends[1]!({} as DecodeResult);
  await third;
});
