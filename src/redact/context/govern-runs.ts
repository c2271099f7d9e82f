import type { Language } from '../../domain/language.ts';
import type { CallContext } from '../call-context.ts';
import { isWithinDate } from '../recognizers/dates.ts';
import { IBAN_COUNTRIES } from '../recognizers/iban-code.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { CueHit, Turn } from '../turn.ts';
import { type CueKind, HARMLESS_CUES } from './cue-phrases.ts';
import {
  hasHarmlessShape,
  isPublicNumber,
  isRoadOrError,
  isSpokenPrice,
  speaksOfPrices,
} from './harmless-shapes.ts';
import { isPrivate, readAddress } from './ip-numbers.ts';
import {
  isDayAndMonth,
  isDictatedByDigit,
  isFlight,
  isModelCode,
  isQuantity,
  isServiceNumber,
  isTimeOfDay,
} from './quantities.ts';
import {
  fitsThing,
  isBareReference,
  isIdentifier,
  isThingTalk,
  MOST_TOLD,
  namesIdentifier,
} from './thing-talk.ts';
import { isUnit } from './units.ts';

/** What a run of digits or letters is, by what was said around it. */
export interface Governed {
  readonly run: Run;
  /** What announces it: a cue before or after it, an open question, or the number being dictated. */
  readonly kind: CueKind | undefined;
  readonly source: 'before' | 'after' | 'asked' | 'in-flight' | 'none';
  /** Tokens between cue and run. */
  readonly distance: number;
  /** The cue or question had a value before this one. */
  readonly repeated: boolean;
  /** An amount, a time, a measure, or announced as something that identifies nobody. */
  readonly harmless: boolean;
}

/** Tokens a cue reaches ahead. */
const REACH = 16;
const CODE_REACH = 6;
/** Tokens within which a number goes on with the identifier before it. */
const STICKY = 14;
/** Words allowed between a value and the cue after it: "... is mijn klantnummer". */
const COPULAS = new Set(
  'is dat was als s it this that ist das war als as comme come like est c etait comme e era come sono mijn uw ons het de je zijn my your the our his her a meine mein ihre ihr unsere die der das seine mon ma votre notre le la son mio mia suo sua il lo nostro del numero und et en and che quello questo dit deze di van von of du pas'.split(
    ' ',
  ),
);
/** Cues that announce letters rather than digits. */
const LETTER_CUES: ReadonlySet<CueKind> = new Set<CueKind>(['name', 'spell', 'place', 'employer']);
/** Most digits of a number that such a cue makes harmless: "la ligne est mauvaise" says nothing about ten digits. */
const MOST_DIGITS: Partial<Record<CueKind, number>> = { locker: 6, age: 3, expiry: 8, amount: 7 };
const ADDRESS_CUES: ReadonlySet<CueKind> = new Set<CueKind>(['address', 'postcode', 'house', 'place']);
/** What "ending in ..." can be the end of, by the noun in the same turn. */
const TAILED: ReadonlyMap<string, CueKind> = new Map(
  (
    [
      ['kaart pas card carte karte carta creditcard visa mastercard cb', 'card'],
      ['rekening account compte konto conto iban', 'iban'],
      ['telefoon phone telephone handy telefon telefono mobile gsm', 'phone'],
    ] as const
  ).flatMap(([nouns, kind]) => nouns.split(' ').map((n) => [n, kind] as const)),
);

