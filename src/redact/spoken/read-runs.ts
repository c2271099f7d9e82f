import type { Token } from '../tokenize.ts';
import { isNameWord, PLACES, VOCABULARY } from '../word-lists.ts';
import type { Element } from './read-elements.ts';

/**
 * Digits and letters said one after the other: a candidate for an identifier or a part of one.
 * `text` holds what they say (upper case letters, digits), `owners[i]` the element that says `text[i]`.
 */
export interface Run {
  /** Token range from the first to the last digit or strong letter. */
  readonly from: number;
  readonly to: number;
  /** Token range with weak letters at the edges ("a", "golf"); for use where an identifier is expected. */
  readonly looseFrom: number;
  readonly looseTo: number;
  readonly text: string;
  readonly owners: readonly Element[];
  readonly digits: number;
  readonly letters: number;
  /** Number of elements that say digits: 4 for "one two three four", 1 for "1234". */
  readonly digitElements: number;
  /** Signs said or written inside, such as "-" and "/". */
  readonly marks: string;
  readonly leadingPlus: boolean;
  /** Values read as amounts ("two hundred and five") are in it. */
  readonly hasScale: boolean;
}

export function readRuns(tokens: readonly Token[], elements: readonly Element[]): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < elements.length; ) {
    if (!eligible(tokens, elements, i)) {
      i += 1;
      continue;
    }
    let end = i + 1;
    while (end < elements.length && eligible(tokens, elements, end) && joins(tokens, elements, end)) end += 1;
    const run = runOf(tokens, elements, i, end);
    if (run) runs.push(run);
    i = end;
  }
  return runs;
}

function eligible(tokens: readonly Token[], elements: readonly Element[], i: number): boolean {
  const e = elements[i]!;
  return e.kind !== 'word' || isLetterGroup(tokens, elements, i);
}

/** "zx" in "zx 481 b", "ABNA" in an IBAN: a short word that is none, beside digits or letters. */
function isLetterGroup(tokens: readonly Token[], elements: readonly Element[], i: number): boolean {
  const e = elements[i]!;
  if (e.kind !== 'word' || e.value.length < 2 || e.value.length > 5 || !/^[a-z]+$/.test(e.value))
    return false;
  const token = tokens[e.from]!;
  if (!token.upper && !BANK_WORDS.has(e.value)) {
    if (
      token.capital ||
      e.value.length > 4 ||
      VOCABULARY.has(e.value) ||
      PLACES.has(e.value) ||
      isNameWord(e.value)
    )
      return false;
  }
  const next = tokens[e.to];
  const beside = (n: Element | undefined): boolean =>
    n !== undefined && (n.kind === 'digits' || (n.kind === 'letters' && !n.weak));
  // "HH-AB 1234": capitals joined to capitals joined to digits.
  if (
    token.upper &&
    e.value.length <= 3 &&
    next?.upper &&
    next.norm.length <= 3 &&
    next.gap.kind !== 'sentence'
  ) {
    if (elements[i + 2]?.kind === 'digits') return true;
  }
  const previous = elements[i - 1];
  return (
    (beside(previous) && token.gap.kind !== 'sentence') ||
    (beside(elements[i + 1]) && next?.gap.kind !== 'sentence') ||
    (BANK_WORDS.has(e.value) && previous?.kind === 'digits')
  );
}

const BANK_WORDS = new Set('abn amro ing rabo abna ingb asn sns knab bunq triodos snsb trio'.split(' '));

function joins(tokens: readonly Token[], elements: readonly Element[], i: number): boolean {
  const gap = tokens[elements[i]!.from]!.gap;
  const here = elements[i]!;
  // "12 AB, 80331": figures after a comma are a new value, unless short ones are listed.
  if (gap.kind === 'comma' && here.kind === 'digits' && here.written && here.value.length > 2) return false;
  if (gap.kind !== 'sentence') return true;
  return elements[i]!.kind === 'digits' && elements[i - 1]!.kind === 'digits' && !gap.marks.includes('?');
}

