import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutRecording } from '../../src/archive/execution/recording-cutter.ts';
import type { AudioChunk } from '../../src/domain/audio.ts';

const RATE = 16_000;
const CUT = { maxChunkMs: 4_000, searchMs: 2_000 };

/** Samples that say where they are, loud but for a quiet half second that begins at each of `quiet` seconds. */
function recording(seconds: number, quiet: readonly number[]): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, n) =>
    quiet.some((start) => n >= start * RATE && n < (start + 0.5) * RATE) ? 1e-6 : 0.5 + (n % 1000) / 4000,
  );
}

async function* decoded(samples: Float32Array, pieceSamples: number): AsyncGenerator<AudioChunk[]> {
  for (let at = 0; at < samples.length; at += pieceSamples) {
    const piece = samples.slice(at, at + pieceSamples);
    yield [0, 1].map((channel) => ({ channel, startSample: at, samples: piece }));
  }
}

async function cut(samples: Float32Array, pieceSamples: number, resumeSample = 0) {
  const chunks = [];
  for await (const chunk of cutRecording(decoded(samples, pieceSamples), resumeSample, CUT)) {
    const heard: number[] = [];
    for await (const [left, right] of chunk.audio) {
      expect(left!.startSample).toBe(heard.length);
      expect(same(right!.samples, left!.samples)).toBe(true);
      for (const sample of left!.samples) heard.push(sample);
    }
    chunks.push({ startSample: chunk.startSample, end: chunk.end!, heard });
  }
  return chunks;
}

function same(a: Float32Array, b: Float32Array): boolean {
  return (
    Buffer.compare(
      Buffer.from(a.buffer, a.byteOffset, a.byteLength),
      Buffer.from(b.buffer, b.byteOffset, b.byteLength),
    ) === 0
  );
}

it('cuts in the middle of the quietest half second of the search window', async () => {
  const chunks = await cut(recording(9, [3.1, 6.2]), 1600);
  expect(chunks.map(({ end }) => end.endSample / RATE)).toEqual([
    expect.closeTo(3.35, 1),
    expect.closeTo(6.45, 1),
    9,
  ]);
  expect(chunks.map(({ end }) => end.isLast)).toEqual([false, false, true]);
});

it('loses no sample, repeats none, and cuts the same way from any cut on, however the audio comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 150 }),
      fc.array(fc.integer({ min: 0, max: 140 }), { maxLength: 6 }),
      fc.integer({ min: 300, max: 40_000 }),
      async (tenths, quiet, pieceSamples) => {
        const samples = recording(
          tenths / 10,
          quiet.map((tenth) => tenth / 10),
        );
        const chunks = await cut(samples, pieceSamples);
        let at = 0;
        for (const { startSample, end, heard } of chunks) {
          expect(startSample).toBe(at);
          expect(same(Float32Array.from(heard), samples.slice(startSample, end.endSample))).toBe(true);
          expect(end.endSample - startSample).toBeLessThanOrEqual(4 * RATE);
          at = end.endSample;
        }
        expect(at).toBe(samples.length);
        expect(chunks.at(-1)!.end.isLast).toBe(true);
        const middle = chunks[Math.floor(chunks.length / 2)]!;
        const resumed = await cut(samples, 7_777, middle.startSample);
        const expected = chunks.slice(chunks.indexOf(middle));
        expect(resumed.map(({ end }) => end)).toEqual(expected.map(({ end }) => end));
        for (const [n, { heard }] of resumed.entries()) {
          expect(same(Float32Array.from(heard), Float32Array.from(expected[n]!.heard))).toBe(true);
        }
      },
    ),
    { numRuns: 25 },
  );
});

it('asks no more of a recording whose call ended by itself', async () => {
  let closed = false;
  const source = async function* () {
    try {
      yield* decoded(recording(9, []), 1600);
    } finally {
      closed = true;
    }
  };
  for await (const chunk of cutRecording(source(), 0, CUT)) {
    for await (const _ of chunk.audio) break;
    expect(chunk.end).toBeUndefined();
  }
  expect(closed).toBe(true);
});