export function governRuns(turn: Turn, context: CallContext, inDate: Uint8Array): Governed[] {
  const governed: Governed[] = [];
  const used = new Set<CueHit>();
  const answered = new Set<CueKind>();
  let last: Governed | undefined;
  let cueIndex = 0;
  const ofThings =
    !context.seenIdentifier &&
    !namesIdentifier(turn) &&
    (isThingTalk(turn) || context.ofThings || context.isInformation(turn.role));
  const onlyPrices = !context.seenIdentifier && !namesIdentifier(turn) && speaksOfPrices(turn);
  const mostDigits = context.isInformation(turn.role) ? MOST_TOLD : undefined;
  const bareCases = ofThings && turn.cues.every((c) => c.kind !== 'case' || isBareReference(turn, c));
  for (const run of turn.runs) {
    while (cueIndex < turn.cues.length && turn.cues[cueIndex]!.to <= run.looseFrom) cueIndex += 1;
    const none = { run, kind: undefined, source: 'none', distance: 0, repeated: false } as const;
    if (insideCue(turn, run, cueIndex) || isWithinDate(inDate, run)) {
      governed.push({ ...none, harmless: true });
      continue;
    }
    const before = cueBefore(turn, run, cueIndex, context);
    const after = cueAfter(turn, run, cueIndex);
    let cue = before?.cue;
    let kind = before?.kind;
    let source: Governed['source'] = 'before';
    if (after && (!cue || used.has(cue) || run.from - cue.to > after.from - run.to + 3)) {
      cue = after;
      // "die auf sieben sieben vier endet"
      kind = after.kind === 'tail' ? tailMeans(turn, after, context) : after.kind;
      source = 'after';
    }
    const quantity =
      isQuantity(turn, run) ||
      isModelCode(turn, run) ||
      isFlight(turn, run) ||
      isTimeOfDay(turn, run) ||
      isCompanyNumber(turn, run, context) ||
      (!cue && context.values.wasShown(run.text)) ||
      hasHarmlessShape(turn, run) ||
      (!cue && isPublicNumber(turn, run) && !context.inFlight && !context.asked.some(isIdentifier)) ||
      isDayAndMonth(turn, run) ||
      isPrivateAddress(turn, run);
    if (cue && kind) {
      if (
        ofThings &&
        (kind === 'reference' || kind === 'credential') &&
        isBareReference(turn, cue) &&
        bareCases
      )
        kind = 'article';
      const distance = source === 'before' ? run.from - cue.to : cue.from - run.to;
      const said = kind === 'article' && distance > 4 && looksLikePhone(run);
      const harmless =
        quantity || (HARMLESS_CUES.has(kind) && (isShortEach(turn, run) || kind === 'article') && !said);
      governed.push({ run, kind, source, distance, repeated: used.has(cue), harmless });
      if (!harmless) used.add(cue);
      if (!harmless && run.text.length >= 3) last = governed.at(-1);
      continue;
    }
    const asked = context.asked.filter((k) => !(LETTER_CUES.has(k) && run.digits > 0));
    if (asked.length > 0) {
      kind = context.inFlight && asked.includes(context.inFlight) ? context.inFlight : askedFor(asked);
      const repeated = answered.has(kind);
      const harmless =
        quantity ||
        (HARMLESS_CUES.has(kind) && fitsHarmless(kind, run)) ||
        (repeated && /^(?:19|20)\d\d$/.test(run.text));
      governed.push({ ...none, kind, source: 'asked', repeated, harmless });
      if (!harmless) answered.add(kind);
    } else {
      // What was announced goes on: "..., reception has the thirty-two".
      const begun = last && run.from - last.run.to <= STICKY ? last.kind : undefined;
      kind = begun ?? context.inFlight ?? (isIbanBegun(turn, run) ? 'iban' : undefined);
      const harmless =
        quantity ||
        (!kind &&
          ((ofThings && fitsThing(run, mostDigits)) ||
            isRoadOrError(turn, run) ||
            (onlyPrices && isSpokenPrice(run))));
      governed.push({ ...none, kind, source: kind ? 'in-flight' : 'none', harmless });
    }
    const latest = governed.at(-1)!;
    if (latest.harmless || latest.run.text.length < 3) continue;
    if (latest.kind) last = latest;
    else if (isPhoneBegun(run, turn.language)) last = { ...latest, kind: 'phone' };
  }
  return governed;
}

