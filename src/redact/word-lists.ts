import names from './data/names.json' with { type: 'json' };
import places from './data/places.json' with { type: 'json' };
import vocabulary from './data/vocabulary.json' with { type: 'json' };

/** The compiled lists of data/ as sets of folded words; see data/compile.ts for their sources. */
export const GIVEN_NAMES: ReadonlySet<string> = setOf(names.given);
export const GIVEN_NAMES_ALSO_WORDS: ReadonlySet<string> = setOf(names.givenAlsoWords);
export const SURNAMES: ReadonlySet<string> = setOf(names.surnames);
export const SURNAMES_ALSO_WORDS: ReadonlySet<string> = setOf(names.surnamesAlsoWords);
/** Common words of all five languages, names and places among them. */
export const VOCABULARY: ReadonlySet<string> = setOf(vocabulary.words);
/** Places; several words are joined by `_`. */
export const PLACES: ReadonlySet<string> = setOf(places.places);

export function isNameWord(word: string): boolean {
  return (
    GIVEN_NAMES.has(word) ||
    SURNAMES.has(word) ||
    GIVEN_NAMES_ALSO_WORDS.has(word) ||
    SURNAMES_ALSO_WORDS.has(word)
  );
}

function setOf(list: string): Set<string> {
  return new Set(list.split(' ').filter(Boolean));
}
