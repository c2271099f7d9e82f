import type { CueKind } from '../context/cue-phrases.ts';
import { HARMLESS_CUES } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { isWithinDate } from './dates.ts';
import { isAll, typeOfCue } from './dictated.ts';
import { foundRun, type Recognizer } from './recognizer.ts';

/** Kinds whose numbers come in groups, so that any group may be a part of one. */
const IN_GROUPS: ReadonlySet<CueKind> = new Set<CueKind>([
  'phone',
  'extension',
  'iban',
  'account',
  'card',
  'cvc',
  'national',
  'credential',
  'code',
  'plate',
  'email',
  'reference',
]);

/**
 * The burden of proof is turned round while an identifier is due: a number of two digits or more is a part of it,
 * unless it stands by a word that counts, names or measures something. "97 am Schluss", "no, in fact sixty-two",
 * "und die Kollegin hat die zweiunddreissig".
 */
export const recognizeBareNumber: Recognizer = ({ turn, governed, inDate }) =>
  governed
    .filter((g) => isDue(g) && g.run.text.length >= 2 && g.run.digits > 0 && !isWithinDate(inDate, g.run))
    .filter((g) => !countsNoun(turn, g) && (isSeveral(g) || isExpected(turn, g)))
    .map((g) => foundRun(typeOfCue(g.kind) ?? 'CUSTOMER_REFERENCE', g, 0.32));

function isDue(g: Governed): boolean {
  return !g.harmless && g.kind !== undefined && IN_GROUPS.has(g.kind) && !HARMLESS_CUES.has(g.kind);
}

function isSeveral({ run }: Governed): boolean {
  return run.digitElements + run.letters > 1 || run.digits > 3;
}

/** One number word: all of a sentence, asked for, or after what leads on with a value ("und am Schluss", "nein"). */
function isExpected(turn: Turn, g: Governed): boolean {
  return isLedTo(turn, g.run.from) || g.source === 'after' || isAll(turn, g.run) || isOthers(turn, g);
}

/** "..., extension thirty-one, my colleague has the thirty-two.": a number with its article that ends its sentence. */
function isOthers(turn: Turn, { kind, run }: Governed): boolean {
  const next = turn.tokens[run.to];
  const ends = next === undefined || next.gap.kind === 'sentence';
  return (
    (kind === 'extension' || kind === 'phone') && ends && ARTICLES.has(turn.tokens[run.from - 1]?.norm ?? '')
  );
}

const ARTICLES = new Set('de het the die der le la au il lo al'.split(' '));

/** "und am Schluss", "en dan nog", "nein": what says that a value goes on, with at most one small word behind it. */
function isLedTo(turn: Turn, at: number): boolean {
  const first = turn.elementOf[at]! - 1;
  for (let i = first; i >= Math.max(0, first - 1); i--) {
    const e = turn.elements[i]!;
    if (e.kind === 'link' || e.kind === 'fix' || e.kind === 'filler') return true;
    if (!CORE_WORDS.has(turn.tokens[e.from]!.norm) || turn.tokens[e.from]!.gap.kind === 'sentence')
      return false;
  }
  return false;
}

/** A noun right after or before a short number: "drei Stockwerke", "Gleis sieben", "le dix du mois". */
export function countsNoun(turn: Turn, { run, source }: Governed): boolean {
  if (run.text.length > 3 || source === 'after') return false;
  const next = turn.tokens[run.to];
  const previous = turn.tokens[run.from - 1];
  if (next?.gap.kind === 'space' && isNoun(turn, run.to)) return true;
  const beside = turn.tokens[run.from]!.gap.kind === 'space';
  if (previous && beside && isNoun(turn, run.from - 1)) return true;
  return false;
}

function isNoun(turn: Turn, t: number): boolean {
  const token = turn.tokens[t]!;
  const { kind } = turn.elements[turn.elementOf[t]!]!;
  return (
    kind === 'word' &&
    token.kind === 'word' &&
    token.norm.length > 2 &&
    !CORE_WORDS.has(token.norm) &&
    !turn.inCue[t]
  );
}
