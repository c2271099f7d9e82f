import type { EntityType } from '../domain/entity.ts';
import type { CallContext } from './call-context.ts';
import type { Governed } from './context/govern-runs.ts';
import { CORE_WORDS } from './core-words.ts';
import type { Found } from './recognizers/recognizer.ts';
import { ALPHABET_WORDS } from './spoken/letters.ts';
import type { Element } from './spoken/read-elements.ts';
import { ABBREVIATIONS, COUNTRIES } from './spoken/read-runs.ts';
import type { Turn } from './turn.ts';
import { VOCABULARY } from './word-lists.ts';

/** Identifiers made of digits and letters. */
const CLOSED: ReadonlySet<EntityType> = new Set<EntityType>([
  'PHONE_NUMBER',
  'IBAN_CODE',
  'CREDIT_CARD',
  'CARD_SECURITY_CODE',
  'NATIONAL_ID',
  'CREDENTIAL',
  'CUSTOMER_REFERENCE',
  'LICENSE_PLATE',
]);
/** Of these, those with groups of letters: "zmb lri 91e55". */
const LETTERED: ReadonlySet<EntityType> = new Set<EntityType>([
  'IBAN_CODE',
  'NATIONAL_ID',
  'CREDENTIAL',
  'CUSTOMER_REFERENCE',
  'LICENSE_PLATE',
]);
const NAMED: ReadonlySet<EntityType> = new Set<EntityType>([
  'PERSON',
  'LOCATION',
  'ORGANIZATION',
  'STREET_ADDRESS',
]);
/** Elements a span may grow by on each side; keeps the walk linear. */
const MOST = 40;

/**
 * Grows identifiers over the digits and letters beside them, so that no part of a value survives at its edges:
 * behind a filler, a self-correction or a comma, or read as a word ("un", "sei", "Papa"). Stops at words, cues,
 * amounts, dates, the end of a sentence and other findings. `found` is disjoint and in order, and stays so.
 */
export function closeSpans(
  turn: Turn,
  found: readonly Found[],
  context: CallContext,
  governed: readonly Governed[],
  inDate: Uint8Array,
): Found[] {
  const harmless = new Uint8Array(turn.tokens.length);
  for (const g of governed) if (g.harmless) harmless.fill(1, g.run.from, g.run.to);
  const closed: Found[] = [];
  const anyClosed = found.some(({ type }) => CLOSED.has(type));
  const kept = anyClosed ? withoutSpelling(turn, found) : found;
  kept.forEach((f, i) => {
    if (!CLOSED.has(f.type)) {
      // "de la Rochefoucauld", "L'Aquila": small words begin names.
      closed.push(NAMED.has(f.type) ? f : trimmed(turn, f));
      return;
    }
    const floor = closed.at(-1)?.to ?? 0;
    const ceiling = kept[i + 1]?.from ?? turn.tokens.length;
    const free = (e: Element): boolean =>
      e.from >= floor && e.to <= ceiling && !harmless[e.from] && !inDate[e.from] && !turn.inCue[e.from];
    const answers = LETTERED.has(f.type) && (context.asked.length > 0 || context.inFlight !== undefined);
    const from = withCountry(turn, f, grow(turn, f.from, -1, free, answers), floor);
    closed.push(trimmed(turn, { ...f, from, to: grow(turn, f.to - 1, 1, free, answers) }));
  });
  return bridged(turn, closed);
}

/** Names that are words of a spelling alphabet belong to the identifier beside them: "R come Roma, sei". */
function withoutSpelling(turn: Turn, found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const f of found) {
    const before = kept.at(-1);
    if (CLOSED.has(f.type) || !isSpelling(turn, f)) kept.push(f);
    else if (before && CLOSED.has(before.type) && before.to === f.from)
      kept[kept.length - 1] = { ...before, to: f.to };
  }
  return kept;
}

/** Tokens of small talk within a value: "..., nee, das ist ein ...", "und am Schluss". */
const LONGEST_BRIDGE = 6;

/** Joins two pieces of one value with a correction, a link or a filler between, or an unknown word ("zwounzwanzig"). */
function bridged(turn: Turn, found: readonly Found[]): Found[] {
  const out: Found[] = [];
  for (const f of found) {
    const before = out.at(-1);
    if (before && isOneValue(before, f) && isBridge(turn, before.to, f.from))
      out[out.length - 1] = { ...before, to: f.to, answers: f.answers ?? before.answers };
    else out.push(f);
  }
  return out;
}

/** "acht fünf zwounzwanzig drei eins": a word nobody knows among spoken digits. */
function isMisheard(turn: Turn, t: number): boolean {
  const { norm, gap } = turn.tokens[t]!;
  const spoken = (e: Element | undefined): boolean => e?.kind === 'digits' && !e.written;
  const i = turn.elementOf[t]!;
  const alone = gap.kind === 'space' && spoken(turn.elements[i - 1]) && spoken(turn.elements[i + 1]);
  return alone && !turn.inCue[t] && !CORE_WORDS.has(norm) && !VOCABULARY.has(norm);
}

