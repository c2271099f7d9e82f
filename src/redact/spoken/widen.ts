import type { Turn } from '../turn.ts';
import type { Run } from './read-runs.ts';

/** The run with weak letter names before it ("en el 91"), for use where letters are expected. */
export function widened(turn: Turn, run: Run, most: number): { from: number; to: number } {
  const start = turn.elementOf[run.looseFrom]!;
  let index = start;
  for (let taken = 0; taken < most; taken++) {
    const e = turn.elements[index - 1];
    if (e?.kind !== 'letters' || turn.tokens[turn.elements[index]!.from]!.gap.kind === 'sentence') break;
    index -= 1;
  }
  // One alone is an article or a conjunction ("de 91", "è 91").
  if (start - index < 2) index = start;
  return { from: turn.elements[index]!.from, to: run.looseTo };
}
