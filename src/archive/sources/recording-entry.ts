import type { SpeakerRole } from '../../domain/audio.ts';
import type { Language } from '../../domain/language.ts';

/** A recording that a source names, before anybody has opened it. */
export interface RecordingEntry {
  /** A path, absolute or relative to a root. */
  readonly location: string;
  /** An opaque id of the caller of the API; it may not say who called. */
  readonly callId?: string;
  /** Role of each channel, in order. */
  readonly roles?: readonly SpeakerRole[];
  readonly languages?: readonly Language[];
  /** When the call began. */
  readonly recordedAt?: Date;
}
