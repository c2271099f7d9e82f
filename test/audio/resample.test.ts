import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler } from '../../src/audio/resample.ts';

const RATES_HZ = [8_000, 11_025, 12_000, 22_050, 24_000, 32_000, 44_100, 48_000];
/** Has a ratio to 16 kHz that no table holds. */
const ODD_RATES_HZ = [8_001, 44_101];

describe.each([...RATES_HZ, ...ODD_RATES_HZ])('from %i Hz to 16 kHz', (rateHz) => {
  const nyquistHz = Math.min(rateHz, 16_000) / 2;

  it('passes tones below 0.9 of the lower Nyquist rate within 0.1 dB and at the right place', () => {
    for (const part of [0.02, 0.2, 0.5, 0.8, 0.9]) {
      const toneHz = part * nyquistHz;
      const output = resample(tone(toneHz, rateHz, 0.5), rateHz);
      // Against the ideal tone on the output's clock: delay would show as an error of phase.
      const ideal = tone(toneHz, 16_000, 0.5);
      expect(20 * Math.log10(rmsOfDifference(output, ideal) / rms(ideal))).toBeLessThan(-60);
      expect(Math.abs(20 * Math.log10(rms(middle(output)) / rms(middle(ideal))))).toBeLessThan(0.1);
    }
  });

  it('keeps what lies above the lower Nyquist rate, and every image, at least 70 dB down', () => {
    // Down: tones that would alias. Up: the images of tones in the pass band.
    const tones =
      rateHz > 16_000
        ? steps(8_000 * 1.0, rateHz / 2, 12).map((toneHz) => ({ toneHz, allowedHz: undefined }))
        : steps(200, nyquistHz * 0.9, 8).map((toneHz) => ({ toneHz, allowedHz: toneHz }));
    for (const { toneHz, allowedHz } of tones) {
      const output = middle(resample(tone(toneHz, rateHz, 0.5), rateHz));
      const rest = allowedHz === undefined ? output : withoutTone(output, allowedHz, 16_000);
      const downDb = 20 * Math.log10(rms(rest) / rms(tone(440, 16_000, 0.5)));
      expect(downDb, `${toneHz} Hz`).toBeLessThan(-70);
    }
  });

  it('gives ceil(N * 16000 / rate) samples for N', () => {
    for (const length of [0, 1, 2, 159, 160, 4_567]) {
      const output = resample(new Float32Array(length).fill(0.1), rateHz);
      expect(output.length).toBe(Math.ceil((length * 16_000) / rateHz));
    }
  });

  it('gives the same bits however the input is cut', () => {
    const input = noise(3_000);
    const whole = resample(input, rateHz);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }), (cuts) => {
        expect(resample(input, rateHz, cuts)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});

it('passes 16 kHz through unchanged', () => {
  const input = noise(100);
  expect(resample(input, 16_000)).toEqual(input);
});

it('never leaves [-1, 1] where the filter overshoots', () => {
  const square = Float32Array.from({ length: 4_000 }, (_, n) => (n % 40 < 20 ? 1 : -1));
  for (const sample of resample(square, 8_000)) expect(Math.abs(sample)).toBeLessThanOrEqual(1);
});

it('keeps a small part of the input only, whatever the length of the call', () => {
  const resampler = createResampler(8_000);
  let given = 0;
  for (let i = 0; i < 5_000; i++) given += resampler.push(new Float32Array(160)).length;
  // 6 ms of filter stay behind.
  expect(given).toBeGreaterThan(5_000 * 320 - 200);
});

function resample(input: Float32Array, rateHz: number, cuts: readonly number[] = []): Float32Array {
  const resampler = createResampler(rateHz);
  const pieces: Float32Array[] = [];
  let at = 0;
  for (const cut of cuts) {
    pieces.push(resampler.push(input.slice(at, at + cut)));
    at += cut;
  }
  pieces.push(resampler.push(input.slice(at)), resampler.end());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

/** 0.5 s. */
function tone(toneHz: number, rateHz: number, amplitude: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(rateHz / 2) },
    (_, n) => amplitude * Math.sin((2 * Math.PI * toneHz * n) / rateHz),
  );
}

function noise(length: number): Float32Array {
  let seed = 1;
  return Float32Array.from({ length }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  });
}

/** Without the ends, where the tone is switched on and off. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(1_000, samples.length - 1_000);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function rmsOfDifference(a: Float32Array, b: Float32Array): number {
  return rms(middle(a).map((sample, n) => sample - b[n + 1_000]!));
}

/** Takes the best-fitting sine of that frequency out (least squares on sine and cosine). */
function withoutTone(samples: Float32Array, toneHz: number, rateHz: number): Float32Array {
  const angle = (2 * Math.PI * toneHz) / rateHz;
  let [ss, cc, sc, sy, cy] = [0, 0, 0, 0, 0];
  samples.forEach((y, n) => {
    const [s, c] = [Math.sin(angle * n), Math.cos(angle * n)];
    ss += s * s;
    cc += c * c;
    sc += s * c;
    sy += s * y;
    cy += c * y;
  });
  const determinant = ss * cc - sc * sc;
  const a = (sy * cc - cy * sc) / determinant;
  const b = (cy * ss - sy * sc) / determinant;
  return samples.map((y, n) => y - a * Math.sin(angle * n) - b * Math.cos(angle * n));
}

function steps(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / count);
}
