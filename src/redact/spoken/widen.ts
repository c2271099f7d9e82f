import type { Turn } from '../turn.ts';
import type { Run } from './read-runs.ts';

/** The run with weak letter names before it ("en el 91"), for use where letters are expected. */
export function widened(turn: Turn, run: Run, most: number): { from: number; to: number } {
  let index = turn.elementOf[run.looseFrom]!;
  for (let taken = 0; taken < most; taken++) {
    const e = turn.elements[index - 1];
    if (e?.kind !== 'letters' || turn.tokens[turn.elements[index]!.from]!.gap.kind === 'sentence') break;
    index -= 1;
  }
  return { from: turn.elements[index]!.from, to: run.looseTo };
}
