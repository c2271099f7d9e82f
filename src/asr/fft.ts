/**
 * Power spectrum of real frames whose length is not a power of two (Whisper's are 400 samples).
 *
 * Two real samples make one complex one. The transform of half the length (200 = 4 * 5 * 5 * 2) is Stockham's, which
 * leaves its results in order: each pass combines values `stride * count` apart and writes them `stride` apart, with
 * twiddles from a table of its own (C. Van Loan, Computational Frameworks for the FFT, 1992, section 1.7).
 * Double precision throughout: within a frame, bands of telephone audio differ by more than float32 can tell.
 */

/** `radix` values into `radix` sums, `count` times over `stride` neighbours. */
interface Pass {
  readonly radix: 2 | 3 | 4 | 5;
  readonly count: number;
  readonly stride: number;
  /** exp(-2 pi i p j / (radix * count)) for p < count and 1 <= j < radix: entry p * (radix - 1) + j - 1. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const BUTTERFLIES = { 2: butterflies2, 3: butterflies3, 4: butterflies4, 5: butterflies5 } as const;

export class PowerSpectrum {
  /** The frame to transform: its even samples in `re`, its odd ones in `im`. Overwritten by `compute`. */
  readonly input: Complex;
  readonly #passes: readonly Pass[];
  readonly #other: Complex;
  /** exp(-2 pi i k / size) */
  readonly #turn: Complex;

  /** `size`: of the frames; even, with no prime factor above 5 in its half. */
  constructor(size: number) {
    const half = size / 2;
    this.#passes = passesOf(half);
    this.input = zeros(half);
    this.#other = zeros(half);
    this.#turn = twiddles(half, (k) => k / size);
  }

  /** Writes |X[k]|^2 for k = 0..size/2 to `power`. */
  compute(power: Float64Array): void {
    let from = this.input;
    let to = this.#other;
    for (const pass of this.#passes) {
      BUTTERFLIES[pass.radix](pass, from, to);
      [from, to] = [to, from];
    }
    const { re, im } = from;
    const { re: cos, im: sin } = this.#turn;
    const half = re.length;
    // X[k] of the real frame and X[half - k] from Z[k] and Z[half - k] of the packed one.
    power[0] = (re[0]! + im[0]!) ** 2;
    power[half] = (re[0]! - im[0]!) ** 2;
    for (let k = 1, mirror = half - 1; k <= mirror; k++, mirror--) {
      const evenRe = re[k]! + re[mirror]!;
      const evenIm = im[k]! - im[mirror]!;
      const oddRe = im[k]! + im[mirror]!;
      const oddIm = re[mirror]! - re[k]!;
      const turnedRe = oddRe * cos[k]! - oddIm * sin[k]!;
      const turnedIm = oddIm * cos[k]! + oddRe * sin[k]!;
      power[k] = 0.25 * ((evenRe + turnedRe) ** 2 + (evenIm + turnedIm) ** 2);
      power[mirror] = 0.25 * ((evenRe - turnedRe) ** 2 + (evenIm - turnedIm) ** 2);
    }
  }
}

function passesOf(size: number): Pass[] {
  const passes: Pass[] = [];
  let length = size;
  for (const radix of [4, 3, 5, 2] as const) {
    for (; length % radix === 0; length /= radix) {
      const count = length / radix;
      const perButterfly = radix - 1;
      const { re, im } = twiddles(count * perButterfly, (i) => {
        const p = Math.floor(i / perButterfly);
        return (p * ((i % perButterfly) + 1)) / (radix * count);
      });
      passes.push({ radix, count, stride: size / length, cos: re, sin: im });
    }
  }
  if (length !== 1) throw new RangeError(`a transform of ${2 * size} samples needs factors 2, 3 and 5 only`);
  return passes;
}

/** exp(-2 pi i turns(k)) for k below `size`. */
function twiddles(size: number, turns: (k: number) => number): Complex {
  return {
    re: Float64Array.from({ length: size }, (_, k) => Math.cos(2 * Math.PI * turns(k))),
    im: Float64Array.from({ length: size }, (_, k) => -Math.sin(2 * Math.PI * turns(k))),
  };
}

function zeros(size: number): Complex {
  return { re: new Float64Array(size), im: new Float64Array(size) };
}

function butterflies2({ count, stride, cos, sin }: Pass, from: Complex, to: Complex): void {
  const { re, im } = from;
  for (let p = 0; p < count; p++) {
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + stride * count;
      const out = q + stride * 2 * p;
      to.re[out] = re[a]! + re[b]!;
      to.im[out] = im[a]! + im[b]!;
      turned(to, out + stride, re[a]! - re[b]!, im[a]! - im[b]!, cos[p]!, sin[p]!);
    }
  }
}

