import { CORE_WORDS } from '../core-words.ts';
import type { Element } from '../spoken/read-elements.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, PLACES, VOCABULARY } from '../word-lists.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Endings of street names written as one word (Dutch, German). */
const ENDINGS = [
  'straat',
  'laan',
  'weg',
  'plein',
  'gracht',
  'kade',
  'singel',
  'dijk',
  'steeg',
  'dreef',
  'plantsoen',
  'burgwal',
  'steenweg',
  'hof',
  'pad',
  'park',
  'wal',
  'lei',
  'dam',
  'markt',
  'baan',
  'hoven',
  'erf',
  'oord',
  'kamp',
  'veld',
  'haven',
  'brink',
  'akker',
  'weide',
  'heide',
  'ring',
  'poort',
  'veste',
  'plaats',
  'donk',
  'meent',
  'wijk',
  'horst',
  'straatje',
  'laantje',
  'weegje',
  'rode',
  'zijde',
  'boulevard',
  'loop',
  'bos',
  'strasse',
  'str',
  'platz',
  'allee',
  'gasse',
  'damm',
  'ufer',
  'chaussee',
  'steig',
  'stieg',
  'graben',
  'berg',
  'brucke',
  'garten',
  'feld',
  'twiete',
  'pfad',
  'wiese',
  'kamp',
  'tor',
  'anger',
  'bogen',
  'zeile',
  'promenade',
];
/** Endings that alone make a street, without number or context. */
const SURE_ENDINGS = [
  'straat',
  'laan',
  'plein',
  'gracht',
  'singel',
  'dreef',
  'plantsoen',
  'burgwal',
  'steenweg',
  'strasse',
  'allee',
  'gasse',
  'chaussee',
  'kade',
  'steeg',
  'straatje',
];
const NOT_STREETS = new Set(
  'weg onderweg vanweg parkeerplaats werkplaats woonplaats geboorteplaats halverwege vliegveld gebied bedrijf voorwerk verkeersweg snelweg autoweg eenbaan ontbijt supermarkt baan verband haven arbeitsplatz parkplatz durchweg deswegen marktplatz bahnhof umweg unterwegs autobahn rucksicht feedback urlaub zweifel hauptbahnhof flughafen spielplatz sitzplatz startplatz laatste eetkamer allerlei huwelijk standplaats speelplaats kantoor aandeel internetveld zoekveld invoerveld gebruikersveld voetbalveld tekstveld telefoonbaan rijbaan bijbaan vakgebied wiederum anderweitig bezug ausweg einweg mobiel bezoek flugplatz bolwerk hoofdweg bedrijvenpark pretpark vakantiepark zonnepark winkelstraat doodlopend hypothek lastschrift verderop hof park markt dam wal ring berg tor kamp veld brink dijk pad bos loop plaats allerhande sonderweg monat tag auftrag vertrag antrag betrag beitrag rückweg rotterdam amsterdam zaandam schiedam volendam edam veendam monnickendam nurnberg heidelberg bamberg freiburg'.split(
    ' ',
  ),
);
/** Street words after which the name follows (French, Italian, and Dutch "Laan van"). */
const OPENERS = new Set(
  'calle campo fondamenta salita rione strasse provinciale rue avenue boulevard place allee allees chemin impasse quai cours route square passage ruelle sentier chaussee faubourg rond av bd bld boul via viale piazza corso largo vicolo strada piazzale lungomare contrada borgo salita traversa piazzetta vicoletto lungotevere laan plein'.split(
    ' ',
  ),
);
const WEAK_OPENERS = new Set(
  'calle campo provinciale via place cours route passage square corso largo strada salita borgo plein passage av quai rond'.split(
    ' ',
  ),
);
const OPENER_LINKS = new Set(
  'alla allo agli alle all provinciale statale comunale de du des la le les l d van der den het di del della dei degli delle dello al ai san santa sant st saint sainte de general marechal docteur professeur a aux au du 1er don e et'.split(
    ' ',
  ),
);
/** Street words after the name (English). */
const CLOSERS = new Set(
  'street road lane avenue drive close crescent court gardens terrace square grove hill row mews walk rise view boulevard parade way st rd ave ln dr place green wharf quay baan dijk plein kade markt straat strasse laan weg allee platz gasse singel gracht str'.split(
    ' ',
  ),
);
const SURE_CLOSERS = new Set(
  'street road avenue lane drive close crescent gardens terrace straat strasse laan gracht'.split(' '),
);
/** Additions to a house number. */
const ADDITIONS = new Set(
  'bis ter quater hs huis hoog bus boite bte links rechts boven beneden rood zwart barrato interno scala int bg rez begane tweehoog driehoog eenhoog achter voor b a c d e f g h appartement apt flat unit unten oben'.split(
    ' ',
  ),
);
const FLAT_WORDS = new Set(
  'apartment ligplaats flat apartment unit appartement interno scala bus boite suite apt app bte wohnung stiege tur top bat batiment sc int apt whg block pal palazzina kamer zimmer'.split(
    ' ',
  ),
);
/** Parts of a house that stand alone. */
const HOUSE_PARTS = new Set('hinterhaus vorderhaus seitenflugel souterrain penthouse'.split(' '));

