import type { EntityType } from '../domain/entity.ts';
import { CORE_WORDS } from './core-words.ts';
import type { Found } from './recognizers/recognizer.ts';
import type { Run } from './spoken/read-runs.ts';
import type { Turn } from './turn.ts';
import { VOCABULARY } from './word-lists.ts';

/** Fewest digits or letters of a known value that are recognised when repeated. */
const LEAST_PART = 3;
const MOST_VALUES = 400;
/** Fewest digits and letters of a harmless number that is recognised when repeated. */
const LEAST_SHOWN = 4;

interface KnownValue {
  readonly type: EntityType;
  readonly kind?: string;
  readonly text: string;
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
    for (const { type, text, kind } of memory?.values ?? []) this.add(type, text, kind);
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

  add(type: EntityType, text: string, kind?: string): void {
    if (
      text.length < LEAST_PART ||
      text.length > 64 ||
      this.#texts.has(text) ||
      this.#values.length >= MOST_VALUES
    )
      return;
    this.#texts.add(text);
    this.#values.push({ type, kind, text });
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
      if (end - t > 1 || (end - t === 1 && !VOCABULARY.has(turn.tokens[t]!.norm))) {
        found.push({ type: 'CREDENTIAL', from: t, to: end, score: 0.74 });
      }
      t = Math.max(t, end - 1);
    }
    return found;
  }

  /** Runs that repeat a part of a known value; short parts must be said digit by digit. */
  find(turn: Turn): Found[] {
    if (this.#values.length === 0) return [];
    const found: Found[] = [];
    for (const run of turn.runs) {
      const known = this.#partOf(run);
      if (known) found.push({ type: known.type, kind: known.kind, from: run.from, to: run.to, score: 0.78 });
    }
    return found;
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
