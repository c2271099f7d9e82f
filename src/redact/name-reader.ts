import { CORE_WORDS } from './core-words.ts';
import { readNumberWord } from './spoken/compound-numbers.ts';
import { MONTHS } from './spoken/months.ts';
import type { Turn } from './turn.ts';
import {
  GIVEN_NAMES,
  GIVEN_NAMES_ALSO_WORDS,
  isNameWord,
  isSurname,
  PLACES,
  RARE_GIVEN_NAMES,
  SURNAMES,
  SURNAMES_ALSO_WORDS,
  VOCABULARY,
} from './word-lists.ts';

export const PARTICLES: ReadonlySet<string> = new Set(
  'van de der den het t ter ten te von vom zu zur di del della dello dei degli delle la le lo du des da dos do el al bin ben abu ait ni nic st mac mc o d l op in'.split(
    ' ',
  ),
);
/** Particles that can open a surname on their own ("de Vries", "van Dam", "Di Marco"). */
const OPENING = new Set(
  'van de der den het t ter ten von vom zu di del della de la le lo du da dos el al bin ben abu ait ni nic mac mc o d l'.split(
    ' ',
  ),
);
export const TITLES: ReadonlySet<string> = new Set(
  (
    'ragioniera ragionier rag geom geometra avv arch ssa meneer mevrouw mevr mw dhr heer herr herrn frau fraulein monsieur madame mademoiselle maitre mme mlle signor signora signorina sig mr mrs ms miss mister dr dokter doktor doctor docteur dottor dottoressa dott ' +
    'prof professor professeur professore avvocato familie famille famiglia juffrouw ingegner notaris rechtsanwalt anwalt messieurs mesdames'
  ).split(' '),
);
/** Abbreviations after which a full stop does not end the sentence. */
const ABBREVIATED = new Set(
  'verz cl pat paz geb cli sigg avv ssa rag geom arch dr mr mrs ms prof sig dott mevr mw dhr st mme mlle ra'.split(
    ' ',
  ),
);
/** In the gazetteer, but mostly something else on the telephone. */
const NOT_NAMES = new Set(
  (
    'isin fritz hers mine punkt strich kollegin kollege vorname nachname hausnummer reception leitstelle cass mah passat fritzbox vespa monzo revolut klarna rozemarijn isch octavia fabia kadett corsa ibiza megane picasso senta adac ' +
    'mercedes alexa siri dacia visa maestro euro kia seat ford opel fiat skoda porsche lancia tesla android apple samsung amazon google netflix spotify telekom post android ' +
    'christmas pasqua natale ostern pasen pentecote easter monday tuesday sunday august juno juli avril april may june juin giugno internet wifi online router modem paypal ikea mutter vater bruder schwester sohn tochter mann oma opa mama papa tante onkel mere pere frere soeur madre padre fratello sorella moeder vader broer zus mother father brother sister iva sim wan lan german english french italian dutch spanish deutsch englisch franzosisch italienisch allemand anglais italien italiano inglese tedesco francese nederlands engels duits frans'
  ).split(' '),
);

/** Not a brand, a month or a relative, whatever the lists say. */
export function isPersonal(word: string): boolean {
  return !NOT_NAMES.has(word) && !MONTHS.has(word);
}

/** How much a token looks like part of a person's name. */
export function isGivenName(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  if (token?.kind !== 'word' || turn.inCue[t] || NOT_NAMES.has(token.norm) || CORE_WORDS.has(token.norm))
    return false;
  if (turn.cased && !token.capital) return false;
  if (GIVEN_NAMES.has(token.norm)) {
    if (PLACES.has(token.norm) || MONTHS.has(token.norm)) return false;
    // "RAM", "meg"
    if (token.norm.length < 4 && (token.upper || !token.capital)) return false;
    return token.norm.length > 2 && readNumberWord(token.norm) === undefined;
  }
  return false;
}

/** A first name of any list, where something before it says that one may follow. */
export function isKnownGivenName(word: string): boolean {
  return GIVEN_NAMES.has(word) || RARE_GIVEN_NAMES.has(word);
}

export function isNameLike(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  if (token?.kind !== 'word' || token.norm.length < 2 || NOT_NAMES.has(token.norm)) return false;
  const element = turn.elements[turn.elementOf[t]!]!;
  if (element.spelled && !element.weak) return false;
  if (CORE_WORDS.has(token.norm) || TITLES.has(token.norm)) return false;
  if (element.kind === 'digits' && !GIVEN_NAMES.has(token.norm)) return false;
  if (turn.inCue[t] && !(turn.cased && token.capital && isNameWord(token.norm) && !CUE_NAMES.has(token.norm)))
    return false;
  if (turn.cased) return token.capital;
  if (token.capital && !token.upper) return true;
  return isNameWord(token.norm) || (!VOCABULARY.has(token.norm) && token.norm.length > 2);
}

