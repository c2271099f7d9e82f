import type { Language } from '../../domain/language.ts';
import type { CallContext } from '../call-context.ts';
import { isWithinDate } from '../recognizers/dates.ts';
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
  cueAfter,
  cueBefore,
  insideCue,
  isIbanBegun,
  LETTER_CUES,
  looksLikePhone,
  MOST_DIGITS,
  tailMeans,
} from './nearby-cues.ts';
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

/** Tokens within which a number goes on with the identifier before it. */
const STICKY = 14;

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
  const isDue = context.inFlight !== undefined || context.asked.some(isIdentifier);
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
      hasHarmlessShape(turn, run) ||
      (!cue && !isDue && (context.values.wasShown(run.text) || isPublicNumber(turn, run))) ||
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