function butterflies3({ count, stride, cos, sin }: Pass, from: Complex, to: Complex): void {
  const { re, im } = from;
  const s = Math.sqrt(3) / 2;
  for (let p = 0; p < count; p++) {
    const w = 2 * p;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + stride * count;
      const c = b + stride * count;
      const out = q + stride * 3 * p;
      const sumRe = re[b]! + re[c]!;
      const sumIm = im[b]! + im[c]!;
      const sideRe = s * (re[b]! - re[c]!);
      const sideIm = s * (im[b]! - im[c]!);
      const midRe = re[a]! - 0.5 * sumRe;
      const midIm = im[a]! - 0.5 * sumIm;
      to.re[out] = re[a]! + sumRe;
      to.im[out] = im[a]! + sumIm;
      turned(to, out + stride, midRe + sideIm, midIm - sideRe, cos[w]!, sin[w]!);
      turned(to, out + 2 * stride, midRe - sideIm, midIm + sideRe, cos[w + 1]!, sin[w + 1]!);
    }
  }
}

function butterflies4({ count, stride, cos, sin }: Pass, from: Complex, to: Complex): void {
  const { re, im } = from;
  for (let p = 0; p < count; p++) {
    const w = 3 * p;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + stride * count;
      const c = b + stride * count;
      const d = c + stride * count;
      const out = q + stride * 4 * p;
      const acRe = re[a]! + re[c]!;
      const acIm = im[a]! + im[c]!;
      const bdRe = re[b]! + re[d]!;
      const bdIm = im[b]! + im[d]!;
      const awayRe = re[a]! - re[c]!;
      const awayIm = im[a]! - im[c]!;
      const sideRe = re[b]! - re[d]!;
      const sideIm = im[b]! - im[d]!;
      to.re[out] = acRe + bdRe;
      to.im[out] = acIm + bdIm;
      turned(to, out + stride, awayRe + sideIm, awayIm - sideRe, cos[w]!, sin[w]!);
      turned(to, out + 2 * stride, acRe - bdRe, acIm - bdIm, cos[w + 1]!, sin[w + 1]!);
      turned(to, out + 3 * stride, awayRe - sideIm, awayIm + sideRe, cos[w + 2]!, sin[w + 2]!);
    }
  }
}

const COS_1 = Math.cos((2 * Math.PI) / 5);
const SIN_1 = Math.sin((2 * Math.PI) / 5);
const COS_2 = Math.cos((4 * Math.PI) / 5);
const SIN_2 = Math.sin((4 * Math.PI) / 5);

function butterflies5({ count, stride, cos, sin }: Pass, from: Complex, to: Complex): void {
  const { re, im } = from;
  for (let p = 0; p < count; p++) {
    const w = 4 * p;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + stride * count;
      const c = b + stride * count;
      const d = c + stride * count;
      const e = d + stride * count;
      const out = q + stride * 5 * p;
      const beRe = re[b]! + re[e]!;
      const beIm = im[b]! + im[e]!;
      const cdRe = re[c]! + re[d]!;
      const cdIm = im[c]! + im[d]!;
      const bMinusERe = re[b]! - re[e]!;
      const bMinusEIm = im[b]! - im[e]!;
      const cMinusDRe = re[c]! - re[d]!;
      const cMinusDIm = im[c]! - im[d]!;
      const firstRe = re[a]! + COS_1 * beRe + COS_2 * cdRe;
      const firstIm = im[a]! + COS_1 * beIm + COS_2 * cdIm;
      const secondRe = re[a]! + COS_2 * beRe + COS_1 * cdRe;
      const secondIm = im[a]! + COS_2 * beIm + COS_1 * cdIm;
      const firstSideRe = SIN_1 * bMinusERe + SIN_2 * cMinusDRe;
      const firstSideIm = SIN_1 * bMinusEIm + SIN_2 * cMinusDIm;
      const secondSideRe = SIN_2 * bMinusERe - SIN_1 * cMinusDRe;
      const secondSideIm = SIN_2 * bMinusEIm - SIN_1 * cMinusDIm;
      to.re[out] = re[a]! + beRe + cdRe;
      to.im[out] = im[a]! + beIm + cdIm;
      turned(to, out + stride, firstRe + firstSideIm, firstIm - firstSideRe, cos[w]!, sin[w]!);
      turned(
        to,
        out + 2 * stride,
        secondRe + secondSideIm,
        secondIm - secondSideRe,
        cos[w + 1]!,
        sin[w + 1]!,
      );
      turned(
        to,
        out + 3 * stride,
        secondRe - secondSideIm,
        secondIm + secondSideRe,
        cos[w + 2]!,
        sin[w + 2]!,
      );
      turned(to, out + 4 * stride, firstRe - firstSideIm, firstIm + firstSideRe, cos[w + 3]!, sin[w + 3]!);
    }
  }
}

/** Writes (re + i im) * (cos + i sin); inlined by the compiler. */
function turned(to: Complex, at: number, re: number, im: number, cos: number, sin: number): void {
  to.re[at] = re * cos - im * sin;
  to.im[at] = re * sin + im * cos;
}