/** Cue words that the gazetteer has as names too. */
const CUE_NAMES = new Set('iban name'.split(' '));

export interface NameRange {
  readonly from: number;
  readonly to: number;
}

const MOST_TOKENS = 8;

/**
 * Reads a name that should start at `start` (titles are skipped and left outside). `trusting`: something as
 * clear as "my name is" came before, so that its first word is taken even if it is a common one.
 */
export function readName(
  turn: Turn,
  start: number,
  trusting: boolean,
  mayOpenSentence = false,
): NameRange | undefined {
  const { tokens } = turn;
  let from = start;
  while (from < tokens.length && TITLES.has(tokens[from]!.norm)) from += 1;
  if (from >= tokens.length) return undefined;
  if (
    from === start
      ? !mayOpenSentence &&
        tokens[from]!.gap.kind === 'sentence' &&
        from > 0 &&
        !afterAbbreviation(turn, from) &&
        !tokens[from]!.gap.marks.startsWith(':')
      : false
  )
    return undefined;
  let t = from;
  // Particles first: "van der Berg", "de Vries".
  let opening = 0;
  while (t < tokens.length && opening < 3 && OPENING.has(tokens[t]!.norm) && continues(turn, t + 1)) {
    t += 1;
    opening += 1;
  }
  if (opening > 0 && !isNameLike(turn, t)) return undefined;
  if (opening === 0) {
    if (isElided(turn, t)) t += 1;
    else if (isCommonFirstName(turn, t, trusting)) t += 0;
    else if (isInitial(turn, t)) {
      while (t < tokens.length && isInitial(turn, t) && t - from < 4) t += 1;
      while (t < tokens.length && PARTICLES.has(tokens[t]!.norm) && continues(turn, t)) t += 1;
      if (!isNameLike(turn, t)) return undefined;
    } else if (!isNameLike(turn, t)) {
      const token = tokens[t]!;
      const acceptable =
        trusting && token.kind === 'word' && !CORE_WORDS.has(token.norm) && !NOT_A_VALUE.has(token.norm);
      if (
        !acceptable ||
        (VOCABULARY.has(token.norm) &&
          !isNameWord(token.norm) &&
          ((turn.cased && !token.capital) || turn.language === 'de'))
      )
        return undefined;
      if (turn.elements[turn.elementOf[t]!]!.kind === 'digits' || turn.inCue[t]) return undefined;
    }
  }
  t += 1;
  while (t < tokens.length && t - from < MOST_TOKENS) {
    if (!continues(turn, t)) break;
    // "Molen-Achterberg", "Anne-Marie": what a hyphen joins to a name belongs to it.
    if (tokens[t]!.gap.kind === 'join' && tokens[t]!.gap.marks === '-' && tokens[t]!.kind === 'word') {
      t += 1;
      continue;
    }
    if (isElided(turn, t) && (!turn.cased || tokens[t]!.capital)) {
      t += 2;
      continue;
    }
    if (isNameLike(turn, t) && !isConnective(turn, t)) {
      if (isFirmWord(turn, t)) break;
      const lastWord = !(continues(turn, t + 1) && isNameWord(tokens[t + 1]?.norm ?? ''));
      if (
        !turn.cased &&
        lastWord &&
        GIVEN_NAMES_ALSO_WORDS.has(tokens[t]!.norm) &&
        !isSurname(tokens[t]!.norm)
      )
        break;
      t += 1;
      continue;
    }
    // "Willemijn Vos": a function word of another language, as a surname.
    if (turn.cased && tokens[t]!.capital && CORE_WORDS.has(tokens[t]!.norm) && isSurname(tokens[t]!.norm)) {
      if (turn.language !== 'de' && tokens[t]!.gap.kind === 'space') {
        t += 1;
        continue;
      }
    }
    if (isInitial(turn, t) && continues(turn, t + 1) && isNameLike(turn, t + 1) && turn.cased) {
      t += 2;
      continue;
    }
    let k = t;
    while (k < tokens.length && k - t < 3 && PARTICLES.has(tokens[k]!.norm) && continues(turn, k)) k += 1;
    if (k > t && continues(turn, k) && isNameLike(turn, k) && !(turn.cased && tokens[t]!.norm === 'in')) {
      if (BOTH[tokens[t]!.norm] && !isNameWord(tokens[k]!.norm) && !(turn.cased && tokens[t]!.capital)) break;
      if (LINKS_TO_FIRM.has(tokens[t]!.norm) && leadsToFirm(turn, from, t, k)) break;
      t = k + 1;
      continue;
    }
    break;
  }
  return { from, to: t };
}

