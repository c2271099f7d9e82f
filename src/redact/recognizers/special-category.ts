import { CORE_WORDS } from '../core-words.ts';
import {
  GROUP_TERMS,
  MEMBERSHIP,
  ORIGIN_NOUNS,
  ORIGIN_NOUNS_BEFORE,
  PREDICATE_TERMS,
  STATEMENT_TERMS,
} from '../data/special-category-terms.ts';
import type { Turn } from '../turn.ts';
import type { Found, Recognizer } from './recognizer.ts';

/**
 * Religion, politics, trade unions, ethnic origin, sexual orientation, genes (GDPR Art. 9) and offences (Art. 10),
 * where they are said of a person. "Een katholieke school", "union membership fees" and "thé d'origine chinoise" are
 * about nobody: a word alone decides nothing here, and what a sentence only implies is not found.
 */
export const recognizeSpecialCategory: Recognizer = ({ turn }) => {
  const found: Found[] = [];
  for (let t = 0; t < turn.tokens.length; t++) {
    const range = membership(turn, t) ?? origin(turn, t) ?? predicate(turn, t) ?? statement(turn, t);
    // "R come Roma" spells.
    if (range === undefined || isAlphabetWord(turn, range)) continue;
    found.push({ type: 'SPECIAL_CATEGORY', ...range, score: SCORE });
    t = range.to - 1;
  }
  return found;
};

function isAlphabetWord(turn: Turn, { from }: Range): boolean {
  const element = turn.elements[turn.elementOf[from]!]!;
  return element.kind === 'letters' && element.spelled && !element.written;
}

/** Above names and organisations: what a union or a faith is called is more than a name here. */
const SCORE = 0.97;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** "lid van de FNV", "Mitglied bei ver.di", "ik heb op de VVD gestemd": the group. */
function membership(turn: Turn, t: number): Range | undefined {
  const group = GROUP_TERMS.longestAt(turn.tokens, t);
  if (group === undefined) return undefined;
  const range = { from: t, to: group.to };
  for (let start = Math.max(0, t - REACH); start < t; start++) {
    const head = MEMBERSHIP.longestAt(turn.tokens, start);
    if (head === undefined || head.to > t || endsBefore(turn, start, t)) continue;
    if (between(turn, head.to, t).every((word) => ARTICLES.has(word))) return range;
  }
  const isVote = after(turn, group.to, 3).some((word) => VOTES.has(word));
  return isVote && hasPerson(turn, t) ? range : undefined;
}

/** "ik ben moslim", "my son is gay", "weil ich katholisch bin", "come musulmana": what a person is said to be. */
function predicate(turn: Turn, t: number): Range | undefined {
  const term = PREDICATE_TERMS.longestAt(turn.tokens, t);
  if (term === undefined) return undefined;
  const before = sentenceBefore(turn, t);
  // "Als Muslimin sehe ich das": German and Dutch adjectives would be inflected before a noun.
  if (before.at(-1) === 'als') return { from: t, to: term.to };
  if (isAttribute(turn, term.to)) return undefined;
  const isFirst = before.some((word) => FIRST_PERSON_BE.has(word));
  const person = isFirst || hasPerson(turn, t);
  const isSaid = before.some((word) => BE.has(word)) || after(turn, term.to, 2).some((word) => BE.has(word));
  const asOne = AS.some((as) => as.every((word, at) => before.at(at - as.length) === word));
  return (person && (isFirst || isSaid)) || asOne ? { from: t, to: term.to } : undefined;
}

/** "ik heb een strafblad", "mein Bruder sitzt im Gefängnis", "il mio sindacato". */
function statement(turn: Turn, t: number): Range | undefined {
  const term = STATEMENT_TERMS.longestAt(turn.tokens, t);
  if (term === undefined) return undefined;
  const isOwn = OWN.has(turn.tokens[t]!.norm);
  return isOwn || hasPerson(turn, t) || sentenceBefore(turn, t).some((word) => FIRST_PERSON_BE.has(word))
    ? { from: t, to: term.to }
    : undefined;
}

