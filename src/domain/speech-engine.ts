import type { Language } from './language.ts';
import type { RawText } from './text.ts';

/** Live rows always go before archive rows; within live, finals before partials. */
export type DecodePriority = 'live-final' | 'live-partial' | 'archive';

/** One window of speech to decode; the engine batches windows of all calls. */
export interface DecodeRequest {
  /** Names the stream (call and channel), so that the engine may reuse features computed before. */
  readonly streamKey: string;
  /** Position of `samples[0]` on the call's clock, in samples at `PIPELINE_RATE_HZ`. */
  readonly startSample: number;
  /** Mono at `PIPELINE_RATE_HZ`, at most `SpeechEngine.windowSamples` long. */
  readonly samples: Float32Array;
  /** Locked language, or the allow-list to detect from. */
  readonly language: Language | readonly Language[];
  readonly priority: DecodePriority;
  /** Words likely to occur (names of products, places); given to the model as its prompt. */
  readonly hotWords: readonly string[];
  /** Word times cost a pass over the cross-attention; partials may do without. */
  readonly wordTimes: boolean;
}

export interface DecodedWord {
  readonly text: RawText;
  /** Samples from the start of the window. Without `wordTimes`, spread over the window by length. */
  readonly startSample: number;
  readonly endSample: number;
  readonly confidence: number;
}

export interface DecodeResult {
  readonly words: readonly DecodedWord[];
  readonly language: Language;
  /** Probability of the language within the allow-list; 1 when it was given. */
  readonly languageProbability: number;
  /** Probability that the window holds no speech; `words` is empty when the engine trusts it. */
  readonly noSpeechProbability: number;
  /** Mean log-probability per token of the chosen hypothesis. */
  readonly avgLogProbability: number;
}

/**
 * Speech recognition as the pipeline sees it: one engine serves all calls.
 * Rejects with ServiceError `unavailable` while the engine process restarts longer than its grace time,
 * `cancelled` when `signal` fires.
 */
export interface SpeechEngine {
  /** The longest window the loaded model takes, in samples at `PIPELINE_RATE_HZ`. */
  readonly windowSamples: number;
  /** Languages the loaded model recognises well enough to offer. */
  readonly languages: readonly Language[];
  decode(request: DecodeRequest, signal?: AbortSignal): Promise<DecodeResult>;
  /** Frees what the engine keeps for a stream. Idempotent. */
  forget(streamKey: string): void;
}
