import type { Governed } from '../context/govern-runs.ts';
import { CORE_WORDS } from '../core-words.ts';
import { widened } from '../spoken/widen.ts';
import type { CueHit, Turn } from '../turn.ts';
import { VOCABULARY } from '../word-lists.ts';
import { type Found, foundRun, type Recognizer } from './recognizer.ts';

/** Numbers by which a company knows a person or a case: by what announces them. */
export const recognizeCustomerReference: Recognizer = ({ turn, governed, context }) => {
  const found: Found[] = [];
  for (const g of governed) {
    if (g.kind !== 'reference' && g.kind !== 'account' && g.kind !== 'username') continue;
    if (g.harmless || !isReference(g)) continue;
    const w = widened(turn, g.run, 2);
    found.push({
      ...foundRun('CUSTOMER_REFERENCE', g, 0.88, { loose: true }),
      from: hashBefore(turn, w.from),
    });
  }
  // User names are words as often as numbers.
  for (const cue of turn.cues) {
    const name = cue.kind === 'username' ? userName(turn, cue) : undefined;
    if (name) found.push({ type: 'CUSTOMER_REFERENCE', ...name, score: 0.89, answers: 'reference' });
  }
  if (context.askedOf(turn.role) === 'username' && turn.tokens.length <= 10) {
    let from = 0;
    while (from < turn.tokens.length && CORE_WORDS.has(turn.tokens[from]!.norm)) from += 1;
    const to = clauseEnd(turn, from);
    if (to > from) found.push({ type: 'CUSTOMER_REFERENCE', from, to, score: 0.84, answers: 'reference' });
  }
  return found;
};

function hashBefore(turn: Turn, from: number): number {
  return turn.tokens[from - 1]?.norm === '#' ? from - 1 : from;
}

/** "Username gladys_knits41", "votre identifiant, c'est delahaye point n". */
function userName(turn: Turn, cue: CueHit): { from: number; to: number } | undefined {
  let t = cue.to;
  while (t < turn.tokens.length && LINKS.has(turn.tokens[t]!.norm)) t += 1;
  const token = turn.tokens[t];
  if (!token || (token.gap.kind === 'sentence' && !token.gap.marks.startsWith(':'))) return undefined;
  const linked = t > cue.to || token.gap.marks.startsWith(':');
  if (token.norm.length < 2 || STOPS.has(token.norm) || CORE_WORDS.has(token.norm)) return undefined;
  let end = t + 1;
  let composed = false;
  while (end < turn.tokens.length) {
    const next = turn.tokens[end]!;
    const element = turn.elements[turn.elementOf[end]!]!;
    const glued =
      next.gap.kind === 'none' ||
      next.gap.kind === 'join' ||
      next.norm === '_' ||
      turn.tokens[end - 1]!.norm === '_';
    const spoken =
      next.gap.kind === 'space' &&
      element.kind !== 'word' &&
      element.kind !== 'filler' &&
      !CORE_WORDS.has(next.norm);
    const afterMark = next.gap.kind === 'space' && turn.elements[turn.elementOf[end - 1]!]!.kind === 'mark';
    if (!glued && !spoken && !afterMark) break;
    composed = true;
    end = Math.max(end + 1, element.to);
  }
  if (!linked && !composed) return undefined;
  if (!composed && VOCABULARY.has(token.norm) && !linked) return undefined;
  return { from: t, to: end };
}

const LINKS = new Set('is ist est e dus lautet luidt c war was'.split(' '));
const STOPS = new Set(
  'niet not nicht pas non kwijt vergeten forgotten vergessen oublie geblokkeerd blocked gesperrt bloque bloccato fout wrong falsch correct juist richtig same hetzelfde leeg vide'.split(
    ' ',
  ),
);

function clauseEnd(turn: Turn, from: number): number {
  let end = from;
  while (end < turn.tokens.length && end - from < 8) {
    const gap = turn.tokens[end]!.gap.kind;
    if (end > from && (gap === 'sentence' || gap === 'comma')) break;
    end += 1;
  }
  while (end > from && CORE_WORDS.has(turn.tokens[end - 1]!.norm)) end -= 1;
  return end;
}

function isReference(g: Governed): boolean {
  const { run } = g;
  const near = g.source === 'before' || g.source === 'after';
  if (run.digits === 0) return run.letters >= (near ? 3 : 2);
  if (near && !g.repeated) return run.text.length >= 3 || run.digits >= 2;
  if (g.repeated) return run.digits >= 3 || (run.digitElements >= 2 && run.digits >= 2);
  return run.text.length >= 2 && (run.digits >= 2 || run.digitElements + run.letters >= 2);
}