/** "it's IE fourteen, ...", "I T cinquantadue": the country and the check digits that an account starts with. */
function isIbanBegun(turn: Turn, run: Run): boolean {
  if (!/^[A-Z]{2}\d\d[A-Z]{0,4}$/.test(run.text) || !IBAN_COUNTRIES.has(run.text.slice(0, 2))) return false;
  const next = turn.tokens[run.to];
  if (next?.gap.kind === 'space' && isUnit(next.norm, turn.language)) return false;
  return run.owners.slice(0, 2).every((e) => e.kind === 'letters' || turn.tokens[e.from]!.upper);
}

/** "Null eins sieben vier, haben Sie das? fünf null drei": unannounced, but nobody counts from zero digit by digit. */
function isPhoneBegun(run: Run, language: Language): boolean {
  if (run.letters > 0 || run.digits < 4 || run.digits >= 9 || run.hasScale) return false;
  // Italian mobile numbers start with a 3.
  const starts = run.text[0] === '0' || (run.text[0] === '3' && language === 'it' && run.digits >= 5);
  return starts && run.digitElements >= 3;
}

/** What an answer most likely gives: "the reading, the black digits only" asks for no code. */
function askedFor(asked: readonly CueKind[]): CueKind {
  const identifiers = asked.filter((k) => !HARMLESS_CUES.has(k));
  const digitsOf = identifiers.every((k) => k === 'code') && asked.includes('meter');
  return (
    (digitsOf ? undefined : identifiers.at(-1)) ??
    asked.findLast((k) => HARMLESS_CUES.has(k)) ??
    asked.at(-1)!
  );
}

/** Digits that no single reading or amount has. */
const LONG = 13;

/** Fewer than `LONG` digits, or several values with commas between: "T1 018842, T2 020317, gas 05511". */
function isShortEach(turn: Turn, run: Run): boolean {
  if (run.digits < LONG) return true;
  let digits = 0;
  for (let i = 0; i < run.text.length; i++) {
    const owner = run.owners[i]!;
    const starts = owner !== run.owners[i - 1];
    if (starts && turn.tokens[owner.from]!.gap.kind === 'comma' && digits > 3) digits = 0;
    digits += 1;
    if (digits >= LONG - 3) return false;
  }
  return run.owners.every((e) => e.written);
}

/** What can answer a question for something harmless: "which seat?" has no answer of eight letters. */
function fitsHarmless(kind: CueKind, run: Run): boolean {
  if (kind === 'expiry') return run.letters === 0 && EXPIRY.test(run.text);
  // "Which platform?" - "zero, one, four, seven" gives none.
  if (kind === 'locker' && isDictatedByDigit(run)) return false;
  if (looksLikePhone(run)) return false;
  const most = MOST_DIGITS[kind];
  return most === undefined || (run.digits <= most && run.letters <= 2);
}

/** A month and a year, with or without the day, or a year alone: "0930", "12 2029", "28". */
const EXPIRY = /^(?:(?:[0-3]?\d)?(?:0?[1-9]|1[0-2])(?:20)?\d\d|(?:20)?\d\d|\d{1,2})$/;

function insideCue(turn: Turn, run: Run, cueIndex: number): boolean {
  const cue = turn.cues[cueIndex];
  return cue !== undefined && cue.from <= run.from && run.to <= cue.to;
}

interface Announced {
  readonly cue: CueHit;
  readonly kind: CueKind;
}

function cueBefore(turn: Turn, run: Run, cueIndex: number, context: CallContext): Announced | undefined {
  for (let i = cueIndex - 1; i >= 0; i--) {
    const cue = turn.cues[i]!;
    if (run.from - cue.to > REACH) return undefined;
    if (LETTER_CUES.has(cue.kind) && run.digits > 0) continue;
    const kind = resolved(turn, cue, run, context);
    if (!kind) continue;
    if (sentenceBreaks(turn, cue.to, run.from) > 2) return undefined;
    return { cue, kind };
  }
  return undefined;
}

