import { isNameWord, VOCABULARY } from './word-lists.ts';

/** Endings of nouns, none of names or places: "Störung", "Mannschaft", "Rechnungen". */
const ENDINGS =
  /(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|ion|ionen|taet|tat|ismus|nisse?|tionen)$/;
/** Letters that join the parts of a compound: "Rechnung-s-betrag", "Lampe-n-schirm". */
const JOINTS = ['', 's', 'n', 'en', 'es', 'er', 'e'];
const LONGEST = 40;

/**
 * Whether a folded German word is a common noun. German writes all nouns with a capital, so that the capital says
 * nothing about names; that a word is built like a noun or out of common words ("Kaffee|tasse") does.
 */
export function isCommonNoun(word: string): boolean {
  if (word.length > LONGEST || isNameWord(word)) return false;
  if (VOCABULARY.has(word)) return true;
  if (word.length < 7) return false;
  if (ENDINGS.test(word) && word.length > 8) return true;
  for (let at = 3; at <= word.length - 4; at++) {
    // "Ober|huber": what ends in a surname is one.
    if (!isPart(word.slice(at)) || isNameWord(word.slice(at))) continue;
    for (const joint of JOINTS)
      if (word.endsWith(joint, at) && isPart(word.slice(0, at - joint.length))) return true;
  }
  return false;
}

function isPart(word: string): boolean {
  return word.length > 3 && VOCABULARY.has(word);
}