/** Letters of an account that are said as the name of its bank. */
const BANKS = new Set('ing abn amro abna rabo ingb asn snsb knab bunq trio'.split(' '));

/** Of one type, or one of them only known to be a number. */
function isOneValue(a: Found, b: Found): boolean {
  if (!CLOSED.has(a.type) || !CLOSED.has(b.type)) return false;
  return a.type === b.type || a.score < UNSURE || b.score < UNSURE;
}

const UNSURE = 0.5;

function isBridge(turn: Turn, from: number, to: number): boolean {
  if (to - from > LONGEST_BRIDGE || to <= from) return false;
  let joint = false;
  for (let t = from; t <= to; t++) {
    const { gap, norm, kind } = turn.tokens[t]!;
    if (gap.kind === 'sentence') return false;
    if (t === to) break;
    if (LOOSE.has(turn.elements[turn.elementOf[t]!]!.kind)) joint = true;
    else if (to - from === 1 && kind === 'word' && (isMisheard(turn, t) || BANKS.has(norm))) joint = true;
    else if (!CORE_WORDS.has(norm) && !(turn.inCue[t] && turn.cues[turn.cueAt[t]!]?.kind === 'tail'))
      return false;
  }
  return joint;
}

/** "de neunzehn drei sieben ...", "Deutschland, neunzehn, ...": the country of an account, in lower case or by its name. */
function withCountry(turn: Turn, f: Found, from: number, floor: number): number {
  const before = turn.tokens[from - 1];
  if (!before || from - 1 < floor || turn.inCue[from - 1]) return from;
  const { kind } = turn.tokens[from]!.gap;
  const long = f.to - from >= LONG_ACCOUNT;
  const checkDigits = turn.elements[turn.elementOf[from]!]!.value.length === 2;
  if (COUNTRY_NAMES.has(before.norm) && checkDigits && kind !== 'sentence')
    return long || f.type === 'IBAN_CODE' ? from - 1 : from;
  // "CH, dreiundneunzig, ..."
  const code = before.upper && COUNTRIES.has(before.norm) && checkDigits;
  if (code && kind === 'comma' && (long || f.type === 'IBAN_CODE')) return from - 1;
  if (f.type !== 'IBAN_CODE' || kind !== 'space' || !COUNTRIES.has(before.norm)) return from;
  return long || (from === 1 && checkDigits) ? from - 1 : from;
}

/** Words of an account that is said in full. */
const LONG_ACCOUNT = 8;
const COUNTRY_NAMES = new Set(
  'nederland belgie duitsland frankrijk italie zwitserland oostenrijk luxemburg netherlands belgium germany france italy switzerland austria ireland luxembourg deutschland niederlande belgien frankreich italien schweiz osterreich liechtenstein allemagne belgique suisse autriche italia germania francia svizzera belgio'.split(
    ' ',
  ),
);

/** Links ("en dan"), fillers and corrections at the edges of a span belong to no value. */
function trimmed(turn: Turn, f: Found): Found {
  let first = turn.elementOf[f.from]!;
  let last = turn.elementOf[f.to - 1]!;
  const isLoose = (i: number): boolean => LOOSE.has(turn.elements[i]!.kind);
  while (first < last && isLoose(first)) first += 1;
  while (last > first && isLoose(last)) last -= 1;
  return {
    ...f,
    from: Math.max(f.from, turn.elements[first]!.from),
    to: Math.min(f.to, turn.elements[last]!.to),
  };
}

const LOOSE: ReadonlySet<Element['kind']> = new Set<Element['kind']>(['link', 'filler', 'fix']);

/** A name or place that is a word of a spelling alphabet beside an identifier: "88 Julius 82". */
function isSpelling(turn: Turn, f: Found): boolean {
  const isValue = (e: Element | undefined): boolean => e?.kind === 'digits' || e?.kind === 'letters';
  const left = turn.elements[turn.elementOf[f.from]! - 1];
  const right = turn.elements[turn.elementOf[f.to - 1]! + 1];
  if (!(isValue(left) || isValue(right))) return false;
  for (let t = f.from; t < f.to; t++) if (!turn.elements[turn.elementOf[t]!]!.spelled) return false;
  return true;
}

/**
 * Where a span that ends at `token` ends when it has grown in direction `step`. With `answers` unknown short words
 * are groups of letters.
 */
