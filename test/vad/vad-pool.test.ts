/** What the pool does when its thread is in trouble. */
import { expect, it } from 'vitest';
import { VadPool } from '../../src/inference/vad-pool.ts';
import { refusalOf } from '../audio/refusal.ts';

const workerUrl = new URL('fixtures/mortal-worker.ts', import.meta.url);

function window(first: number): Float32Array {
  return Float32Array.from({ length: 512 }, (_, n) => (n === 0 ? first : 0));
}

it('fails the streams of a thread that died as unavailable, and gives the next call a new thread', async () => {
  await using pool = await VadPool.start({ workerUrl });
  const call = pool.open();
  const other = pool.open();
  expect(await call.probabilities(window(0))).toEqual(Float32Array.of(0.5));

  const dying = [call.probabilities(window(666)), other.probabilities(window(0))];
  expect((await refusalOf(() => dying[0])).kind).toBe('unavailable');
  await Promise.allSettled(dying);
  expect((await refusalOf(() => other.probabilities(window(0)))).kind).toBe('unavailable');
  call.close();
  other.close();

  const next = pool.open();
  expect(await next.probabilities(window(0))).toEqual(Float32Array.of(0.5));
});

it('fails the one request whose run failed', async () => {
  await using pool = await VadPool.start({ workerUrl });
  const stream = pool.open();
  const failed = refusalOf(() => stream.probabilities(window(13)));
  const fine = stream.probabilities(window(0));
  expect((await failed).kind).toBe('internal');
  expect(await fine).toEqual(Float32Array.of(0.5));
});

it('refuses pieces of windows, which is a mistake of ours', async () => {
  await using pool = await VadPool.start({ workerUrl });
  const stream = pool.open();
  expect(() => stream.probabilities(new Float32Array(100))).toThrow(RangeError);
  expect(await stream.probabilities(new Float32Array(0))).toEqual(new Float32Array(0));
});
