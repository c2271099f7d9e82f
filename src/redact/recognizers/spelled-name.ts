import { CORE_WORDS } from '../core-words.ts';
import { PARTICLES, readName } from '../name-reader.ts';
import type { Turn } from '../turn.ts';
import { isSurname } from '../word-lists.ts';
import { type Found, foundRun, type RecognizerInput } from './recognizer.ts';

/* Names of which single letters are said: spelled ones and initials. */

/** Letters that spell a name. */
export function spelledLetters({ turn, context, governed }: RecognizerInput): Found[] {
  const found: Found[] = [];
  for (const g of governed) {
    if (g.run.digits > 0 || g.harmless) continue;
    const asked =
      (g.kind === 'name' && g.source === 'asked') ||
      g.kind === 'spell' ||
      context.asked.includes('name') ||
      turn.cueKinds.has('spell');
    if (g.run.letters <= 2 && isBareHint(turn, g.run.from)) continue;
    const oneByOne = g.run.owners.every((e) => e.spelled || e.value.length <= 2);
    if (!oneByOne) continue;
    const least = asked ? 2 : turn.cueKinds.has('name') ? 3 : 4;
    if (g.run.letters >= least) {
      const near = g.source === 'before' || g.source === 'after';
      const other = near && g.kind !== undefined && g.kind !== 'name' && g.kind !== 'spell';
      found.push(foundRun('PERSON', g, other ? 0.3 : asked ? 0.8 : 0.55, { loose: true, answers: 'name' }));
    }
  }
  return found;
}

/** "Kowalczyk. K, O, W, A, L, C, Z, Y, K.": a word that is also spelled is a name. */
export function spelledNames(turn: Turn): Found[] {
  const spelled = new Set(
    turn.runs
      .filter((r) => r.digits === 0 && r.letters >= 3 && r.owners.every((e) => e.value.length <= 2))
      .map((r) => r.text.toLowerCase()),
  );
  if (spelled.size === 0) return [];
  return turn.tokens.flatMap((token, t) =>
    token.kind === 'word' && spelled.has(token.norm)
      ? [{ type: 'PERSON' as const, from: t, to: t + 1, score: 0.72, answers: 'name' as const }]
      : [],
  );
}

/** "mit a i", "con la cappa", "avec deux l": a remark on the spelling, no spelling. */
function isBareHint(turn: Turn, from: number): boolean {
  for (let t = Math.max(0, from - 3); t < from; t++) if (HINTS.has(turn.tokens[t]!.norm)) return true;
  return false;
}

const HINTS = new Set(
  'met with mit avec con la deux twee two due zwei double dubbele senza zonder ohne without sans'.split(' '),
);

/** "W. Ottens", "J.-M. Aubertin", "G.B. Lanzafame", "A. & B. Riemenschneider". */
export function initialsAndSurname(turn: Turn): Found[] {
  const found: Found[] = [];
  const { tokens } = turn;
  if (!turn.cased && !tokens.some((t) => t.capital)) return found;
  for (let t = 0; t < tokens.length; t++) {
    let k = t;
    while (k < tokens.length && k - t < 8 && isCapitalInitial(turn, k)) {
      k += 1;
      if (tokens[k]?.norm === '&' && isCapitalInitial(turn, k + 1)) k += 1;
    }
    if (k === t) continue;
    let end = k;
    while (tokens[end] && end - k < 3 && PARTICLES.has(tokens[end]!.norm) && tokens[end]!.norm.length > 1)
      end += 1;
    const surname = tokens[end];
    const dotted = surname && tokens[k]!.gap.marks.startsWith('.');
    if (
      surname?.capital &&
      surname.kind === 'word' &&
      surname.norm.length > 1 &&
      !CORE_WORDS.has(surname.norm)
    ) {
      if (dotted || (isSurname(surname.norm) && tokens[k]!.gap.kind === 'space' && !turn.inCue[end])) {
        const name = readName(turn, end, false);
        found.push({ type: 'PERSON', from: t, to: name?.to ?? end + 1, score: 0.76, answers: 'name' });
      }
    }
    t = k;
  }
  return found;
}

function isCapitalInitial(turn: Turn, t: number): boolean {
  const token = turn.tokens[t];
  return (
    token?.kind === 'word' &&
    token.norm.length === 1 &&
    token.capital &&
    !turn.elements[turn.elementOf[t]!]!.spelled
  );
}
