import type { SpeakerRole } from './audio.ts';
import type { EntityType, OperatorMap } from './entity.ts';
import type { Language } from './language.ts';
import type { RedactedText } from './text.ts';
import type { RawSegment, RedactedEntity, RedactedSegment, WithheldReason } from './transcript.ts';

/** What tokens of equal values must share to be equal; other tenants and purposes see other tokens. */
export interface LinkingScope {
  readonly tenant: string;
  /** The name of the purpose. */
  readonly scope: string;
}

export interface RedactionOptions {
  /** Operator per type; types not named use `defaultOperator`. Agents are always shown as [AGENT]. */
  readonly operators: OperatorMap;
  readonly defaultOperator: 'mask' | 'pseudonym' | 'surrogate';
  /** Where tokens of equal values are equal; needed for the operator `token`. */
  readonly linking?: LinkingScope;
  /** Types to look for; all when absent. */
  readonly entities?: readonly EntityType[];
  /** Leaves out what tells when somebody was at work: "good morning", "half past two". */
  readonly removeGreetings?: boolean;
  readonly removeClockTimes?: boolean;
}

declare const redactorMemory: unique symbol;
/**
 * What a redactor has learnt of its call, as plain data. It holds names and numbers in clear: it leaves the
 * process sealed in a resume token, or not at all.
 */
export type RedactorMemory = { readonly [redactorMemory]: true };

/**
 * Redacts one call. It sees the segments of both channels in the order of the call, because context,
 * read-backs and pseudonyms cross turns. Never rejects for text it cannot handle: the segment comes back
 * withheld (fail closed).
 */
export interface CallRedactor extends AsyncDisposable {
  /** A partial shows only what can no longer become part of an entity. */
  partial(segment: RawSegment): Promise<RedactedSegment>;
  /** Finals cannot be recalled, so they are decided conservatively at their edges. */
  final(segment: RawSegment): Promise<RedactedSegment>;
  /** What was learnt up to the last final that came back; a redactor made with it goes on as this one would. */
  memory(): RedactorMemory;
}

/** Text that did not come from a call: the turns of a chat, an e-mail, an old transcript. */
export interface Conversation {
  readonly language?: Language;
  readonly turns: readonly { readonly speaker: SpeakerRole; readonly text: string }[];
}

export interface RedactedTurn {
  readonly text: RedactedText;
  /** `start` and `end` are UTF-16 units of the *input* text. */
  readonly entities: readonly RedactedEntity[];
  readonly withheld?: WithheldReason;
}
