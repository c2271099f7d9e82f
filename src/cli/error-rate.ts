import { editDistance } from '../config/edit-distance.ts';

/** Errors of recognition against a reference, in words and in characters. */
export interface ErrorCount {
  readonly clips: number;
  readonly words: number;
  readonly wordErrors: number;
  readonly characters: number;
  readonly characterErrors: number;
}

export const NO_ERRORS: ErrorCount = { clips: 0, words: 0, wordErrors: 0, characters: 0, characterErrors: 0 };

/** Substitutions, insertions and deletions of one clip. */
export function countErrors(reference: string, hypothesis: string): ErrorCount {
  const [expected, heard] = [normalizeForScoring(reference), normalizeForScoring(hypothesis)];
  const [expectedWords, heardWords] = [wordsOf(expected), wordsOf(heard)];
  const characters = [...expected];
  return {
    clips: 1,
    words: expectedWords.length,
    wordErrors: editDistance(expectedWords, heardWords),
    characters: characters.length,
    characterErrors: editDistance(characters, [...heard]),
  };
}

export function addErrors(a: ErrorCount, b: ErrorCount): ErrorCount {
  return {
    clips: a.clips + b.clips,
    words: a.words + b.words,
    wordErrors: a.wordErrors + b.wordErrors,
    characters: a.characters + b.characters,
    characterErrors: a.characterErrors + b.characterErrors,
  };
}

/** Errors per word of the reference; more than 1 is possible. */
export function wordErrorRate({ wordErrors, words }: ErrorCount): number {
  return words === 0 ? 0 : wordErrors / words;
}

export function characterErrorRate({ characterErrors, characters }: ErrorCount): number {
  return characters === 0 ? 0 : characterErrors / characters;
}

/**
 * Lower case, no punctuation, single spaces; apostrophes and hyphens part words. Numbers stay as they are
 * written: "12" is not "twelve".
 */
export function normalizeForScoring(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
