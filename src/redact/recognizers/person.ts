import { phrasesOf } from '../context/cue-phrases.ts';
import { INTROS, type Intro } from '../context/introductions.ts';
import { CORE_WORDS } from '../core-words.ts';
import {
  isAlsoWord,
  isGivenName,
  isNameLike,
  isSurname,
  PARTICLES,
  readName,
  TITLES,
} from '../name-reader.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, VOCABULARY } from '../word-lists.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

const SAINTS = new Set('san sant santa santo saint sainte st sint sankt dom'.split(' '));

/** After the name: "Weber am Apparat", "Dupont à l'appareil", "Smith speaking". */
const AFTER = new PhraseTrie<true>().addAll(
  phrasesOf(
    "am apparat | à l'appareil | speaking | aan de lijn | aan het woord | al telefono | all'apparecchio | here | hier",
  ),
  true,
);

export const recognizePerson: Recognizer = (input) => {
  const { turn, context, governed } = input;
  const { tokens } = turn;
  const found: Found[] = [];
  const add = (start: number, to: number, score: number, self = false): void => {
    let from = start;
    if (turn.tokens.slice(from, to).every((x) => x.norm.length < 3 && !x.upper)) return;
    // "sono la Marisa": the article stays outside.
    if (
      to - from > 1 &&
      ['la', 'il', 'le', 'der', 'die'].includes(turn.tokens[from]!.norm) &&
      isGivenName(turn, from + 1)
    )
      from += 1;
    found.push({
      type: 'PERSON',
      from,
      to,
      score,
      kind: self && turn.role === 'agent' ? 'AGENT' : undefined,
      answers: 'name',
    });
  };
  for (let t = 0; t < tokens.length; t++) {
    const intro = INTROS.longestAt(tokens, t);
    if (intro) {
      const hit = readIntroduced(turn, t, intro.value, intro.to);
      if (hit) {
        add(
          hit.from,
          hit.to,
          hit.score,
          intro.value === 'self' || intro.value === 'weak-self' || intro.value === 'opening',
        );
        t = hit.to - 1;
        continue;
      }
    }
    const token = tokens[t]!;
    if (TITLES.has(token.norm)) {
      const name = readName(turn, t, false) ?? surnameInLowerCase(turn, t + 1);
      if (name && name.from > t) {
        add(name.from, name.to, 0.88);
        t = name.to - 1;
        continue;
      }
    }
    if (AFTER.longestAt(tokens, t) && t > 0) addBefore(turn, t, add);
    if (isGivenName(turn, t) && !inSpelling(turn, t) && !SAINTS.has(tokens[t - 1]?.norm ?? '')) {
      const name = readName(turn, t, false);
      const strong = name && (name.to - name.from > 1 || !VOCABULARY.has(token.norm));
      if (name && strong) {
        add(name.from, name.to, name.to - name.from > 1 ? 0.8 : 0.6);
        t = name.to - 1;
      }
    } else if (
      turn.cased &&
      token.capital &&
      isAlsoWord(token.norm) &&
      isSurnameNext(turn, t) &&
      token.gap.kind !== 'sentence'
    ) {
      const name = readName(turn, t, false);
      if (name) {
        add(name.from, name.to, 0.7);
        t = name.to - 1;
      }
    }
  }
  const asked = context.askedOf(turn.role);
  found.push(
    ...answers(turn, asked === 'spell' || context.isAskedOf(turn.role, 'name')),
    ...initialsAndSurname(turn),
    ...alternatives(turn, found),
    ...spelledNames(turn),
  );
  suppressProducts(turn, found);
  // Spelled letters.
  for (const g of governed) {
    if (g.run.digits > 0 || g.harmless) continue;
    const asked =
      (g.kind === 'name' && g.source === 'asked') ||
      g.kind === 'spell' ||
      context.asked.includes('name') ||
      turn.cueKinds.has('spell');
    if (g.run.letters <= 2 && isBareHint(turn, g.run.from)) continue;
    const oneByOne = g.run.owners.every((e) => e.spelled || e.value.length <= 2);
    if (!oneByOne) continue;
    const least = asked ? 2 : turn.cueKinds.has('name') ? 3 : 4;
    if (g.run.letters >= least) {
      const near = g.source === 'before' || g.source === 'after';
      const other = near && g.kind !== undefined && g.kind !== 'name' && g.kind !== 'spell';
      found.push(foundRun('PERSON', g, other ? 0.3 : asked ? 0.8 : 0.55, { loose: true, answers: 'name' }));
    }
  }
  return found;
};

/** "Dank u wel, mevrouw de vries.": recognisers write capitals and forget some; behind a title a known name is enough. */
function surnameInLowerCase(turn: Turn, from: number): { from: number; to: number } | undefined {
  let last = from;
  while (last - from < 3 && PARTICLES.has(turn.tokens[last]?.norm ?? '')) last += 1;
  const words = turn.tokens.slice(from, last + 1);
  const word = turn.tokens[last];
  if (word?.kind !== 'word' || words.some(({ gap }) => gap.kind !== 'space')) return undefined;
  const isName = isNameWord(word.norm) && !VOCABULARY.has(word.norm) && !turn.inCue[last];
  return isName ? { from, to: last + 1 } : undefined;
}

