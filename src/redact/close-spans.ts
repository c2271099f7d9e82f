import type { EntityType } from '../domain/entity.ts';
import type { Governed } from './context/govern-runs.ts';
import { CORE_WORDS } from './core-words.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Element } from './spoken/read-elements.ts';
import type { Turn } from './turn.ts';
import { VOCABULARY } from './word-lists.ts';

/** Identifiers made of digits and letters. */
const CLOSED: ReadonlySet<EntityType> = new Set<EntityType>([
  'PHONE_NUMBER',
  'IBAN_CODE',
  'CREDIT_CARD',
  'CARD_SECURITY_CODE',
  'NATIONAL_ID',
  'CREDENTIAL',
  'CUSTOMER_REFERENCE',
  'LICENSE_PLATE',
]);
/** Of these, those with groups of letters: "zmb lri 91e55". */
const LETTERED: ReadonlySet<EntityType> = new Set<EntityType>([
  'IBAN_CODE',
  'NATIONAL_ID',
  'CREDENTIAL',
  'CUSTOMER_REFERENCE',
  'LICENSE_PLATE',
]);
/** Elements a span may grow by on each side; keeps the walk linear. */
const MOST = 40;

/**
 * Grows identifiers over the digits and letters beside them, so that no part of a value survives at its edges:
 * behind a filler, a self-correction or a comma, or read as a word ("un", "sei", "Papa"). Stops at words, cues,
 * amounts, dates, the end of a sentence and other findings. `found` is disjoint and in order, and stays so.
 */
export function closeSpans(
  turn: Turn,
  found: readonly Found[],
  governed: readonly Governed[],
  inDate: Uint8Array,
): Found[] {
  const harmless = new Uint8Array(turn.tokens.length);
  for (const g of governed) if (g.harmless) harmless.fill(1, g.run.from, g.run.to);
  const closed: Found[] = [];
  found.forEach((f, i) => {
    if (!CLOSED.has(f.type)) {
      closed.push(f);
      return;
    }
    const floor = closed.at(-1)?.to ?? 0;
    const ceiling = found[i + 1]?.from ?? turn.tokens.length;
    const free = (e: Element): boolean =>
      e.from >= floor && e.to <= ceiling && !harmless[e.from] && !inDate[e.from] && !turn.inCue[e.from];
    closed.push({
      ...f,
      from: grow(turn, f.type, f.from, -1, free),
      to: grow(turn, f.type, f.to - 1, 1, free),
    });
  });
  return closed;
}

/** The token at which a span that ends at `token` ends when it has grown in direction `step`. */
function grow(
  turn: Turn,
  type: EntityType,
  token: number,
  step: 1 | -1,
  free: (e: Element) => boolean,
): number {
  const { elements } = turn;
  let edge = turn.elementOf[token]!;
  for (let i = edge + step, walked = 0; walked < MOST; i += step, walked++) {
    const e = elements[i];
    if (!e || !free(e) || breaksBefore(turn, Math.max(i, i - step))) break;
    if (e.kind === 'word') {
      if (!LETTERED.has(type) || !isLetterGroup(turn, i)) break;
      edge = i;
      continue;
    }
    if (e.kind === 'filler' || e.kind === 'fix' || e.kind === 'link' || e.kind === 'mark') continue;
    if (!(e.kind === 'digits' ? isDigit(turn, i, edge, step) : isLetter(turn, i, step))) break;
    edge = i;
  }
  return step === 1 ? elements[edge]!.to : Math.min(token, elements[edge]!.from);
}

function breaksBefore(turn: Turn, i: number): boolean {
  const { gap } = turn.tokens[turn.elements[i]!.from]!;
  if (gap.kind !== 'sentence') return false;
  return gap.marks !== '.' || turn.elements[i]!.kind !== 'digits' || turn.elements[i - 1]?.kind !== 'digits';
}

/** "een", "un", "sei" beside a value are digits, except as the article or the verb of what stands there. */
function isDigit(turn: Turn, i: number, edge: number, step: 1 | -1): boolean {
  const e = turn.elements[i]!;
  if (!e.weak || e.value === '0') return true;
  if (step === 1) return !isNounAfter(turn, i);
  return Math.abs(edge - i) > 1 || hasComma(turn, i + 1) || !turn.elements[i + 1]?.written;
}

function isLetter(turn: Turn, i: number, step: 1 | -1): boolean {
  const e = turn.elements[i]!;
  if (e.spelled) return true;
  if (!e.written) return !e.weak;
  const word = turn.tokens[e.from]!.norm;
  if (!e.weak && !CORE_WORDS.has(word)) return true;
  return step === 1 ? !isWordAfter(turn, i) : hasComma(turn, i + 1) && turn.elements[i - 1]?.kind !== 'word';
}

function isLetterGroup(turn: Turn, i: number): boolean {
  const token = turn.tokens[turn.elements[i]!.from]!;
  return (
    token.kind === 'word' &&
    token.norm.length <= 4 &&
    token.gap.kind !== 'comma' &&
    !CORE_WORDS.has(token.norm) &&
    !VOCABULARY.has(token.norm)
  );
}

function isWordAfter(turn: Turn, i: number): boolean {
  const next = turn.elements[i + 1];
  return next?.kind === 'word' && turn.tokens[next.from]!.gap.kind === 'space';
}

function isNounAfter(turn: Turn, i: number): boolean {
  return isWordAfter(turn, i) && !CORE_WORDS.has(turn.elements[i + 1]!.value);
}

function hasComma(turn: Turn, i: number): boolean {
  const next = turn.elements[i];
  return next !== undefined && turn.tokens[next.from]!.gap.kind === 'comma';
}
