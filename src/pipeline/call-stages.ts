import type { AudioChunk } from '../domain/audio.ts';
import type { CallRedactor, RedactionOptions, RedactorMemory } from '../domain/call-redactor.ts';
import type { TellOriginals } from '../domain/originals.ts';
import type { SpeechEngine } from '../domain/speech-engine.ts';
import type { DetectionState, SpeechEvent } from '../domain/speech-event.ts';
import type { RedactedText } from '../domain/text.ts';
import type { Sentiment } from '../domain/transcript.ts';

/** One chunk per channel, or a mark that ends every running segment there. */
export type SpeechInput = readonly AudioChunk[] | 'flush';

export interface EndpointOptions {
  /** Silence that ends a segment. */
  readonly endpointSilenceMs: number;
  /** A segment is cut, at its quietest place, before it grows longer than this. */
  readonly maxSegmentMs: number;
}

/** Of a call whose detection tells its state, or goes on from one told before. */
export interface DetectionResumption {
  /** Position of the first sample that will come. */
  readonly startSample: number;
  /** Of each channel; undefined where nothing was heard yet. */
  readonly states: readonly (DetectionState | undefined)[];
}

/** The stages a call is joined from; `wiring/runtime.ts` makes the real ones, tests script their own. */
export interface CallStages {
  readonly engine: SpeechEngine;
  detectSpeech(
    input: AsyncIterable<SpeechInput>,
    options: EndpointOptions,
    signal: AbortSignal,
    resumption?: DetectionResumption,
  ): AsyncIterable<SpeechEvent>;
  /** `tellOriginals` is there only for calls whose purpose keeps a vault. */
  createRedactor(
    options: RedactionOptions,
    memory?: RedactorMemory,
    tellOriginals?: TellOriginals,
  ): CallRedactor;
  /** Undefined if the model failed: a final goes out without sentiment rather than not at all. */
  scoreSentiment(text: RedactedText, signal: AbortSignal): Promise<Sentiment | undefined>;
}