/** "Kowalczyk. K, O, W, A, L, C, Z, Y, K.": a word that is also spelled is a name. */
function spelledNames(turn: Turn): Found[] {
  const spelled = new Set(
    turn.runs
      .filter((r) => r.digits === 0 && r.letters >= 3 && r.owners.every((e) => e.value.length <= 2))
      .map((r) => r.text.toLowerCase()),
  );
  if (spelled.size === 0) return [];
  return turn.tokens.flatMap((token, t) =>
    token.kind === 'word' && spelled.has(token.norm)
      ? [{ type: 'PERSON' as const, from: t, to: t + 1, score: 0.72, answers: 'name' as const }]
      : [],
  );
}

/** "mit a i", "con la cappa", "avec deux l": a remark on the spelling, no spelling. */
function isBareHint(turn: Turn, from: number): boolean {
  for (let t = Math.max(0, from - 3); t < from; t++) if (HINTS.has(turn.tokens[t]!.norm)) return true;
  return false;
}

const HINTS = new Set(
  'met with mit avec con la deux twee two due zwei double dubbele senza zonder ohne without sans'.split(' '),
);

/** "W. Ottens", "J.-M. Aubertin", "G.B. Lanzafame", "A. & B. Riemenschneider". */
function initialsAndSurname(turn: Turn): Found[] {
  const found: Found[] = [];
  const { tokens } = turn;
  if (!turn.cased && !tokens.some((t) => t.capital)) return found;
  for (let t = 0; t < tokens.length; t++) {
    let k = t;
    while (k < tokens.length && k - t < 8 && isCapitalInitial(turn, k)) {
      k += 1;
      if (tokens[k]?.norm === '&' && isCapitalInitial(turn, k + 1)) k += 1;
    }
    if (k === t) continue;
    let end = k;
    while (tokens[end] && end - k < 3 && PARTICLES.has(tokens[end]!.norm) && tokens[end]!.norm.length > 1)
      end += 1;
    const surname = tokens[end];
    const dotted = surname && tokens[k]!.gap.marks.startsWith('.');
    if (
      surname?.capital &&
      surname.kind === 'word' &&
      surname.norm.length > 1 &&
      !CORE_WORDS.has(surname.norm)
    ) {
      if (dotted || (isSurname(surname.norm) && tokens[k]!.gap.kind === 'space' && !turn.inCue[end])) {
        const name = readName(turn, end, false);
        found.push({ type: 'PERSON', from: t, to: name?.to ?? end + 1, score: 0.76, answers: 'name' });
      }
    }
    t = k;
  }
  return found;
}

function isCapitalInitial(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  return (
    token?.kind === 'word' &&
    token.norm.length === 1 &&
    token.capital &&
    !turn.elements[turn.elementOf[t]!]!.spelled
  );
}

/** "marcus or mark", "Anna und Rose": a name joined to a name. */
function alternatives(turn: Turn, found: readonly Found[]): Found[] {
  const more: Found[] = [];
  for (const f of found) {
    if (f.type !== 'PERSON' || f.score < 0.55) continue;
    const link = turn.tokens[f.to];
    const next = turn.tokens[f.to + 1];
    if (
      !link ||
      !next ||
      !CONJUNCTIONS.has(link.norm) ||
      link.gap.kind !== 'space' ||
      next.gap.kind !== 'space'
    )
      continue;
    if (!(turn.cased ? next.capital : true) || !(isAlsoWord(next.norm) || isGivenName(turn, f.to + 1)))
      continue;
    more.push({ type: 'PERSON', from: f.to + 1, to: f.to + 2, score: 0.6, answers: 'name' });
  }
  return more;
}

const CONJUNCTIONS = new Set('en of and or und oder et ou e o'.split(' '));

/** Tariffs, furniture and wines carry first names: "pakket Anna Voordeel", "the Oliver sofa". */
function suppressProducts(turn: Turn, found: Found[]): void {
  const tariffs = turn.tokens.some((t) => TARIFFS.has(t.norm));
  const offers = turn.tokens.some((t) => OFFERS.has(t.norm));
  for (let i = found.length - 1; i >= 0; i--) {
    const f = found[i]!;
    if (f.type !== 'PERSON' || f.score > 0.82) continue;
    // "a jasmine and a daisy"
    const single = f.score <= 0.6 && f.to - f.from === 1;
    if (single && (INDEFINITE.has(turn.tokens[f.from - 1]?.norm ?? '') || offers)) {
      found.splice(i, 1);
      continue;
    }
    const before = turn.tokens.slice(Math.max(0, f.from - 3), f.from);
    const after = turn.tokens.slice(f.to, f.to + 2);
    if (
      (tariffs && turn.role === 'agent') ||
      before.some((t) => PRODUCTS.has(t.norm)) ||
      after.some((t) => PRODUCTS.has(t.norm))
    ) {
      found.splice(i, 1);
    }
  }
}

