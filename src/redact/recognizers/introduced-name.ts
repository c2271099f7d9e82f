import { phrasesOf } from '../context/cue-phrases.ts';
import type { Intro } from '../context/introductions.ts';
import { CORE_WORDS } from '../core-words.ts';
import {
  isAlsoWord,
  isGivenName,
  isKnownGivenName,
  isNameLike,
  type NameRange,
  PARTICLES,
  readName,
} from '../name-reader.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, isSurname, VOCABULARY } from '../word-lists.ts';

/* Names by what is said before or after them: "my name is", "mijn dochter", "mevrouw", "am Apparat". */

export interface ScoredName extends NameRange {
  readonly score: number;
}

/** The name after an introduction of tokens [at, from). */
export function readIntroduced(turn: Turn, at: number, intro: Intro, from: number): ScoredName | undefined {
  if (intro === 'self' || intro === 'other') {
    const name = readName(turn, skipFillers(turn, from), true);
    return name && { ...name, score: 0.93 };
  }
  const start = skipFillers(turn, from);
  const first = turn.tokens[start];
  if (!first) return undefined;
  const name = readName(turn, start, false) ?? plainNameAfterMet(turn, at, start, intro);
  if (!name) return undefined;
  if (name.to - name.from === 1 && isPlainAfterMet(turn, at, start, intro)) return { ...name, score: 0.78 };
  const firstName = turn.tokens[name.from]!;
  const titled = name.from > start;
  const known =
    isGivenName(turn, name.from) ||
    (isKnownGivenName(firstName.norm) && !VOCABULARY.has(firstName.norm)) ||
    (isAlsoWord(firstName.norm) && (turn.cased ? firstName.capital : intro === 'kin'));
  if (known || titled) return { ...name, score: 0.9 };
  const atStart =
    at === 0 || CORE_WORDS.has(turn.tokens[at - 1]!.norm) || turn.tokens[at]!.gap.kind === 'sentence';
  const severalWords = name.to - name.from > 1;
  if (intro === 'opening' && atStart && at < 8) {
    const met = turn.tokens[at]!.norm === 'met';
    const greeted =
      at === 0 || turn.tokens[at]!.gap.kind === 'comma' || GREETINGS.has(turn.tokens[at - 1]!.norm);
    if (met && !greeted) return undefined;
    if (met || isSurname(firstName.norm)) return { ...name, score: 0.83 };
    if (turn.cased && !VOCABULARY.has(firstName.norm)) return { ...name, score: 0.83 };
  }
  if (intro === 'weak-self' && turn.cased && severalWords && !VOCABULARY.has(firstName.norm))
    return { ...name, score: 0.7 };
  if (
    intro === 'weak' &&
    turn.cased &&
    at < 4 &&
    turn.role === 'agent' &&
    !VOCABULARY.has(firstName.norm) &&
    !firstName.upper
  ) {
    const after = turn.tokens[name.to];
    if (!after || after.gap.kind === 'sentence') return { ...name, score: 0.6 };
  }
  // A sign-off or a greeting with a name that is also a word: "Groetjes, Wolf", "Hoi Roos,".
  if (
    (intro === 'weak' || intro === 'closing') &&
    firstName.capital &&
    isAlsoWord(firstName.norm) &&
    !severalWords
  )
    return { ...name, score: 0.6 };
  // "c'est la remorque", "sono la titolare": an article unless a surname follows.
  if (ARTICLES.has(firstName.norm) && !firstName.capital && !isSurname(turn.tokens[name.to - 1]!.norm))
    return undefined;
  // "Mit freundlichen Grüßen, Ingeborg Hackenschmidt", "name Mhairi Strachan"
  if (intro === 'closing' && turn.cased && firstName.capital && !CORE_WORDS.has(firstName.norm)) {
    const named = !VOCABULARY.has(firstName.norm) || isNameWord(firstName.norm) || isAlsoWord(firstName.norm);
    if (named && (severalWords || turn.tokens.length - name.to < 3)) return { ...name, score: 0.8 };
  }
  if (
    severalWords &&
    (isSurname(turn.tokens[name.to - 1]!.norm) ||
      (PARTICLES.has(firstName.norm) && !VOCABULARY.has(turn.tokens[name.to - 1]!.norm))) &&
    intro !== 'weak'
  )
    return { ...name, score: 0.75 };
  if (severalWords && isSurname(turn.tokens[name.to - 1]!.norm)) return { ...name, score: 0.65 };
  if (intro === 'kin' && turn.cased && !VOCABULARY.has(firstName.norm)) return { ...name, score: 0.7 };
  if (isSurname(firstName.norm) && !VOCABULARY.has(firstName.norm)) return { ...name, score: 0.65 };
  return undefined;
}

