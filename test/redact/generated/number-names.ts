/** Numbers from 0 to 999 as people say them, by language and region: the generator's side, independent of the reader. */
export const DIALECTS = ['nl', 'en', 'de', 'fr', 'fr-BE', 'fr-CH', 'it'] as const;
export type Dialect = (typeof DIALECTS)[number];

const FRENCH =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf';
/** Zero to nineteen. */
const SMALL: Record<Dialect, readonly string[]> = {
  nl: 'nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien'.split(
    ' ',
  ),
  en: 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  ),
  de: 'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'.split(
    ' ',
  ),
  fr: FRENCH.split(' '),
  'fr-BE': FRENCH.split(' '),
  'fr-CH': FRENCH.split(' '),
  it: 'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove'.split(
    ' ',
  ),
};
/** Twenty to ninety. */
const TENS: Record<Dialect, readonly string[]> = {
  nl: 'twintig dertig veertig vijftig zestig zeventig tachtig negentig'.split(' '),
  en: 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' '),
  de: 'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' '),
  fr: 'vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt'.split(' '),
  'fr-BE': 'vingt trente quarante cinquante soixante septante quatre-vingt nonante'.split(' '),
  'fr-CH': 'vingt trente quarante cinquante soixante septante huitante nonante'.split(' '),
  it: 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' '),
};

/** `n` from 0 to 999, without leading zeros. */
export function nameOf(n: number, dialect: Dialect): string {
  if (n < 20) return SMALL[dialect][n]!;
  return n < 100 ? below100(n, dialect) : hundreds(n, dialect);
}

function below100(n: number, dialect: Dialect): string {
  const ten = TENS[dialect][Math.floor(n / 10) - 2]!;
  const unit = n % 10;
  const small = SMALL[dialect];
  switch (dialect) {
    case 'nl':
      return unit === 0 ? ten : `${small[unit]}${unit === 2 || unit === 3 ? 'ën' : 'en'}${ten}`;
    case 'de':
      return unit === 0 ? ten : `${unit === 1 ? 'ein' : small[unit]}und${ten}`;
    case 'en':
      return unit === 0 ? ten : `${ten}-${small[unit]}`;
    case 'it':
      return unit === 0
        ? ten
        : `${unit === 1 || unit === 8 ? ten.slice(0, -1) : ten}${unit === 3 ? 'tré' : small[unit]}`;
    default: {
      const twenties = dialect === 'fr' && n >= 60;
      const base = twenties && n >= 80 ? 80 : twenties ? 60 : n - unit;
      const rest = n - base;
      if (rest === 0) return n === 80 && ten === 'quatre-vingt' ? 'quatre-vingts' : ten;
      const joined = (rest === 1 || rest === 11) && ten !== 'quatre-vingt';
      return joined ? `${ten} et ${small[rest]}` : `${ten}-${small[rest]}`;
    }
  }
}

function hundreds(n: number, dialect: Dialect): string {
  const count = Math.floor(n / 100);
  const rest = n % 100;
  const left = count === 1 ? '' : SMALL[dialect][count]!;
  const right = rest === 0 ? '' : nameOf(rest, dialect);
  switch (dialect) {
    case 'nl':
      return `${left}honderd${right}`;
    case 'de':
      return `${left}hundert${right}`;
    case 'en':
      return `${left || 'one'} hundred${right === '' ? '' : ` and ${right}`}`;
    case 'it':
      return `${left}cento${right}`;
    default:
      return [left, 'cent', right].filter(Boolean).join(' ');
  }
}
