import type { Language } from '../../domain/language.ts';

/** Letters by name, by language, as recognisers write them. Most are also words, see `STRONG_NAMES`. */
const LETTER_NAMES: Record<string, string> = {
  // Dutch
  aa: 'a',
  bee: 'b',
  cee: 'c',
  see: 'c',
  dee: 'd',
  ee: 'e',
  ef: 'f',
  gee: 'g',
  haa: 'h',
  ie: 'i',
  jee: 'j',
  kaa: 'k',
  el: 'l',
  em: 'm',
  en: 'n',
  oo: 'o',
  pee: 'p',
  kuu: 'q',
  ku: 'q',
  er: 'r',
  es: 's',
  tee: 't',
  uu: 'u',
  vee: 'v',
  wee: 'w',
  iks: 'x',
  ix: 'x',
  ij: 'y',
  ypsilon: 'y',
  zet: 'z',
  griekse: 'y',
  // English
  eff: 'f',
  aitch: 'h',
  haitch: 'h',
  eye: 'i',
  jay: 'j',
  kay: 'k',
  ell: 'l',
  pea: 'p',
  queue: 'q',
  cue: 'q',
  ar: 'r',
  are: 'r',
  ess: 's',
  tea: 't',
  you: 'u',
  ex: 'x',
  why: 'y',
  wye: 'y',
  zed: 'z',
  zee: 'z',
  bea: 'b',
  ay: 'a',
  // German
  be: 'b',
  ce: 'c',
  tse: 'c',
  de: 'd',
  ge: 'g',
  ha: 'h',
  ih: 'i',
  jot: 'j',
  jott: 'j',
  ka: 'k',
  pe: 'p',
  te: 't',
  vau: 'v',
  fau: 'v',
  we: 'w',
  zett: 'z',
  tset: 'z',
  eszett: 'ss',
  scharfes: 'ss',
  // French
  bay: 'b',
  ache: 'h',
  ji: 'j',
  elle: 'l',
  emme: 'm',
  aime: 'm',
  enne: 'n',
  haine: 'n',
  esse: 's',
  ve: 'v',
  ixe: 'x',
  zede: 'z',
  cu: 'q',
  erre: 'r',
  effe: 'f',
  doublevé: 'w',
  // Italian
  bi: 'b',
  ci: 'c',
  di: 'd',
  gi: 'g',
  acca: 'h',
  kappa: 'k',
  cappa: 'k',
  pi: 'p',
  qu: 'q',
  ti: 't',
  vi: 'v',
  vu: 'v',
  ics: 'x',
  zeta: 'z',
  ipsilon: 'y',
} as const;

/** Names of letters that are hardly ever anything else. */
const STRONG_NAMES = new Set(
  'bee cee gee haa jot jee kaa kuu wee iks ypsilon aitch haitch jott eszett acca kappa cappa effe emme erre esse zett zeta ics ipsilon ixe'.split(
    ' ',
  ),
);

/** Names of two words. */
export const TWO_WORD_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'x ray': 'x',
    'fox trot': 'f',
    'double u': 'w',
    'double you': 'w',
    'double v': 'w',
    'double ve': 'w',
    'doppia vu': 'w',
    'doppia v': 'w',
    'doppio vu': 'w',
    'dubbel u': 'w',
    'dubbele u': 'w',
    'dubbel vee': 'w',
    'dubbele w': 'w',
    'i grec': 'y',
    'i greca': 'y',
    'i lunga': 'j',
    'griekse y': 'y',
    'griekse ij': 'y',
    'lange ij': 'ij',
    'korte ei': 'ei',
    'vu doppia': 'w',
    'scharfes s': 'ss',
    'scharfes es': 'ss',
  }),
);

/** Spelling alphabets: Dutch, NATO, German (old and new), French, Belgian, Italian, British telephone. */
const ALPHABETS =
  'anton anna bernard cornelis dirk eduard ferdinand gerard hendrik izaak izak isaac johan karel lodewijk maria nico otto pieter quirinius quotient rudolf simon theodor utrecht victor viktor willem xantippe xanthippe ypsilon zaandam ' +
  'alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett juliette kilo lima mike november oscar papa quebec romeo sierra tango uniform whiskey whisky xray yankee zulu ' +
  'aerger berta bertha casar caesar charlotte dora emil friedrich fritz gustav heinrich ida julius kaufmann konrad ludwig martha nordpol okonom oekonom paula quelle richard samuel siegfried schule ulrich wilhelm zacharias zeppelin ubermut ' +
  'aachen berlin chemnitz dusseldorf essen frankfurt goslar hamburg ingelheim jena koln leipzig munchen nurnberg offenbach potsdam quickborn rostock salzwedel tubingen unna volklingen wuppertal xanten zwickau umlaut ' +
  'anatole berthe celestin desire eugene francois gaston henri irma joseph kleber louis marcel nicolas pierre quintal raoul suzanne therese ursule william xavier yvonne zoe ' +
  'arthur bruxelles cesar david emile frederic georges isidore jacques kilogramme olive piano quievrain robert tintin ' +
  'ancona bologna bari como domodossola empoli firenze genova imola jolly livorno milano napoli otranto palermo padova quarto roma savona torino taranto udine venezia verona washington xilofono york yacht zara zorro zurigo ' +
  'apple andrew alfred benjamin benny bob dog edward freddie frederick freddy george harry henry isaac jack king lucy london mary mother nellie nuts orange oliver peter queen roger sugar sam tommy tom uncle vic walter xerxes yellow zebra ' +
  'amsterdam antwerpen rotterdam rome lissabon madrid parijs zwolle nijmegen edam';

export const ALPHABET_WORDS: ReadonlySet<string> = new Set(ALPHABETS.split(' '));

/** Alphabet words that alone, among others like them, are letters; the rest needs its letter ("A wie Anton"). */
export const ALPHABET_ALONE: ReadonlySet<string> = new Set(
  ALPHABETS.split(' ')
    .filter(
      (w) =>
        !'anna apple dog king mother orange queen sugar uncle yellow nuts london mary tom jack piano olive umlaut schule quelle york hotel'
          .split(' ')
          .includes(w),
    )
    .concat('hotel'),
);

/** Words between a letter and its alphabet word: "v van victor", "A wie Anton", "b as in bravo". */
export const SPELLING_LINKS: ReadonlySet<string> = new Set(
  'van von wie as for like comme come di da in wie voor als met per gelijk zoals'.split(' '),
);

export interface LetterReading {
  readonly letters: string;
  readonly weak: boolean;
}

/** Single letters that are words of their own in a language. */
const WORDS_OF_ONE: Record<Language, string> = { nl: 'u', en: 'ai', de: '', fr: 'ay', it: 'aeoi' };

/** One word as one letter, if it can be one. `elided`: an apostrophe binds it to a neighbour (l'eau, it's). */
export function readLetter(word: string, elided: boolean, hint: Language): LetterReading | undefined {
  if (word.length === 1) {
    if (elided || word < 'a' || word > 'z') return undefined;
    return { letters: word, weak: WORDS_OF_ONE[hint].includes(word) };
  }
  const letters = Object.hasOwn(LETTER_NAMES, word) ? LETTER_NAMES[word] : undefined;
  return letters === undefined ? undefined : { letters, weak: !STRONG_NAMES.has(word) };
}
