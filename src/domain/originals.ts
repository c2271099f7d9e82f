/**
 * What was said behind a mask. Redaction hands it out by one hook, to calls whose purpose keeps a vault; nothing else
 * that leaves redaction holds it.
 */
import { type EntityType, SPECIAL_CATEGORY_TYPES } from './entity.ts';
import type { RawText, RedactedText } from './text.ts';

export interface Original {
  readonly type: EntityType;
  /** What stands for it in the transcript. */
  readonly replacement: RedactedText;
  readonly original: RawText;
  /** Telephone numbers, e-mail addresses or references that it says, in figures and signs, for the blind index. */
  readonly identifiers: readonly RawText[];
}

/** Told by a redactor of what it masked in a final, before that final comes back. */
export type TellOriginals = (originals: readonly Original[]) => void;

/**
 * Stores the originals of one final; they are on disk, encrypted, when it resolves, and the final is shown only then.
 * `sequence` is the number of entities in the call's finals before it: the same when a resumed call comes here again.
 */
export type KeepOriginals = (sequence: number, originals: readonly Original[]) => Promise<void>;

/**
 * Kept nowhere, whatever the policy: sensitive authentication data of cards (PCI DSS 4.0, 3.3.1), passwords and PINs,
 * and special-category data (GDPR Art. 9, 10), which cannot be had unmasked either.
 */
export const NEVER_KEPT: ReadonlySet<EntityType> = new Set<EntityType>([
  'CARD_SECURITY_CODE',
  'CREDENTIAL',
  ...SPECIAL_CATEGORY_TYPES,
]);
