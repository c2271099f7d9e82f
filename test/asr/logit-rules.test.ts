import { describe, expect, test } from 'vitest';
import { LogitRules } from '../../src/asr/logit-rules.ts';
import { chooseToken } from '../../src/asr/token-choice.ts';
import { loadTiny } from './fixtures.ts';

const { config, tokenizer } = await loadTiny();
const { endOfText, noTimestamps, timestampBegin, languages } = tokenizer.special;
const rules = new LogitRules(config, tokenizer.special);
const at = (step: number) => timestampBegin + step;
const A = 40;
const B = 41;

/** Ids allowed after `generated`, with all logits alike except those given. */
function allowed(generated: readonly number[], raised: Readonly<Record<number, number>> = {}): number[] {
  // Low enough that 201 alike timestamps together stay below one raised text token.
  const logits = new Float32Array(config.vocabularySize).fill(0);
  for (const [id, value] of Object.entries(raised)) logits[Number(id)] = value;
  rules.apply(logits, generated, true);
  return [...logits.keys()].filter((id) => logits[id] !== Number.NEGATIVE_INFINITY);
}

/** A text token so likely that rule three does not apply. */
const LIKELY_TEXT = { [A]: 20 };

describe('timestamp rules', () => {
  test('the first token is a timestamp of at most max_initial_timestamp_index steps', () => {
    expect(allowed([], LIKELY_TEXT)).toEqual(Array.from({ length: 51 }, (_, step) => at(step)));
  });

  test.each([
    { after: 'the first timestamp', generated: [at(3)], timestamp: false, text: true, end: true },
    { after: 'text', generated: [at(3), A], timestamp: true, text: true, end: true },
    { after: 'the end of a segment', generated: [at(3), A, at(9)], timestamp: true, text: false, end: true },
    { after: 'a pair', generated: [at(3), A, at(9), at(9)], timestamp: false, text: true, end: true },
    {
      after: 'a pair and text',
      generated: [at(3), A, at(9), at(9), B],
      timestamp: true,
      text: true,
      end: true,
    },
  ])('after $after: timestamp $timestamp, text $text, end $end', ({ generated, timestamp, text, end }) => {
    const ids = allowed(generated, text ? LIKELY_TEXT : {});
    expect(ids.some((id) => id >= timestampBegin)).toBe(timestamp);
    expect(ids.some((id) => id < endOfText)).toBe(text);
    // Rule three takes end-of-text too, unless it is itself likely.
    expect(allowed(generated, { [endOfText]: 20 }).includes(endOfText)).toBe(end);
  });

  test.each([
    { name: 'closing a segment: later than its start', generated: [at(3), A], first: 4 },
    { name: 'opening the next: not before the last end', generated: [at(3), A, at(9)], first: 9 },
    { name: 'closing that: later than its start', generated: [at(3), A, at(9), at(12), B], first: 13 },
  ])('time goes on: $name', ({ generated, first }) => {
    const stamps = allowed(generated, LIKELY_TEXT).filter((id) => id >= timestampBegin);
    expect(stamps[0]).toBe(at(first));
    expect(stamps.at(-1)).toBe(config.vocabularySize - 1);
  });

  test('timestamps that are together likelier than any text leave only timestamps', () => {
    expect(allowed([at(3), A], { [B]: 5 }).every((id) => id >= timestampBegin)).toBe(true);
    expect(allowed([at(3), A], { [B]: 6 }).includes(B)).toBe(true); // log(197) = 5.28
  });

  test('without timestamps no rule of theirs applies', () => {
    const logits = new Float32Array(config.vocabularySize);
    rules.apply(logits, [], false);
    expect(logits[noTimestamps]).toBe(0);
    expect(logits[A]).toBe(0);
  });
});

describe('suppress lists', () => {
  test('are read from the model: always, and at the start', () => {
    for (const id of config.suppressTokens) expect(allowed([at(0)], LIKELY_TEXT)).not.toContain(id);
    expect(config.suppressTokens).toContain(languages.get('nl'));
    const [space] = config.beginSuppressTokens;
    expect(allowed([at(0)], LIKELY_TEXT)).toContain(space);
    const logits = new Float32Array(config.vocabularySize);
    rules.apply(logits, [], false);
    expect(logits[space!]).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('token choice', () => {
  test('is the likeliest at temperature 0, the first among equals', () => {
    const { token, logProbability } = chooseToken(
      Float32Array.of(0, 2, 2, Number.NEGATIVE_INFINITY),
      0,
      () => 0.5,
    );
    expect(token).toBe(1);
    expect(logProbability).toBeCloseTo(2 - Math.log(1 + 2 * Math.exp(2)), 6);
  });

  test.each([
    [0, 0],
    [0.24, 0],
    [0.26, 2],
    [0.999999, 2],
  ])('draws by cumulated probability: %f gives token %i', (uniform, expected) => {
    const logits = Float32Array.of(0, Number.NEGATIVE_INFINITY, Math.log(3), Number.NEGATIVE_INFINITY);
    expect(chooseToken(logits, 1, () => uniform).token).toBe(expected);
  });

  test('a higher temperature flattens the draw, not the log-probability', () => {
    const logits = Float32Array.of(0, 4);
    expect(chooseToken(logits, 1, () => 0.1).token).toBe(1);
    const drawn = chooseToken(logits, 10, () => 0.1);
    expect(drawn.token).toBe(0);
    expect(drawn.logProbability).toBeCloseTo(-Math.log(1 + Math.exp(4)), 5);
  });
});
