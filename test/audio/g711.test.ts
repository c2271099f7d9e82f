import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALAW_TO_LINEAR, encodeAlaw, encodeMulaw, MULAW_TO_LINEAR } from '../../src/audio/g711.ts';

/** All 256 codes of both laws as sox 14.4 and ffmpeg 6 decode them (the two agree). */
const golden = JSON.parse(readFileSync(new URL('golden/g711.json', import.meta.url), 'utf8')) as {
  mulaw: number[];
  alaw: number[];
};

/** Segments of the decision values in G.711, tables 1a and 2a: from, to (included), step. */
const ALAW_DECISIONS = [
  [2, 64, 2],
  [68, 128, 4],
  [136, 256, 8],
  [272, 512, 16],
  [544, 1024, 32],
  [1088, 2048, 64],
  [2176, 3968, 128],
] as const;
const MULAW_DECISIONS = [
  [1, 31, 2],
  [35, 95, 4],
  [103, 223, 8],
  [239, 479, 16],
  [511, 991, 32],
  [1055, 2015, 64],
  [2143, 4063, 128],
  [4319, 7903, 256],
] as const;

const LAWS = [
  {
    name: 'mu-law',
    decoded: MULAW_TO_LINEAR,
    golden: golden.mulaw,
    encode: encodeMulaw,
    decisions: scaled(MULAW_DECISIONS, 4),
  },
  {
    name: 'A-law',
    decoded: ALAW_TO_LINEAR,
    golden: golden.alaw,
    encode: encodeAlaw,
    decisions: scaled(ALAW_DECISIONS, 8),
  },
];

describe.each(LAWS)('G.711 $name', ({ name, decoded, golden, encode, decisions }) => {
  it('decodes all 256 codes to the golden values', () => {
    expect([...decoded]).toEqual(golden);
  });

  it('encodes every decoded value back to its code', () => {
    for (let code = 0; code < 256; code++) {
      // Two mu-law codes mean zero; the positive one is written.
      const expected = name === 'mu-law' && code === 0x7f ? 0xff : code;
      expect(encode(decoded[code]!)).toBe(expected);
    }
  });

  it('changes code exactly at the decision values, over all positive samples', () => {
    const changes: number[] = [];
    for (let sample = 1; sample <= 32_767; sample++) {
      if (encode(sample) !== encode(sample - 1)) changes.push(sample);
    }
    expect(changes).toEqual(decisions);
  });

  it('is symmetric, over all negative samples', () => {
    // A-law has no zero: its negative half begins at -1.
    const mirror = name === 'A-law' ? 1 : 0;
    for (let sample = -32_768; sample < 0; sample++) {
      const positive = Math.min(32_767, -sample - mirror);
      if ((encode(sample) ^ 0x80) !== encode(positive))
        expect.fail(`${sample} is not the mirror of ${positive}`);
    }
  });
});

it('keeps silence silent: 0 is 0xff in mu-law and 0xd5 in A-law', () => {
  expect(encodeMulaw(0)).toBe(0xff);
  expect(encodeAlaw(0)).toBe(0xd5);
});

function scaled(segments: readonly (readonly [number, number, number])[], factor: number): number[] {
  return segments.flatMap(([from, to, step]) =>
    Array.from({ length: (to - from) / step + 1 }, (_, i) => (from + i * step) * factor),
  );
}
