/**
 * Scores redaction against the hand-annotated corpus. Pure: no files, no processes.
 *
 * Only letters and digits count. Fillers inside a gold span ("eh", "nee wacht") may stay, and stretches the rules leave
 * open (`dontCare`, and links within one value) are neither right nor wrong. The rules are in docs/annotation.md.
 */
import type { GoldEntity, Snippet, Stretch } from '../../test/redact/corpus/load-corpus.ts';

export type PredictedEntity = Stretch & {
  /** An entity type of the product; a type the corpus does not have never matches by type, but masks. */
  type: string;
  /** What stands in the redacted text; absent where the system under test names none. */
  replacement?: string;
};

/** A single surviving character of one of these is a leak that matters. */
export const CRITICAL_TYPES: ReadonlySet<string> = new Set([
  'PHONE_NUMBER',
  'IBAN_CODE',
  'CREDIT_CARD',
  'CARD_SECURITY_CODE',
  'NATIONAL_ID',
  'CREDENTIAL',
  'EMAIL_ADDRESS',
]);

/** Counts that add up over types and snippets. */
export type TypeCounts = {
  gold: number;
  /** Gold spans masked to the last character, by spans of any type. */
  masked: number;
  /** Gold spans of which spans of the same type cover at least half. */
  typed: number;
  predicted: number;
  /** Predicted spans of which gold spans of any type cover at least half. */
  onGold: number;
  /** The same with gold spans of the same type. */
  onGoldTyped: number;
  chars: number;
  leakedChars: number;
};

export type Counts = {
  types: Record<string, TypeCounts>;
  words: number;
  overMaskedWords: number;
  /** Pairs of gold spans in one snippet with the same type and value, both replaced. */
  samePairs: number;
  samePairsConsistent: number;
};

export type Rates = {
  precision: number;
  recall: number;
  f2: number;
  typedPrecision: number;
  typedRecall: number;
  typedF2: number;
  leakedCharRate: number;
};

export type Score = {
  entities: number;
  criticalEntities: number;
  criticalLeaks: number;
  criticalLeakRate: number;
  overMaskedPer1000Words: number;
  /** Share of repeated values that got the same replacement; 1 where none repeats. */
  pseudonymConsistency: number;
  all: Rates;
  types: Record<string, Rates & TypeCounts>;
};

export const emptyCounts = (): Counts => ({
  types: {},
  words: 0,
  overMaskedWords: 0,
  samePairs: 0,
  samePairsConsistent: 0,
});

/** Adds one snippet to `counts`; returns the gold entities that leaked and the words masked without need. */
export function countSnippet(
  counts: Counts,
  annotated: Snippet,
  predicted: readonly PredictedEntity[],
): { leaked: GoldEntity[]; overMasked: string[] } {
  const snippet = { ...annotated, dontCare: [...annotated.dontCare, ...linksWithinValues(annotated)] };
  const leaked: GoldEntity[] = [];
  for (const entity of snippet.entities) {
    const text = snippet.turns[entity.turn]!.text;
    const here = predicted.filter((span) => span.turn === entity.turn);
    const chars = significantOffsets(text, entity, true);
    const survivors = chars.filter((at) => !covers(here, at)).length;
    const typed = here.filter((span) => span.type === entity.type);
    const tally = typeCounts(counts, entity.type);
    tally.gold += 1;
    tally.chars += chars.length;
    tally.leakedChars += survivors;
    if (survivors === 0) tally.masked += 1;
    else leaked.push(entity);
    if (atLeastHalf(chars, typed)) tally.typed += 1;
  }
  for (const span of predicted) {
    const chars = significantOffsets(snippet.turns[span.turn]!.text, span, false);
    const gold = snippet.entities.filter((entity) => entity.turn === span.turn);
    const dontCare = snippet.dontCare.filter((stretch) => stretch.turn === span.turn);
    const judged = chars.filter((at) => !covers(dontCare, at));
    if (judged.length === 0) continue;
    const tally = typeCounts(counts, span.type);
    tally.predicted += 1;
    if (atLeastHalf(judged, gold)) tally.onGold += 1;
    const sameType = gold.filter((entity) => entity.type === span.type);
    if (atLeastHalf(judged, sameType)) tally.onGoldTyped += 1;
  }
  countPseudonyms(counts, snippet, predicted);
  return { leaked, overMasked: countWords(counts, snippet, predicted) };
}

export function addCounts(into: Counts, from: Counts): void {
  for (const [type, tally] of Object.entries(from.types)) addTally(typeCounts(into, type), tally);
  into.words += from.words;
  into.overMaskedWords += from.overMaskedWords;
  into.samePairs += from.samePairs;
  into.samePairsConsistent += from.samePairsConsistent;
}

export function score(counts: Counts): Score {
  const all = emptyTally();
  for (const tally of Object.values(counts.types)) addTally(all, tally);
  const critical = emptyTally();
  for (const type of CRITICAL_TYPES) addTally(critical, counts.types[type] ?? emptyTally());
  return {
    entities: all.gold,
    criticalEntities: critical.gold,
    criticalLeaks: critical.gold - critical.masked,
    criticalLeakRate: ratio(critical.gold - critical.masked, critical.gold, 0),
    overMaskedPer1000Words: 1000 * ratio(counts.overMaskedWords, counts.words, 0),
    pseudonymConsistency: ratio(counts.samePairsConsistent, counts.samePairs, 1),
    all: rates(all),
    types: Object.fromEntries(
      Object.entries(counts.types).map(([type, tally]) => [type, { ...tally, ...rates(tally) }]),
    ),
  };
}

/** F-score that weighs recall twice as much as precision. */
export function f2(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (5 * precision * recall) / (4 * precision + recall);
}

