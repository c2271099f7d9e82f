import type { SpeakerRole } from '../domain/audio.ts';
import type { RedactionOptions } from '../domain/call-redactor.ts';
import type { Language } from '../domain/language.ts';
import type { KeepOriginals } from '../domain/originals.ts';
import type { SpecialCategoryRule } from '../policy/index.ts';
import type { CheckpointOptions } from './checkpoint.ts';

/** What a call or recording asked for, checked by `rpc/`. */
export interface CallOptions {
  /** Unique in the process; names the call's streams in the engine. Says nothing about the parties. */
  readonly callKey: string;
  /** Role of each channel, in order. */
  readonly roles: readonly SpeakerRole[];
  /** One language, or those to detect from. */
  readonly languages: readonly Language[];
  readonly hotWords: readonly string[];
  readonly wordInfo: boolean;
  readonly sentiment: boolean;
  readonly redaction: RedactionOptions;
  /** Silence that ends a segment. */
  readonly endpointSilenceMs: number;
  /** Live calls decode before archives; undefined interval: finals only. */
  readonly live: boolean;
  readonly interimIntervalMs?: number;
  /** When recognition begins: with the audio, behind the input `start`, or never: then the clock alone goes on. */
  readonly begins?: 'at-once' | 'on-start' | 'never';
  /** What becomes of a final with special-category data (GDPR Art. 9, 10); default `mask`, which redaction does anyway. */
  readonly specialCategories?: SpecialCategoryRule;
  /** Undefined: the purpose keeps no originals, and redaction hands none out. If it rejects, the call ends with that. */
  readonly keepOriginals?: KeepOriginals;
  /** Undefined: the call tells no checkpoints and cannot be resumed. */
  readonly checkpoints?: CheckpointOptions;
}
