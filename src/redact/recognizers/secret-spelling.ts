import type { CueKind } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import type { Turn } from '../turn.ts';
import { ANSWER_CARRIERS } from './secret-words.ts';

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
 * secret starts behind the last colon, or behind the carriers of the sentence.
 */
export function signedSecrets(turn: Turn): { from: number; to: number }[] {
  const secrets: { from: number; to: number }[] = [];
  const { tokens, elements } = turn;
  for (let from = 0; from < tokens.length; ) {
    let to = from + 1;
    while (to < tokens.length && tokens[to]!.gap.kind !== 'sentence') to += 1;
    if (to - from <= LONGEST_SENTENCE) {
      let signs = 0;
      let cases = 0;
      for (let i = turn.elementOf[from]!; i < elements.length && elements[i]!.from < to; i++) {
        const e = elements[i]!;
        if (e.kind !== 'mark' || e.written) continue;
        const said = tokens[e.from]!.norm + tokens[e.to - 1]!.norm;
        if (e.value === '' && CASES.test(said)) cases += 1;
        if (e.value === '' ? CASES.test(said) || SIGNS.test(said) : '#_'.includes(e.value)) signs += 1;
        if (e.value === '@') signs = Number.NEGATIVE_INFINITY;
      }
      let start = from;
      while (start < to && CORE_WORDS.has(tokens[start]!.norm)) start += 1;
      let end = to;
      while (end > start && isSmallTalk(tokens[end - 1]!.norm)) end -= 1;
      // What a cue in the sentence announces is found by it.
      const announced = turn.inCue.subarray(from, to).includes(1);
      if (cases > 0 && signs >= TELLING && start < end && !announced) secrets.push({ from: start, to: end });
    }
    from = to;
  }
  return secrets;
}

const isSmallTalk = (word: string): boolean => CORE_WORDS.has(word) || ANSWER_CARRIERS.has(word);

/** Remarks on capitals and names of signs that are no other words, in five languages, folded. */
const CASES = /majus|minus|maius|hoofdletter|buchstabe|capital|uppercase|lowercase/;
const SIGNS = /escla|exclam|interrog|teken|zeichen|mark|aster/;

/** "capital t w nine nine and an exclamation mark": how letters are written belongs to the secret. */
export function withCaseMarks(turn: Turn, from: number, to: number): { from: number; to: number } {
  let first = turn.elementOf[from]!;
  let last = turn.elementOf[to - 1]!;
  const belongs = (i: number, edge: number): boolean => {
    const e = turn.elements[i];
    if (!e || turn.tokens[turn.elements[Math.max(i, edge)]!.from]!.gap.kind === 'sentence') return false;
    // "Appeltaart negentien, met een hoofdletter" is a remark.
    if (i > edge && turn.tokens[e.from]!.gap.kind === 'comma') return false;
    if (e.kind === 'mark') return e.value === '' || (!e.weak && e.value !== '@');
    return e.kind === 'letters' && e.written && turn.elements[i + (i < edge ? -1 : 1)]?.kind === 'mark';
  };
  while (first > 0 && belongs(first - 1, first)) first -= 1;
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

/** "... and an exclamation mark": the element of the sign. */
function signAfter(turn: Turn, last: number): number | undefined {
  for (let i = last + 1; i <= last + 3; i++) {
    const e = turn.elements[i];
    if (!e || turn.tokens[e.from]!.gap.kind === 'sentence') return undefined;
    const sign = e.kind === 'mark' && (e.value === '' || !e.weak) && e.value !== '@';
    if (sign) return i > last + 1 ? i : undefined;
    if (!JOINTS.has(turn.tokens[e.from]!.norm) && e.kind !== 'link') return undefined;
  }
  return undefined;
}

const JOINTS = new Set('en and und et e een a an ein un une il le'.split(' '));