export const recognizeStreetAddress: Recognizer = (input) => {
  const { turn, governed, context } = input;
  const found: Found[] = [];
  const talk =
    turn.cueKinds.has('address') ||
    turn.cueKinds.has('house') ||
    turn.cueKinds.has('postcode') ||
    context.asked.some((k) => k === 'address' || k === 'house' || k === 'postcode');
  const add = (from: number, to: number, score: number): void => {
    found.push({ type: 'STREET_ADDRESS', from, to, score, answers: 'address' });
  };
  for (let t = 0; t < turn.tokens.length; t++) {
    const street = readStreet(turn, t);
    if (!street) continue;
    const number = readHouseNumber(turn, street.to);
    const before = number ? undefined : numberBefore(turn, street.from);
    const after = turn.elementOf[street.to - 1]! + 1;
    const to = number ?? (before === undefined ? street.to : readAdditions(turn, after, street.to));
    const from = before ?? street.from;
    const numbered = number !== undefined || before !== undefined;
    if (numbered || street.sure || (talk && street.shaped) || isTied(turn, street.from))
      add(from, to, numbered ? 0.9 : 0.75);
    t = Math.max(t, to - 1);
  }
  if (
    found.length === 0 &&
    context.askedOf(turn.role) === 'address' &&
    turn.tokens.length <= 4 &&
    !turn.text.includes('?')
  ) {
    const answer = streetAnswer(turn);
    if (answer) add(answer.from, answer.to, 0.6);
  }
  for (const g of governed) {
    if (g.harmless || g.run.letters > 6) continue;
    const afterPostcode =
      g.kind === 'postcode' &&
      (g.source === 'asked' || g.source === 'in-flight' || g.repeated) &&
      g.run.digits <= 3 &&
      context.asked.includes('house');
    if ((g.kind === 'house' && g.run.digits > 0 && g.run.digits <= 5) || afterPostcode) {
      const to = readHouseNumber(turn, g.run.from) ?? g.run.looseTo;
      found.push({ ...foundRun('STREET_ADDRESS', g, 0.9, { answers: 'house' }), to: Math.max(to, g.run.to) });
    } else if (
      g.kind === 'address' &&
      g.run.digits <= 4 &&
      g.run.digits > 0 &&
      (g.source === 'asked' || g.source === 'in-flight') &&
      turn.tokens.length <= 12
    ) {
      found.push({
        ...foundRun('STREET_ADDRESS', g, 0.6, { answers: 'house' }),
        to: readHouseNumber(turn, g.run.from) ?? g.run.to,
      });
    }
  }
  return found;
};

