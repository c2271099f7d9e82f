import { phrasesOf } from '../context/cue-phrases.ts';
import { CORE_WORDS } from '../core-words.ts';
import { PhraseTrie } from '../phrase-trie.ts';
import type { Turn } from '../turn.ts';
import { isPlace, VOCABULARY } from '../word-lists.ts';
import { touchesDate } from './dates.ts';
import type { Found, Recognizer } from './recognizer.ts';

/** After these stands the place where somebody lives, was born or is found. */
const RESIDENCE = new PhraseTrie<true>().addAll(
  phrasesOf(`ik woon in | ik woon te | wij wonen te | woont te | opgegroeid in | gevestigd in | wij zitten in | woon in | woont in | wonen in | woonplaats is | woonplaats | woonachtig in | woonachtig te | ik kom uit | kom uit | afkomstig uit | geboren in | geboren te | ik sta in | ik sta bij | sta ik bij | we staan bij | verhuisd naar | verhuis naar | verhuizen naar | ik zit in | ter hoogte van | geboorteplaats is | geboorteplaats | gestrand bij | pech bij | in de buurt van | wij wonen in | woonde in | vlak bij | vlakbij | i live in | we're out in | live in | moved down to | moved up to | moved over to | move to | relocated to | relocating to | grew up in | stuck outside | we're in | lives in | living in | i'm from | i am from | come from | born in | i'm in | i'm based in | based in | moved to | moving to | stuck near | stuck in | broken down near | broken down in | broken down just outside | just outside | resident of | resident in | place of birth is | i grew up in | outside | near |
    lebt in | lebt bei | leben in | aufgewachsen in | gemeldet in | sesshaft in | ich wohne in | wohne in | wohnt in | wohnen in | wohnhaft in | wohnort ist | wohnort | ich komme aus | komme aus | geboren in | ich stehe bei | ich stehe in | stehe kurz vor | umgezogen nach | ziehe nach | in der nähe von | geburtsort ist | geburtsort | ich lebe in | lebe in | kurz vor | höhe | wir wohnen in |
    on vit à | vit à | vivons à | vivent à | habitent à | habite au | habite aux | né au | née au | j'habite à | j'habite | habite à | habite | habitons à | je vis à | je viens de | domicilié à | domiciliée à | né à | née à | je suis à | près de | en panne à | à côté de | déménagé à | déménage à | originaire de | lieu de naissance est | je réside à | réside à | nous habitons à | j'habite au | du côté de | à hauteur de | à hauteur d' | près d' | à côté d' | originaire d' | du côté d' | en face d' |
    abito a | abito ad | vivo a | vivo ad | vive a | vive ad | vivono a | residente a | residente ad | abita a | abitiamo a | sono di | vengo da | nato a | nata a | nato ad | nata ad | trasferito a | trasferita a | trasferiti a | trasferite a | cresciuto a | cresciuta a | nati a | luogo di nascita | comune di | frazione | località | fraz | fermo vicino a | fermo a | vicino a | all'altezza di | all altezza di | domiciliato a | viviamo a`),
  true,
);
const CONNECTING = new Set(
  'aan den de het an der am im bei sur en les la le sous upon on of by der ob del di in sul nel a l d los san st saint sankt sint bad'.split(
    ' ',
  ),
);
const COUNTRIES = new Set(
  (
    'nederland netherlands niederlande belgie belgium belgien belgique belgio duitsland germany deutschland allemagne germania frankrijk france frankreich francia italie italy italien italia engeland england angleterre inghilterra ' +
    'spanje spain spanien espagne spagna zwitserland switzerland schweiz suisse svizzera oostenrijk austria osterreich autriche luxemburg luxembourg marokko maroc morocco turkije turkey turkei turquie turchia polen poland pologne polonia uk usa amerika america europa europe britain ' +
    'portugal denemarken denmark ireland ierland irlande scotland wales schotland ukraine oekraine suriname indonesie china india'
  ).split(' '),
);

const ADDRESS: ReadonlySet<string> = new Set(['address', 'postcode', 'house', 'place']);

