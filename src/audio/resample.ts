import { PIPELINE_RATE_HZ } from '../domain/audio.ts';

/**
 * Streaming resampler: a polyphase Kaiser-windowed sinc (Oppenheim & Schafer, Discrete-Time Signal
 * Processing, 7.5). Output sample n lies exactly at n / toHz on the input's clock (the filter's delay is
 * taken out), N input samples give ceil(N * toHz / fromHz) in all, and the result is the same to the bit
 * however the input is cut.
 */
export interface Resampler {
  /** The output that `samples` complete; a few milliseconds stay behind until more comes. */
  push(samples: Float32Array): Float32Array;
  /** The rest; the input after its end counts as silence. */
  end(): Float32Array;
}

/** Kaiser's design value; the test measures 80 dB and more. */
const STOP_BAND_DB = 84;
/** The pass band ends here, as a part of the lower of the two Nyquist rates; the stop band begins at 1. */
const PASS_BAND = 0.9;
/** Ratios such as 16000:44101 have too many phases for a table; theirs is interpolated (error below -100 dB). */
const MAX_EXACT_PHASES = 1024;
const INTERPOLATED_PHASES = 512;
const MAX_CACHED_FILTERS = 16;

export function createResampler(fromHz: number, toHz: number = PIPELINE_RATE_HZ): Resampler {
  if (fromHz === toHz) return { push: (samples) => samples, end: () => new Float32Array(0) };
  return new PolyphaseResampler(filterFor(fromHz, toHz));
}

/** A place in the audio: whole samples of the source, and the output sample that lies exactly there. */
export interface RestartPoint {
  readonly input: number;
  readonly output: number;
}

/**
 * The last place at which a new resampler can begin so that its output from `outputSample` on is, to the bit,
 * what it would have been from the start: the filter needs a few milliseconds before, and output and input must meet.
 */
export function restartPoint(
  fromHz: number,
  outputSample: number,
  toHz: number = PIPELINE_RATE_HZ,
): RestartPoint {
  if (fromHz === toHz) return { input: outputSample, output: outputSample };
  const { up, down, halfTaps } = filterFor(fromHz, toHz);
  const needed = Math.floor((outputSample * down) / up) - halfTaps + 1;
  const steps = Math.max(0, Math.floor(needed / down));
  return { input: steps * down, output: steps * up };
}

interface Filter {
  /** toHz and fromHz without their common divisor: input position of output n is n * down / up. */
  readonly up: number;
  readonly down: number;
  /** Taps reach from `halfTaps - 1` input samples before the position to `halfTaps` after it. */
  readonly halfTaps: number;
  readonly phases: number;
  /** `phases + 1` rows of `2 * halfTaps`; the last is for interpolation only. */
  readonly rows: Float64Array;
}

class PolyphaseResampler implements Resampler {
  readonly #filter: Filter;
  /** Input samples from absolute position `#bufferStart` on; before the first lie `halfTaps` of silence. */
  #buffer: Float32Array;
  #bufferStart: number;
  #received = 0;
  /** Next output: the whole input sample before it, and the rest of the way in 1/up input samples. */
  #position = 0;
  #phase = 0;

  constructor(filter: Filter) {
    this.#filter = filter;
    this.#buffer = new Float32Array(filter.halfTaps);
    this.#bufferStart = -filter.halfTaps;
  }

  push(samples: Float32Array): Float32Array {
    this.#append(samples);
    this.#received += samples.length;
    return this.#produce(this.#received);
  }

  end(): Float32Array {
    this.#append(new Float32Array(this.#filter.halfTaps + 1));
    return this.#produce(Number.POSITIVE_INFINITY);
  }

  #append(samples: Float32Array): void {
    const { halfTaps } = this.#filter;
    const firstNeeded = this.#position - halfTaps + 1;
    const kept = this.#buffer.subarray(Math.max(0, firstNeeded - this.#bufferStart));
    const joined = new Float32Array(kept.length + samples.length);
    joined.set(kept);
    joined.set(samples, kept.length);
    this.#bufferStart += this.#buffer.length - kept.length;
    this.#buffer = joined;
  }

  /** All outputs that need input before `limit` only and lie before the end of what was received. */
  #produce(limit: number): Float32Array {
    const { up, down, halfTaps } = this.#filter;
    const output: Float32Array = new Float32Array(
      Math.max(0, Math.ceil(((this.#received - this.#position) * up) / down) + 1),
    );
    let count = 0;
    while (this.#position + halfTaps < limit && this.#position < this.#received) {
      output[count++] = this.#filterAt(this.#position - halfTaps + 1 - this.#bufferStart);
      const next = this.#phase + down;
      this.#position += Math.floor(next / up);
      this.#phase = next % up;
    }
    return output.slice(0, count);
  }

  #filterAt(offset: number): number {
    const { up, phases, halfTaps, rows } = this.#filter;
    const taps = 2 * halfTaps;
    const at = (this.#phase * phases) / up;
    const row = Math.floor(at);
    const value = dot(this.#buffer, offset, rows, row * taps, taps);
    const fraction = at - row;
    const result =
      fraction === 0
        ? value
        : value + fraction * (dot(this.#buffer, offset, rows, (row + 1) * taps, taps) - value);
    return Math.max(-1, Math.min(1, result));
  }
}

/** Four sums side by side, as one would wait for each addition; `length` is a multiple of four. */
function dot(a: Float32Array, aStart: number, b: Float64Array, bStart: number, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let i = 0; i < length; i += 4) {
    sum0 += a[aStart + i]! * b[bStart + i]!;
    sum1 += a[aStart + i + 1]! * b[bStart + i + 1]!;
    sum2 += a[aStart + i + 2]! * b[bStart + i + 2]!;
    sum3 += a[aStart + i + 3]! * b[bStart + i + 3]!;
  }
  return sum0 + sum1 + (sum2 + sum3);
}

const filters = new Map<string, Filter>();

function filterFor(fromHz: number, toHz: number): Filter {
  const key = `${fromHz}:${toHz}`;
  const known = filters.get(key);
  if (known) return known;
  if (filters.size >= MAX_CACHED_FILTERS) filters.delete(filters.keys().next().value!);
  const filter = designFilter(fromHz, toHz);
  filters.set(key, filter);
  return filter;
}

function designFilter(fromHz: number, toHz: number): Filter {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const phases = up <= MAX_EXACT_PHASES ? up : INTERPOLATED_PHASES;

  // In cycles per input sample.
  const stop = Math.min(fromHz, toHz) / 2 / fromHz;
  const transition = stop * (1 - PASS_BAND);
  const cutoff = stop - transition / 2;
  // Kaiser's formulas for length and shape; even, for `dot`.
  const halfTaps = 2 * Math.ceil((STOP_BAND_DB - 7.95) / (2.285 * 2 * Math.PI * transition) / 4);
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);

  const taps = 2 * halfTaps;
  const rows = new Float64Array((phases + 1) * taps);
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - halfTaps + 1 - phase / phases;
      const weight =
        sinc(2 * cutoff * distance) * besselI0(beta * Math.sqrt(Math.max(0, 1 - (distance / halfTaps) ** 2)));
      rows[phase * taps + tap] = weight;
      sum += weight;
    }
    // Every phase passes a constant unchanged, so that none is heard as a tone at the input's rate.
    for (let tap = 0; tap < taps; tap++) rows[phase * taps + tap]! /= sum;
  }
  return { up, down, halfTaps, phases, rows };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x / 2) ** 2;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