function grow(
  turn: Turn,
  token: number,
  step: 1 | -1,
  free: (e: Element) => boolean,
  answers: boolean,
): number {
  const { elements } = turn;
  const own = turn.elementOf[token]!;
  let edge = own;
  // "u uno effe trentotto otto kappa zero due pi": where letters go by their names, so does the last.
  const named = turn.runs[turn.runAt[token]!]?.owners.some(
    (o) => o.kind === 'letters' && !o.written && !o.spelled,
  );
  for (let i = edge + step, walked = 0; walked < MOST; i += step, walked++) {
    const e = elements[i];
    if (!e || !free(e) || breaksBefore(turn, Math.max(i, i - step))) break;
    if (e.kind === 'word') {
      if (!isCodeWord(turn, i, step) && !(answers && isLetterGroup(turn, i))) break;
      edge = i;
      continue;
    }
    if (e.kind === 'filler' || e.kind === 'fix' || e.kind === 'link' || e.kind === 'mark') continue;
    const letterName =
      named && e.kind === 'letters' && !e.written && !CORE_WORDS.has(turn.tokens[e.from]!.norm);
    if (!letterName && !(e.kind === 'digits' ? isDigit(turn, i, edge, step) : isLetter(turn, i, step))) break;
    edge = i;
  }
  if (edge === own) return step === 1 ? token + 1 : token;
  return step === 1 ? elements[edge]!.to : elements[edge]!.from;
}

function breaksBefore(turn: Turn, i: number): boolean {
  const { gap } = turn.tokens[turn.elements[i]!.from]!;
  if (gap.kind !== 'sentence') return false;
  return gap.marks !== '.' || turn.elements[i]!.kind !== 'digits' || turn.elements[i - 1]?.kind !== 'digits';
}

/** "een", "un", "sei" beside a value are digits, except as the article or the verb of what stands there. */
function isDigit(turn: Turn, i: number, edge: number, step: 1 | -1): boolean {
  const e = turn.elements[i]!;
  if (!e.weak || (e.value === '0' && turn.language === 'en')) return true;
  if (e.value === '0' && isWordAfter(turn, i)) return false;
  if (step === 1) return !isNounAfter(turn, i);
  const second = turn.elements[i + 2];
  const dictated = second?.kind === 'digits' && !second.written;
  return dictated || Math.abs(edge - i) > 1 || hasComma(turn, i + 1) || !turn.elements[i + 1]?.written;
}

function isLetter(turn: Turn, i: number, step: 1 | -1): boolean {
  const e = turn.elements[i]!;
  if (e.spelled) return true;
  if (!e.written) return !e.weak || !isWord(turn, e);
  const token = turn.tokens[e.from]!;
  if (!e.weak && !CORE_WORDS.has(token.norm)) return true;
  // The reader took it for a part of a longer run: "i e six four".
  const run = turn.runs[turn.runAt[e.from]!];
  if (run && run.digits > 1 && step === -1 && run.to > e.to) return true;
  if (step === 1) return !isWordAfter(turn, i);
  const { kind: next, written } = turn.elements[i + 1]!;
  if (next === 'letters' && written) return true;
  const paused = hasComma(turn, i + 1) || next === 'filler' || next === 'fix';
  return (
    paused ||
    (token.capital && token.gap.kind !== 'sentence' && !(turn.language === 'en' && token.norm === 'i'))
  );
}

function isWord(turn: Turn, e: Element): boolean {
  const { norm } = turn.tokens[e.from]!;
  return CORE_WORDS.has(norm) || VOCABULARY.has(norm);
}

function isLetterGroup(turn: Turn, i: number): boolean {
  const token = turn.tokens[turn.elements[i]!.from]!;
  return (
    token.kind === 'word' &&
    token.norm.length <= 4 &&
    token.gap.kind !== 'comma' &&
    !CORE_WORDS.has(token.norm) &&
    !ABBREVIATIONS.has(token.norm) &&
    !VOCABULARY.has(token.norm)
  );
}

/** "sette, York, ottantadue": a word of an alphabet that is mostly a word, with more of the value behind it. */
function isCodeWord(turn: Turn, i: number, step: 1 | -1): boolean {
  const beyond = turn.elements[i + step];
  return (
    ALPHABET_WORDS.has(turn.elements[i]!.value) && (beyond?.kind === 'digits' || beyond?.kind === 'letters')
  );
}

function isWordAfter(turn: Turn, i: number): boolean {
  const next = turn.elements[i + 1];
  return next?.kind === 'word' && turn.tokens[next.from]!.gap.kind === 'space';
}

function isNounAfter(turn: Turn, i: number): boolean {
  return isWordAfter(turn, i) && !CORE_WORDS.has(turn.elements[i + 1]!.value);
}

function hasComma(turn: Turn, i: number): boolean {
  const next = turn.elements[i];
  return next !== undefined && turn.tokens[next.from]!.gap.kind === 'comma';
}
