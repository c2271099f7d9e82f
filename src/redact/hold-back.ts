import { CORE_WORDS } from './core-words.ts';
import { HEALTH_TERMS } from './data/health-terms.ts';
import { GROUP_TERMS, PREDICATE_TERMS, STATEMENT_TERMS } from './data/special-category-terms.ts';
import { PARTICLES } from './name-reader.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Turn } from './turn.ts';
import { isNameWord, PLACES, VOCABULARY } from './word-lists.ts';

/** Words of right context after which a common word can no longer become part of an entity. */
export const LOOK_AHEAD = 6;

/**
 * Which tokens a partial may show. The model does not run on partials, and the rest of the sentence may still
 * change what a word is, therefore:
 *  - function words are shown at once, except where a name or value may be in progress;
 *  - other common words are shown when `LOOK_AHEAD` words follow and no hidden word touches them;
 *  - digits, letters, names, places, illnesses, beliefs, and every word that is not common are never shown.
 */
export function showable(turn: Turn, found: readonly Found[]): boolean[] {
  const { tokens } = turn;
  const show: boolean[] = tokens.map((t, i) => {
    if (isCoreWord(turn, i)) return true;
    return i + LOOK_AHEAD < tokens.length && isCommon(turn, i, t.norm);
  });
  for (const f of found) show.fill(false, f.from, f.to);
  // Neighbours between function words share their fate: the model may see them as one name.
  for (let i = 0; i < tokens.length; ) {
    if (isCoreWord(turn, i) && show[i]) {
      i += 1;
      continue;
    }
    let end = i;
    let hidden = false;
    while (
      end < tokens.length &&
      !(isCoreWord(turn, end) && show[end] && !PARTICLES.has(tokens[end]!.norm))
    ) {
      if (!show[end]) hidden = true;
      end += 1;
    }
    if (hidden) show.fill(false, i, end);
    i = Math.max(end, i + 1);
  }
  return show;
}

function isCoreWord(turn: Turn, i: number): boolean {
  const token = turn.tokens[i]!;
  const kind = turn.elements[turn.elementOf[i]!]!.kind;
  return CORE_WORDS.has(token.norm) && kind !== 'digits' && token.norm.length > 1;
}

/** What these words become may be decided by the rest of the sentence: never shown early. */
const SENSITIVE = [HEALTH_TERMS, PREDICATE_TERMS, STATEMENT_TERMS, GROUP_TERMS];

function isCommon(turn: Turn, i: number, word: string): boolean {
  const element = turn.elements[turn.elementOf[i]!]!;
  if (element.kind !== 'word') return false;
  if (!VOCABULARY.has(word) || isNameWord(word) || PLACES.has(word)) return false;
  return !SENSITIVE.some((terms) => terms.longestAt(turn.tokens, i));
}
