import type { EntitySpan } from '../domain/entity.ts';
import type { CallContext } from './call-context.ts';
import { closeSpans } from './close-spans.ts';
import { governRuns } from './context/govern-runs.ts';
import { CORE_WORDS } from './core-words.ts';
import { fromModel, mergeFound } from './merge-spans.ts';
import { PARTICLES } from './name-reader.ts';
import { continueAddresses } from './recognizers/address-chain.ts';
import { findDates, markDates } from './recognizers/dates.ts';
import { RECOGNIZERS } from './recognizers/index.ts';
import { suppressProducts } from './recognizers/product-names.ts';
import { isPublicAddress } from './recognizers/public-places.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Run } from './spoken/read-runs.ts';
import type { Turn } from './turn.ts';
import { VOCABULARY } from './word-lists.ts';

/** All entities of one turn, disjoint and in order. Reads the call's context, changes nothing. */
export function findEntities(
  turn: Turn,
  context: CallContext,
  modelSpans: readonly EntitySpan[] = [],
): Found[] {
  const dates = findDates(turn);
  const inDate = markDates(turn, dates);
  const governed = governRuns(turn, context, inDate);
  const input = { turn, context, dates, inDate, governed };
  const found = RECOGNIZERS.flatMap((recognize) => recognize(input));
  found.push(...continueAddresses(turn, found));
  const fromTheModel = fromModel(turn, modelSpans);
  suppressProducts(turn, fromTheModel, context.ofThings && !context.seenIdentifier);
  found.push(
    ...context.values.find(turn, governed),
    ...context.values.findWords(turn),
    ...knownNames(turn, context, found.concat(fromTheModel)),
    ...fromTheModel,
  );
  const merged = mergeFound(
    turn,
    found.filter((f) => !isPublicAddress(turn, f)),
  );
  return closeSpans(turn, merged, context, governed, inDate);
}

/** Names of this call, wherever they are said again, also misspelled. */
function knownNames(turn: Turn, context: CallContext, named: readonly Found[]): Found[] {
  const found: Found[] = [];
  const here = new Set<string>();
  for (const f of named) {
    if (f.type !== 'PERSON' || f.score < 0.7) continue;
    for (const word of wordsOf(turn, f)) if (!VOCABULARY.has(word)) here.add(word);
  }
  for (let t = 0; t < turn.tokens.length; t++) {
    const token = turn.tokens[t]!;
    if (
      token.kind !== 'word' ||
      token.norm.length < 3 ||
      CORE_WORDS.has(token.norm) ||
      PARTICLES.has(token.norm)
    )
      continue;
    if (!context.pseudonyms.isKnownName(token.norm) && !here.has(token.norm)) continue;
    found.push({ type: 'PERSON', from: particlesBefore(turn, t), to: t + 1, score: 0.58, answers: 'name' });
  }
  return found;
}

/** "Le Goff, avec deux f ?", "van der Wiel": a single small word in lower case may as well be a preposition. */
function particlesBefore(turn: Turn, at: number): number {
  let from = at;
  while (
    from > 0 &&
    at - from < 3 &&
    turn.tokens[from]!.gap.kind === 'space' &&
    PARTICLES.has(turn.tokens[from - 1]!.norm)
  )
    from -= 1;
  if (at - from > 1) return from;
  const before = turn.tokens[at - 1];
  return at > from && (ONLY_IN_NAMES.has(before!.norm) || (turn.cased && before!.capital)) ? from : at;
}

const ONLY_IN_NAMES = new Set('von el lo dos mac mc ait'.split(' '));

/** The digits and letters a finding says, without words: "0612345678" however it was spoken. */
export function spelledValue(turn: Turn, f: Found): string {
  let value = '';
  for (let t = f.from; t < f.to; t++) {
    const run = turn.runs[turn.runAt[t]!];
    if (!run) continue;
    for (let i = firstOwnerFrom(run, f.from); i < run.text.length && run.owners[i]!.from < f.to; i++) {
      if (run.owners[i]!.to <= f.to) value += run.text[i];
    }
    t = run.to - 1;
  }
  return value;
}

/** The groups of two digits or more in which a finding is said: "27", "41". */
export function groupsOf(turn: Turn, f: Found): string[] {
  return turn.elements
    .slice(turn.elementOf[f.from]!, turn.elementOf[f.to - 1]! + 1)
    .filter(({ kind, value }) => kind === 'digits' && value.length > 1)
    .map(({ value }) => value);
}

/** The first character of a run said at or after a token (binary search: a run may be a megabyte long). */
function firstOwnerFrom(run: Run, token: number): number {
  let low = 0;
  let high = run.owners.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run.owners[middle]!.from >= token) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The folded words of a finding. */
export function wordsOf(turn: Turn, f: Found): string[] {
  return turn.tokens.slice(f.from, f.to).map((t) => t.norm);
}
