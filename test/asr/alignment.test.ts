import { describe, expect, test } from 'vitest';
import { alignTokens } from '../../src/asr/alignment.ts';

const POSITIONS = 100;
const SHAPE = { heads: 1, positions: POSITIONS, usedPositions: 80, medianFilterWidth: 7 };

/** Attention to [start, end), and to all positions of the padding. */
function attentionTo(start: number, end: number): Float32Array {
  return Float32Array.from({ length: POSITIONS }, (_, at) =>
    at >= 80 ? 1 : at >= start && at < end ? 0.5 : 0.01,
  );
}

describe('alignment of tokens', () => {
  test('finds where each is attended to, and leaves a pause to nobody', () => {
    const spans: [number, number][] = [
      [5, 20],
      [20, 31],
      [50, 62],
      [62, 80],
    ];
    const found = alignTokens(
      spans.map(([start, end]) => attentionTo(start, end)),
      SHAPE,
    )!;
    found.forEach(({ start, end }, token) => {
      expect(Math.abs(start - spans[token]![0])).toBeLessThanOrEqual(1);
      expect(Math.abs(end - spans[token]![1])).toBeLessThanOrEqual(1);
    });
  });

  test('keeps the order of the tokens even where their attention does not', () => {
    const found = alignTokens([attentionTo(40, 50), attentionTo(10, 20), attentionTo(60, 70)], SHAPE)!;
    let before = 0;
    for (const { start, end } of found) {
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThan(start);
      before = end;
    }
  });

  test('averages over heads', () => {
    const twoHeads = [
      [5, 20],
      [30, 45],
    ].map(([start, end]) =>
      Float32Array.of(...attentionTo(start!, end!), ...attentionTo(start! + 2, end! + 2)),
    );
    const found = alignTokens(twoHeads, { ...SHAPE, heads: 2 })!;
    expect(found[0]!.start).toBeGreaterThanOrEqual(4);
    expect(found[1]!.end).toBeLessThanOrEqual(48);
  });

  test('gives up on more tokens than positions; of no tokens there are no spans', () => {
    expect(
      alignTokens([attentionTo(0, 1), attentionTo(1, 2)], { ...SHAPE, usedPositions: 1 }),
    ).toBeUndefined();
    expect(alignTokens([], SHAPE)).toEqual([]);
  });
});
