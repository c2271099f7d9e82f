import names from './data/names.json' with { type: 'json' };
import places from './data/places.json' with { type: 'json' };
import vocabulary from './data/vocabulary.json' with { type: 'json' };

/** The compiled lists of data/ as sets of folded words; see data/compile.ts for their sources. */
export const GIVEN_NAMES: ReadonlySet<string> = setOf(names.given);
export const GIVEN_NAMES_ALSO_WORDS: ReadonlySet<string> = setOf(names.givenAlsoWords);
export const SURNAMES: ReadonlySet<string> = setOf(names.surnames);
export const SURNAMES_ALSO_WORDS: ReadonlySet<string> = setOf(names.surnamesAlsoWords);
/** Of more languages and less common, none of them a word: they count where something else says "name" too. */
export const RARE_GIVEN_NAMES: ReadonlySet<string> = setOf(names.rareGiven);
export const RARE_SURNAMES: ReadonlySet<string> = setOf(names.rareSurnames);
/** Common words of all five languages, names and places among them. */
export const VOCABULARY: ReadonlySet<string> = setOf(vocabulary.words);
/** Places; several words are joined by `_`. */
export const PLACES: ReadonlySet<string> = setOf(places.places);

/** Small places, none of them a word; several words are joined by `_`. */
export const VILLAGES: ReadonlySet<string> = setOf(places.villages);

export function isSurname(word: string): boolean {
  return SURNAMES.has(word) || SURNAMES_ALSO_WORDS.has(word) || RARE_SURNAMES.has(word);
}

export function isNameWord(word: string): boolean {
  return (
    GIVEN_NAMES.has(word) ||
    SURNAMES.has(word) ||
    GIVEN_NAMES_ALSO_WORDS.has(word) ||
    SURNAMES_ALSO_WORDS.has(word) ||
    RARE_GIVEN_NAMES.has(word) ||
    RARE_SURNAMES.has(word)
  );
}

function setOf(list: string): Set<string> {
  return new Set(list.split(' ').filter(Boolean));
}

/** A place of any size; several words are joined by `_`. */
export function isPlace(name: string): boolean {
  return PLACES.has(name) || VILLAGES.has(name);
}
