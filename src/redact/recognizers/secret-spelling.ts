import type { CueKind } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Element } from '../spoken/read-elements.ts';
import type { Turn } from '../turn.ts';
import { ABOUT, ANSWER_CARRIERS } from './secret-words.ts';

/** What is spelled with its capitals without being a secret. */
const SPELLED: ReadonlySet<CueKind> = new Set<CueKind>([
  'name',
  'spell',
  'email',
  'employer',
  'place',
  'address',
]);

/** "Capital S, small o, l, zero two": only who dictates a secret says how its letters are written. */
export function isSpelledSecret(turn: Turn, g: Governed): boolean {
  const { run } = g;
  if (run.text.length < 3 || (g.kind !== undefined && SPELLED.has(g.kind))) return false;
  if (run.digits === 0 && g.source !== 'none') return false;
  const first = turn.elementOf[run.from]!;
  const last = turn.elementOf[run.to - 1]!;
  // Runs may be long: the marks at the edges and the first few inside decide.
  for (let i = Math.max(0, first - 1); i <= Math.min(last + 1, first + 24, turn.elements.length - 1); i++) {
    const e = turn.elements[i]!;
    if (e.kind === 'mark' && e.value === '' && !e.written) return true;
  }
  return false;
}

/** Signs and remarks on capitals in one sentence from which it dictates a secret, whatever its words are. */
const TELLING = 2;
const LONGEST_SENTENCE = 24;

/**
 * "melanzana tutto minuscolo, cancelletto, Trapani con la maiuscola": words between signs and remarks on capitals. The
 * secret starts behind the carriers of the sentence and its last long clause. What the next sentence puts right ("No:
 * Gattone, cancelletto, ...") is one as well.
 */
export function signedSecrets(turn: Turn): { from: number; to: number }[] {
  const secrets: { from: number; to: number }[] = [];
  const { tokens } = turn;
  let corrected = false;
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && tokens[to]!.gap.kind !== 'sentence') to += 1;
    // "No: ...": a colon opens the value.
    if (to === from + 1 && corrected && to < tokens.length) {
      from = to;
      continue;
    }
    corrected = false;
    if (to - from <= LONGEST_SENTENCE) {
      const { signs, cases } = signsIn(turn, from, to);
      const first = turn.elements[turn.elementOf[from]!]!;
      const again = secrets.at(-1)?.to === from || secrets.at(-1)?.to === from - 1;
      let start = valueFrom(turn, from, to);
      let end = to;
      while (end > start && isSmallTalk(tokens[end - 1]!.norm)) end -= 1;
      while (start < end && CORE_WORDS.has(tokens[start]!.norm)) start += 1;
      // What a cue in the sentence announces is found by it.
      const announced = isAnnounced(turn, from, to);
      const enough = (cases > 0 && signs >= TELLING) || (again && signs > 0);
      if (enough && start < end && !announced) secrets.push({ from: start, to: end });
      corrected = secrets.at(-1)?.to === to || first.kind === 'fix';
    }
    from = to;
  }
  return secrets;
}

/** A cue lies in the sentence; "geb" in "ich geb" is none. */
function isAnnounced(turn: Turn, from: number, to: number): boolean {
  for (let t = from; t < to; t++) {
    const kind = turn.cues[turn.cueAt[t]!]?.kind;
    if (kind !== undefined && kind !== 'birth') return true;
  }
  return false;
}

/** Names of signs and remarks on capitals in a sentence; none in an address. */
function signsIn(turn: Turn, from: number, to: number): { signs: number; cases: number } {
  const { tokens, elements } = turn;
  let signs = 0;
  let cases = 0;
  for (let i = turn.elementOf[from]!; i < elements.length && elements[i]!.from < to; i++) {
    const e = elements[i]!;
    if (e.kind !== 'mark' || e.written) continue;
    const said = tokens[e.from]!.norm + tokens[e.to - 1]!.norm;
    const next = elements[i + 1];
    const letter = next?.kind === 'letters' && next.written && next.from < to;
    const cased = CASES.test(said) || (SIZES.test(said) && (letter || /geschr|schrift/.test(said)));
    if (e.value === '' && cased) cases += 1;
    if (e.value === '' ? cased || SIGNS.test(said) : !e.weak && '#_:;$%&*'.includes(e.value)) signs += 1;
    if (e.value === '@') signs = Number.NEGATIVE_INFINITY;
  }
  return { signs, cases };
}

