import type { SpeakerRole } from './audio.ts';
import type { EntityType } from './entity.ts';
import type { Language } from './language.ts';
import type { RawText, RedactedText } from './text.ts';

/** A recognised word before redaction. `text` has no surrounding spaces; positions are on the call's clock. */
export interface RawWord {
  readonly text: RawText;
  readonly startSample: number;
  readonly endSample: number;
  /** 0 to 1: the mean probability of the word's tokens. */
  readonly confidence: number;
}

/**
 * What the recogniser knows of one segment (an utterance between two silences of one channel).
 * A segment has any number of partials and exactly one final, under the same `segmentId`.
 * `text` equals the words joined by single spaces.
 */
export interface RawSegment {
  /** Unique in the call and stable from the first partial to the final, for example `0-3`. */
  readonly segmentId: string;
  readonly channel: number;
  readonly role: SpeakerRole;
  readonly language: Language;
  readonly isFinal: boolean;
  /** 0 to 1, Google's meaning: how unlikely the text is to change. Finals: 1. */
  readonly stability: number;
  readonly startSample: number;
  readonly endSample: number;
  readonly words: readonly RawWord[];
}

export interface RedactedWord {
  readonly text: RedactedText;
  readonly startSample: number;
  readonly endSample: number;
  readonly confidence: number;
  /** Set when the word stands for an entity; one word for a whole masked span. */
  readonly entity?: EntityType;
}

/** An entity in redacted text: `start` and `end` are UTF-16 units of that redacted text. */
export interface RedactedEntity {
  readonly type: EntityType;
  readonly start: number;
  readonly end: number;
  readonly replacement: RedactedText;
}

/** Why a text was withheld instead of shown (fail closed). */
export type WithheldReason = 'redactor-failed' | 'redactor-timeout' | 'policy';

export interface RedactedSegment {
  readonly segmentId: string;
  readonly channel: number;
  readonly role: SpeakerRole;
  readonly language: Language;
  readonly isFinal: boolean;
  readonly stability: number;
  readonly startSample: number;
  readonly endSample: number;
  readonly text: RedactedText;
  readonly words: readonly RedactedWord[];
  readonly entities: readonly RedactedEntity[];
  readonly withheld?: WithheldReason;
}

export interface Sentiment {
  readonly label: 'negative' | 'neutral' | 'positive';
  /** Probabilities that sum to 1. */
  readonly scores: { readonly negative: number; readonly neutral: number; readonly positive: number };
}
