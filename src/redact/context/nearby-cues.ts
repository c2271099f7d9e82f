/**
 * The cue that announces a number, before or behind it, and what it means at that place: "number", "code" and "ending in" mean what
 * was spoken of.
 */
import type { CallContext } from '../call-context.ts';
import { IBAN_COUNTRIES } from '../recognizers/iban-code.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { CueHit, Turn } from '../turn.ts';
import { type CueKind, HARMLESS_CUES } from './cue-phrases.ts';
import { isServiceNumber } from './quantities.ts';
import { isUnit } from './units.ts';

/** Tokens a cue reaches ahead. */
const REACH = 16;
const CODE_REACH = 6;
/** Words allowed between a value and the cue after it: "... is mijn klantnummer". */
const COPULAS = new Set(
  'is dat was als s it this that ist das war als as comme come like est c etait comme e era come sono mijn uw ons het de je zijn my your the our his her a meine mein ihre ihr unsere die der das seine mon ma votre notre le la son mio mia suo sua il lo nostro del numero und et en and che quello questo dit deze di van von of du pas'.split(
    ' ',
  ),
);
/** Cues that announce letters rather than digits. */
export const LETTER_CUES: ReadonlySet<CueKind> = new Set<CueKind>(['name', 'spell', 'place', 'employer']);
/** Most digits of a number that such a cue makes harmless: "la ligne est mauvaise" says nothing about ten digits. */
export const MOST_DIGITS: Partial<Record<CueKind, number>> = { locker: 6, age: 3, expiry: 8, amount: 7 };
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

export function insideCue(turn: Turn, run: Run, cueIndex: number): boolean {
  const cue = turn.cues[cueIndex];
  return cue !== undefined && cue.from <= run.from && run.to <= cue.to;
}

export interface Announced {
  readonly cue: CueHit;
  readonly kind: CueKind;
}

export function cueBefore(
  turn: Turn,
  run: Run,
  cueIndex: number,
  context: CallContext,
): Announced | undefined {
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
export function looksLikePhone(run: Run): boolean {
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

export function cueAfter(turn: Turn, run: Run, cueIndex: number): CueHit | undefined {
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

/** "it's IE fourteen, ...", "I T cinquantadue": the country and the check digits that an account starts with. */
export function isIbanBegun(turn: Turn, run: Run): boolean {
  if (!/^[A-Z]{2}\d\d[A-Z]{0,4}$/.test(run.text) || !IBAN_COUNTRIES.has(run.text.slice(0, 2))) return false;
  const next = turn.tokens[run.to];
  if (next?.gap.kind === 'space' && isUnit(next.norm, turn.language)) return false;
  return run.owners.slice(0, 2).every((e) => e.kind === 'letters' || turn.tokens[e.from]!.upper);
}
