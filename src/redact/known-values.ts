import type { EntityType } from '../domain/entity.ts';
import type { Governed } from './context/govern-runs.ts';
import { CORE_WORDS } from './core-words.ts';
import { countsNoun } from './recognizers/bare-number.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Run } from './spoken/read-runs.ts';
import type { Turn } from './turn.ts';
import { VOCABULARY } from './word-lists.ts';

/** Fewest digits or letters of a known value that are recognised when repeated. */
const LEAST_PART = 3;
const MOST_VALUES = 400;
/** Groups kept of one value, and the fewest digits of a value whose groups are recognised alone. */
const MOST_GROUPS = 16;
const LEAST_GROUPED = 6;
/** Fewest digits and letters of a harmless number that is recognised when repeated. */
const LEAST_SHOWN = 4;

interface KnownValue {
  readonly type: EntityType;
  readonly kind?: string;
  readonly text: string;
  /** How it was said: "27", "9", "41"; absent where the value holds letters only. */
  readonly groups?: readonly string[];
}

export interface KnownValuesMemory {
  readonly values: readonly KnownValue[];
  readonly words: readonly string[];
  readonly shown: readonly string[];
}

/** Identifiers said in this call: a later repeat or read-back, whole or in part, is masked without any cue. */
export class KnownValues {
  readonly #values: KnownValue[] = [];
  readonly #texts = new Set<string>();
  readonly #words = new Set<string>();
  readonly #shown = new Set<string>();

  constructor(memory?: KnownValuesMemory) {
    for (const { type, text, kind, groups } of memory?.values ?? []) this.add(type, text, kind, groups);
    for (const word of memory?.words ?? []) this.#words.add(word);
    for (const text of memory?.shown ?? []) this.#shown.add(text);
  }

  get memory(): KnownValuesMemory {
    return { values: [...this.#values], words: [...this.#words], shown: [...this.#shown] };
  }

  /** Values of a type, the latest first. */
  latest(type: EntityType, count: number): string[] {
    return this.#values
      .filter((value) => value.type === type)
      .slice(-count)
      .reverse()
      .map(({ text }) => text);
  }

  add(type: EntityType, text: string, kind?: string, groups: readonly string[] = []): void {
    if (
      text.length < LEAST_PART ||
      text.length > 64 ||
      this.#texts.has(text) ||
      this.#values.length >= MOST_VALUES
    )
      return;
    this.#texts.add(text);
    this.#values.push({ type, kind, text, groups: groups.slice(0, MOST_GROUPS) });
  }

  /** A number that identified nobody and was shown: a model, a reading, an amount. */
  addShown(text: string): void {
    if (text.length >= LEAST_SHOWN && text.length <= 24 && this.#shown.size < MOST_VALUES)
      this.#shown.add(text);
  }

  /** Whether it repeats what was shown, whole or its digits: "the WAN 28281" - "the 28281, right". */
  wasShown(text: string): boolean {
    if (text.length < LEAST_SHOWN || text.length > 24) return false;
    if (this.#shown.has(text)) return true;
    for (const shown of this.#shown) if (shown.endsWith(text) && !/^\d+$/.test(shown)) return true;
    return false;
  }

  /** Whether a number that was shown begins like this. */
  wasShownFrom(start: string): boolean {
    for (const shown of this.#shown) if (shown.startsWith(start)) return true;
    return false;
  }

  /** The words of a secret that is said in words; two of them together, or an uncommon one, are a repeat. */
  addWords(words: readonly string[]): void {
    for (const w of words)
      if (w.length > 2 && !CORE_WORDS.has(w) && this.#words.size < MOST_VALUES) this.#words.add(w);
  }

  findWords(turn: Turn): Found[] {
    const found: Found[] = [];
    if (this.#words.size === 0) return found;
    for (let t = 0; t < turn.tokens.length; t++) {
      let end = t;
      while (end < turn.tokens.length && this.#words.has(turn.tokens[end]!.norm)) end += 1;
      if (end - t > 1 || (end - t === 1 && isToldAgain(turn, t))) {
        found.push({ type: 'CREDENTIAL', from: t, to: end, score: 0.74 });
      }
      t = Math.max(t, end - 1);
    }
    return found;
  }

  /**
   * Runs that repeat a value or a part of it, in any grouping. Two digits alone are one only where they were a group of it
   * ("was it ninety-six or ninety-seven?", the other of the two as well), and no short part counts or names a thing.
   */
  find(turn: Turn, governed: readonly Governed[]): Found[] {
    if (this.#values.length === 0) return [];
    const found: Found[] = [];
    governed.forEach((g, i) => {
      const known = this.#repeated(turn, g) ?? this.#alternative(turn, governed, i);
      if (known)
        found.push({ type: known.type, kind: known.kind, from: g.run.from, to: g.run.to, score: 0.78 });
    });
    return found;
  }

  #repeated(turn: Turn, g: Governed): KnownValue | undefined {
    return this.#partOf(g.run) ?? (isBare(turn, g) ? this.#groupOf(g.run.text) : undefined);
  }

  /** What stands beside a known group with "or" between, of as many digits. */
  #alternative(turn: Turn, governed: readonly Governed[], i: number): KnownValue | undefined {
    const g = governed[i]!;
    if (!isBare(turn, g)) return undefined;
    for (const other of [governed[i - 1], governed[i + 1]]) {
      if (!other || other.run.digits !== g.run.digits || !isBare(turn, other)) continue;
      const [left, right] = other.run.from < g.run.from ? [other.run, g.run] : [g.run, other.run];
      const between = turn.tokens.slice(left.to, right.from);
      if (between.length > MOST_BETWEEN || !between.some(({ norm }) => ORS.has(norm))) continue;
      const known = this.#groupOf(other.run.text);
      if (known) return known;
    }
    return undefined;
  }

  #groupOf(text: string): KnownValue | undefined {
    if (text.length < 2 || text.length > 3) return undefined;
    return this.#values.find(
      ({ groups, text: whole }) =>
        whole.length >= LEAST_GROUPED &&
        (groups?.includes(text) || (text.length === 3 && whole.includes(text))),
    );
  }

  #partOf(run: Run): KnownValue | undefined {
    const { text } = run;
    if (text.length < LEAST_PART || text.length > 64) return undefined;
    for (const known of this.#values) {
      if (known.text === text) return known;
      const spelledOut = run.digitElements + run.letters >= 3;
      if (text.length >= (spelledOut ? LEAST_PART : 4) && known.text.length >= 6 && known.text.includes(text))
        return known;
      if (known.text.length >= 4 && text.includes(known.text)) return known;
    }
    return undefined;
  }
}

/** An uncommon word, or one of a short turn or beside a number or a sign: "Mimosa, with a capital?" */
function isToldAgain(turn: Turn, t: number): boolean {
  if (turn.elements[turn.elementOf[t]!]!.kind !== 'word') return false;
  if (!VOCABULARY.has(turn.tokens[t]!.norm) || turn.tokens.length <= SHORT_TURN) return true;
  const next = turn.elements[turn.elementOf[t]! + 1];
  return next !== undefined && (next.kind === 'digits' || next.kind === 'mark') && next.from === t + 1;
}

const SHORT_TURN = 5;

/** A number that nothing else explains. */
function isBare(turn: Turn, g: Governed): boolean {
  return g.run.letters === 0 && !g.harmless && !countsNoun(turn, g);
}

const ORS = new Set('of or oder ou o'.split(' '));
/** Words between two of which one is meant: "celui en ... ou celui en ...". */
const MOST_BETWEEN = 4;