/** "ik ben van Turkse afkomst", "je suis d'origine algérienne": the origin with its noun. */
function origin(turn: Turn, t: number): Range | undefined {
  const { tokens } = turn;
  const word = tokens[t]!;
  const next = tokens[t + 1];
  if (word.kind !== 'word' || next?.kind !== 'word' || next.gap.kind === 'sentence') return undefined;
  const isOrigin =
    (ORIGIN_NOUNS.has(next.norm) && !CORE_WORDS.has(word.norm)) ||
    (ORIGIN_NOUNS_BEFORE.has(word.norm) && !CORE_WORDS.has(next.norm));
  if (!isOrigin) return undefined;
  const before = sentenceBefore(turn, t);
  const isPerson = before.some((each) => FIRST_PERSON_BE.has(each)) || hasPerson(turn, t);
  return isPerson ? { from: t, to: t + 2 } : undefined;
}

/** How far before a word its person may stand. */
const REACH = 7;

/** The words of the sentence that end before token `t`, at most `REACH`, in order. */
function sentenceBefore(turn: Turn, t: number): string[] {
  let from = t;
  while (from > 0 && t - from < REACH && turn.tokens[from]!.gap.kind !== 'sentence') from--;
  return between(turn, from, t);
}

function endsBefore(turn: Turn, from: number, t: number): boolean {
  return turn.tokens.slice(from + 1, t + 1).some((token) => token.gap.kind === 'sentence');
}

function between(turn: Turn, from: number, to: number): string[] {
  return turn.tokens.slice(from, to).map((token) => token.norm);
}

/** The next words of the same sentence. */
function after(turn: Turn, from: number, count: number): string[] {
  const words: string[] = [];
  for (let t = from; t < turn.tokens.length && t < from + count; t++) {
    if (turn.tokens[t]!.gap.kind === 'sentence') break;
    words.push(turn.tokens[t]!.norm);
  }
  return words;
}

/** "I am with the Catholic school", "a gay bar": the word belongs to the noun behind it. */
function isAttribute(turn: Turn, to: number): boolean {
  const next = turn.tokens[to];
  if (next === undefined || next.gap.kind !== 'space') return false;
  return next.kind === 'word' && !CORE_WORDS.has(next.norm) && !CLAUSES.has(next.norm);
}

/** A person is spoken of before token `t`: a pronoun, or kin of the speaker. */
function hasPerson(turn: Turn, t: number): boolean {
  return sentenceBefore(turn, t).some((word) => PERSONS.has(word));
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const PERSONS = words(
  'ik hij zij ze wij we jij je u mij mijn zijn haar onze man vrouw zoon dochter broer zus vader moeder vriend vriendin partner collega ' +
    'i he she we you my his her our im hes shes ive husband wife son daughter brother sister father mother mum dad friend boyfriend girlfriend ' +
    'ich er sie wir du mein meine meinem meinen meiner sein seine ihr ihre unser unsere mann frau sohn tochter bruder schwester vater mutter freund freundin ' +
    'je j il elle nous vous tu mon ma mes notre mari femme fils fille frere soeur pere mere ami amie copain copine ' +
    'io lui lei noi voi mio mia miei nostro nostra marito moglie figlio figlia fratello sorella padre madre amico amica fidanzato fidanzata compagno compagna ho',
);
/** Forms of "to be" that say who: Italian needs no pronoun. */
const FIRST_PERSON_BE = words('ben am im bin suis sono ero');
const BE = words(
  'ben bent is zijn was waren word wordt werd geworden am im are were be been hes shes s m bin bist ist sind war waren wurde worden suis es est sommes etes sont etais etait devenu devenue sono sei e siamo siete ero era stato stata diventato diventata',
);
const AS = ['als een', 'as a', 'as an', 'en tant que', 'comme', 'come', 'in quanto'].map((phrase) =>
  phrase.split(' '),
);
const VOTES = words('gestemd stem stemde gewahlt wahle vote voted vote votato voto');
const OWN = words('mijn my mein meine meiner mon ma il del');
const ARTICLES = words(
  'de het een the a an der die das dem den des einer einem eine la le les l un une du lo gli i il una d und',
);
const CLAUSES = words('weil dass omdat because since puisque car perche poiche sinds seit depuis bin ist');
