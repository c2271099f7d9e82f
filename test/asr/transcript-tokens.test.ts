import { describe, expect, test } from 'vitest';
import { isLooping, readHypothesis } from '../../src/asr/transcript-tokens.ts';
import { loadTiny } from './fixtures.ts';

const { tokenizer } = await loadTiny();
const { timestampBegin, endOfText } = tokenizer.special;
const STEP = 320;
const AUDIO = 64_000;
const at = (step: number) => timestampBegin + step;
const text = (words: string) => tokenizer.encode(words);

function read(tokens: readonly number[], audioSamples = AUDIO) {
  const logProbabilities = tokens.map(() => Math.log(0.5));
  return readHypothesis(tokenizer, { tokens, logProbabilities }, audioSamples, STEP);
}

describe('words of a hypothesis', () => {
  test('lie between the timestamps around them, spread by length', () => {
    const { words } = read([
      at(50),
      ...text(' een twaalf'),
      at(100),
      at(150),
      ...text(' drie'),
      at(200),
      endOfText,
    ]);
    expect(words.map(({ text, startSample, endSample }) => [text, startSample, endSample])).toEqual([
      ['een', 50 * STEP, Math.round((50 + (50 * 3) / 9) * STEP)],
      ['twaalf', Math.round((50 + (50 * 3) / 9) * STEP), 100 * STEP],
      ['drie', 150 * STEP, 200 * STEP],
    ]);
  });

  test('of a segment that is not closed end with the audio', () => {
    const { words } = read([at(0), ...text(' een')], 8_000);
    expect(words).toMatchObject([{ startSample: 0, endSample: 8_000 }]);
  });

  test('never lie beyond the audio', () => {
    const { words } = read([at(20), ...text(' een'), at(190), endOfText], 16_000);
    expect(words).toMatchObject([{ startSample: 20 * STEP, endSample: 16_000 }]);
  });

  test('know their tokens and the mean probability of these', () => {
    const tokens = [at(0), ...text(' klantenservice café'), at(100)];
    const logProbabilities = tokens.map((_, i) => Math.log(i % 2 === 0 ? 0.5 : 0.25));
    const { words } = readHypothesis(tokenizer, { tokens, logProbabilities }, AUDIO, STEP);
    for (const word of words) {
      expect(tokenizer.decode(word.tokens.map((i) => tokens[i]!)).trim()).toBe(word.text);
      const mean = word.tokens.reduce((sum, i) => sum + (i % 2 === 0 ? 0.5 : 0.25), 0) / word.tokens.length;
      expect(word.confidence).toBeCloseTo(mean, 6);
    }
  });

  test('do not continue across segments', () => {
    expect(read([at(0), ...text(' goede'), at(10), at(10), ...text('middag'), at(20)]).text).toBe(
      'goede middag',
    );
  });

  test('said over and over are kept once, even with timestamps between', () => {
    const sentence = text(' dank u wel voor het kijken');
    const loop = [0, 1, 2, 3].flatMap((i) => [at(30 * i), ...sentence, at(30 * i + 30)]);
    const { text: kept, looped } = read([...loop, endOfText]);
    expect(kept).toBe('dank u wel voor het kijken');
    expect(looped).toBe(true);
  });

  test('of an empty hypothesis are none', () => {
    expect(read([at(0), at(0), endOfText])).toEqual({ words: [], text: '', looped: false });
  });
});

describe('a row that loops', () => {
  const sentence = text(' dank u wel voor het kijken');

  test('is noticed while it does', () => {
    expect(isLooping(tokenizer, [at(0), ...sentence, ...sentence])).toBe(false);
    expect(isLooping(tokenizer, [at(0), ...sentence, ...sentence, ...sentence])).toBe(true);
    expect(isLooping(tokenizer, [at(0), ...sentence, ...sentence, ...sentence, ...text(' tot ziens')])).toBe(
      false,
    );
  });
});