/** "straat?" - "boterbloem": the whole of a short answer, without "ja" and "dat is". */
function streetAnswer(turn: Turn): { from: number; to: number } | undefined {
  const { tokens } = turn;
  let from = 0;
  while (
    from < tokens.length &&
    CORE_WORDS.has(tokens[from]!.norm) &&
    !(PREPOSITIONS.has(tokens[from]!.norm) && from === 0)
  )
    from += 1;
  let to = from;
  while (
    to < tokens.length &&
    (to === from || tokens[to]!.gap.kind !== 'sentence') &&
    tokens[to]!.kind !== 'symbol'
  )
    to += 1;
  const known = tokens.slice(from, to).some((t) => !CORE_WORDS.has(t.norm) && t.kind === 'word');
  const several = tokens
    .slice(from, to)
    .some((t) => !VOCABULARY.has(t.norm) || isNameWord(t.norm) || t.capital);
  return known && several ? { from, to } : undefined;
}

interface Street {
  from: number;
  to: number;
  /** Nothing but a street. */
  sure: boolean;
  shaped: boolean;
}

function readStreet(turn: Turn, t: number): Street | undefined {
  const token = turn.tokens[t]!;
  if (token.kind !== 'word') return undefined;
  const word = token.norm;
  if (OPENERS.has(word)) {
    const street = readOpened(turn, t);
    if (street) return street;
  }
  if (CLOSERS.has(word) && t > 0) {
    const from = closedFrom(turn, t);
    if (from < t)
      return {
        from,
        to: t + 1,
        sure: SURE_CLOSERS.has(word) && (!turn.cased || token.capital),
        shaped: true,
      };
  }
  if (word.length > 5 && word.length < 40 && !NOT_STREETS.has(word)) {
    const ending = ENDINGS.find((e) => word.length > e.length + 2 && word.endsWith(e));
    if (ending) {
      const sure = SURE_ENDINGS.includes(ending);
      if (sure || !VOCABULARY.has(word)) {
        if (!(PLACES.has(word) && !sure))
          return { from: prefixFrom(turn, t), to: t + 1, sure, shaped: !turn.cased || token.capital };
      }
    }
  }
  // "Am Alten Markt 3", "An der Linde 12", "Achter de Kerk 4": a preposition with a capital and a number.
  if (turn.cased && token.capital && PREPOSITIONS.has(word) && token.gap.kind !== 'sentence') {
    let k = t + 1;
    while (
      k < turn.tokens.length &&
      k - t < 4 &&
      (turn.tokens[k]!.capital || ['der', 'den', 'dem', 'de', 'het'].includes(turn.tokens[k]!.norm))
    )
      k += 1;
    if (k > t + 1 && readHouseNumber(turn, k) !== undefined)
      return { from: t, to: k, sure: false, shaped: true };
  }
  return undefined;
}

const PREPOSITIONS = new Set('am an im zum zur auf unter hinter achter aan in bei'.split(' '));

