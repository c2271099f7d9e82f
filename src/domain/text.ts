/**
 * Text carries its redaction state in its type, so that the compiler stops raw words from leaving.
 *
 * `RawText` is what a speaker said, as recognised. `RedactedText` is what may be shown, stored or scored.
 * Only `redact/` makes `RedactedText`; `sentiment/`, `store/` and `rpc/` accept nothing else.
 */

declare const rawText: unique symbol;
declare const redactedText: unique symbol;

export type RawText = string & { readonly [rawText]: true };
export type RedactedText = string & { readonly [redactedText]: true };

/** Marks text as unredacted: allowed everywhere, because it only takes rights away. */
export function asRawText(text: string): RawText {
  return text as RawText;
}
