/** How a value of digits and letters is read aloud: one choice per value, so that fast-check can shrink it. */
import fc from 'fast-check';
import type { Language } from '../../../src/domain/language.ts';
import { type Dialect, nameOf } from './number-names.ts';

/** One thing said: the value's own words, without what stands between them. */
export interface Spoken {
  readonly words: string;
  /** A full group of the value, after which people pause. */
  readonly pauseAfter: boolean;
}

export const languageOf = (dialect: Dialect): Language => dialect.slice(0, 2) as Language;

const REPEAT: Record<Language, readonly [double: string, triple: string]> = {
  nl: ['dubbel', 'drie keer'],
  en: ['double', 'triple'],
  de: ['doppel', 'dreimal'],
  fr: ['double', 'trois fois'],
  it: ['doppio', 'tre volte'],
};
const LINK: Record<Language, string> = { nl: 'van', en: 'for', de: 'wie', fr: 'comme', it: 'come' };
const ALPHABET: Record<Language, string> = {
  nl: 'Anton Bernard Cornelis Dirk Eduard Ferdinand Gerard Hendrik Izaak Johan Karel Lodewijk Maria Nico Otto Pieter Quotient Rudolf Simon Theodor Utrecht Victor Willem Xantippe Ypsilon Zaandam',
  en: 'Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliet Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu',
  de: 'Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius Kaufmann Ludwig Martha Nordpol Otto Paula Quelle Richard Samuel Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon Zacharias',
  fr: 'Anatole Berthe Célestin Désiré Eugène François Gaston Henri Irma Joseph Kléber Louis Marcel Nicolas Oscar Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé',
  it: 'Ancona Bologna Como Domodossola Empoli Firenze Genova Hotel Imola Jolly Kappa Livorno Milano Napoli Otranto Palermo Quarto Roma Savona Torino Udine Venezia Washington Xilofono York Zara',
};

export interface Reading {
  readonly dialect: Dialect;
  /** Sizes of the groups in which digits are said, over and over: [1] one by one, [2] in pairs, [2, 3, 1] in turn. */
  readonly groups: readonly number[];
  readonly figures: 'never' | 'groups' | 'some';
  readonly repeats: boolean;
  readonly oh: boolean;
  readonly letters: 'upper' | 'lower' | 'alphabet' | 'code words';
  readonly between: ' ' | ', ' | ' eh ' | ' - ';
}

export const reading = (dialect: fc.Arbitrary<Dialect>): fc.Arbitrary<Reading> =>
  fc.record({
    dialect,
    groups: fc.constantFrom([1], [2], [3], [1, 2], [2, 1], [3, 2, 2], [4], [2, 3, 1]),
    figures: fc.constantFrom('never', 'never', 'groups', 'some'),
    repeats: fc.boolean(),
    oh: fc.boolean(),
    letters: fc.constantFrom('upper', 'lower', 'alphabet', 'code words'),
    between: fc.constantFrom(' ', ' ', ', ', ' eh '),
  });

/** `value`: digits and capital letters. */
export function sayValue(value: string, how: Reading): Spoken[] {
  const said: Spoken[] = [];
  let group = 0;
  for (const part of value.match(/\d+|[A-Z]+/g) ?? []) {
    if (/[A-Z]/.test(part)) {
      [...part].forEach((letter, i) => {
        said.push({ words: sayLetter(letter, how), pauseAfter: i + 1 === part.length });
      });
      continue;
    }
    for (let at = 0; at < part.length; ) {
      const size = how.groups[group++ % how.groups.length]!;
      const digits = part.slice(at, at + size);
      said.push({ words: sayDigits(digits, how, said.length), pauseAfter: true });
      at += size;
    }
  }
  return said;
}

function sayLetter(letter: string, { letters, dialect }: Reading): string {
  const language = languageOf(dialect);
  const word = ALPHABET[language].split(' ').find((w) => w.startsWith(letter))!;
  if (letters === 'upper') return letter;
  if (letters === 'lower') return letter.toLowerCase();
  return letters === 'alphabet' ? `${letter} ${LINK[language]} ${word}` : word;
}

function sayDigits(digits: string, how: Reading, index: number): string {
  if (how.figures === 'groups' || (how.figures === 'some' && index % 2 === 1)) return digits;
  const [double, triple] = REPEAT[languageOf(how.dialect)];
  const same = digits.length > 1 && [...digits].every((d) => d === digits[0]);
  if (how.repeats && same && digits.length < 4) {
    return `${digits.length === 2 ? double : triple} ${sayDigit(digits[0]!, how)}`;
  }
  if (digits.length > 3)
    return `${sayDigits(digits.slice(0, 2), how, 0)} ${sayDigits(digits.slice(2), how, 0)}`;
  const zeros = digits.length > 1 ? digits.length - digits.replace(/^0+/, '').length : 0;
  const head = [...digits.slice(0, zeros)].map((d) => sayDigit(d, how));
  const rest = digits.slice(zeros);
  if (rest === '') return head.join(' ');
  return [...head, rest.length === 1 ? sayDigit(rest, how) : nameOf(Number(rest), how.dialect)].join(' ');
}

function sayDigit(digit: string, { dialect, oh }: Reading): string {
  return digit === '0' && oh && dialect === 'en' ? 'oh' : nameOf(Number(digit), dialect);
}