/** "rue de la Paix", "via Giuseppe Verdi", "Laan van Meerdervoort". */
function readOpened(turn: Turn, t: number): Street | undefined {
  const { tokens } = turn;
  let end = t + 1;
  let named = 0;
  while (end < tokens.length && end - t < 8) {
    const token = tokens[end]!;
    if (token.gap.kind === 'sentence' || token.gap.kind === 'comma') break;
    const element = turn.elements[turn.elementOf[end]!]!;
    if (element.kind === 'digits' && element.written) break;
    if (element.kind === 'digits' && named > 0) {
      // a date or ordinal in the name: "rue du 8 mai", "via quattro novembre"
      break;
    }
    if (OPENER_LINKS.has(token.norm)) {
      end += 1;
      continue;
    }
    if (token.kind !== 'word') break;
    const plain = CORE_WORDS.has(token.norm) && !(turn.cased && token.capital);
    if (plain) break;
    if (named > 0 && turn.cased && !token.capital) break;
    if (
      named > 0 &&
      !turn.cased &&
      VOCABULARY.has(token.norm) &&
      !isNameWord(token.norm) &&
      !TRAILING.has(token.norm)
    ) {
      // A common word belongs to the name when the house number comes right after it.
      const next = turn.elements[turn.elementOf[end]! + 1];
      if (next?.kind !== 'digits' || next.weak) break;
    }
    if (ADDITIONS.has(token.norm) && named > 0) break;
    if (named > 0 && !turn.cased && PLACES.has(token.norm) && !isNameWord(token.norm)) break;
    named += 1;
    end += 1;
    if (named >= 4) break;
  }
  while (end > t + 1 && OPENER_LINKS.has(tokens[end - 1]!.norm)) end -= 1;
  if (named === 0) {
    // "rue du huit mai 1945 3", "via 4 novembre 12"
    return undefined;
  }
  const weak = WEAK_OPENERS.has(tokens[t]!.norm);
  const name = tokens.slice(t + 1, end);
  const shaped = turn.cased
    ? name.some((x) => x.capital)
    : name.some((x) => !VOCABULARY.has(x.norm) || isNameWord(x.norm));
  if (weak && !shaped && readHouseNumber(turn, end) === undefined && numberBefore(turn, t) === undefined)
    return undefined;
  const linkedName = turn.cased && OPENER_LINKS.has(tokens[t + 1]!.norm) && tokens[end - 1]!.capital;
  const sure = shaped && (!weak || (linkedName && tokens[t]!.norm === 'via'));
  return { from: t, to: end, sure, shaped };
}

/** "High Street", "the old mill lane": one to three words before the street word. */
const TRAILING = new Set(
  'vert verte blanc blanche rouge noir noire neuf neuve vieux vieille haut haute bas basse grand grande nuovo nuova vecchio vecchia alto alta basso bassa grande rosso bianco bianca'.split(
    ' ',
  ),
);

function closedFrom(turn: Turn, t: number): number {
  const { tokens } = turn;
  let from = t;
  while (from > 0 && t - from < 3) {
    const right = tokens[from]!;
    const token = tokens[from - 1]!;
    if (right.gap.kind === 'sentence' || right.gap.kind === 'comma' || token.kind !== 'word') break;
    const element = turn.elements[turn.elementOf[from - 1]!]!;
    if (element.kind === 'digits' && !(turn.cased && token.capital)) break;
    if (turn.cased ? !token.capital : CORE_WORDS.has(token.norm)) break;
    if (FLAT_WORDS.has(token.norm) || CLOSER_STOPS.has(token.norm)) break;
    from -= 1;
  }
  return from;
}

const CLOSER_STOPS = new Set(
  'address live lives living moved adres woon same other main side across busy quiet opposite'.split(' '),
);

/** Words before a one-word street that belong to its name: "Jan van Galenstraat", "korte nieuwstraat". */
function prefixFrom(turn: Turn, t: number): number {
  const { tokens } = turn;
  let from = t;
  for (let k = t - 1; k >= 0 && t - k <= 4; k--) {
    const right = tokens[k + 1]!;
    const token = tokens[k]!;
    if (right.gap.kind === 'sentence' || right.gap.kind === 'comma' || token.kind !== 'word') break;
    const name = turn.cased
      ? token.capital && token.gap.kind !== 'sentence'
      : (isNameWord(token.norm) && !CORE_WORDS.has(token.norm)) || ADJECTIVES.has(token.norm);
    if (ADJECTIVES.has(token.norm) && (!turn.cased || token.capital)) from = k;
    else if (name && !CORE_WORDS.has(token.norm)) from = k;
    else if (right.gap.kind === 'join' && right.gap.marks === '-') from = k;
    else if (!['van', 'de', 'der', 'den', 'von', 'ten', 'ter', 'het', 'vom'].includes(token.norm) || k === 0)
      break;
  }
  return from;
}

const ADJECTIVES = new Set(
  'lange korte oude nieuwe grote kleine eerste tweede derde hoge lage sint st prins prinses koningin koning burgemeester dokter doctor professor generaal admiraal pastoor noorder zuider ooster wester alte neue obere untere grosse kleine lange hintere vordere bismarck graf kaiser konig'.split(
    ' ',
  ),
);

