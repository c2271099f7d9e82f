import type { LanguageLockState } from '../asr/streaming/language-lock.ts';
import type { RestartPoint } from '../audio/index.ts';
import type { RedactorMemory } from '../domain/call-redactor.ts';
import type { DetectionState } from '../domain/speech-event.ts';
import type { CallStatistics } from './call-event.ts';

/**
 * All that a call is between two of its finals, as plain data: with it and the audio from `start` on, another
 * process goes on to the same finals (docs/decisions/0022-resume-tokens.md). It holds words in clear.
 */
export interface CallCheckpoint {
  /** Where its audio begins anew: frame of the source, and position on the call's clock. */
  readonly start: RestartPoint;
  /** Whether recognition is paused there. */
  readonly paused: boolean;
  /** Whether recognition has yet to begin: `CallOptions.begins`. */
  readonly waiting: boolean;
  readonly channels: readonly ChannelCheckpoint[];
  readonly redactor: RedactorMemory;
  readonly statistics: CallStatistics;
  /** The id under which the call is kept, if it is. */
  readonly keptAs?: string;
}

export interface ChannelCheckpoint {
  /** Undefined where nothing was heard yet. */
  readonly detection: DetectionState | undefined;
  /** Segments whose finals are out. */
  readonly segments: number;
  /** Undefined before the first final. */
  readonly language: LanguageLockState | undefined;
}

/** For calls that tell checkpoints. */
export interface CheckpointOptions {
  /** Where the audio can begin anew so that it is the same from a position of the call's clock on. */
  restart(sample: number): RestartPoint;
  /** Undefined if it would be too large: the call can then not be resumed from there. */
  seal(checkpoint: CallCheckpoint): Uint8Array | undefined;
  /** Where the call goes on. */
  readonly from?: CallCheckpoint;
}
