import { describe, expect, test } from 'vitest';
import { alignTokens } from '../../src/asr/alignment.ts';

const POSITIONS = 100;
const SHAPE = { heads: 1, positions: POSITIONS, usedPositions: 80 };

/** Attention to [start, end), a little to everything, and much to the padding. */
function attentionTo(start: number, end = start + 1): Float32Array {
  return Float32Array.from({ length: POSITIONS }, (_, at) =>
    at >= SHAPE.usedPositions ? 1 : at >= start && at < end ? 0.5 : 0.002,
  );
}

describe('alignment of tokens', () => {
  test.each([
    { name: 'peaks', attention: [attentionTo(5), attentionTo(20), attentionTo(50)], starts: [5, 20, 50] },
    {
      name: 'plateaus begin at their edge',
      attention: [attentionTo(5, 20), attentionTo(20, 31), attentionTo(50, 62), attentionTo(62, 80)],
      starts: [5, 20, 50, 62],
    },
    {
      name: 'overlapping plateaus begin after the peak before',
      attention: [attentionTo(5, 20), attentionTo(4, 20)],
      starts: [5, 6],
    },
  ])('$name', ({ attention, starts }) => {
    expect(alignTokens(attention, SHAPE)).toEqual(starts);
  });

  test('keeps the order: one that looks elsewhere is outvoted by the rest', () => {
    const found = alignTokens([attentionTo(10), attentionTo(70), attentionTo(30), attentionTo(40)], SHAPE)!;
    expect(found.toSpliced(1, 1)).toEqual([10, 30, 40]);
    expect(found[1]).toBeGreaterThan(10);
    expect(found[1]).toBeLessThan(30);
  });

  test('averages over heads', () => {
    const two = [5, 30].map((start) =>
      Float32Array.of(...attentionTo(start, start + 10), ...attentionTo(start + 2, start + 12)),
    );
    // The edge is where either head looks: half of the height of both.
    expect(alignTokens(two, { ...SHAPE, heads: 2 })).toEqual([5, 30]);
  });

  test('gives up on more tokens than positions; of no tokens there are no starts', () => {
    expect(alignTokens([attentionTo(0), attentionTo(1)], { ...SHAPE, usedPositions: 1 })).toBeUndefined();
    expect(alignTokens([], SHAPE)).toEqual([]);
    expect(alignTokens([attentionTo(0)], { ...SHAPE, usedPositions: 1 })).toEqual([0]);
  });
});