export const recognizeLocation: Recognizer = ({ turn, context, dates, inDate }) => {
  const found: Found[] = [];
  const { tokens } = turn;
  for (let t = 0; t < tokens.length; t++) {
    const cue = RESIDENCE.longestAt(tokens, t) ?? verbAndPreposition(turn, t) ?? beforeParticiple(turn, t);
    if (!cue) continue;
    const range = readPlace(turn, cue.to, false, true);
    if (range && !isDenied(turn, t) && !touchesDate(inDate, range)) {
      found.push({ type: 'LOCATION', ...range, score: 0.84, answers: 'place' });
    }
    t = cue.to - 1;
  }
  found.push(
    ...brokenDown(turn),
    ...bornThere(turn, dates, context.asked.includes('birth') || turn.cueKinds.has('birth')),
  );
  if (found.length === 0 && context.inFlight && ADDRESS.has(context.inFlight) && tokens.length <= 12) {
    // "Dan komt u uit in Deventer": a place in talk about an address.
    for (let t = 0; t + 1 < tokens.length; t++) {
      if (!PREPOSITIONS.has(tokens[t]!.norm) || !isPlaceName(turn, t + 1)) continue;
      const range = readPlace(turn, t + 1, false);
      if (range) found.push({ type: 'LOCATION', ...range, score: 0.66, answers: 'place' });
    }
  }
  const asked = context.askedOf(turn.role);
  if (
    found.length === 0 &&
    (asked === 'place' || asked === 'postcode' || asked === 'address') &&
    tokens.length <= 14
  ) {
    for (let t = 0; t < tokens.length; t++) {
      if (CORE_WORDS.has(tokens[t]!.norm) && !isPlaceName(turn, t)) continue;
      if (asked !== 'place' && !isPlaceName(turn, t)) continue;
      const range = readPlace(turn, t, asked === 'place' || isPlaceName(turn, t));
      if (!range) continue;
      found.push({ type: 'LOCATION', ...range, score: 0.7, answers: 'place' });
      break;
    }
  }
  return found;
};

const VERBS = new Set(
  'woon woont wonen woonde live lives lived wohne wohnt wohnen habite habitons habitait vivo abito abita abitiamo geboren born né nee ne nato nata wohnhaft woonachtig verhuisd umgezogen moved'.split(
    ' ',
  ),
);
const PREPOSITIONS = new Set('in te a ad to nach naar'.split(' '));

/** "ik woon sinds 2019 in Amersfoort": a verb of living, a few words, and a preposition before the place. */
function verbAndPreposition(turn: Turn, t: number): { to: number } | undefined {
  if (!VERBS.has(turn.tokens[t]!.norm)) return undefined;
  for (let k = t + 1; k < turn.tokens.length && k <= t + 8; k++) {
    const token = turn.tokens[k]!;
    if (token.gap.kind === 'sentence') return undefined;
    const next = turn.tokens[k + 1];
    if (PREPOSITIONS.has(token.norm) && next && next.gap.kind === 'space' && isPlaceName(turn, k + 1))
      return { to: k + 1 };
  }
  return undefined;
}

/** "in Thalwil geboren", "nach Essen gezogen", "naar Ede verhuisd": the verb behind the place. */
function beforeParticiple(turn: Turn, t: number): { to: number } | undefined {
  if (!PREPOSITIONS.has(turn.tokens[t]!.norm)) return undefined;
  const end = knownPlaceEnd(turn, t + 1, true);
  return end !== undefined && PARTICIPLES.has(turn.tokens[end]?.norm ?? '') ? { to: t + 1 } : undefined;
}

const PARTICIPLES = new Set(
  'geboren gezogen umgezogen aufgewachsen gemeldet wohnhaft woonachtig verhuisd opgegroeid gaan komen'.split(
    ' ',
  ),
);

const BREAKDOWN = new Set(
  'panne pech stil stilgevallen stehengeblieben liegengeblieben stehe gestrandet gestrand fermo ferma guasto breakdown broken stuck stranded arrete arretee immobilise tombe lekke platten reifenpanne crevaison foratura motorlampje uberfallen wreck takelwagen sleepwagen abschleppen depanneuse carro autosnelweg autobahn autoroute autostrada'.split(
    ' ',
  ),
);
const NEAR = new Set(
  'bei bij hinter vor near vers a in dopo outside voorbij na nach pres ad at hohe hauteur altezza kurz tussen zwischen past before di de te'.split(
    ' ',
  ),
);
const TOWARDS = new Set('richting direction fahrtrichtung direzione towards verso naar'.split(' '));

