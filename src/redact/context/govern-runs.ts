import type { CallContext } from '../call-context.ts';
import type { Run } from '../spoken/read-runs.ts';
import type { CueHit, Turn } from '../turn.ts';
import { type CueKind, HARMLESS_CUES } from './cue-phrases.ts';
import { isPrivate, readAddress } from './ip-numbers.ts';
import { isQuantity, isServiceNumber, isTimeOfDay } from './quantities.ts';

/** What a run of digits or letters is, by what was said around it. */
export interface Governed {
  readonly run: Run;
  /** What announces it: a cue before or after it, an open question, or the number being dictated. */
  readonly kind: CueKind | undefined;
  readonly source: 'before' | 'after' | 'asked' | 'in-flight' | 'none';
  /** Tokens between cue and run. */
  readonly distance: number;
  /** The cue had a value before this one. */
  readonly repeated: boolean;
  /** An amount, a time, a measure, or announced as something that identifies nobody. */
  readonly harmless: boolean;
}

/** Tokens a cue reaches ahead. */
const REACH = 16;
/** Words allowed between a value and the cue after it: "... is mijn klantnummer". */
const COPULAS = new Set(
  'is dat was als s it this that ist das war als est c etait comme e era come sono mijn uw ons het de je zijn my your the our his her a meine mein ihre ihr unsere die der das seine mon ma votre notre le la son mio mia suo sua il lo nostro del numero und et en and che quello questo dit deze di von van of du de is'.split(
    ' ',
  ),
);
/** Cues that announce letters rather than digits. */
const LETTER_CUES: ReadonlySet<CueKind> = new Set<CueKind>(['name', 'spell', 'place', 'employer']);

export function governRuns(turn: Turn, context: CallContext): Governed[] {
  const governed: Governed[] = [];
  const used = new Set<CueHit>();
  let cueIndex = 0;
  for (const run of turn.runs) {
    while (cueIndex < turn.cues.length && turn.cues[cueIndex]!.to <= run.looseFrom) cueIndex += 1;
    const inside = insideCue(turn, run, cueIndex);
    if (inside) {
      governed.push({ run, kind: undefined, source: 'none', distance: 0, repeated: false, harmless: true });
      continue;
    }
    const before = cueBefore(turn, run, cueIndex);
    const after = cueAfter(turn, run, cueIndex);
    let cue = before;
    let source: Governed['source'] = 'before';
    if (after && (!before || used.has(before) || run.from - before.to > after.from - run.to + 3)) {
      cue = after;
      source = 'after';
    }
    const quantity =
      isQuantity(turn, run) ||
      isTimeOfDay(turn, run) ||
      isCompanyNumber(turn, run) ||
      isPrivateAddress(turn, run);
    if (cue) {
      const distance = source === 'before' ? run.from - cue.to : cue.from - run.to;
      const harmless = quantity || HARMLESS_CUES.has(cue.kind);
      governed.push({ run, kind: cue.kind, source, distance, repeated: used.has(cue), harmless });
      if (!harmless) used.add(cue);
      continue;
    }
    const asked = context.asked;
    if (asked.length > 0) {
      const kind =
        context.inFlight && asked.includes(context.inFlight) ? context.inFlight : asked[asked.length - 1]!;
      const harmless = quantity || asked.every((k) => HARMLESS_CUES.has(k));
      governed.push({ run, kind, source: 'asked', distance: 0, repeated: false, harmless });
    } else if (context.inFlight) {
      governed.push({
        run,
        kind: context.inFlight,
        source: 'in-flight',
        distance: 0,
        repeated: false,
        harmless: quantity,
      });
    } else {
      governed.push({
        run,
        kind: undefined,
        source: 'none',
        distance: 0,
        repeated: false,
        harmless: quantity,
      });
    }
  }
  return governed;
}

function insideCue(turn: Turn, run: Run, cueIndex: number): boolean {
  const cue = turn.cues[cueIndex];
  return cue !== undefined && cue.from <= run.from && run.to <= cue.to;
}

function cueBefore(turn: Turn, run: Run, cueIndex: number): CueHit | undefined {
  for (let i = cueIndex - 1; i >= 0; i--) {
    const cue = turn.cues[i]!;
    if (run.from - cue.to > REACH) return undefined;
    if (LETTER_CUES.has(cue.kind) && run.digits > 0) continue;
    if (cue.kind === 'case' && !fitsCase(turn, cue, run)) continue;
    if (sentenceBreaks(turn, cue.to, run.from) > 2) return undefined;
    return cue;
  }
  return undefined;
}

function cueAfter(turn: Turn, run: Run, cueIndex: number): CueHit | undefined {
  for (let i = cueIndex; i < turn.cues.length && i < cueIndex + 3; i++) {
    const cue = turn.cues[i]!;
    if (cue.from < run.to || cue.kind === 'case') continue;
    if (cue.from - run.to > 4) return undefined;
    for (let k = run.to; k < cue.from; k++) if (!COPULAS.has(turn.tokens[k]!.norm)) return undefined;
    if (sentenceBreaks(turn, run.to, cue.from + 1) > 0 || cue.from === run.to) return undefined;
    return cue;
  }
  return undefined;
}

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
  if (between > 1 || turn.tokens[run.from]!.gap.kind === 'sentence') return false;
  if (between === 1 && !NUMBER_WORDS_BETWEEN.has(turn.tokens[cue.to]!.norm)) return false;
  return run.text.length >= 4 && !/^(?:19|20)\d\d$/.test(run.text);
}

const NUMBER_WORDS_BETWEEN = new Set(
  'nummer numero number nr no n num met mit con with is eh uh euh ehm'.split(' '),
);

/** The agent gives a service number, or nobody asked for a number that looks like one. */
function isCompanyNumber(turn: Turn, run: Run): boolean {
  return isServiceNumber(run) && (turn.role === 'agent' || turn.cues.some((c) => c.kind === 'company'));
}

function isPrivateAddress(turn: Turn, run: Run): boolean {
  if (run.letters > 0 || run.digits > 12 || !run.marks.includes('.')) return false;
  const address = readAddress(turn, turn.elementOf[run.from]!);
  return address !== undefined && isPrivate(address.parts);
}
