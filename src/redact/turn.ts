import type { SpeakerRole } from '../domain/audio.ts';
import type { Language } from '../domain/language.ts';
import { CUES, type CueKind, cueOfCompound } from './context/cue-phrases.ts';
import { type Element, readElements } from './spoken/read-elements.ts';
import { type Run, readRuns } from './spoken/read-runs.ts';
import { type Token, tokenize } from './tokenize.ts';

/** A cue in a turn; token range, half-open. */
export interface CueHit {
  readonly kind: CueKind;
  readonly from: number;
  readonly to: number;
}

/** One segment or turn, read once; the recognizers look at nothing else of its text. */
export interface Turn {
  readonly text: string;
  readonly language: Language;
  readonly role: SpeakerRole;
  readonly tokens: readonly Token[];
  readonly elements: readonly Element[];
  /** Index of the element that holds a token. */
  readonly elementOf: Int32Array;
  readonly cues: readonly CueHit[];
  readonly cueKinds: ReadonlySet<CueKind>;
  /** 1 for tokens that belong to a cue. */
  readonly inCue: Uint8Array;
  /** Index of the cue, and of the run, that holds a token; -1 for none. */
  readonly cueAt: Int32Array;
  readonly runAt: Int32Array;
  readonly runs: readonly Run[];
  /** The text has capitals within its sentences, so that capitals mean something. */
  readonly cased: boolean;
}

export function readTurn(text: string, language: Language, role: SpeakerRole): Turn {
  const tokens = tokenize(text);
  const elements = readElements(tokens, language);
  const elementOf = new Int32Array(tokens.length);
  elements.forEach((e, i) => {
    elementOf.fill(i, e.from, e.to);
  });
  const cues = findCues(tokens);
  const inCue = new Uint8Array(tokens.length);
  const cueAt = new Int32Array(tokens.length).fill(-1);
  cues.forEach((c, i) => {
    inCue.fill(1, c.from, c.to);
    cueAt.fill(i, c.from, c.to);
  });
  const runs = readRuns(tokens, elements, inCue);
  const runAt = new Int32Array(tokens.length).fill(-1);
  runs.forEach((r, i) => {
    runAt.fill(i, r.from, r.to);
  });
  return {
    text,
    language,
    role,
    tokens,
    elements,
    elementOf,
    cues,
    cueKinds: new Set(cues.map((c) => c.kind)),
    inCue,
    cueAt,
    runAt,
    runs,
    cased: isCased(tokens),
  };
}

function findCues(tokens: readonly Token[]): CueHit[] {
  const cues: CueHit[] = [];
  for (let i = 0; i < tokens.length; ) {
    const match = CUES.longestAt(tokens, i);
    if (match && !touchesNumber(tokens, i, match.to) && !isSpelled(tokens, i, match.to)) {
      // "mon numéro" in "mon numéro de client": the later, longer phrase says more.
      const later = longerWithin(tokens, i, match.to);
      if (later) {
        i = later;
        continue;
      }
      cues.push({ kind: match.value, from: i, to: match.to });
      i = match.to;
      continue;
    }
    const token = tokens[i]!;
    const kind = token.kind === 'word' ? cueOfCompound(token.norm) : undefined;
    if (kind) cues.push({ kind, from: i, to: i + 1 });
    i += 1;
  }
  return cues.filter((cue, i) => i === 0 || !isPossessor(tokens, cues[i - 1]!, cue));
}

/** "the password of your account": the account is not what is asked for. */
function isPossessor(tokens: readonly Token[], head: CueHit, cue: CueHit): boolean {
  if (BARE.has(head.kind) || cue.from === head.to || cue.from - head.to > 3) return false;
  if (!GENITIVES.has(tokens[head.to]!.norm)) return false;
  for (let t = head.to; t < cue.from; t++) {
    const { norm, gap } = tokens[t]!;
    if (gap.kind === 'sentence' || gap.kind === 'comma' || !(GENITIVES.has(norm) || OWNERS.has(norm)))
      return false;
  }
  return true;
}

/** Cues that take their meaning from the noun after them. */
const BARE: ReadonlySet<CueKind> = new Set<CueKind>([
  'number',
  'name',
  'spell',
  'tail',
  'case',
  'birthpart',
  'code',
  'card',
  'iban',
  'address',
]);
const GENITIVES = new Set('van of von vom der des du de d di del della dell dello'.split(' '));
const OWNERS = new Set(
  'uw je jouw mijn de het the your my ihrer ihres meiner meines la le l votre mon ma sua suo mia mio il lo'.split(
    ' ',
  ),
);

/** "PW" in "K7PW2Q" is no cue. */
function touchesNumber(tokens: readonly Token[], from: number, to: number): boolean {
  if (to !== from + 1 || tokens[from]!.norm.length > 4) return false;
  const next = tokens[to];
  // "PW 73 16 92 D" is a National Insurance number.
  if (tokens[from]!.norm === 'pw' && next?.kind === 'number') return true;
  return (
    (tokens[from]!.gap.kind === 'none' && tokens[from - 1]?.kind === 'number') ||
    (next?.kind === 'number' && next.gap.kind === 'none')
  );
}

/** "c p" in "i c p d" is no post box. */
function isSpelled(tokens: readonly Token[], from: number, to: number): boolean {
  const isLetter = (t: number): boolean => tokens[t]?.kind === 'word' && tokens[t]!.norm.length === 1;
  for (let t = from; t < to; t++) if (!isLetter(t)) return false;
  return (
    (isLetter(from - 1) && tokens[from]!.gap.kind === 'space') ||
    (isLetter(to) && tokens[to]!.gap.kind === 'space')
  );
}

/** Where within (from, to) a phrase starts that ends after `to`. */
function longerWithin(tokens: readonly Token[], from: number, to: number): number | undefined {
  for (let i = from + 1; i < to; i++) {
    const match = CUES.longestAt(tokens, i);
    if (match && match.to > to) return i;
  }
  return undefined;
}

/** Sentences start with capitals; a lower-case start with "NL03 INGB" later says nothing about names. */
function isCased(tokens: readonly Token[]): boolean {
  const first = tokens.find((t) => t.kind === 'word');
  if (first?.capital) return true;
  const capitals = tokens.filter((t) => t.capital && !t.upper && t.norm.length > 1).length;
  return tokens[0]?.kind !== 'word' && capitals > 0;
}

/** Whether a cue of such a kind lies within the token window; windows are small. */
export function cueWithin(turn: Turn, from: number, to: number, fits: (kind: CueKind) => boolean): boolean {
  for (let t = Math.max(0, from); t < Math.min(to, turn.tokens.length); t++) {
    const cue = turn.cues[turn.cueAt[t]!];
    if (cue && cue.from >= from && cue.to <= to && fits(cue.kind)) return true;
  }
  return false;
}
