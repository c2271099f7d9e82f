/**
 * Quiet stretches of a window, read off the features that the recogniser gets anyway. Cross-attention tells where
 * words begin, not where they end: a word lasts until the next begins, unless there is a pause between.
 */
import type { ModelConfig } from './model-config.ts';

/** Of the span between the floor of the line and the loud frames: below it is quiet. */
const QUIET_PART = 0.3;
/** Quiet is at most so much above the floor where the span is small. */
const LEAST_SPAN_DB = 6;
/** A shorter silence may be the closure of a plosive (50 to 80 ms) and belongs to the word. */
const MIN_PAUSE_FRAMES = 8;

/** Answers where a word ends that is followed by silence or by another word. Positions are feature frames (10 ms). */
export class Pauses {
  readonly #quiet: readonly boolean[];

  /** `features`: the model's input, [melBands, windowFrames]; `frames`: those that hold audio. */
  constructor(
    features: Float32Array,
    frames: number,
    config: Pick<ModelConfig, 'melBands' | 'windowFrames'>,
  ) {
    const levels = frameLevelsDb(features, frames, config);
    const sorted = levels.toSorted();
    const floor = sorted[Math.floor(0.1 * frames)] ?? 0;
    const loud = sorted[Math.floor(0.95 * frames)] ?? 0;
    const threshold = floor + Math.max(LEAST_SPAN_DB, QUIET_PART * (loud - floor));
    this.#quiet = Array.from(levels, (level) => level < threshold);
  }

  /** The end of what was said before `until`, not before `from`: `until` itself if no pause precedes it. */
  endOfSpeech(from: number, until: number): number {
    let end = Math.min(until, this.#quiet.length);
    while (end > from && this.#quiet[end - 1]) end--;
    return until - end >= MIN_PAUSE_FRAMES ? end : until;
  }
}

/** Energy of each frame over all bands. Features are (log10 of power + 4) / 4, to some constant (log-mel.ts). */
function frameLevelsDb(
  features: Float32Array,
  frames: number,
  { melBands, windowFrames }: Pick<ModelConfig, 'melBands' | 'windowFrames'>,
): Float64Array {
  const power = new Float64Array(frames);
  for (let band = 0; band < melBands; band++) {
    for (let frame = 0; frame < frames; frame++) {
      power[frame]! += 10 ** (4 * features[band * windowFrames + frame]! - 4);
    }
  }
  return power.map((each) => 10 * Math.log10(each + 1e-12));
}