/** "Will", "May": a function word with a capital within a sentence, or before a surname after "my name is". */
function isCommonFirstName(turn: Turn, t: number, trusting: boolean): boolean {
  const token = turn.tokens[t]!;
  if (!GIVEN_NAMES_ALSO_WORDS.has(token.norm) || !CORE_WORDS.has(token.norm) || MONTHS.has(token.norm))
    return false;
  const next = turn.tokens[t + 1];
  const beforeSurname = next?.gap.kind === 'space' && isSurname(next.norm) && !VOCABULARY.has(next.norm);
  if (!turn.cased) return trusting && beforeSurname;
  return (
    token.capital && turn.language !== 'de' && (token.gap.kind !== 'sentence' || trusting || beforeSurname)
  );
}

/** "n'diaye", "d'hondt", "Dell'Acqua", "O'Shaughnessy": a short word, an apostrophe, and no common word. */
export function isElided(turn: Turn, t: number): boolean {
  const first = turn.tokens[t];
  const second = turn.tokens[t + 1];
  if (first?.kind !== 'word' || second?.kind !== 'word' || first.norm.length > 4 || second.norm.length < 3)
    return false;
  if (second.gap.kind !== 'join' || !APOSTROPHES.has(second.gap.marks) || turn.inCue[t + 1]) return false;
  if (turn.cased) return (first.capital || second.capital) && !CORE_WORDS.has(second.norm);
  return (
    isSurname(first.norm + second.norm) || (!VOCABULARY.has(second.norm) && !CORE_WORDS.has(second.norm))
  );
}

const APOSTROPHES = new Set("'’‘`".split(''));

const LINKS_TO_FIRM = new Set('van von vom di da de del della du'.split(' '));
const FIRM_WORDS = new Set('gmbh bv nv ltd llc srl sarl sas spa ag kg bvba plc inc snc'.split(' '));

function isFirmWord(turn: Turn, t: number): boolean {
  return FIRM_WORDS.has(turn.tokens[t]!.norm);
}

/** "Sanne van Energie Direct", "Koen Lammers van Lammers en Zoon": after a complete name "van" names the firm. */
function leadsToFirm(turn: Turn, from: number, particle: number, next: number): boolean {
  const word = turn.tokens[next]!.norm;
  if (particle - from >= 2 && !(next - particle > 1)) return true;
  if (turn.role === 'agent' && turn.cased && turn.tokens[next]!.capital && turn.tokens[next + 1]?.capital) {
    if (turn.tokens[next + 1]!.gap.kind === 'space') return true;
  }
  return VOCABULARY.has(word) && !SURNAMES.has(word) && !SURNAMES_ALSO_WORDS.has(word);
}

/** Particles that are as often prepositions: what follows must be a known name. */
const BOTH: Record<string, boolean> = {
  in: true,
  op: true,
  al: true,
  zu: true,
  da: true,
  te: true,
  o: true,
  d: true,
  l: true,
  het: true,
  du: true,
  des: true,
  la: true,
  le: true,
  des_: true,
};

/** What follows "my name is" without being a name. */
const NOT_A_VALUE = new Set(
  'niet not nicht pas verkeerd wrong falsch correct richtig juist goed fout anders veranderd changed geandert gewijzigd nog already bekend onbekend verplicht inmiddels eigenlijk belangrijk important private geheim kort lang too long simpel simple einfach semplice facile difficile schwierig moeilijk hetzelfde same gleich spelled spelt geschreven'.split(
    ' ',
  ),
);

function isConnective(turn: Turn, t: number): boolean {
  const norm = turn.tokens[t]!.norm;
  return norm === 'en' || norm === 'und' || norm === 'and' || norm === 'et' || norm === 'e';
}

function continues(turn: Turn, t: number): boolean {
  const gap = turn.tokens[t]?.gap;
  if (!gap) return false;
  if (gap.kind === 'comma') return false;
  return gap.kind !== 'sentence' || isInitial(turn, t - 1) || afterAbbreviation(turn, t);
}

function isInitial(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  if (token?.kind !== 'word' || token.norm.length !== 1) return false;
  if (turn.elements[turn.elementOf[t]!]!.spelled) return false;
  if (turn.cased) return token.capital;
  return !'aeiouy'.includes(token.norm);
}

function afterAbbreviation(turn: Turn, t: number): boolean {
  const gap = turn.tokens[t]!.gap;
  return gap.marks === '.' && t > 0 && ABBREVIATED.has(turn.tokens[t - 1]!.norm);
}

export function isAlsoWord(word: string): boolean {
  return GIVEN_NAMES_ALSO_WORDS.has(word);
}
