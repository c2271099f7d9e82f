import { describe, expect, test } from 'vitest';
import { PowerSpectrum } from '../../src/asr/fft.ts';
import { uniformDraws } from '../../src/asr/window-decoding.ts';

/** By the definition. */
function expectedPower(frame: readonly number[]): number[] {
  return Array.from({ length: frame.length / 2 + 1 }, (_, k) => {
    const part = (of: (angle: number) => number) =>
      frame.reduce((sum, value, n) => sum + value * of((2 * Math.PI * k * n) / frame.length), 0);
    return part(Math.cos) ** 2 + part(Math.sin) ** 2;
  });
}

describe('the power spectrum', () => {
  test.each([2, 8, 10, 12, 60, 180, 400, 512])('of %i samples equals that of the definition', (size) => {
    const spectrum = new PowerSpectrum(size);
    const power = new Float64Array(size / 2 + 1);
    for (const seed of [1, 2]) {
      const draw = uniformDraws(seed);
      const frame = Array.from({ length: size }, () => draw() - 0.5);
      for (let i = 0; i < size / 2; i++) {
        spectrum.input.re[i] = frame[2 * i]!;
        spectrum.input.im[i] = frame[2 * i + 1]!;
      }
      spectrum.compute(power);
      for (const [k, expected] of expectedPower(frame).entries()) expect(power[k]).toBeCloseTo(expected, 9);
    }
  });

  test('refuses a size with another factor', () => {
    expect(() => new PowerSpectrum(14)).toThrow(RangeError);
  });
});
