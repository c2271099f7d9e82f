import { KeptStreams } from './kept-streams.ts';
import { LogMelFrames, normaliseWindow } from './log-mel.ts';
import type { ModelConfig } from './model-config.ts';

/** What of a model decides its features. */
export type FeatureShape = Pick<
  ModelConfig,
  'melBands' | 'windowFrames' | 'hopSamples' | 'fftSize' | 'sampleRateHz'
>;

/** Frames kept of one stream: those of its last window that lie wholly inside it. */
interface KeptFrames {
  /** Sample offset of the frame grid, below one hop; frame n is centred on `phase + n * hopSamples`. */
  readonly phase: number;
  /** [firstFrame, firstFrame + count) on that grid. */
  readonly firstFrame: number;
  readonly count: number;
  /** log10 values, [count, bands]. */
  readonly values: Float32Array;
}

/**
 * Log-mel windows of many streams. A frame is computed once as long as the stream's windows overlap and
 * start on the same grid of hops: growing and sliding windows only add frames. At most `maxStreams` streams
 * are kept (one window of frames each); the one unused longest is dropped and would be computed anew.
 */
export class WindowFeatures {
  readonly #frames: LogMelFrames;
  readonly #config: FeatureShape;
  readonly #kept: KeptStreams<KeptFrames>;
  /** Frames computed so far, for tests and metrics. */
  computedFrames = 0;

  constructor(config: FeatureShape, maxStreams: number) {
    this.#config = config;
    this.#kept = new KeptStreams(maxStreams);
    this.#frames = new LogMelFrames({
      bands: config.melBands,
      fftSize: config.fftSize,
      hopSamples: config.hopSamples,
      sampleRateHz: config.sampleRateHz,
    });
  }

  /**
   * The model's input, [melBands, windowFrames], for `samples` at `startSample` of the stream. Samples at a
   * position of a stream must be the same each time they are given.
   */
  window(streamKey: string, startSample: number, samples: Float32Array): Float32Array<ArrayBuffer> {
    const { melBands, windowFrames, hopSamples, fftSize } = this.#config;
    const phase = startSample % hopSamples;
    const firstFrame = (startSample - phase) / hopSamples;
    const count = Math.min(windowFrames, Math.ceil((samples.length + fftSize / 2) / hopSamples));
    const values = new Float32Array(count * melBands);
    const kept = this.#kept.get(streamKey);
    // Frames that reach over an edge of the window depend on the window: they are never taken or kept.
    const insideFrom = Math.ceil(fftSize / 2 / hopSamples);
    const insideEnd = Math.max(insideFrom, Math.floor((samples.length - fftSize / 2) / hopSamples) + 1);
    for (let frame = 0; frame < count; frame++) {
      const out = values.subarray(frame * melBands, (frame + 1) * melBands);
      const inside = frame >= insideFrom && frame < insideEnd;
      const before = inside && kept?.phase === phase ? firstFrame + frame - kept.firstFrame : -1;
      if (before >= 0 && before < kept!.count) {
        out.set(kept!.values.subarray(before * melBands, (before + 1) * melBands));
      } else {
        this.#frames.compute(samples, frame, out);
        this.computedFrames++;
      }
    }
    this.#kept.set(streamKey, {
      phase,
      firstFrame: firstFrame + insideFrom,
      count: Math.min(insideEnd, count) - Math.min(insideFrom, count),
      values: values.subarray(insideFrom * melBands),
    });
    const window = new Float32Array(melBands * windowFrames);
    normaliseWindow(values, melBands, windowFrames, window);
    return window;
  }

  forget(streamKey: string): void {
    this.#kept.forget(streamKey);
  }
}