const INDEFINITE = new Set('a an een ein eine einen une un una uno'.split(' '));
const OFFERS = new Set(
  'tarief tarif tarife tariff tariffa offre offerta forfait pakket pacchetto formule coloris gamme collectie kollektion'.split(
    ' ',
  ),
);
const TARIFFS = new Set(
  'tarief pakket tarif tariff offre offerta forfait abonnement tariffa plan deal bundel bundle bundel formule pacchetto cent centimes centesimi pence'.split(
    ' ',
  ),
);
const PRODUCTS = new Set(
  (
    'tarief pakket tarif tariff offre offerta forfait tariffa bundel bundle formule pacchetto modem model modell modele modello stoel tafel bank kast lamp chair sofa table shelf wardrobe bed lit canape chaise housse fauteuil etagere armoire stuhl sessel regal schrank tisch bezug ' +
    'sedia poltrona divano tavolo letto scaffale fodera wijn wine vin wein vino fles bottle bouteille flasche bottiglia rozen roos plant plante pflanze pianta merk marke brand marque marca film serie boek book livre libro buch opera musical kleur colour color farbe couleur colore matras mattress matratze'
  ).split(' '),
);

function readIntroduced(
  turn: Turn,
  at: number,
  intro: Intro,
  from: number,
): { from: number; to: number; score: number } | undefined {
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
  const ends = !next || next.gap.kind === 'comma' || next.gap.kind === 'sentence' || next.norm === 'ik';
  return greeted && ends;
}

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

function addBefore(
  turn: Turn,
  at: number,
  add: (from: number, to: number, score: number, self?: boolean) => void,
): void {
  let first = at;
  while (
    first > 0 &&
    at - first < 5 &&
    turn.tokens[first]!.gap.kind !== 'sentence' &&
    turn.tokens[first]!.gap.kind !== 'comma'
  ) {
    if (!isNameLike(turn, first - 1) && !PARTICLES.has(turn.tokens[first - 1]!.norm)) break;
    first -= 1;
  }
  while (first < at && PARTICLES.has(turn.tokens[first]!.norm) && turn.tokens[first]!.norm.length < 3)
    first += 1;
  const word = turn.tokens[at]!.norm;
  if (word === 'here' || word === 'hier') {
    const opens = first === 0 || CORE_WORDS.has(turn.tokens[first - 1]!.norm);
    const name = turn.tokens[first]!;
    // "ja hallo sommer hier ich ruf an"
    const lower = isSurname(name.norm) && I_WORDS.has(turn.tokens[at + 1]?.norm ?? '') && at - first === 1;
    if (!(first < at && opens && at - first < 3 && first < 3 && (name.capital || lower))) return;
  }
  if (first < at && isNameLike(turn, first)) add(first, at, 0.85, true);
}

const I_WORDS = new Set('ich ik i je'.split(' '));

/** "wat is uw naam" was asked: the first words that look like a name are one. */
function answers(turn: Turn, asked: boolean): Found[] {
  if (!asked || turn.tokens.length > 16) return [];
  for (let t = 0; t < Math.min(turn.tokens.length, 8); t++) {
    const token = turn.tokens[t]!;
    const element = turn.elements[turn.elementOf[t]!]!;
    if (element.kind === 'digits' || (element.kind === 'letters' && !isNameLike(turn, t))) continue;
    const particle = PARTICLES.has(token.norm) && token.norm.length > 1;
    if (!isNameLike(turn, t) && !particle) continue;
    if (
      VOCABULARY.has(token.norm) &&
      !particle &&
      !isSurname(token.norm) &&
      !isGivenName(turn, t) &&
      !isAlsoWord(token.norm)
    )
      continue;
    if (turn.language === 'de' && VOCABULARY.has(token.norm) && !particle && !isSurname(token.norm)) continue;
    const name = readName(turn, t, false);
    if (!name) continue;
    const found: Found = { type: 'PERSON', from: name.from, to: name.to, score: 0.77, answers: 'name' };
    // "Benchekroun, Yassine"
    const next = turn.tokens[name.to];
    const given = next?.gap.kind === 'comma' && turn.cased && next.capital && isNameLike(turn, name.to);
    return given && !(VOCABULARY.has(next.norm) && !isNameWord(next.norm))
      ? [found, { ...found, from: name.to, to: name.to + 1, score: 0.7 }]
      : [found];
  }
  return [];
}

function isSurnameNext(turn: Turn, t: number): boolean {
  const next = turn.tokens[t + 1];
  return (
    next?.capital === true &&
    next.gap.kind === 'space' &&
    (isSurname(next.norm) || !VOCABULARY.has(next.norm))
  );
}

/** The word is the alphabet word of a letter ("A wie Anton") or stands among letters. */
function inSpelling(turn: Turn, t: number): boolean {
  const index = turn.elementOf[t]!;
  const e = turn.elements[index]!;
  if (e.spelled && !e.weak) return true;
  return turn.runAt[t]! >= 0;
}
