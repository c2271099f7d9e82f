import { describe, expect, test } from 'vitest';
import { timeWords } from '../../src/asr/word-times.ts';

const CONFIG = { sourcePositions: 100, hopSamples: 160, melBands: 80, windowFrames: 200 };
const AUDIO_SAMPLES = 170 * 160;

/** Features of a line with a floor 60 dB below the speech in the frames [start, end) of `speech`. */
function features(speech: readonly (readonly [number, number])[]): Float32Array {
  const out = new Float32Array(CONFIG.melBands * CONFIG.windowFrames);
  for (let frame = 0; frame < CONFIG.windowFrames; frame++) {
    const speaks = speech.some(([start, end]) => frame >= start && frame < end);
    for (let band = 0; band < CONFIG.melBands; band++) {
      out[band * CONFIG.windowFrames + frame] = speaks ? 1.5 : 0;
    }
  }
  return out;
}

/** Steps that look at one encoder position (20 ms) each. */
function row(positions: readonly number[]) {
  return {
    tokens: positions.map((_, at) => at),
    alignment: positions.map((position) =>
      Float32Array.from({ length: CONFIG.sourcePositions }, (_, at) => (at === position ? 0.9 : 0.001)),
    ),
  };
}

function word(text: string, ...tokens: number[]) {
  return { text, tokens, confidence: 1, startSample: 0, endSample: AUDIO_SAMPLES };
}

/** In feature frames of 10 ms. */
function times(words: ReturnType<typeof word>[], positions: readonly number[], audible: [number, number][]) {
  const window = { features: features(audible), audioSamples: AUDIO_SAMPLES };
  return timeWords(words, row(positions), window, CONFIG).map(({ startSample, endSample }) => [
    startSample / 160,
    endSample / 160,
  ]);
}

describe('word times', () => {
  test('a word lasts until the next one, the last until the speech ends', () => {
    const said = times([word('ja', 1), word('hoor', 2, 3)], [90, 10, 25, 30, 90], [[20, 80]]);
    expect(said[0]).toEqual([20, 50]);
    expect(said[1]![0]).toBe(50);
    expect(said[1]![1]).toBeGreaterThanOrEqual(80);
    expect(said[1]![1]).toBeLessThanOrEqual(81);
  });

  test('a pause belongs to nobody; the closure of a plosive does not part words', () => {
    const said = times(
      [word('klopt', 0), word('dat', 1), word('ja', 2)],
      [10, 25, 60],
      [
        [20, 44],
        [50, 80],
        [120, 150],
      ],
    );
    expect(said[0]).toEqual([20, 50]);
    expect(said[1]![1]).toBeLessThanOrEqual(81);
    expect(said[2]![0]).toBe(120);
  });

  test('timestamps and what was cut as a loop have no part in it', () => {
    // Tokens 0, 3 and 5 look where they like.
    const said = times(
      [word('een', 1), word('twee', 2), word('drie', 4)],
      [40, 10, 20, 5, 30, 2],
      [[20, 80]],
    );
    expect(said.map(([start]) => start)).toEqual([20, 40, 60]);
  });

  test('a word that looks into silence still has a length', () => {
    const [[start, end]] = times([word('eh', 0)], [60], [[20, 40]]) as [[number, number]];
    expect(start).toBe(120);
    expect(end).toBe(122);
  });

  test('without attention, the times of the timestamps stay', () => {
    const words = [word('ja', 0)];
    const window = { features: features([]), audioSamples: AUDIO_SAMPLES };
    expect(timeWords(words, { tokens: [0], alignment: [] }, window, CONFIG)).toBe(words);
    expect(timeWords([], row([3]), window, CONFIG)).toEqual([]);
  });
});
