import type { EntityType } from '../../domain/entity.ts';
import type { CueKind } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { Turn } from '../turn.ts';
import { touchesDate } from './dates.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

const TYPES: Partial<Record<CueKind, EntityType>> = {
  phone: 'PHONE_NUMBER',
  extension: 'PHONE_NUMBER',
  iban: 'IBAN_CODE',
  account: 'CUSTOMER_REFERENCE',
  card: 'CREDIT_CARD',
  cvc: 'CARD_SECURITY_CODE',
  national: 'NATIONAL_ID',
  postcode: 'POSTCODE',
  house: 'STREET_ADDRESS',
  plate: 'LICENSE_PLATE',
  birth: 'DATE_OF_BIRTH',
  reference: 'CUSTOMER_REFERENCE',
  username: 'CUSTOMER_REFERENCE',
  credential: 'CREDENTIAL',
  email: 'EMAIL_ADDRESS',
  name: 'PERSON',
  spell: 'PERSON',
  code: 'CREDENTIAL',
};

/** The type of what a cue announces. */
export function typeOfCue(kind: CueKind | undefined): EntityType | undefined {
  return kind && TYPES[kind];
}

/** Languages whose tails, corrections and improvised letters were practised on real dictation. */
const EAGER: ReadonlySet<string> = new Set(['fr', 'it']);
/** Digits or letters from which a run said in several pieces is an identifier or a part of one, wherever it stands. */
const DICTATED = 5;
/** At the edge of a segment fewer suffice: the rest may come in the next. */
const DICTATED_AT_EDGE = 3;

/**
 * Digits and letters dictated one by one. A final cannot be recalled, so that a run that touches the end of
 * its segment, goes on with a number in flight, or is all that a turn says, is masked although nothing tells
 * what it is.
 */
export const recognizeDictated: Recognizer = ({ turn, governed, inDate }) => {
  const found: Found[] = [];
  const atEnd = turn.tokens.length;
  const longest = governed.reduce((most, { run }) => Math.max(most, run.digits), 0);
  for (const [at, g] of governed.entries()) {
    const { run } = g;
    // "Tango November, seven" spells; "7 november" is a date.
    if (g.harmless || (touchesDate(inDate, run) && run.letters === 0)) continue;
    const oneByOne = run.digitElements + run.letters;
    const atEdge = run.to === atEnd;
    const inFlight = g.source === 'in-flight' || g.source === 'asked';
    const dictated =
      run.digits > 0 &&
      run.digitElements > 1 &&
      (oneByOne >= (atEdge ? DICTATED_AT_EDGE : DICTATED) ||
        (run.digits >= DICTATED &&
          !(run.hasScale && run.digitElements === 2 && run.owners.every((e) => !e.written))) ||
        (run.text[0] === '0' && run.digits >= 3) ||
        // "acht vijf nul drie": nobody counts or pays digit by digit.
        (run.digitElements >= 4 && run.owners.every((e) => !e.written && e.value.length === 1)));
    const goesOn = inFlight && run.text.length >= 2 && (run.digits >= 2 || run.letters >= 2) && oneByOne >= 2;
    // Letters and digits in turn: "n l twintig i n g b".
    const mixed = run.letters >= 2 && run.digits >= 1 && oneByOne >= DICTATED && run.text.length >= 5;
    // Nothing but the number in the whole turn: an answer, or a piece of a number given in several messages.
    const alone =
      isAll(turn, run) &&
      !isPriceOfAgent(turn, g) &&
      (isCode(run) ||
        (run.letters >= 2 && run.digits === 0 && oneByOne >= 2 && run.looseTo === atEnd) ||
        isShortCode(turn, g));
    // A pair or a single letter that is all of a turn, while a number is being dictated; "zéro six" starts one.
    const piece =
      run.text.length <= 3 &&
      isAll(turn, run) &&
      ((inFlight && isPiece(run, g.kind)) || /^0[1-9]$/.test(run.text));
    // "four five oh eight? No, again: four five eight oh ..."
    const oneDigitEach =
      run.digitElements >= 2 && run.owners.every((e) => !e.written && e.value.length === 1);
    const restated =
      longest >= 8 &&
      !turn.cueKinds.has('ip') &&
      ((run.digits >= 3 && run.digitElements >= 3) ||
        (oneDigitEach && isBegun(turn, run)) ||
        (run.digits === 2 && isGivenUp(turn, run)));
    const eager =
      EAGER.has(turn.language) &&
      (isTailPiece(turn, governed[at - 1], g) ||
        isSaidTwice(turn, governed, g) ||
        // "G B comme Bernard, cent quarante": a letter with its word beside digits.
        (run.letters >= 2 && run.digits >= 2 && run.owners.some((e) => e.spelled)) ||
        (run.digits >= 3 && hasLetterInside(turn, run)));
    if (!dictated && !goesOn && !mixed && !alone && !piece && !restated && !eager) continue;
    const iban = /^(?:[A-Z]{2}\d{2}[A-Z]{2}|(?:NL|BE|DE|FR|IT|GB|AT|LU|CH|ES|IE)\d{2}(?:\d{4}.*)?$)/.test(
      run.text,
    );
    const named = (g.kind === 'name' || g.kind === 'spell') && run.digits > 0 ? undefined : g.kind;
    const type = (named && TYPES[named]) ?? (iban ? 'IBAN_CODE' : 'CUSTOMER_REFERENCE');
    found.push(
      foundRun(piece && !g.kind ? 'PHONE_NUMBER' : type, g, 0.33, {
        answers: g.kind ?? (piece ? 'phone' : 'reference'),
      }),
    );
  }
  return found;
};