function isCore(e: Element): boolean {
  return (e.kind === 'digits' || e.kind === 'letters') && !e.weak;
}

function runOf(
  tokens: readonly Token[],
  elements: readonly Element[],
  from: number,
  to: number,
): Run | undefined {
  // Which letters are meant as letters: groups of neighbours with a strong one among them.
  const meant = new Set<Element>();
  for (let i = from; i < to; i++) {
    if (!isLetterLike(elements[i]!)) continue;
    let end = i;
    let strong = 0;
    let spelled = 0;
    let singles = 0;
    let count = 0;
    for (; end < to; end++) {
      const e = elements[end]!;
      if (e.kind === 'filler' || (e.kind === 'mark' && end + 1 < to && isLetterLike(elements[end + 1]!)))
        continue;
      if (!isLetterLike(e)) break;
      count += 1;
      if (!e.weak) strong += 1;
      if (e.weak && e.spelled) spelled += 1;
      if (e.written) singles += 1;
    }
    const glued = singles === count && count === 1 && isGlued(tokens, elements, i);
    if (strong > 0 || spelled > 1 || glued || (singles > 1 && singles === count)) {
      for (let k = i; k < end; k++) if (isLetterLike(elements[k]!)) meant.add(elements[k]!);
    }
    i = end - 1;
  }
  const counts = (e: Element): boolean => (e.kind === 'digits' ? true : meant.has(e));
  let first = from;
  let last = to - 1;
  // "een een": nothing but weak digits, yet more than one, is somebody who spells a number.
  const digitsHere = elements.slice(from, to).filter((e) => e.kind === 'digits');
  const weakCount = digitsHere.length > 1 && digitsHere.every((e) => e.weak);
  const trims = (e: Element): boolean =>
    !(counts(e) && (e.kind === 'letters' || e.kind === 'word' || !e.weak || weakCount));
  while (first < to && trims(elements[first]!)) first += 1;
  while (last >= first && trims(elements[last]!)) last -= 1;
  if (first > last) return undefined;
  // Weak digits ("een", "un") at the edge count beside a spoken digit.
  const spokenDigit = (e: Element | undefined): boolean => e?.kind === 'digits' && !e.written;
  while (first > from && elements[first - 1]!.kind === 'digits' && spokenDigit(elements[first])) first -= 1;
  while (last + 1 < to && elements[last + 1]!.kind === 'digits' && spokenDigit(elements[last])) last += 1;
  if (first > from && elements[first - 1]!.kind === 'mark' && elements[first - 1]!.value === '+') first -= 1;
  let looseFirst = first;
  let looseLast = last;
  while (looseFirst > from && elements[looseFirst - 1]!.spelled) looseFirst -= 1;
  while (looseLast + 1 < to && isLoose(elements[looseLast + 1]!)) looseLast += 1;

  let text = '';
  const owners: Element[] = [];
  let digits = 0;
  let digitElements = 0;
  let marks = '';
  let hasScale = false;
  for (let i = first; i <= last; i++) {
    const e = elements[i]!;
    if (e.kind === 'mark') marks += e.value;
    else if (counts(e)) {
      if (e.kind === 'digits') {
        digits += e.value.length;
        digitElements += 1;
        if (!e.written && e.value.length > 2) hasScale = true;
      }
      for (const ch of e.value.toUpperCase()) {
        text += ch;
        owners.push(e);
      }
    }
    const gap = tokens[e.from]!.gap;
    if (i > first && gap.marks) marks += gap.marks;
  }
  if (text === '') return undefined;
  return {
    from: elements[first]!.from,
    to: elements[last]!.to,
    looseFrom: elements[looseFirst]!.from,
    looseTo: elements[looseLast]!.to,
    text,
    owners,
    digits,
    letters: text.length - digits,
    digitElements,
    marks,
    leadingPlus: elements[first]!.kind === 'mark',
    hasScale,
  };
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

function isLoose(e: Element): boolean {
  return e.kind === 'letters' && (e.written || e.spelled);
}

export function isCoreElement(e: Element): boolean {
  return isCore(e);
}