/** The end of a house number with its addition that starts at token `at`. */
export function readHouseNumber(turn: Turn, at: number): number | undefined {
  const { tokens, elements } = turn;
  let t = at;
  if (
    tokens[t] &&
    ['numero', 'nummer', 'number', 'n', 'nr', 'no', 'civico', 'huisnummer', 'hausnummer', 'num'].includes(
      tokens[t]!.norm,
    )
  )
    t += 1;
  while (tokens[t] && elements[turn.elementOf[t]!]!.kind === 'filler') t += 1;
  const abbreviated = t > 0 && tokens[t]?.gap.marks === '.' && tokens[t - 1]!.norm.endsWith('str');
  if (!tokens[t] || (t > 0 && tokens[t]!.gap.kind === 'sentence' && !abbreviated)) return undefined;
  let index = turn.elementOf[t]!;
  let e = elements[index];
  if (e?.kind !== 'digits' || e.from !== t || (e.weak && e.value === '1' && !tokens[e.to])) return undefined;
  let digits = 0;
  while (
    e?.kind === 'digits' &&
    digits + e.value.length <= 4 &&
    (digits === 0 || joinsNumber(turn, e, digits))
  ) {
    digits += e.value.length;
    t = e.to;
    index += 1;
    e = elements[index];
  }
  if (digits === 0) return undefined;
  return readAdditions(turn, index, t);
}

/** What follows a house number: a letter, "bis", "drie hoog", "bus 3", "-2", "apartment 4 C"; the end. */
function readAdditions(turn: Turn, firstIndex: number, end: number): number {
  const { tokens, elements } = turn;
  let index = firstIndex;
  let t = end;
  let e = elements[index];
  // Additions: a letter, "bis", "drie hoog", "bus 3", "-2".
  for (let more = 0; more < 4; more++) {
    e = elements[index];
    if (!e) break;
    const word = tokens[e.from]!.norm;
    const unitFollows = FLAT_WORDS.has(word) && isUnitNumber(turn, index + 1);
    const gap = tokens[e.from]!.gap;
    if (HOUSE_PARTS.has(word) && gap.kind !== 'sentence') {
      t = e.to;
      index += 1;
      continue;
    }
    if (unitFollows && (gap.kind !== 'sentence' || gap.marks === '.')) {
      index += 1;
      t = elements[index]!.to;
      const letter = elements[index + 1];
      if (
        letter?.kind === 'letters' &&
        letter.written &&
        ['none', 'join'].includes(tokens[letter.from]!.gap.kind)
      ) {
        t = letter.to;
        index += 1;
      }
      index += 1;
      continue;
    }
    if (word.length > 1 && elements[index]!.kind === 'word' && !ADDITIONS.has(word)) break;
    if (gap.kind === 'sentence' || gap.kind === 'comma') break;
    const next = elements[index + 1];
    const nextWord = next && tokens[next.from]!.norm;
    if (isAddition(turn, e, word)) {
      t = e.to;
      index += 1;
      if (FLAT_WORDS.has(word) && next?.kind === 'digits') {
        t = next.to;
        index += 1;
      }
    } else if (
      e.kind === 'digits' &&
      nextWord !== undefined &&
      ['hoog', 'boven', 'rood'].includes(nextWord)
    ) {
      t = next!.to;
      index += 2;
    } else if (
      e.kind === 'digits' &&
      tokens[e.from]!.gap.kind === 'join' &&
      '-/'.includes(tokens[e.from]!.gap.marks)
    ) {
      t = e.to;
      index += 1;
    } else if (
      e.kind === 'mark' &&
      '-/'.includes(e.value) &&
      next &&
      (next.kind === 'digits' || next.kind === 'letters')
    ) {
      t = next.to;
      index += 2;
    } else break;
  }
  return t;
}