/** "I enter it all correctly, foxhole, capital F, colon": behind the last clause that is a sentence of its own. */
function valueFrom(turn: Turn, from: number, to: number): number {
  let start = from;
  for (let t = from + 1, opens = from; t < to; t++) {
    if (turn.tokens[t]!.gap.kind !== 'comma') continue;
    if (t - opens >= LONG_CLAUSE && signsIn(turn, opens, t).signs === 0) start = t;
    opens = t;
  }
  return start;
}

const LONG_CLAUSE = 4;

const isSmallTalk = (word: string): boolean => CORE_WORDS.has(word) || ANSWER_CARRIERS.has(word);

/** Remarks on capitals and names of signs that are no other words, in five languages, folded. */
const CASES = /majus|minus|maius|hoofdletter|buchstabe|capital|uppercase|lowercase/;
/** Of a letter only, or of what is written so: a shoe is large as well. */
const SIZES = /gross|klein|groot|grote|grand|petit|grande|piccol/;
const SIGNS = /escla|exclam|interrog|teken|zeichen|mark|aster/;

/** "capital t w nine nine and an exclamation mark": how letters are written belongs to the secret. */
export function withCaseMarks(turn: Turn, from: number, to: number): { from: number; to: number } {
  let first = turn.elementOf[from]!;
  let last = turn.elementOf[to - 1]!;
  const belongs = (i: number, edge: number): boolean => {
    const e = turn.elements[i];
    if (!e || turn.tokens[turn.elements[Math.max(i, edge)]!.from]!.gap.kind === 'sentence') return false;
    // "Appeltaart negentien, met een hoofdletter" is a remark.
    if (i > edge && turn.tokens[e.from]!.gap.kind === 'comma')
      return isSign(turn, e) || isCasedLetter(turn, i);
    if (e.kind === 'mark') return e.value === '' || (!e.weak && e.value !== '@');
    return e.kind === 'letters' && e.written && turn.elements[i + (i < edge ? -1 : 1)]?.kind === 'mark';
  };
  while (first > 0 && belongs(first - 1, first)) first -= 1;
  // "purple giraffe with a capital P": the words whose letters are told of.
  for (let words = 0; words < MOST_TOLD; words++) {
    const word = turn.elements[first - 1];
    const opens = turn.elements[first]!;
    if (words === 0 && opens.kind !== 'mark') break;
    if (word?.kind !== 'word' || turn.tokens[opens.from]!.gap.kind !== 'space' || turn.inCue[word.from])
      break;
    if (CORE_WORDS.has(word.value) || ABOUT.has(word.value)) break;
    first -= 1;
  }
  for (;;) {
    if (last + 1 < turn.elements.length && belongs(last + 1, last)) last += 1;
    else {
      const sign = signAfter(turn, last);
      if (sign === undefined) break;
      last = sign;
    }
  }
  return { from: turn.elements[first]!.from, to: turn.elements[last]!.to };
}

/** Words before a remark on their letters. */
const MOST_TOLD = 3;

/** "seven, eight, small k": how a letter is written, and the letter. */
function isCasedLetter(turn: Turn, i: number): boolean {
  const [e, next] = [turn.elements[i]!, turn.elements[i + 1]];
  const isLetter = next?.kind === 'letters' && next.written && turn.tokens[next.from]!.gap.kind === 'space';
  return e.kind === 'mark' && e.value === '' && isLetter;
}

/** "... and an exclamation mark": the element of the sign. */
function signAfter(turn: Turn, last: number): number | undefined {
  for (let i = last + 1; i <= last + 3; i++) {
    const e = turn.elements[i];
    if (!e || turn.tokens[e.from]!.gap.kind === 'sentence') return undefined;
    const sign = e.kind === 'mark' && (e.value === '' || !e.weak) && e.value !== '@';
    if (sign) return i > last + 1 ? i : undefined;
    const { norm } = turn.tokens[e.from]!;
    // "Lisbon with an exclamation mark", but "with a capital" is a remark.
    const withSign = WITHS.has(norm) && [i + 1, i + 2].some((k) => isSign(turn, turn.elements[k]));
    if (!JOINTS.has(norm) && e.kind !== 'link' && !withSign) return undefined;
  }
  return undefined;
}

function isSign(turn: Turn, e: Element | undefined): boolean {
  if (e?.kind !== 'mark' || e.value === '@') return false;
  const said = turn.tokens[e.from]!.norm + turn.tokens[e.to - 1]!.norm;
  return e.value === '' ? SIGNS.test(said) : !e.weak;
}

const WITHS = new Set('met with mit avec con'.split(' '));
const JOINTS = new Set('en and und et e een a an ein un une il le'.split(' '));
