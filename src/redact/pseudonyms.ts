import type { EntityType } from '../domain/entity.ts';
import { PARTICLES } from './name-reader.ts';

interface KnownPerson {
  readonly number: number;
  agent: boolean;
  /** Words of the name in any form it was heard. */
  readonly words: Set<string>;
}

/** Persons a new name is compared with for misspellings; a call names a handful. */
const MOST_COMPARED = 200;

export interface PseudonymsMemory {
  readonly persons: readonly {
    readonly number: number;
    readonly agent: boolean;
    readonly words: readonly string[];
  }[];
  readonly personCount: number;
  /** How many of the persons new names are compared with. */
  readonly compared: number;
  /** Word and index of the person it names. */
  readonly words: readonly (readonly [string, number])[];
  readonly numbers: readonly (readonly [string, number])[];
  readonly counts: readonly (readonly [EntityType, number])[];
}

/** Who and what was named in one call: gives the same entity the same number on both channels. */
export class Pseudonyms {
  readonly #persons: KnownPerson[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<EntityType, number>();
  #personCount = 0;
  /** Exact words of all names, so that most look-ups need no comparison. */
  readonly #words = new Map<string, KnownPerson>();

  constructor(memory?: PseudonymsMemory) {
    if (memory === undefined) return;
    const persons = memory.persons.map((person) => ({ ...person, words: new Set(person.words) }));
    this.#persons = persons.slice(0, memory.compared);
    this.#personCount = memory.personCount;
    this.#words = new Map(memory.words.map(([word, index]) => [word, persons[index]!]));
    this.#numbers = new Map(memory.numbers);
    this.#counts = new Map(memory.counts);
  }

  get memory(): PseudonymsMemory {
    const persons = [...new Set([...this.#persons, ...this.#words.values()])];
    return {
      persons: persons.map(({ number, agent, words }) => ({ number, agent, words: [...words] })),
      personCount: this.#personCount,
      compared: this.#persons.length,
      words: [...this.#words].map(([word, person]) => [word, persons.indexOf(person)]),
      numbers: [...this.#numbers],
      counts: [...this.#counts],
    };
  }

  /** Words of persons' names that may be masked wherever they are said again. */
  isKnownName(word: string): boolean {
    return this.#words.has(word);
  }

  person(words: readonly string[], agent: boolean): { number: number; agent: boolean } {
    const own = words.filter((w) => w.length > 1 && !PARTICLES.has(w));
    let known = this.#find(own);
    if (!known) {
      this.#personCount += agent ? 0 : 1;
      known = { number: this.#personCount, agent, words: new Set() };
      if (this.#persons.length < MOST_COMPARED) this.#persons.push(known);
    }
    for (const w of own) {
      known.words.add(w);
      if (!this.#words.has(w)) this.#words.set(w, known);
    }
    return known;
  }

  /** The person these words name, if known; does not learn. */
  peek(words: readonly string[]): { number: number; agent: boolean } | undefined {
    const own = words.filter((w) => w.length > 1 && !PARTICLES.has(w));
    return this.#find(own);
  }

  #find(own: readonly string[]): KnownPerson | undefined {
    const exact = own[0] === undefined ? undefined : this.#words.get(own[0]);
    if (exact && matches(exact, own)) return exact;
    return this.#persons.find((p) => matches(p, own));
  }

  number(type: EntityType, value: string): number {
    const key = `${type}\u0000${value}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = (this.#counts.get(type) ?? 0) + 1;
      this.#counts.set(type, number);
      this.#numbers.set(key, number);
    }
    return number;
  }

  peekNumber(type: EntityType, value: string): number | undefined {
    return this.#numbers.get(`${type}\u0000${value}`);
  }
}

/** All words of the shorter name occur in the longer, letter for letter or nearly. */
function matches(person: KnownPerson, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const hits = words.filter((w) => [...person.words].some((k) => isNearly(k, w))).length;
  return hits > 0 && (hits === words.length || hits >= person.words.size);
}

/** One letter off for words of five letters or more, two from nine. */
export function isNearly(a: string, b: string): boolean {
  if (a === b) return true;
  const length = Math.min(a.length, b.length);
  if (length < 5 || a[0] !== b[0]) return false;
  return distance(a, b, length >= 9 ? 2 : 1);
}

function distance(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]! <= most;
}
