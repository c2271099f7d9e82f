export interface Word {
  readonly text: string;
  /** UTF-16 units, half-open. */
  readonly start: number;
  readonly end: number;
}

/** Letters with their marks and digits, or one other character; models/training/ner/words.py cuts the same way. */
const WORD = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
  }));
}

export function beginsWithCapital(word: string): boolean {
  const first = String.fromCodePoint(word.codePointAt(0)!);
  return first !== first.toLowerCase();
}