/** "B", "7", "elf" after "Tür", "sc.", "int."; abbreviations may have a full stop. */
function isUnitNumber(turn: Turn, index: number): boolean {
  const e = turn.elements[index];
  if (!e) return false;
  const gap = turn.tokens[e.from]!.gap;
  if (gap.kind === 'sentence' && gap.marks !== '.') return false;
  return (e.kind === 'digits' && e.value.length <= 4) || (e.kind === 'letters' && e.written);
}

function joinsNumber(turn: Turn, e: Element, digits: number): boolean {
  const gap = turn.tokens[e.from]!.gap;
  return gap.kind === 'space' && !e.written && digits < 3;
}

function isAddition(turn: Turn, e: Element, word: string): boolean {
  if (e.kind === 'letters' && (e.written || e.spelled) && e.value.length === 1) {
    const token = turn.tokens[e.from]!;
    if (token.gap.kind === 'none' || token.gap.kind === 'join' || !e.weak || e.spelled)
      return !e.spelled || !e.weak;
    const next = turn.tokens[e.to];
    return (
      (turn.cased ? token.upper || token.capital : 'ae'.includes(word)) &&
      (next === undefined || next.gap.kind !== 'space' || turn.language === 'nl' || turn.language === 'de') &&
      !(word === 'a' && turn.language !== 'nl' && turn.language !== 'de') &&
      word !== 'e' &&
      word !== 'i'
    );
  }
  return word.length > 1 && ADDITIONS.has(word) && !(word === 'voor' || word === 'achter');
}

/** "12 High Street", "flat 3, 12 High Street", "15 bis, rue de la Paix". */
function numberBefore(turn: Turn, at: number): number | undefined {
  const { tokens, elements } = turn;
  if (at === 0) return undefined;
  let index = turn.elementOf[at - 1]!;
  let e = elements[index];
  if (tokens[at]!.gap.kind === 'sentence') return undefined;
  if (
    e &&
    (e.kind === 'letters' || ['bis', 'ter'].includes(tokens[e.from]!.norm)) &&
    index > 0 &&
    elements[index - 1]!.kind === 'digits'
  ) {
    index -= 1;
    e = elements[index];
  }
  if (e?.kind !== 'digits' || (e.weak && !e.written)) return undefined;
  if (e.value.length > 5) return undefined;
  let from = e.from;
  while (
    index > 0 &&
    elements[index - 1]!.kind === 'digits' &&
    tokens[from]!.gap.kind === 'space' &&
    elements[index - 1]!.value.length <= 2 &&
    !elements[index - 1]!.written
  ) {
    index -= 1;
    from = elements[index]!.from;
  }
  const unit = turn.tokens[from - 1];
  if (unit && FLAT_WORDS.has(unit.norm)) return from - 1;
  return flatBefore(turn, index) ?? from;
}

/** "flat three b", "Flat 3B," before the house number at element `index`. */
function flatBefore(turn: Turn, index: number): number | undefined {
  let i = index - 1;
  if (turn.elements[i]?.kind === 'letters' && turn.elements[i]!.value.length === 1) i -= 1;
  if (turn.elements[i]?.kind !== 'digits') return undefined;
  while (turn.elements[i - 1]?.kind === 'digits' && i > index - 4) i -= 1;
  const word = turn.elements[i - 1];
  return word && FLAT_WORDS.has(turn.tokens[word.from]!.norm) ? word.from : undefined;
}

/** A street tied to a person: "I live on", "woon op de", "habite". */
function isTied(turn: Turn, at: number): boolean {
  for (let t = Math.max(0, at - 5); t < at; t++) if (TIES.has(turn.tokens[t]!.norm)) return true;
  return false;
}

const TIES = new Set(
  'woon woont wonen woonde live lives living lived wohne wohnt wohnen habite habitons habitez abito abita vivo adres address adresse indirizzo anschrift moved verhuisd umgezogen woonachtig wohnhaft residente'.split(
    ' ',
  ),
);
