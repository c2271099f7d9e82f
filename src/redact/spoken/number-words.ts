import type { Language } from '../../domain/language.ts';

/**
 * One word that reads as a number. `scale` multiplies what came before (hundred, thousand, million).
 * `weak` words are mostly something else (an article, a verb): they count only beside other digits.
 */
export interface NumberWord {
  readonly language: Language;
  readonly value: number;
  readonly scale: boolean;
  readonly weak: boolean;
}

const UNITS: Record<Language, string> = {
  nl: 'nul een twee drie vier vijf zes zeven acht negen',
  en: 'zero one two three four five six seven eight nine',
  de: 'null eins zwei drei vier funf sechs sieben acht neun',
  fr: 'zero un deux trois quatre cinq six sept huit neuf',
  it: 'zero uno due tre quattro cinque sei sette otto nove',
};
const TEENS: Record<Language, string> = {
  nl: 'tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien',
  en: 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  de: 'zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn',
  fr: 'dix onze douze treize quatorze quinze seize dixsept dixhuit dixneuf',
  it: 'dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
};
const TENS: Record<Language, string> = {
  nl: 'twintig dertig veertig vijftig zestig zeventig tachtig negentig',
  en: 'twenty thirty forty fifty sixty seventy eighty ninety',
  de: 'zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig',
  fr: 'vingt trente quarante cinquante soixante soixantedix quatrevingt quatrevingtdix',
  it: 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta',
};
const SCALES: Record<Language, Record<string, number>> = {
  nl: { honderd: 100, duizend: 1000, miljoen: 1e6 },
  en: { hundred: 100, thousand: 1000, million: 1e6 },
  de: { hundert: 100, tausend: 1000, million: 1e6, millionen: 1e6 },
  fr: { cent: 100, cents: 100, mille: 1000, mil: 1000, million: 1e6, millions: 1e6 },
  it: { cento: 100, mille: 1000, mila: 1000, milione: 1e6, milioni: 1e6 },
};
/** Other ways of writing or saying the same, and what recognisers make of them. */
const VARIANTS: Record<Language, Record<string, number>> = {
  nl: {
    zeuven: 7,
    ses: 6,
    seven: 7,
    neegen: 9,
    negenennegentig: 99,
    viertien: 14,
    tagtig: 80,
    nulletje: 0,
    zesje: 6,
    zeventje: 7,
    achtje: 8,
    negentje: 9,
    viertje: 4,
    vijfje: 5,
    eentje: 1,
    tweetje: 2,
    drietje: 3,
  },
  en: { nought: 0, naught: 0, nil: 0, niner: 9, fourty: 40, fourthy: 40, fiveteen: 15, ninty: 90, fith: 5 },
  de: {
    zwo: 2,
    fuenf: 5,
    zwoelf: 12,
    fuenfzehn: 15,
    fuenfzig: 50,
    dreizig: 30,
    dreisig: 30,
    sechszehn: 16,
    sechszig: 60,
    siebenzig: 70,
    siebenzehn: 17,
    fumf: 5,
    zwozwanzig: 22,
    fuffzehn: 15,
    fuffzig: 50,
    dreissg: 30,
    zwanzg: 20,
  },
  fr: {
    septante: 70,
    huitante: 80,
    octante: 80,
    nonante: 90,
    quatrevingts: 80,
    quatrevingtsdix: 90,
    vingts: 20,
    set: 7,
  },
  it: { dicianove: 19, diciasette: 17, ventuno: 21, trentuno: 31, zeri: 0, ventitre: 23 },
};
const WEAK: Record<Language, string> = {
  nl: 'een eentje seven ses nulletje tweetje zesje',
  en: 'one ten nil nought',
  de: 'elf eins',
  fr: 'un onze six set cent cents mil vingts mille',
  it: 'due sei un uno sette',
};
/** Articles and look-alikes that can be the digit beside others. */
const WEAK_EXTRA: [Language, string, number][] = [
  ['en', 'oh', 0],
  ['en', 'o', 0],
  ['de', 'ein', 1],
  ['de', 'eine', 1],
  ['fr', 'une', 1],
  ['it', 'un', 1],
  ['it', 'una', 1],
];

/** Single words and joined compounds up to 99 of all languages; the larger ones by `readCompound`. */
export const NUMBER_WORDS: ReadonlyMap<string, readonly NumberWord[]> = build();

