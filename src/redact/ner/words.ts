import { MAX_WORD_UNITS } from '../../inference/token-encoder.ts';

export interface Word {
  readonly text: string;
  /** UTF-16 units, half-open. */
  readonly start: number;
  readonly end: number;
}

/** Letters with their marks and digits, or one other character; models/training/ner/words.py cuts the same way. */
const WORD = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

/** The words of a text, one after the other; text without spaces comes in pieces. */
export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    for (let at = 0; at < word.length; ) {
      let end = Math.min(at + MAX_WORD_UNITS, word.length);
      // Not between the halves of a surrogate pair.
      if (end < word.length && (word.charCodeAt(end) & 0xfc00) === 0xdc00) end -= 1;
      yield { text: word.slice(at, end), start: index + at, end: index + end };
      at = end;
    }
  }
}

export function beginsWithCapital(word: string): boolean {
  const first = String.fromCodePoint(word.codePointAt(0)!);
  return first !== first.toLowerCase();
}
