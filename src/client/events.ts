/** What the client hands out, in plain values: times in milliseconds on the call's clock, text redacted. */
import type { SpeakerRole } from './options.ts';

export type CallEvent =
  | { readonly type: 'segment'; readonly segment: TranscriptSegment }
  | {
      readonly type: 'language-detected';
      readonly channel: number;
      readonly language: string;
      readonly confidence: number;
    }
  /** The server is busy and takes audio no faster than real time, or does so no longer. */
  | { readonly type: 'pace'; readonly realTime: boolean; readonly message: string }
  /** Transcription began, where a party announced it. */
  | { readonly type: 'started'; readonly atMs: number; readonly announcedBy: SpeakerRole }
  /** The server's policy ended recognition: special-category data was said. Nothing with words follows. */
  | { readonly type: 'stopped'; readonly atMs: number; readonly cause: 'special-category' }
  /** A party opted out: nothing with words follows. */
  | { readonly type: 'opted-out'; readonly atMs: number }
  /** The last event of a call that ended well. */
  | { readonly type: 'summary'; readonly summary: CallSummary };

/** What one party says between two silences: any number of partials, then exactly one final, under one id. */
export interface TranscriptSegment {
  readonly id: string;
  readonly isFinal: boolean;
  /** 0 to 1: how unlikely a partial is to change; 1 for finals. */
  readonly stability: number;
  /** Counted from 1. */
  readonly channel: number;
  readonly role: SpeakerRole;
  /** ISO 639-1. */
  readonly language: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  /** Of finals, with `wordInfo`. */
  readonly words: readonly Word[];
  /** Masked spans; offsets are UTF-16 units of `text`. */
  readonly entities: readonly Entity[];
  readonly sentiment?: Sentiment;
  /** Set when the text is withheld because redaction could not finish. */
  readonly withheld?: WithheldReason;
}

export interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
}

export interface Entity {
  /** For example PERSON, PHONE_NUMBER, NATIONAL_ID. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Of the words, never of a voice. */
export interface Sentiment {
  readonly label: 'negative' | 'neutral' | 'positive';
  readonly scores: { readonly negative: number; readonly neutral: number; readonly positive: number };
}

export type WithheldReason = 'redactor-failed' | 'redactor-timeout' | 'policy';

export interface CallSummary {
  /** Of one channel. */
  readonly audioMs: number;
  /** Summed over channels. */
  readonly speechMs: number;
  readonly pausedMs: number;
  readonly segments: number;
  readonly partials: number;
  readonly withheldSegments: number;
  readonly words: number;
  /** Masked spans by entity type. */
  readonly entities: Readonly<Record<string, number>>;
  /** SHA-256 of the policy that the server processed the call under. */
  readonly policyHash?: string;
  /** The call was outside of the sample that its purpose may process: nothing was recognised. */
  readonly sampledOut?: boolean;
}

/** A transcribed recording: finals in order of their start. */
export interface Transcript {
  readonly segments: readonly TranscriptSegment[];
  readonly summary: CallSummary;
}

export interface RedactedTurn {
  /** Empty if withheld. */
  readonly text: string;
  /** Spans that were replaced; offsets are UTF-16 units of the text that was sent. */
  readonly entities: readonly Entity[];
  readonly withheld?: WithheldReason;
}