function build(): Map<string, NumberWord[]> {
  const words = new Map<string, NumberWord[]>();
  const add = (language: Language, word: string, value: number, weak: boolean, scale = false): void => {
    const list = words.get(word) ?? [];
    if (list.some((n) => n.language === language)) return;
    list.push({ language, value, scale, weak });
    words.set(word, list);
  };
  for (const language of Object.keys(UNITS) as Language[]) {
    const weak = new Set(WEAK[language].split(' '));
    const units = UNITS[language].split(' ');
    const tens = TENS[language].split(' ');
    units.forEach((w, i) => {
      add(language, w, i, weak.has(w));
    });
    TEENS[language].split(' ').forEach((w, i) => {
      add(language, w, 10 + i, weak.has(w));
    });
    tens.forEach((w, i) => {
      add(language, w, 20 + 10 * i, weak.has(w));
    });
    for (const [w, v] of Object.entries(VARIANTS[language])) add(language, w, v, weak.has(w));
    for (const [w, v] of Object.entries(SCALES[language])) add(language, w, v, weak.has(w), true);
    for (const [w, v] of joined(language, units, tens)) add(language, w, v, false);
  }
  for (const [word, value] of mixedCompounds()) add('de', word, value, false);
  for (const [language, word, value] of WEAK_EXTRA) add(language, word, value, true);
  return words;
}

/** 21 to 99 as one word, in the spellings of the language and of its recognisers. */
function* joined(language: Language, units: string[], tens: string[]): Generator<[string, number]> {
  for (let t = 0; t < tens.length; t++) {
    for (let u = 1; u < 10; u++) {
      const value = 20 + 10 * t + u;
      const ten = tens[t]!;
      const unit = units[u]!;
      if (t === 0 && (language === 'nl' || language === 'de')) {
        // Broken off: "negenenvijf..."
        for (const cut of units.slice(2)) yield [`${unit}${language === 'nl' ? 'en' : 'und'}${cut}`, value];
      }
      if (language === 'nl') {
        yield [`${unit}en${ten}`, value];
        yield [`${unit}in${ten}`, value];
        if (u === 7) yield [`zeuvenen${ten}`, value];
      } else if (language === 'de') {
        for (const first of u === 1
          ? ['ein', 'eins']
          : u === 2
            ? ['zwei', 'zwo']
            : u === 5
              ? ['funf', 'fuenf']
              : [unit]) {
          yield [`${first}und${ten}`, value];
          yield [`${first}und${ten.replace('funf', 'fuenf')}`, value];
          // Swallowed: "zwounzwanzig", "fünfnzwanzig".
          yield [`${first}un${ten}`, value];
          yield [`${first}n${ten}`, value];
          // Cut in two by the recogniser: "sechsund achtzig".
          if (t === 0) yield [`${first}und`, u];
        }
      } else if (language === 'en') yield [ten + unit, value];
      else if (language === 'it') {
        const stem = u === 1 || u === 8 ? ten.slice(0, -1) : ten;
        yield [stem + unit, value];
        yield [ten + unit, value];
      } else if (t !== 5 && t !== 7) {
        yield [ten + unit, value];
        yield [`${ten}et${unit}`, value];
        if (ten === 'quatrevingt') yield [`quatrevingts${unit}`, value];
      }
    }
  }
  if (language !== 'fr') return;
  const teens = TEENS.fr.split(' ');
  for (let i = 1; i < 10; i++) {
    yield [`soixante${teens[i]}`, 70 + i];
    yield [`soixanteet${teens[i]}`, 70 + i];
    yield [`quatrevingt${teens[i]}`, 90 + i];
    yield [`septante${i === 1 ? 'etun' : units[i]}`, 70 + i];
    yield [`huitante${i === 1 ? 'etun' : units[i]}`, 80 + i];
    yield [`octante${units[i]}`, 80 + i];
    yield [`nonante${i === 1 ? 'etun' : units[i]}`, 90 + i];
  }
}

/** "neunundveertig", "vierenzwanzig": unit and ten of Dutch and German mixed, as people at the border say them. */
function* mixedCompounds(): Generator<[string, number]> {
  const units = [UNITS.nl.split(' '), UNITS.de.split(' ')];
  const tens = [TENS.nl.split(' '), TENS.de.split(' ')];
  for (let u = 1; u < 10; u++) {
    for (let t = 0; t < 8; t++) {
      for (const link of ['en', 'und']) {
        for (const [a, unit] of units.entries()) {
          for (const [b, ten] of tens.entries()) {
            const single = link === 'en' ? 0 : 1;
            if (a !== single || b !== single) yield [unit[u]! + link + ten[t]!, 20 + 10 * t + u];
          }
        }
      }
    }
  }
}