/** "panne auf der A7 kurz hinter Soltau", "ferma a Mendrisio": where somebody is found; not where they go. */
function brokenDown(turn: Turn): Found[] {
  const { tokens } = turn;
  if (!tokens.some((t) => BREAKDOWN.has(t.norm))) return [];
  const found: Found[] = [];
  for (let t = 0; t + 1 < tokens.length; t++) {
    if (!NEAR.has(tokens[t]!.norm) || tokens[t + 1]!.gap.kind !== 'space') continue;
    if (TOWARDS.has(tokens[t - 1]?.norm ?? '') || TOWARDS.has(tokens[t]!.norm)) continue;
    const next = tokens[t + 1]!;
    const likely =
      isPlaceName(turn, t + 1) || (next.capital && !VOCABULARY.has(next.norm) && next.norm.length > 2);
    if (!likely || next.upper) continue;
    const range = readPlace(turn, t + 1, true);
    if (range) found.push({ type: 'LOCATION', ...range, score: 0.68, answers: 'place' });
  }
  return found;
}

/** "geboren 5 mei 1980 in Hanoi". */
function bornThere(turn: Turn, dates: readonly { to: number }[], birth: boolean): Found[] {
  if (!birth) return [];
  const found: Found[] = [];
  for (const date of dates) {
    const preposition = turn.tokens[date.to];
    if (!preposition || !PREPOSITIONS.has(preposition.norm) || !turn.tokens[date.to + 1]) continue;
    const range = placeWord(turn, date.to + 1) ? readPlace(turn, date.to + 1, false) : undefined;
    if (range) found.push({ type: 'LOCATION', ...range, score: 0.7, answers: 'place' });
  }
  return found;
}

/** A place after a postcode or a street: "1234 AB Utrecht", "Dorfstraße 3 in Köln". */
export function placeAfter(turn: Turn, at: number): { from: number; to: number } | undefined {
  let t = at;
  let linked = false;
  while (t < turn.tokens.length && t < at + 2 && LINKS.has(turn.tokens[t]!.norm)) {
    t += 1;
    linked = true;
  }
  const token = turn.tokens[t];
  if (!token || (token.gap.kind === 'sentence' && t > at)) return undefined;
  if (
    !isPlaceName(turn, t) &&
    !(turn.cased
      ? token.capital &&
        !token.upper &&
        !CORE_WORDS.has(token.norm) &&
        !(VOCABULARY.has(token.norm) && turn.language === 'de') &&
        token.gap.kind !== 'sentence'
      : linked && !VOCABULARY.has(token.norm))
  ) {
    return undefined;
  }
  return readPlace(turn, t, true);
}

const LINKS = new Set('sempre toujours in te a ad in zu at'.split(' '));

/** `sure`: a sentence may begin with it; `cued`: what is said before leaves no doubt, so that it may be a word. */
function readPlace(
  turn: Turn,
  from: number,
  sure: boolean,
  cued = false,
): { from: number; to: number } | undefined {
  const { tokens } = turn;
  let start = from;
  while (
    knownPlaceEnd(turn, start, cued) === undefined &&
    start < from + 2 &&
    SKIPPED.has(tokens[start]?.norm ?? '')
  )
    start += 1;
  const first = tokens[start];
  if (first?.kind !== 'word' || COUNTRIES.has(first.norm)) return undefined;
  if (
    (start > from || !sure) &&
    first.gap.kind === 'sentence' &&
    start > 0 &&
    !first.gap.marks.startsWith(':')
  )
    return undefined;
  const known = knownPlaceEnd(turn, start, cued);
  const article =
    start > from && SKIPPED.has(tokens[start - 1]!.norm) && turn.cased && tokens[start - 1]!.capital;
  const opens =
    CONNECTING.has(first.norm) &&
    (first.capital || !turn.cased) &&
    placeWord(turn, start + 1) &&
    !CORE_WORDS.has(first.norm);
  if (known === undefined && !opens && !placeWord(turn, start)) return undefined;
  let t = onRiver(turn, known ?? start + 1);
  while (t < tokens.length && t - start < 6) {
    const gap = tokens[t]!.gap;
    if (gap.kind === 'sentence' || gap.kind === 'comma') break;
    if (
      placeWord(turn, t) &&
      (gap.kind === 'join' || (turn.cased ? tokens[t]!.capital : isKnownTogether(turn, start, t)))
    ) {
      t += 1;
      continue;
    }
    if (
      CONNECTING.has(tokens[t]!.norm) &&
      tokens[t + 1] &&
      (isKnownTogether(turn, start, t + 1) || (gap.kind === 'join' && tokens[t + 1]!.gap.kind === 'join'))
    ) {
      t += 2;
      continue;
    }
    break;
  }
  return { from: article ? start - 1 : start, to: t };
}

