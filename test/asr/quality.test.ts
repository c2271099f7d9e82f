import { describe, expect, test } from 'vitest';
import { avgLogProbability, compressionRatio, judge, PAPER_THRESHOLDS } from '../../src/asr/quality.ts';

describe('quality of a hypothesis', () => {
  const sound = {
    text: 'goedemiddag waarmee kan ik u helpen',
    looped: false,
    avgLogProbability: -0.3,
    noSpeechProbability: 0.01,
  };

  test.each([
    { name: 'sound', change: {}, verdict: 'good' },
    { name: 'a guess', change: { avgLogProbability: -1.2 }, verdict: 'unsure' },
    {
      name: 'a guess where nobody speaks',
      change: { avgLogProbability: -1.2, noSpeechProbability: 0.7 },
      verdict: 'silence',
    },
    { name: 'sure, though no-speech is likely', change: { noSpeechProbability: 0.9 }, verdict: 'good' },
    { name: 'cut from a loop', change: { looped: true }, verdict: 'unsure' },
    { name: 'text that repeats itself', change: { text: 'dank u wel '.repeat(12) }, verdict: 'unsure' },
  ])('$name is $verdict', ({ change, verdict }) => {
    expect(judge({ ...sound, ...change }, PAPER_THRESHOLDS)).toBe(verdict);
  });

  test('compression ratio is that of Python zlib', () => {
    // len(t) / len(zlib.compress(t)) of ("abc " * 20).encode(), as openai/whisper computes it.
    expect(compressionRatio('abc '.repeat(20))).toBeCloseTo(80 / 15, 6);
    expect(compressionRatio('')).toBe(0);
  });

  test('average log-probability counts end-of-text once', () => {
    expect(avgLogProbability([-1, -1, -1], true)).toBe(-1);
    expect(avgLogProbability([-1, -1, -1], false)).toBe(-0.75);
  });
});