/** What a cue means at this place: a bare "number" or "code", "ending in", a noun that may announce a number. */
function resolved(turn: Turn, cue: CueHit, run: Run, context: CallContext): CueKind | undefined {
  switch (cue.kind) {
    case 'case':
      return fitsCase(turn, cue, run) ? 'reference' : undefined;
    case 'number':
      return numberMeans(turn, cue, run, context);
    case 'tail':
      if (run.from - cue.to > 4) return undefined;
      return isIbanBegun(turn, run) ? 'iban' : tailMeans(turn, cue, context);
    case 'code':
      return run.from - cue.to <= (run.text.length >= 3 ? CODE_REACH : 2) && run.text.length >= 2
        ? 'credential'
        : undefined;
    case 'birthpart':
      return run.from - cue.to <= 3 && birthTalk(turn, context) ? 'birth' : undefined;
    case 'locker':
      // "gate five", "press one"; but "at the gate you press two seven one eight".
      if (BOXES.has(turn.tokens[cue.from]!.norm))
        return run.digits <= LONGEST_BOX && run.from - cue.to <= 2 ? cue.kind : undefined;
      return run.digits <= 3 ? cue.kind : undefined;
    case 'company':
      // "Wie geht unsere Nummer?" of a caller is no company's.
      return turn.role === 'agent' || isServiceNumber(run) ? cue.kind : undefined;
    case 'age':
    case 'amount':
      return run.digits <= MOST_DIGITS[cue.kind]! ? cue.kind : undefined;
    default:
      return cue.kind;
  }
}

/** "the part hasn't come, it's oh seven seven ...": far from its cue such a number is none of an article. */
function looksLikePhone(run: Run): boolean {
  return run.letters === 0 && (run.leadingPlus || run.text[0] === '0') && run.digits >= 9 && run.digits <= 13;
}

/** Digits of a PO box and the postcode that is said after it: "Postfach 13 04 60, 20114". */
const LONGEST_BOX = 11;

/** Places whose numbers are long: PO boxes and lockers. */
const BOXES = new Set(
  'postbus postfach po p box boite bp c casella schliessfach packstation pakketautomaat kluis kluisje locker consigne armadietto'.split(
    ' ',
  ),
);

function birthTalk(turn: Turn, context: CallContext): boolean {
  return context.inFlight === 'birth' || context.asked.includes('birth') || turn.cueKinds.has('birth');
}

function numberMeans(turn: Turn, cue: CueHit, run: Run, context: CallContext): CueKind | undefined {
  const said = saidBefore(turn, cue);
  if (said && ADDRESS_CUES.has(said.kind)) return run.text.length <= 6 ? 'house' : undefined;
  const open = context.inFlight ?? context.asked.at(-1);
  if (open && ADDRESS_CUES.has(open) && run.text.length <= 6) return 'house';
  if (said) return undefined;
  if (open && !HARMLESS_CUES.has(open)) return undefined;
  const prefix = (run.text[0] === '0' || run.leadingPlus) && run.digitElements > 1;
  return run.digits >= 6 || run.digitElements >= 4 || prefix ? 'phone' : undefined;
}

/** The last cue before a bare "number" that says what kind of number; looks back a few cues only. */
function saidBefore(turn: Turn, cue: CueHit): CueHit | undefined {
  const index = turn.cueAt[cue.from]!;
  for (let i = index - 1; i >= 0 && i > index - 8; i--) {
    const before = turn.cues[i]!;
    if (!['number', 'name', 'spell', 'tail'].includes(before.kind)) return before;
  }
  return undefined;
}

/** What "ending in ..." is the end of: the nearest noun or cue around it. */
export function tailMeans(turn: Turn, cue: CueHit, context: CallContext): CueKind | undefined {
  for (let t = Math.max(0, cue.from - 12); t < Math.min(turn.tokens.length, cue.to + 12); t++) {
    const said = turn.cues[turn.cueAt[t]!];
    if (said && TAIL_CUES.has(said.kind)) return said.kind;
    const kind = TAILED.get(turn.tokens[t]!.norm);
    if (kind) return kind;
  }
  const open = context.inFlight ?? context.asked.at(-1);
  // "Which card were you charged on?" - "The one ending ...": no amount ends in digits that tell it.
  return open && !HARMLESS_CUES.has(open) ? open : 'reference';
}

