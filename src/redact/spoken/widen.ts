import { CORE_WORDS } from '../core-words.ts';
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
  return { from: turn.elements[index]!.from, to: widenedEnd(turn, run.looseTo) };
}

/** Letters' names after the run ("... nove ti elle"), up to the next word that is only a word. */
function widenedEnd(turn: Turn, to: number): number {
  let index = turn.elementOf[to - 1]! + 1;
  let end = to;
  let taken = 0;
  while (index < turn.elements.length && taken < 4) {
    const e = turn.elements[index]!;
    const token = turn.tokens[e.from]!;
    if (e.kind !== 'letters' || token.gap.kind === 'sentence' || token.gap.kind === 'comma') break;
    const next = turn.elements[index + 1];
    const last = next?.kind !== 'letters';
    if (last && taken === 0 && CORE_WORDS.has(token.norm) && next) break;
    end = e.to;
    index += 1;
    taken += 1;
  }
  // "... K are you with me?": words that only sound like letters.
  const words = turn.tokens.slice(to, end).every(({ norm }) => norm.length > 1 && CORE_WORDS.has(norm));
  const common = turn.language === 'en' || turn.language === 'nl';
  return words && common && turn.elements[index]?.kind === 'word' ? to : end;
}
