import type { SpeakerRole } from '../../domain/audio.ts';
import type { Language } from '../../domain/language.ts';

/** A recording that a source names, before anybody has opened it. */
export interface RecordingEntry {
  /** A path, absolute or relative to a root. */
  readonly location: string;
  /** An opaque id of the caller of the API; it may not say who called. */
  readonly callId?: string;
  /** The keyed hash of that id, in hexadecimal, where it is all that is left of it. */
  readonly callToken?: string;
  /** Role of each channel, in order. */
  readonly roles?: readonly SpeakerRole[];
  readonly languages?: readonly Language[];
  /** When the call began. */
  readonly recordedAt?: Date;
}

/** Of a manifest that came with its request, as the job keeps it until it is listed. */
export interface KeptEntry extends Omit<RecordingEntry, 'callId' | 'recordedAt'> {
  /** ISO 8601. */
  readonly recordedAt?: string;
}

/** `hashOf` gives the keyed hash of a call's id, in hexadecimal. */
export async function keptEntry(
  { callId, recordedAt, ...entry }: RecordingEntry,
  hashOf: (callId: string) => Promise<string>,
): Promise<KeptEntry> {
  return {
    ...entry,
    ...(callId !== undefined && { callToken: await hashOf(callId) }),
    ...(recordedAt && { recordedAt: recordedAt.toISOString() }),
  };
}

export function recordingEntry({ recordedAt, ...entry }: KeptEntry): RecordingEntry {
  return { ...entry, ...(recordedAt && { recordedAt: new Date(recordedAt) }) };
}