/**
 * "seven two eight", "neuf cent huit" as all of an answer: a code, except where a quantity, a time or a year was asked
 * for; one number word alone only where an identifier is due.
 */
function isShortCode(turn: Turn, g: Governed): boolean {
  const { run } = g;
  const due = (g.source === 'asked' || g.source === 'in-flight') && g.kind !== undefined;
  if (run.digits < 2 || run.digits > 3 || run.letters > 0) return false;
  if (due) return run.digits === 3 || !AMOUNTS_LATER.has(g.kind!);
  if (turn.role === 'agent' || turn.text.includes('?')) return false;
  return run.digitElements > 1 && !run.hasScale && !isDecimal(turn, run);
}

/** After these, two digits alone are as likely the answer to the next question. */
const AMOUNTS_LATER: ReadonlySet<CueKind> = new Set<CueKind>([
  'name',
  'spell',
  'address',
  'place',
  'employer',
  'birth',
]);

/** "Due e settantacinque": two metres and seventy-five. */
function isDecimal(turn: Turn, run: Run): boolean {
  for (let t = run.from + 1; t < run.to; t++)
    if (ANDS.has(turn.tokens[t]!.norm)) return run.digitElements === 2;
  return false;
}

const ANDS = new Set('e en and und et'.split(' '));

/** "Neunundsechzig neunzig, einmalig.": an agent to whom nobody gives a number names a price. */
function isPriceOfAgent(turn: Turn, g: Governed): boolean {
  const { run } = g;
  return (
    turn.role === 'agent' &&
    g.source === 'none' &&
    run.digitElements === 2 &&
    run.digits <= 4 &&
    run.text[0] !== '0'
  );
}

const IN_PAIRS: ReadonlySet<CueKind> = new Set<CueKind>(['phone', 'iban', 'card', 'national']);
const WITH_LETTERS: ReadonlySet<CueKind> = new Set<CueKind>(['iban', 'national', 'plate']);
const MIXED: ReadonlySet<CueKind> = new Set<CueKind>([
  'iban',
  'national',
  'plate',
  'credential',
  'code',
  'reference',
]);

function isPiece(run: Run, kind: CueKind | undefined): boolean {
  if (kind === undefined) return false;
  if (run.digits > 0 && run.letters > 0) return MIXED.has(kind);
  return run.digits >= 2
    ? IN_PAIRS.has(kind)
    : run.letters === 1 && run.digits === 0 && WITH_LETTERS.has(kind);
}

