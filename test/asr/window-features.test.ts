import { describe, expect, test } from 'vitest';
import { WindowFeatures } from '../../src/asr/window-features.ts';
import { loadTiny } from './fixtures.ts';
import { clip } from './golden/clips.ts';

const { config } = await loadTiny();
const audio = clip(1, 2 * config.windowSamples);

/** The window computed alone. */
function fresh(start: number, end: number): Float32Array {
  return new WindowFeatures(config, 1).window('alone', start, audio.subarray(start, end));
}

describe('window features', () => {
  test.each([
    {
      name: 'growing',
      windows: [
        [0, 8_000],
        [0, 16_000],
        [0, 16_160],
        [0, 32_007],
      ],
    },
    {
      name: 'sliding on the grid',
      windows: [
        [0, 40_000],
        [16_000, 56_000],
        [32_000, 64_000],
      ],
    },
    {
      name: 'sliding off the grid',
      windows: [
        [0, 40_000],
        [100, 41_000],
        [16_100, 50_000],
      ],
    },
    {
      name: 'going back',
      windows: [
        [32_000, 60_000],
        [16_000, 60_000],
      ],
    },
    {
      name: 'apart',
      windows: [
        [0, 4_000],
        [48_000, 60_000],
      ],
    },
    {
      name: 'shorter than a frame',
      windows: [
        [0, 100],
        [0, 250],
        [0, 16_000],
      ],
    },
  ])('$name windows are what each would be alone', ({ windows }) => {
    const features = new WindowFeatures(config, 4);
    for (const [start, end] of windows) {
      expect(features.window('call', start!, audio.subarray(start, end))).toEqual(fresh(start!, end!));
    }
  });

  test('a growing window computes each frame once, apart from those at its edges', () => {
    const features = new WindowFeatures(config, 4);
    for (let end = 1_600; end <= config.windowSamples; end += 1_600) {
      features.window('call', 0, audio.subarray(0, end));
    }
    const windows = config.windowSamples / 1_600;
    const edgeFrames = 2 + 3;
    expect(features.computedFrames).toBeLessThanOrEqual(config.windowFrames + windows * edgeFrames);
  });

  test('forgets the stream unused longest beyond its limit', () => {
    const features = new WindowFeatures(config, 2);
    for (const key of ['a', 'b', 'a', 'c']) features.window(key, 0, audio.subarray(0, 16_000));
    const before = features.computedFrames;
    features.window('a', 0, audio.subarray(0, 16_000));
    expect(features.computedFrames - before).toBeLessThan(10);
    const beforeB = features.computedFrames;
    features.window('b', 0, audio.subarray(0, 16_000));
    expect(features.computedFrames - beforeB).toBeGreaterThan(90);
  });
});