/** "Frankfurt an der Oder", "Wijk aan Zee": where the addition of a place's name ends that may follow at `at`. */
function onRiver(turn: Turn, at: number): number {
  const { tokens } = turn;
  if (tokens[at]?.gap.kind !== 'space' || !ON_RIVER.has(tokens[at]!.norm)) return at;
  const river = RIVER_ARTICLES.has(tokens[at + 1]?.norm ?? '') ? at + 2 : at + 1;
  const name = tokens[river];
  if (name?.gap.kind !== 'space') return at;
  return RIVERS.has(name.norm) || (turn.cased && name.capital && name.kind === 'word') ? river + 1 : at;
}

const ON_RIVER = new Set('an am aan sur upon on ob'.split(' '));
const RIVER_ARTICLES = new Set('der den de the dem'.split(' '));
const RIVERS = new Set(
  'oder main rhein donau weser elbe neckar saale isar inn lahn ruhr weinstrasse mosel spree havel see rijn ijssel amstel maas zee lek seine loire marne saone mer trent thames tyne avon sea'.split(
    ' ',
  ),
);

const SKIPPED = new Set('eh ehm uh euh the de het la le il'.split(' '));

function isKnownTogether(turn: Turn, from: number, last: number): boolean {
  const name = turn.tokens
    .slice(from, last + 1)
    .map((t) => t.norm)
    .join('_');
  return isPlace(name);
}

function isPlaceName(turn: Turn, t: number): boolean {
  return knownPlaceEnd(turn, t) !== undefined;
}

/** Words of the longest name of a place: "Burton on Trent", "Sint Pieters Leeuw". */
const LONGEST_NAME = 5;

/** Where the longest known place that starts at `t` ends. */
function knownPlaceEnd(turn: Turn, t: number, cued = false): number | undefined {
  const { tokens } = turn;
  const first = tokens[t];
  if (first?.kind !== 'word' || (turn.cased && !first.capital)) return undefined;
  let name = first.norm;
  const alone =
    !VOCABULARY.has(name) ||
    (turn.cased && first.capital) ||
    name.length > 5 ||
    (cued && !CORE_WORDS.has(name));
  let end = alone && isPlace(name) ? t + 1 : undefined;
  for (let k = t + 1; k < Math.min(tokens.length, t + LONGEST_NAME); k++) {
    const { kind, gap, norm } = tokens[k]!;
    if (kind !== 'word' || gap.kind === 'sentence' || gap.kind === 'comma') break;
    name += `_${norm}`;
    if (isPlace(name)) end = k + 1;
  }
  return end;
}

function placeWord(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  if (token?.kind !== 'word' || COUNTRIES.has(token.norm)) return false;
  const element = turn.elements[turn.elementOf[t]!]!;
  if (element.kind !== 'word' && !(element.kind === 'letters' && element.spelled && element.weak))
    return false;
  if (turn.cased) return token.capital && !CORE_WORDS.has(token.norm);
  return isPlaceName(turn, t) || (!VOCABULARY.has(token.norm) && !CORE_WORDS.has(token.norm));
}

function isDenied(turn: Turn, cueStart: number): boolean {
  for (let t = Math.max(0, cueStart - 2); t < cueStart; t++)
    if (['niet', 'not', 'nicht', 'pas', 'non'].includes(turn.tokens[t]!.norm)) return true;
  return false;
}
