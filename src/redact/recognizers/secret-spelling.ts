import type { CueKind } from '../context/cue-phrases.ts';
import type { Governed } from '../context/govern-runs.ts';
import type { Turn } from '../turn.ts';

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
