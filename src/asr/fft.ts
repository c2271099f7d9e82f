/**
 * Power spectrum of real frames whose length is not a power of two (Whisper's are 400 samples).
 *
 * Two real samples make one complex one, and the half-length transform (200 = 5 * 5 * 2 * 2 * 2) is a
 * Stockham-like mixed-radix decimation in time over precomputed twiddles.
 * Accuracy is double inside; input and output are float32.
 */

/** Writes |X[k]|^2 of `frame` (already windowed, length `size`) for k = 0..size/2 to `power`. */
export type PowerSpectrum = (frame: Float64Array, power: Float64Array) => void;

/** `size` must be even, with no prime factor above 5 in its half. */
export function powerSpectrum(size: number): PowerSpectrum {
  const half = size / 2;
  const factors = smallFactors(half);
  const order = digitReversal(half, factors);
  const cos = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  const turnRe = new Float64Array(5);
  const turnIm = new Float64Array(5);

  function transformHalf(): void {
    let span = 1;
    for (const radix of factors) {
      const next = span * radix;
      // Twiddle exp(-2 pi i k / next) is entry k * stride of the table of exp(-2 pi i k / size).
      const stride = size / next;
      for (let offset = 0; offset < span; offset++) {
        for (let start = offset; start < half; start += next) {
          if (radix === 2) butterfly2(start, span, offset * stride);
          else butterfly(radix, start, span, offset * stride, size / radix);
        }
      }
      span = next;
    }
  }

  function butterfly2(first: number, span: number, twiddle: number): void {
    const second = first + span;
    const c = cos[twiddle]!;
    const s = sin[twiddle]!;
    const xr = re[second]! * c + im[second]! * s;
    const xi = im[second]! * c - re[second]! * s;
    re[second] = re[first]! - xr;
    im[second] = im[first]! - xi;
    re[first] = re[first]! + xr;
    im[first] = im[first]! + xi;
  }

  function butterfly(radix: number, first: number, span: number, twiddle: number, turn: number): void {
    for (let j = 0; j < radix; j++) {
      const at = first + j * span;
      const c = cos[j * twiddle]!;
      const s = sin[j * twiddle]!;
      turnRe[j] = re[at]! * c + im[at]! * s;
      turnIm[j] = im[at]! * c - re[at]! * s;
    }
    for (let k = 0; k < radix; k++) {
      let sumRe = turnRe[0]!;
      let sumIm = turnIm[0]!;
      for (let j = 1; j < radix; j++) {
        const angle = ((j * k) % radix) * turn;
        const c = cos[angle]!;
        const s = sin[angle]!;
        sumRe += turnRe[j]! * c + turnIm[j]! * s;
        sumIm += turnIm[j]! * c - turnRe[j]! * s;
      }
      re[first + k * span] = sumRe;
      im[first + k * span] = sumIm;
    }
  }

  return (frame, power) => {
    for (let i = 0; i < half; i++) {
      const from = 2 * order[i]!;
      re[i] = frame[from]!;
      im[i] = frame[from + 1]!;
    }
    transformHalf();
    // X[k] of the real frame from Z[k] and conj(Z[half - k]) of the packed one.
    power[0] = (re[0]! + im[0]!) ** 2;
    power[half] = (re[0]! - im[0]!) ** 2;
    for (let k = 1; k < half; k++) {
      const mirror = half - k;
      const evenRe = (re[k]! + re[mirror]!) / 2;
      const evenIm = (im[k]! - im[mirror]!) / 2;
      const oddRe = (im[k]! + im[mirror]!) / 2;
      const oddIm = (re[mirror]! - re[k]!) / 2;
      const c = cos[k]!;
      const s = sin[k]!;
      const xRe = evenRe + oddRe * c + oddIm * s;
      const xIm = evenIm + oddIm * c - oddRe * s;
      power[k] = xRe * xRe + xIm * xIm;
    }
  };
}

function smallFactors(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (const factor of [2, 3, 5]) {
    for (; rest % factor === 0; rest /= factor) factors.push(factor);
  }
  if (rest !== 1) throw new RangeError(`a transform of ${2 * size} samples needs factors 2, 3 and 5 only`);
  return factors;
}

/** Where input i of the first stage comes from, for stages in the order of `factors`. */
function digitReversal(size: number, factors: readonly number[]): Uint16Array {
  const order = new Uint16Array(size);
  for (let i = 0; i < size; i++) {
    let rest = i;
    let place = size;
    let from = 0;
    for (const factor of factors) {
      place /= factor;
      from += (rest % factor) * place;
      rest = Math.floor(rest / factor);
    }
    order[i] = from;
  }
  return order;
}
