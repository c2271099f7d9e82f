import type { Language } from '../../domain/language.ts';
import { NUMBER_WORDS, type NumberWord } from './number-words.ts';

/** Words longer than this are not numbers; keeps the reader linear on text without spaces. */
const MAX_LENGTH = 60;

/** Hundreds and thousands written as one word, by language: root, factor, and what may join the rest. */
const ROOTS: readonly (readonly [root: string, factor: number, language: Language, link: string])[] = [
  ['duizend', 1000, 'nl', 'en'],
  ['tausend', 1000, 'de', 'und'],
  ['mila', 1000, 'it', ''],
  ['mille', 1000, 'it', ''],
  ['thousand', 1000, 'en', 'and'],
  ['honderd', 100, 'nl', 'en'],
  ['hundert', 100, 'de', 'und'],
  ['cento', 100, 'it', ''],
  ['cent', 100, 'it', ''],
  ['hundred', 100, 'en', 'and'],
];

/** The readings of one word as a number, joined compounds such as `negentienhonderdtachtig` included. */
export function readNumberWord(word: string): readonly NumberWord[] | undefined {
  if (word.length < 2 || word.length > MAX_LENGTH) return word === 'o' ? NUMBER_WORDS.get(word) : undefined;
  const known = NUMBER_WORDS.get(word);
  if (known) return known;
  if (word.length < 6) return undefined;
  for (const [root, factor, language, link] of ROOTS) {
    if (!word.includes(root)) continue;
    const value = readLarge(word, root, factor, language, link);
    if (value !== undefined) return [{ language, value, scale: false, weak: false }];
  }
  return undefined;
}

function readLarge(
  word: string,
  root: string,
  factor: number,
  language: Language,
  link: string,
): number | undefined {
  const at = word.indexOf(root);
  const left = at === 0 ? 1 : readPart(word.slice(0, at), language);
  if (left === undefined) return undefined;
  let rest = word.slice(at + root.length);
  if (rest === '') return left * factor;
  let right = readPart(rest, language);
  if (right === undefined && link !== '' && rest.startsWith(link)) {
    rest = rest.slice(link.length);
    right = readPart(rest, language);
  }
  return right === undefined || right >= factor ? undefined : left * factor + right;
}

function readPart(word: string, language: Language): number | undefined {
  if (language === 'de' && word === 'ein') return 1;
  const readings = readNumberWord(word);
  return (
    readings?.find((n) => n.language === language && !n.scale)?.value ??
    readings?.find((n) => n.language === language)?.value
  );
}

/** Before a digit in one word: "doppelnull", "dubbelzeven". */
const DOUBLES = ['doppel', 'dubbel', 'doppio'];
const TRIPLES = ['dreifach', 'tripel', 'driedubbel'];
/** A joined word is cut into at most so many numbers; keeps the reader linear on text without spaces. */
const MOST_PARTS = 12;
const LONGEST_NAME = 18;

/** Numbers run together as one word: "siebenzweidreisechs" is 7236, "nullneunundsiebzig" 079, "doppelacht" 88. */
export function readJoinedDigits(word: string): string | undefined {
  if (word.length < 6 || word.length > MAX_LENGTH) return undefined;
  for (const [prefixes, times] of [
    [DOUBLES, 2],
    [TRIPLES, 3],
  ] as const) {
    const prefix = prefixes.find((p) => word.startsWith(p));
    const single = prefix === undefined ? undefined : nameOfDigits(word.slice(prefix.length));
    if (single) return single.repeat(times);
  }
  let digits = '';
  let parts = 0;
  for (let at = 0; at < word.length; parts++) {
    if (parts === MOST_PARTS) return undefined;
    let end = Math.min(word.length, at + LONGEST_NAME);
    while (end > at + 2 && nameOfDigits(word.slice(at, end)) === undefined) end -= 1;
    const part = end > at + 2 ? nameOfDigits(word.slice(at, end)) : undefined;
    if (part === undefined) return undefined;
    digits += part;
    at = end;
  }
  return parts >= 3 || (parts === 2 && digits.length >= 2 && digits[0] === '0') ? digits : undefined;
}

/** One number below a hundred, by its full name. */
function nameOfDigits(name: string): string | undefined {
  const known = NUMBER_WORDS.get(name)?.find((n) => !n.scale && n.value < 100);
  return known && name.length > 2 ? String(known.value) : undefined;
}
