import { describe, expect, test } from 'vitest';
import { findLoop } from '../../src/asr/repetition.ts';

const times = (count: number, ...pattern: number[]) => Array.from({ length: count }, () => pattern).flat();

describe('loops', () => {
  test.each([
    { name: 'one token', tokens: [9, ...times(8, 1)], keep: 2, end: 9 },
    { name: 'two tokens', tokens: times(6, 1, 2), keep: 2, end: 12 },
    { name: 'three tokens, then more', tokens: [...times(4, 1, 2, 3), 7], keep: 3, end: 12 },
    { name: 'a sentence', tokens: [5, ...times(3, 1, 2, 3, 4, 5, 6)], keep: 7, end: 19 },
    {
      name: 'a sentence begun a fourth time',
      tokens: [...times(3, 1, 2, 3, 4, 5, 6), 1, 2],
      keep: 6,
      end: 20,
    },
  ])('finds $name', ({ tokens, keep, end }) => {
    expect(findLoop(tokens)).toEqual({ keep, end });
  });

  test.each([
    { name: 'nothing', tokens: [] },
    { name: 'a number read out: nul nul nul nul', tokens: [9, ...times(4, 1), 8] },
    { name: 'ja ja ja ja ja', tokens: times(5, 1) },
    { name: 'a sentence said twice', tokens: times(2, 1, 2, 3, 4, 5, 6) },
    { name: 'pairs of digits', tokens: times(3, 1, 2) },
  ])('leaves $name', ({ tokens }) => {
    expect(findLoop(tokens)).toBeUndefined();
  });
});
