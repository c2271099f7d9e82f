import { CORE_WORDS } from '../core-words.ts';
import type { Token } from '../tokenize.ts';
import { isNameWord, VOCABULARY } from '../word-lists.ts';
import type { Element } from './read-elements.ts';

/** Text that is being read: tokens, their elements, and which tokens belong to a cue ("IBAN", "pin"). */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly elements: readonly Element[];
  readonly inCue: Uint8Array;
}

/** Which letters are meant as letters: neighbours among which one is strong, or that all are single letters. */
export function lettersMeant(r: Reading, from: number, to: number): Set<Element> {
  const { tokens, elements } = r;
  const meant = new Set<Element>();
  const said = elements.slice(from, to).filter((e) => e.kind === 'digits' || isLetterLike(e));
  let between = 0;
  for (let i = 1; i + 1 < said.length; i++)
    if (said[i]!.spelled && said[i - 1]!.kind === 'digits' && said[i + 1]!.kind === 'digits') between += 1;
  const alternates = between > 1;
  const whole = isWholeTurn(r, from, to);
  for (let i = from; i < to; i++) {
    if (!isLetterLike(elements[i]!)) continue;
    const group: Element[] = [];
    let end = i;
    for (; end < to; end++) {
      const e = elements[end]!;
      if (e.kind === 'filler' || (e.kind === 'mark' && end + 1 < to && isLetterLike(elements[end + 1]!)))
        continue;
      if (!isLetterLike(e)) break;
      group.push(e);
    }
    const digitsBeside = elements[i - 1]?.kind === 'digits' || elements[end]?.kind === 'digits';
    if (whole && isSpelling(r, group)) for (const e of group) meant.add(e);
    else for (const e of meantOf(r, group, digitsBeside || whole)) meant.add(e);
    // "5 Victor 3 Xavier 1 8", "Seven Sierra.": words of an alphabet in turn with digits, or all that is said.
    const only = group[0]!;
    if (group.length === 1 && only.spelled && digitsBeside && (alternates || whole)) meant.add(only);
    // "duecentocinque enne": the name of a letter that is no word.
    const name = only.kind === 'letters' && !only.written && !only.spelled;
    if (group.length === 1 && name && digitsBeside && isNoWord(r, only)) meant.add(only);
    if (group.length === 1 && group[0]!.weak && group[0]!.written && isGlued(tokens, elements, i))
      meant.add(group[0]!);
    i = end - 1;
  }
  return meant;
}

/** Nothing else is said in its sentence, but for a thank you. */
function isWholeTurn(r: Reading, from: number, to: number): boolean {
  if (to - from > MOST_SPELLED) return false;
  const isSmall = (e: Element): boolean =>
    e.kind === 'filler' || CORE_WORDS.has(r.tokens[e.from]!.norm) || r.inCue[e.from] === 1;
  for (let i = from - 1, n = 0; i >= 0 && !breaksAt(r, i + 1); i--, n++)
    if (n === SMALL_BEFORE || !isSmall(r.elements[i]!)) return false;
  for (let i = to, n = 0; i < r.elements.length && !breaksAt(r, i); i++, n++)
    if (n === SMALL_AFTER || !isSmall(r.elements[i]!)) return false;
  return true;
}

const MOST_SPELLED = 4;
/** Words beyond these say something else. */
const SMALL_BEFORE = 12;
const SMALL_AFTER = 6;

function breaksAt(r: Reading, i: number): boolean {
  return r.tokens[r.elements[i]!.from]!.gap.kind === 'sentence';
}

/** "vu erre di", "bi elle elle": names of letters and nothing else. */
function isSpelling(r: Reading, group: readonly Element[]): boolean {
  const words = group.filter((e) => !CORE_WORDS.has(r.tokens[e.from]!.norm) || e.written).length;
  const enough = group.length > 2 ? words > 0 : words === 2;
  return enough && group.every((e) => e.kind === 'letters');
}

function meantOf(r: Reading, group: readonly Element[], digitsBeside: boolean): readonly Element[] {
  const norm = (e: Element): string => r.tokens[e.from]!.norm;
  const names = group.filter((e) => e.kind === 'letters' && !e.written && !e.spelled).length;
  const anyUpper = group.some((e) => e.written && r.tokens[e.from]!.capital);
  // Words at the edges that only happen to be letters' names ("k en de"), lower-case vowels beside capitals ("A, B e").
  const accidental = (e: Element): boolean => {
    if (!e.weak || e.spelled) return false;
    if (e.written) return anyUpper && !r.tokens[e.from]!.capital;
    return CORE_WORDS.has(norm(e)) && names < group.length;
  };
  let first = 0;
  let last = group.length - 1;
  while (first <= last && accidental(group[first]!)) first += 1;
  while (last >= first && accidental(group[last]!)) last -= 1;
  const kept = group.slice(first, last + 1);
  const strong = kept.some((e) => !e.weak);
  const alphabet = kept.filter((e) => e.weak && e.spelled).length;
  const singles = kept.length > 1 && kept.every((e) => e.written);
  return strong || alphabet > 2 || (alphabet > 1 && digitsBeside) || singles ? kept : [];
}

function isNoWord(r: Reading, e: Element): boolean {
  const word = r.tokens[e.from]!.norm;
  return !CORE_WORDS.has(word) && !VOCABULARY.has(word) && !isNameWord(word);
}

/** "A-100482", "3a": one letter that touches digits. */
function isGlued(tokens: readonly Token[], elements: readonly Element[], i: number): boolean {
  const after = elements[i + 1];
  const touches = (t: number): boolean => ['none', 'join'].includes(tokens[t]!.gap.kind);
  return (
    (after?.kind === 'digits' && touches(after.from)) ||
    (elements[i - 1]?.kind === 'digits' && touches(elements[i]!.from))
  );
}

function isLetterLike(e: Element): boolean {
  return e.kind === 'letters' || e.kind === 'word';
}
