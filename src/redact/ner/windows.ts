import type { TokenRow } from '../../inference/text-classifier-pool.ts';
import type { TokenEncoder } from '../../inference/token-encoder.ts';
import { beginsWithCapital, type Word } from './words.ts';

/** A run of words that fits the model, as a row of tokens. */
export interface Window {
  readonly row: TokenRow;
  /** Index of the first word in the text. */
  readonly firstWord: number;
  /** Position in the row of each word's first token: its label is the word's. */
  readonly firstTokens: readonly number[];
}

/** Words read twice where two windows meet, so that each has context on both sides. */
const OVERLAP_WORDS = 24;

/** Cuts words into windows of at most `maxTokens` tokens, lazily: long texts are encoded as they are read. */
export function* windowsOf(
  words: readonly Word[],
  encoder: TokenEncoder,
  maxTokens: number,
): Generator<Window> {
  const room = maxTokens - encoder.before.length - encoder.after.length;
  for (let first = 0; first < words.length; ) {
    const ids = [...encoder.before];
    const capitals = ids.map(() => 0);
    const firstTokens: number[] = [];
    let next = first;
    for (; next < words.length; next++) {
      const { text } = words[next]!;
      const tokens = encoder.word(text).slice(0, room);
      if (ids.length - encoder.before.length + tokens.length > room) break;
      firstTokens.push(ids.length);
      const capital = beginsWithCapital(text) ? 1 : 0;
      for (const id of tokens) {
        ids.push(id);
        capitals.push(capital);
      }
    }
    for (const mark of encoder.after) {
      ids.push(mark);
      capitals.push(0);
    }
    yield { row: { ids, capitals }, firstWord: first, firstTokens };
    if (next === words.length) return;
    // Always onwards, by at least half of what fitted.
    first = Math.max(next - OVERLAP_WORDS, first + Math.ceil((next - first) / 2));
  }
}

/** Where windows overlap, a word belongs to the one in which it is farther from the edge. */
export function ownerBoundary(left: Window, right: Window): number {
  const overlapStart = right.firstWord;
  const overlapEnd = left.firstWord + left.firstTokens.length;
  return Math.floor((overlapStart + overlapEnd) / 2);
}
