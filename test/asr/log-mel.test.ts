import { describe, expect, test } from 'vitest';
import { LogMelFrames, normaliseWindow } from '../../src/asr/log-mel.ts';
import { melFilters } from '../../src/asr/mel-filters.ts';
import { readFixture } from './fixtures.ts';
import { clip } from './golden/clips.ts';

const WINDOW_SAMPLES = 64_000;
const WINDOW_FRAMES = 400;

interface FeatureCase {
  readonly bands: number;
  readonly seed: number;
  readonly samples: number;
  readonly mean: number;
  readonly frames: Readonly<Record<string, readonly number[]>>;
}

function features(bands: number, samples: Float32Array): Float32Array {
  const frames = new LogMelFrames({ bands, fftSize: 400, hopSamples: 160, sampleRateHz: 16_000 });
  const values = new Float32Array(WINDOW_FRAMES * bands);
  for (let frame = 0; frame < WINDOW_FRAMES; frame++) {
    frames.compute(samples, frame, values.subarray(frame * bands, (frame + 1) * bands));
  }
  const out = new Float32Array(bands * WINDOW_FRAMES);
  normaliseWindow(values, bands, WINDOW_FRAMES, out);
  return out;
}

describe('log-mel', () => {
  test.each(readFixture<FeatureCase[]>('features.json'))(
    'equals the reference within 1e-4: $bands bands, clip $seed',
    ({ bands, seed, samples, mean, frames }) => {
      const audio = clip(seed, WINDOW_SAMPLES);
      expect(audio.length).toBe(samples);
      const made = features(bands, audio);
      for (const [frame, expected] of Object.entries(frames)) {
        expected.forEach((value, band) => {
          expect(Math.abs(made[band * WINDOW_FRAMES + Number(frame)]! - value)).toBeLessThan(1e-4);
        });
      }
      const madeMean = made.reduce((sum, value) => sum + value, 0) / made.length;
      expect(Math.abs(madeMean - mean)).toBeLessThan(1e-4);
    },
  );

  test('of digital silence is the floor, as in the reference', () => {
    const made = features(80, new Float32Array(16_000));
    expect(new Set(made)).toEqual(new Set([-1.5]));
  });
});

describe('mel filters', () => {
  test.each([80, 128])("equal openai/whisper's bank of %i", (bands) => {
    const expected =
      readFixture<Record<string, { firstBin: number; weights: number[] }[]>>('mel-filters.json');
    const made = melFilters(bands, 400, 16_000);
    expected[`mel_${bands}`]!.forEach(({ firstBin, weights }, band) => {
      const filter = made[band]!;
      weights.forEach((weight, i) => {
        expect(filter.weights[firstBin + i - filter.firstBin]).toBeCloseTo(weight, 7);
      });
    });
  });
});
