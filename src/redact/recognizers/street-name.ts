import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { isNameWord, isSurname, PLACES, VOCABULARY } from '../word-lists.ts';
import { ADDITIONS, FLAT_WORDS, numberBefore, readHouseNumber } from './house-number.ts';

/* Names of streets by their form: "Kerkstraat", "rue de la Paix", "High Street", "Am Alten Markt". */

export interface Street {
  from: number;
  to: number;
  /** Nothing but a street. */
  sure: boolean;
  shaped: boolean;
}

export function readStreet(turn: Turn, t: number): Street | undefined {
  const token = turn.tokens[t]!;
  if (token.kind !== 'word') return undefined;
  const word = token.norm;
  // "Mariahilfer Straße zwölf": before a number such a word closes the name.
  const numbered = turn.elements[turn.elementOf[t]! + 1]?.kind === 'digits';
  if (OPENERS.has(word) && !(CLOSERS.has(word) && numbered)) {
    const street = readOpened(turn, t) ?? readNumberedRoad(turn, t);
    if (street) return street;
  }
  const abbreviated = readAbbreviated(turn, t);
  if (abbreviated) return abbreviated;
  // "LN19 XPO" is a plate and no lane.
  const plate = token.upper && word.length <= 2 && turn.tokens[t + 1]?.gap.kind === 'none';
  if (CLOSERS.has(word) && t > 0 && !plate) {
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

export const PREPOSITIONS = new Set('am an im zum zur auf unter hinter achter aan in bei'.split(' '));

/** "strada provinciale 14 n. 203": a road with a number of its own. */
function readNumberedRoad(turn: Turn, t: number): Street | undefined {
  const { tokens } = turn;
  if (!ROADS.has(tokens[t]!.norm) || !ROAD_KINDS.has(tokens[t + 1]?.norm ?? '')) return undefined;
  const number = tokens[t + 2];
  if (!number || turn.elements[turn.elementOf[t + 2]!]!.kind !== 'digits' || number.gap.kind === 'sentence')
    return undefined;
  return { from: t, to: turn.elements[turn.elementOf[t + 2]!]!.to, sure: false, shaped: true };
}

const ROADS = new Set('strada route via'.split(' '));
const ROAD_KINDS = new Set('provinciale statale comunale regionale departementale nationale'.split(' '));

/** "C.so Garibaldi", "P.zza Dante", "V.le dei Mille", "lieu-dit La Croix": two tokens that open a name. */
function readAbbreviated(turn: Turn, t: number): Street | undefined {
  const { tokens } = turn;
  const next = tokens[t + 1];
  if (next?.gap.kind !== 'join' || !ABBREVIATED.has(`${tokens[t]!.norm} ${next.norm}`)) return undefined;
  const street = readOpened(turn, t + 1);
  return street && { ...street, from: t, shaped: true };
}

const ABBREVIATED = new Set(['c so', 'p zza', 'p za', 'v le', 'v lo', 'l go', 'p le', 'lieu dit', 'st rada']);

/** "rue de la Paix", "via Giuseppe Verdi", "Laan van Meerdervoort". */
function readOpened(turn: Turn, t: number): Street | undefined {
  const { tokens } = turn;
  // "place de parking n° 8", "la place quarante-trois"
  if (tokens[t]!.norm === 'place' && tokens.slice(t + 1, t + 3).some(({ norm }) => SEATS.has(norm)))
    return undefined;
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
    // "via Sparano da Bari"
    if (named > 0 && turn.cased && ['da', 'in'].includes(token.norm) && tokens[end + 1]?.capital) {
      end += 1;
      continue;
    }
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
  const from = wordsBefore(turn, t);
  return from === t ? ownParticles(turn, t) : from;
}

/** "de Ruijterstraat", "Van Hogendorplaan": particles of the person whose name it bears; "de Kerkstraat" has an article. */
function ownParticles(turn: Turn, t: number): number {
  const { tokens } = turn;
  let from = t;
  while (
    from > 0 &&
    t - from < 3 &&
    tokens[from]!.gap.kind === 'space' &&
    NAME_PARTICLES.has(tokens[from - 1]!.norm)
  )
    from -= 1;
  if (from === t || turn.language === 'de') return t;
  const ending = ENDINGS.find((e) => tokens[t]!.norm.endsWith(e))!;
  const stem = tokens[t]!.norm.slice(0, -ending.length);
  if (VOCABULARY.has(stem) || !isSurname(stem)) return t;
  if (turn.cased && tokens[from]!.capital) return from;
  // "op de Prinsengracht", "van de Ruijterstraat": an article.
  return BEFORE_ARTICLES.has(tokens[t - 2]?.norm ?? '') ? t : t - 1;
}

const BEFORE_ARTICLES = new Set('op aan in van naar bij langs uit voor over tot'.split(' '));
const NAME_PARTICLES = new Set('van de der den het t ter ten von'.split(' '));

function wordsBefore(turn: Turn, t: number): number {
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
    // "Nieuw adres: Van Speijkstraat 41"
    else if (turn.cased && token.capital && k > 0 && !/^[.!?]/.test(token.gap.marks)) from = k;
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

/** "The Old Forge, 2 Mill Lane": the name of a house before its street. */
export function houseNameBefore(turn: Turn, at: number): number | undefined {
  const { tokens } = turn;
  if (turn.language !== 'en' || !turn.cased || at < 2 || tokens[at]!.gap.kind !== 'comma') return undefined;
  let from = at;
  while (from > 0 && at - from < 4 && tokens[from - 1]!.capital && tokens[from - 1]!.kind === 'word') {
    from -= 1;
    if (tokens[from]!.gap.kind !== 'space') break;
  }
  const named = tokens[from]?.norm === 'the' || HOUSE_NAMES.has(tokens[at - 1]!.norm);
  return named && at - from > 1 ? from : undefined;
}

const HOUSE_NAMES = new Set(
  'cottage house forge barn farm farmhouse lodge villa mill manor hall rectory vicarage bungalow stables grange court mews'.split(
    ' ',
  ),
);

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
const SEATS = new Set('parking stationnement assise numero couloir fenetre'.split(' '));

const NOT_STREETS = new Set(
  'anlage feld kanal wasstraat waschstrasse zeile einbahnstrasse paragraf adresbalk weg onderweg vanweg parkeerplaats werkplaats woonplaats geboorteplaats halverwege vliegveld gebied bedrijf voorwerk verkeersweg snelweg autoweg eenbaan ontbijt supermarkt baan verband haven arbeitsplatz parkplatz durchweg deswegen marktplatz bahnhof umweg unterwegs autobahn rucksicht feedback urlaub zweifel hauptbahnhof flughafen spielplatz sitzplatz startplatz laatste eetkamer allerlei huwelijk standplaats speelplaats kantoor aandeel internetveld zoekveld invoerveld gebruikersveld voetbalveld tekstveld telefoonbaan rijbaan bijbaan vakgebied wiederum anderweitig bezug ausweg einweg mobiel bezoek flugplatz bolwerk hoofdweg bedrijvenpark pretpark vakantiepark zonnepark winkelstraat doodlopend hypothek lastschrift verderop hof park markt dam wal ring berg tor kamp veld brink dijk pad bos loop plaats allerhande sonderweg monat tag auftrag vertrag antrag betrag beitrag rückweg rotterdam amsterdam zaandam schiedam volendam edam veendam monnickendam nurnberg heidelberg bamberg freiburg'.split(
    ' ',
  ),
);
/** Street words after which the name follows (French, Italian, and Dutch "Laan van"). */
const OPENERS = new Set(
  'montee hameau lieudit lotissement residence clos cite esplanade promenade traverse venelle parvis cour voie chaussee frazione fraz localita loc rampa galleria fondaco calle campo fondamenta salita rione strasse provinciale rue avenue boulevard place allee allees chemin impasse quai cours route square passage ruelle sentier chaussee faubourg rond av bd bld boul via viale piazza corso largo vicolo strada piazzale lungomare contrada borgo salita traversa piazzetta vicoletto lungotevere laan plein'.split(
    ' ',
  ),
);
const WEAK_OPENERS = new Set(
  'montee hameau residence clos cite promenade traverse cour voie frazione fraz localita loc rampa galleria calle campo provinciale via place cours route passage square corso largo strada salita borgo plein passage av quai rond'.split(
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
  'cottages villas mansions buildings fields meadow meadows vale chase croft wynd brae grange paddocks spinney glade orchard circus embankment street road lane avenue drive close crescent court gardens terrace square grove hill row mews walk rise view boulevard parade way st rd ave ln dr place green wharf quay baan dijk plein kade markt straat strasse laan weg allee platz gasse singel gracht str'.split(
    ' ',
  ),
);
const SURE_CLOSERS = new Set(
  'street road avenue lane drive close crescent gardens terrace straat strasse laan gracht'.split(' '),
);