function rates(tally: TypeCounts): Rates {
  const precision = ratio(tally.onGold, tally.predicted, 1);
  const recall = ratio(tally.masked, tally.gold, 1);
  const typedPrecision = ratio(tally.onGoldTyped, tally.predicted, 1);
  const typedRecall = ratio(tally.typed, tally.gold, 1);
  return {
    precision,
    recall,
    f2: f2(precision, recall),
    typedPrecision,
    typedRecall,
    typedF2: f2(typedPrecision, typedRecall),
    leakedCharRate: ratio(tally.leakedChars, tally.chars, 0),
  };
}

/** The same value, of the same type, in one conversation must get the same replacement, on both channels. */
function countPseudonyms(counts: Counts, snippet: Snippet, predicted: readonly PredictedEntity[]): void {
  const replacementOf = new Map<string, string[]>();
  for (const entity of snippet.entities) {
    const text = snippet.turns[entity.turn]!.text;
    const chars = significantOffsets(text, entity, true);
    const span = predicted.find((one) => one.turn === entity.turn && atLeastHalf(chars, [one]));
    if (span?.replacement === undefined) continue;
    const value = chars.map((at) => text[at]!.toLowerCase()).join('');
    const key = `${entity.type} ${value}`;
    replacementOf.set(key, [...(replacementOf.get(key) ?? []), span.replacement]);
  }
  for (const replacements of replacementOf.values()) {
    for (const later of replacements.slice(1)) {
      counts.samePairs += 1;
      if (later === replacements[0]) counts.samePairsConsistent += 1;
    }
  }
}

/** A word is masked without need when something of it is masked and nothing of it belongs to a gold span. */
function countWords(counts: Counts, snippet: Snippet, predicted: readonly PredictedEntity[]): string[] {
  const overMasked: string[] = [];
  snippet.turns.forEach(({ text }, turn) => {
    const inTurn = (span: Stretch) => span.turn === turn;
    const wanted = [...snippet.entities, ...snippet.dontCare].filter(inTurn);
    const masks = predicted.filter(inTurn);
    for (const match of text.matchAll(/\S+/g)) {
      const word = { turn, start: match.index, end: match.index + match[0].length };
      const chars = significantOffsets(text, word, true);
      if (/[\p{L}\p{N}]/u.test(match[0])) counts.words += 1;
      if (chars.some((at) => covers(masks, at)) && !chars.some((at) => covers(wanted, at))) {
        counts.overMaskedWords += 1;
        overMasked.push(match[0]);
      }
    }
  });
  return overMasked;
}

/** What joins two fragments of one value: "and then" in "double seven and then four one". */
const LINKS: ReadonlySet<string> = new Set(
  'en dan daarna and then und dann et puis ensuite e ed poi'.split(' '),
);

/**
 * The words between two spans of one type that hold nothing but links and fillers: annotators split such a value or
 * do not, and whoever masks it in one piece is not wrong.
 */
function linksWithinValues({ turns, entities }: Snippet): Stretch[] {
  const ordered = [...entities].sort((a, b) => a.turn - b.turn || a.start - b.start);
  return ordered.slice(1).flatMap((next, i) => {
    const before = ordered[i]!;
    if (before.turn !== next.turn || before.type !== next.type) return [];
    const between = { turn: next.turn, start: before.end, end: next.start };
    const words =
      turns[next.turn]!.text.slice(between.start, between.end).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
    const open = words.every((word) => LINKS.has(word.toLowerCase()) || FILLERS.has(word.toLowerCase()));
    return open && words.length > 0 ? [between] : [];
  });
}

/** Hesitation and self-correction, which say nothing about the value they interrupt. */
const FILLERS: ReadonlySet<string> = new Set(
  [
    ['eh', 'ehm', 'uh', 'uhm', 'um', 'er', 'erm', 'hm', 'euh', 'heu', 'äh', 'ähm', 'öh', 'ah', 'ach'],
    ['nee', 'no', 'non', 'nein', 'sorry', 'pardon', 'scusi', 'wacht', 'wait', 'warte', 'warten', 'attendez'],
    ['moment', 'momentje', 'quatsch', 'anzi', 'aspetti', 'zeg', 'maar', 'ja'],
  ].flat(),
);

/** UTF-16 offsets of the letters and digits in a stretch; a surrogate pair counts once. */
function significantOffsets(text: string, stretch: Stretch, skipFillers: boolean): number[] {
  const value = text.slice(stretch.start, stretch.end);
  const offsets: number[] = [];
  for (const token of value.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (skipFillers && FILLERS.has(token[0].toLowerCase())) continue;
    for (const char of token[0].matchAll(/[\p{L}\p{N}]/gu))
      offsets.push(stretch.start + token.index + char.index);
  }
  return offsets;
}

function covers(spans: readonly Stretch[], at: number): boolean {
  return spans.some((span) => span.start <= at && at < span.end);
}

function atLeastHalf(offsets: readonly number[], spans: readonly Stretch[]): boolean {
  return offsets.length > 0 && 2 * offsets.filter((at) => covers(spans, at)).length >= offsets.length;
}

function typeCounts(counts: Counts, type: string): TypeCounts {
  counts.types[type] ??= emptyTally();
  return counts.types[type];
}

function emptyTally(): TypeCounts {
  return { gold: 0, masked: 0, typed: 0, predicted: 0, onGold: 0, onGoldTyped: 0, chars: 0, leakedChars: 0 };
}

function addTally(into: TypeCounts, from: TypeCounts): void {
  for (const key of Object.keys(into) as (keyof TypeCounts)[]) into[key] += from[key];
}

function ratio(part: number, whole: number, ofNothing: number): number {
  return whole === 0 ? ofNothing : part / whole;
}
