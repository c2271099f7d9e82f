/** Samples per second of all audio inside the pipeline (Whisper's and Silero's rate). */
export const PIPELINE_RATE_HZ = 16_000;

/**
 * Mono samples of one channel at `PIPELINE_RATE_HZ`, in [-1, 1].
 * `startSample` counts from the first sample of the call, at `PIPELINE_RATE_HZ`; chunks of a channel follow
 * each other without gap.
 */
export interface AudioChunk {
  readonly channel: number;
  readonly startSample: number;
  readonly samples: Float32Array;
}

export type SpeakerRole = 'caller' | 'agent';

/** Samples at `PIPELINE_RATE_HZ` to milliseconds on the call's clock. */
export function samplesToMs(samples: number): number {
  return (samples * 1000) / PIPELINE_RATE_HZ;
}

export function msToSamples(ms: number): number {
  return Math.round((ms * PIPELINE_RATE_HZ) / 1000);
}