const TAIL_CUES: ReadonlySet<CueKind> = new Set<CueKind>([
  'card',
  'iban',
  'phone',
  'reference',
  'national',
  'account',
]);

function cueAfter(turn: Turn, run: Run, cueIndex: number): CueHit | undefined {
  for (let i = cueIndex; i < turn.cues.length && i < cueIndex + 3; i++) {
    const cue = turn.cues[i]!;
    if (cue.from < run.looseTo || UNFIT_AFTER.has(cue.kind)) continue;
    if (cue.from - run.looseTo > 4) return undefined;
    for (let k = run.looseTo; k < cue.from; k++) if (!COPULAS.has(turn.tokens[k]!.norm)) return undefined;
    if (cue.kind === 'tail' && run.text.length < 2) return undefined;
    if (hasOwnValue(turn, run, cue)) return undefined;
    if (
      sentenceBreaks(turn, run.looseTo, cue.from + 1) > 0 ||
      (cue.from === run.looseTo && cue.kind !== 'tail')
    )
      return undefined;
    return cue;
  }
  return undefined;
}

/** "... vier zwo neun und der Zählerstand ist vierzehntausend": a conjunction, and the cue has a number of its own. */
function hasOwnValue(turn: Turn, run: Run, cue: CueHit): boolean {
  if (!CONJUNCTIONS.has(turn.tokens[run.looseTo]?.norm ?? '')) return false;
  for (let t = cue.to; t < Math.min(cue.to + 5, turn.tokens.length); t++)
    if (turn.runAt[t]! >= 0) return true;
  return false;
}

const CONJUNCTIONS = new Set('en and und et e ed con met mit with avec'.split(' '));

const UNFIT_AFTER: ReadonlySet<CueKind> = new Set<CueKind>([
  'case',
  'number',
  'birthpart',
  'code',
  'locker',
  'amount',
  'expiry',
]);

function sentenceBreaks(turn: Turn, from: number, to: number): number {
  let breaks = 0;
  for (let i = Math.max(from, 1); i < to; i++) {
    const gap = turn.tokens[i]!.gap;
    if (gap.kind === 'sentence' && !gap.marks.startsWith(':')) breaks += 1;
  }
  return breaks;
}

/** "commande 4471": the noun alone announces only a number that stands right after it and is no year. */
function fitsCase(turn: Turn, cue: CueHit, run: Run): boolean {
  const between = run.from - cue.to;
  if (between > 2) return false;
  for (let t = cue.to; t < run.from; t++) if (!NUMBER_WORDS_BETWEEN.has(turn.tokens[t]!.norm)) return false;
  return run.text.length >= 4 && !/^(?:19|20)\d\d$/.test(run.text);
}

const NUMBER_WORDS_BETWEEN = new Set(
  'nummer numero number nr no n num met mit con with is eh uh euh ehm o # id code codice'.split(' '),
);

/** The agent gives a service number, or somebody speaks of the company's line. */
function isCompanyNumber(turn: Turn, run: Run, context: CallContext): boolean {
  if (!isServiceNumber(run)) return false;
  if (turn.cueKinds.has('company')) return true;
  // The caller begins to repeat it: "oh three hundred one two three".
  if (context.values.wasShownFrom(run.text.slice(0, 3)) && !context.inFlight) return true;
  return turn.role === 'agent' && context.inFlight !== 'phone' && !context.asked.includes('phone');
}

function isPrivateAddress(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.digits > 12 || !run.marks.includes('.')) return false;
  const address = readAddress(turn, turn.elementOf[run.from]!);
  return address !== undefined && isPrivate(address.parts);
}