/** "..., et la clé quarante-huit", "e alla fine il novanta": behind an identifier, with only words of order between. */
function isTailPiece(turn: Turn, before: Governed | undefined, { run, harmless }: Governed): boolean {
  if (!before || before.harmless || harmless || run.digits < 2 || run.letters > 0) return false;
  if (before.run.text.length < 4 || (before.kind === undefined && before.run.digitElements < 3)) return false;
  const between = run.from - before.run.to;
  if (between < 1 || between > MOST_BETWEEN) return false;
  let ordered = false;
  for (let t = before.run.to; t < run.from; t++) {
    const { norm } = turn.tokens[t]!;
    if (ORDER.has(norm)) ordered = true;
    else if (!CORE_WORDS.has(norm)) return false;
  }
  return ordered;
}

const MOST_BETWEEN = 6;
/** Words that say where in a value a piece stands. */
const ORDER = new Set(
  'cle chiave fin fine finale suite seguito debut inizio milieu mezzo derriere dietro einde eind ende schluss end last dernier derniers ultimo ultimi puis poi ensuite dopo infine dann danach then dan daarna'.split(
    ' ',
  ),
);

/** "quarante-sept A douze": a single capital between digits. */
function hasLetterInside(turn: Turn, run: Run): boolean {
  const first = turn.elementOf[run.from]!;
  const last = turn.elementOf[run.to - 1]!;
  if (last - first > MOST_BETWEEN) return false;
  for (let i = first + 1; i < last; i++) {
    const e = turn.elements[i]!;
    const letter = e.kind === 'letters' && e.written && turn.tokens[e.from]!.capital && turn.cased;
    if (letter && turn.elements[i - 1]!.kind === 'digits' && turn.elements[i + 1]!.kind === 'digits')
      return true;
  }
  return false;
}

/** "Deux cent soixante-dix. Ah non, deux cent soixante-seize.": a caller's whole turn, one code and its correction. */
function isSaidTwice(turn: Turn, governed: readonly Governed[], { run }: Governed): boolean {
  if (turn.role === 'agent' || governed.length !== 2 || run.digits < 3 || run.letters > 0) return false;
  if (governed.some((other) => other.harmless || other.run.digits !== run.digits || other.run.letters > 0))
    return false;
  return turn.tokens.every(
    (token, t) => turn.runAt[t]! >= 0 || CORE_WORDS.has(token.norm) || isFiller(turn, t),
  );
}

/** Words of its sentence beside the number that say nothing else: "ja, negentien twaalf dank u". */
const SMALL_TALK = 12;

/** Whether a run is all that its sentence says. */
export function isAll(turn: Turn, run: Run): boolean {
  const { tokens } = turn;
  const isSmall = (t: number): boolean => CORE_WORDS.has(tokens[t]!.norm) || isFiller(turn, t);
  const breaks = (t: number): boolean => tokens[t]!.gap.kind === 'sentence';
  let words = 0;
  for (let t = run.looseFrom; t > 0 && !breaks(t); t--) {
    words += 1;
    if (words > SMALL_TALK || !isSmall(t - 1)) return false;
  }
  words = 0;
  const several = run.digitElements + run.letters > 1;
  for (let t = run.looseTo; t < tokens.length && !breaks(t); t++) {
    words += 1;
    if (words > SMALL_TALK / 2 || !(isSmall(t) || (several && tokens.length - run.looseTo <= SMALL_TALK / 2)))
      return false;
  }
  return true;
}

/** "Tre due, no aspetti": a number begun and given up. */
function isBegun(turn: Turn, run: Run): boolean {
  const next = turn.elements[turn.elementOf[run.to - 1]! + 1];
  return next?.kind === 'fix' || next?.kind === 'filler';
}

/** "Quarante-deux... je recommence": begun and said to be. */
function isGivenUp(turn: Turn, run: Run): boolean {
  const next = turn.elements[turn.elementOf[run.to - 1]! + 1];
  return next?.kind === 'fix' && turn.tokens[next.from]!.gap.kind !== 'none';
}

function isFiller(turn: Turn, t: number): boolean {
  const { kind } = turn.elements[turn.elementOf[t]!]!;
  return kind === 'filler' || kind === 'fix' || kind === 'link';
}

/** Four digits, or letters and digits mixed; no year and no amount. */
function isCode(run: Run): boolean {
  if (run.letters > 0) return run.digits >= 2 && run.text.length >= 4;
  const amount = run.hasScale && run.digitElements === 1;
  return run.digits >= 4 && !amount && !/^(?:19|20)\d\d$/.test(run.text);
}
