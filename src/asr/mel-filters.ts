/**
 * The mel filter bank of Whisper: Slaney's scale and area normalisation, 0 to 8000 Hz, as
 * `librosa.filters.mel(sr=16000, n_fft=400, n_mels=N)`, which made openai/whisper's assets/mel_filters.npz.
 */

/** One triangular filter: weights of the spectrum bins from `firstBin` on. */
export interface MelFilter {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

const LINEAR_HZ_PER_MEL = 200 / 3;
const LOG_START_HZ = 1000;
const LOG_START_MEL = LOG_START_HZ / LINEAR_HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

export function melFilters(bands: number, fftSize: number, sampleRateHz: number): readonly MelFilter[] {
  const highest = hzToMel(sampleRateHz / 2);
  const edgesHz = Array.from({ length: bands + 2 }, (_, i) => melToHz((highest * i) / (bands + 1)));
  const binHz = sampleRateHz / fftSize;
  return Array.from({ length: bands }, (_, band) => {
    const [low, centre, high] = [edgesHz[band]!, edgesHz[band + 1]!, edgesHz[band + 2]!];
    const firstBin = Math.ceil(low / binHz);
    const lastBin = Math.min(Math.floor(high / binHz), fftSize / 2);
    const weights = Float64Array.from({ length: Math.max(0, lastBin - firstBin + 1) }, (_, i) => {
      const hz = (firstBin + i) * binHz;
      const slope = Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
      return (Math.max(0, slope) * 2) / (high - low);
    });
    return { firstBin, weights };
  });
}

function hzToMel(hz: number): number {
  if (hz < LOG_START_HZ) return hz / LINEAR_HZ_PER_MEL;
  return LOG_START_MEL + Math.log(hz / LOG_START_HZ) / LOG_STEP;
}

function melToHz(mel: number): number {
  if (mel < LOG_START_MEL) return mel * LINEAR_HZ_PER_MEL;
  return LOG_START_HZ * Math.exp(LOG_STEP * (mel - LOG_START_MEL));
}
