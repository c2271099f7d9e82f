import { describe, expect, test } from 'vitest';
import { alignTokens } from '../../src/asr/alignment.ts';
import { readFixture } from './fixtures.ts';

interface Golden {
  readonly attention: readonly (readonly number[])[];
  readonly heads: number;
  readonly positions: number;
  readonly starts: readonly number[];
}

describe('alignment of tokens', () => {
  test('equals transformers', () => {
    const { attention, heads, positions, starts } = readFixture<Golden>('alignment.json');
    const rows = attention.map((row) => Float32Array.from(row));
    expect(alignTokens(rows, { heads, positions, usedPositions: positions, medianFilterWidth: 7 })).toEqual(
      starts,
    );
  });

  test('follows a clear ridge, and ignores positions beyond the audio', () => {
    const positions = 100;
    const rows = [5, 20, 50, 70].map((centre) =>
      Float32Array.from({ length: positions }, (_, at) =>
        at >= 80 ? 1 : Math.abs(at - centre - 4) <= 5 ? 0.5 : 0.01,
      ),
    );
    const starts = alignTokens(rows, { heads: 1, positions, usedPositions: 80, medianFilterWidth: 7 });
    expect(starts[0]).toBe(0);
    [20, 50, 70].forEach((centre, i) => {
      expect(Math.abs(starts[i + 1]! - centre)).toBeLessThanOrEqual(2);
    });
  });

  test('of nothing is nothing; one token begins at the start', () => {
    const shape = { heads: 1, positions: 4, usedPositions: 4, medianFilterWidth: 7 };
    expect(alignTokens([], shape)).toEqual([]);
    expect(alignTokens([Float32Array.of(0, 1, 0, 0)], shape)).toEqual([0]);
    expect(alignTokens([Float32Array.of(0, 1, 0, 0)], { ...shape, usedPositions: 0 })).toEqual([0]);
  });
});
