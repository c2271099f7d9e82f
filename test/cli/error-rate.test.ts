import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  characterErrorRate,
  countErrors,
  normalizeForScoring,
  wordErrorRate,
} from '../../src/cli/error-rate.ts';

describe('error rates', () => {
  it.each([
    ['the cat sat', 'the cat sat', 0],
    ['the cat sat', 'the cat', 1 / 3],
    ['the cat sat', 'a cat sat down', 2 / 3],
    ['the cat sat', '', 1],
    ['yes', 'no no no', 3],
    ['', 'noise', 0],
    ['Goedemorgen, met Jan.', 'goedemorgen met jan', 0],
    ["aujourd'hui", 'aujourd hui', 0],
    ['ÉTÉ', 'été', 0],
  ])('of %j heard as %j: %f', (reference, hypothesis, rate) => {
    expect(wordErrorRate(countErrors(reference, hypothesis))).toBeCloseTo(rate);
  });

  it('count characters with the spaces between words', () => {
    expect(characterErrorRate(countErrors('ab cd', 'ab ce'))).toBeCloseTo(1 / 5);
    expect(characterErrorRate(countErrors('ab cd', 'abcd'))).toBeCloseTo(1 / 5);
  });

  it('do not change with case, punctuation and spaces', () => {
    expect(normalizeForScoring('  Één,  TWEE… drie?! ')).toBe('één twee drie');
  });

  it('are zero for the same text and symmetric in the number of errors', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(countErrors(a, a)).toMatchObject({ wordErrors: 0, characterErrors: 0 });
        expect(countErrors(a, b).wordErrors).toBe(countErrors(b, a).wordErrors);
      }),
    );
  });
});