const ARTICLES = new Set('la le il lo el l'.split(' '));

/** "goedemorgen met bloem ik bel over": said so, any noun is a surname. */
function plainNameAfterMet(
  turn: Turn,
  at: number,
  start: number,
  intro: Intro,
): { from: number; to: number } | undefined {
  return isPlainAfterMet(turn, at, start, intro) ? { from: start, to: start + 1 } : undefined;
}

function isPlainAfterMet(turn: Turn, at: number, start: number, intro: Intro): boolean {
  const token = turn.tokens[start]!;
  if (intro !== 'opening' || turn.tokens[at]!.norm !== 'met' || at > 4) return false;
  const capital = turn.cased && token.capital && isSurname(token.norm);
  if (token.kind !== 'word' || (CORE_WORDS.has(token.norm) && !capital)) return false;
  if (turn.inCue[start] || token.norm.length < 3) return false;
  const greeted = at === 0 || GREETINGS.has(turn.tokens[at - 1]!.norm);
  const next = turn.tokens[start + 1];
  const ends = !next || next.gap.kind === 'comma' || next.gap.kind === 'sentence' || ENDS_MET.has(next.norm);
  return greeted && ends;
}

const ENDS_MET = new Set('ik van'.split(' '));
const GREETINGS = new Set(
  'goedemorgen goedemiddag goedenavond goedendag hallo hoi dag ja middag morgen avond'.split(' '),
);

const SKIPPED = new Set(
  'dus dan also so donc quindi is ist est zelf selbst auch ook s re m eigenlijk toch zei e era war was'.split(
    ' ',
  ),
);

function skipFillers(turn: Turn, from: number): number {
  let t = from;
  while (t < turn.tokens.length && t < from + 3) {
    const e = turn.elements[turn.elementOf[t]!]!;
    if (e.kind !== 'filler' && !SKIPPED.has(turn.tokens[t]!.norm)) break;
    t = Math.max(e.to, t + 1);
  }
  return t;
}

/** After the name: "Weber am Apparat", "Dupont à l'appareil", "Smith speaking". */
const AFTER = new PhraseTrie<true>().addAll(
  phrasesOf(
    "am apparat | à l'appareil | speaking | aan de lijn | aan het woord | al telefono | all'apparecchio | here | hier",
  ),
  true,
);

/** The name that ends where "speaking", "am Apparat", "hier" starts. */
export function nameBefore(turn: Turn, at: number): ScoredName | undefined {
  const { tokens } = turn;
  if (at === 0 || !AFTER.longestAt(tokens, at)) return undefined;
  let first = at;
  while (first > 0 && at - first < 5) {
    const { kind } = tokens[first]!.gap;
    if (kind === 'sentence' || kind === 'comma') break;
    if (!isNameLike(turn, first - 1) && !PARTICLES.has(tokens[first - 1]!.norm)) break;
    first -= 1;
  }
  while (first < at && PARTICLES.has(tokens[first]!.norm) && tokens[first]!.norm.length < 3) first += 1;
  if (first === at || !isNameLike(turn, first)) return undefined;
  const word = tokens[at]!.norm;
  if (word === 'here' || word === 'hier') {
    const opens = first === 0 || CORE_WORDS.has(tokens[first - 1]!.norm);
    const name = tokens[first]!;
    // "ja hallo sommer hier ich ruf an"
    const lower = isSurname(name.norm) && I_WORDS.has(tokens[at + 1]?.norm ?? '') && at - first === 1;
    if (!opens || at - first > 2 || first > 2 || !(name.capital || lower)) return undefined;
  }
  return { from: first, to: at, score: 0.85 };
}

const I_WORDS = new Set('ich ik i je'.split(' '));

/** "Dank u wel, mevrouw de vries.": recognisers write capitals and forget some; behind a title a known name is enough. */
export function surnameInLowerCase(turn: Turn, from: number): { from: number; to: number } | undefined {
  let last = from;
  while (last - from < 3 && PARTICLES.has(turn.tokens[last]?.norm ?? '')) last += 1;
  const words = turn.tokens.slice(from, last + 1);
  const word = turn.tokens[last];
  if (word?.kind !== 'word' || words.some(({ gap }) => gap.kind !== 'space')) return undefined;
  const isCommon = CORE_WORDS.has(word.norm) || (VOCABULARY.has(word.norm) && !isSurname(word.norm));
  return isNameWord(word.norm) && !isCommon ? { from, to: last + 1 } : undefined;
}
