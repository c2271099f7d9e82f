/**
 * Whisper's input features: log10 of the mel power spectrum, frames of 25 ms every 10 ms.
 *
 * Equal to transformers' WhisperFeatureExtractor and openai/whisper's `log_mel_spectrogram`: the window of
 * audio is padded with zeros to its full length and mirrored by half a frame at its start; the last frame is
 * left out; values more than 8 below the largest of the window are raised to that; then (x + 4) / 4.
 */
import { PowerSpectrum } from './fft.ts';
import { type MelFilter, melFilters } from './mel-filters.ts';

export interface LogMelOptions {
  /** 80, or 128 from Whisper large-v3 on. */
  readonly bands: number;
  readonly fftSize: number;
  readonly hopSamples: number;
  readonly sampleRateHz: number;
}

/** log10 of 1e-10, the floor of the reference: the value of a frame without sound. */
export const SILENT_LOG_MEL = -10;
const FLOOR = 1e-10;
const DYNAMIC_RANGE = 8;

/** Computes single frames, before the normalisation that looks at a whole window. */
export class LogMelFrames {
  readonly options: LogMelOptions;
  readonly #spectrum: PowerSpectrum;
  readonly #filters: readonly MelFilter[];
  readonly #hann: Float64Array;
  readonly #power: Float64Array;

  constructor(options: LogMelOptions) {
    const { bands, fftSize, sampleRateHz } = options;
    this.options = options;
    this.#spectrum = new PowerSpectrum(fftSize);
    this.#filters = melFilters(bands, fftSize, sampleRateHz);
    this.#hann = Float64Array.from(
      { length: fftSize },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / fftSize),
    );
    this.#power = new Float64Array(fftSize / 2 + 1);
  }

  /**
   * The frame centred on sample `frame * hopSamples` of a window, to `out` (length `bands`). Samples before
   * the window mirror those after its start, samples after its end are zero.
   */
  compute(samples: Float32Array, frame: number, out: Float32Array): void {
    const { fftSize, hopSamples } = this.options;
    const first = frame * hopSamples - fftSize / 2;
    const hann = this.#hann;
    const { re, im } = this.#spectrum.input;
    if (first >= 0 && first + fftSize <= samples.length) {
      for (let i = 0, at = first; i < re.length; i++, at += 2) {
        re[i] = samples[at]! * hann[2 * i]!;
        im[i] = samples[at + 1]! * hann[2 * i + 1]!;
      }
    } else {
      for (let i = 0, at = first; i < re.length; i++, at += 2) {
        re[i] = (samples[Math.abs(at)] ?? 0) * hann[2 * i]!;
        im[i] = (samples[Math.abs(at + 1)] ?? 0) * hann[2 * i + 1]!;
      }
    }
    const power = this.#power;
    this.#spectrum.compute(power);
    for (let band = 0; band < out.length; band++) {
      const { firstBin, weights } = this.#filters[band]!;
      let energy = 0;
      for (let i = 0; i < weights.length; i++) energy += weights[i]! * power[firstBin + i]!;
      out[band] = Math.log10(Math.max(energy, FLOOR));
    }
  }
}

/**
 * Normalises `frames` (frame-major, [frames, bands], log10 values; the rest of the window is silent) into the
 * model's input: `out` is [bands, totalFrames].
 */
export function normaliseWindow(
  frames: Float32Array,
  bands: number,
  totalFrames: number,
  out: Float32Array,
): void {
  const count = Math.min(frames.length / bands, totalFrames);
  let largest = count < totalFrames ? SILENT_LOG_MEL : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count * bands; i++) if (frames[i]! > largest) largest = frames[i]!;
  const lowest = largest - DYNAMIC_RANGE;
  out.fill((Math.max(SILENT_LOG_MEL, lowest) + 4) / 4);
  for (let frame = 0; frame < count; frame++) {
    for (let band = 0; band < bands; band++) {
      const value = frames[frame * bands + band]!;
      out[band * totalFrames + frame] = (Math.max(value, lowest) + 4) / 4;
    }
  }
}
