/**
 * Something kept for each stream, of the most recently used streams only. Two of these that see the same keys in the same
 * order hold the same streams, which the two ends of the process border rely on.
 */
export class KeptStreams<Value> {
  readonly #max: number;
  /** Insertion order is order of use: the first key is the one unused longest. */
  readonly #kept = new Map<string, Value>();

  constructor(max: number) {
    this.#max = max;
  }

  get(streamKey: string): Value | undefined {
    return this.#kept.get(streamKey);
  }

  set(streamKey: string, value: Value): void {
    this.#kept.delete(streamKey);
    this.#kept.set(streamKey, value);
    if (this.#kept.size > this.#max) this.#kept.delete(this.#kept.keys().next().value!);
  }

  forget(streamKey: string): void {
    this.#kept.delete(streamKey);
  }

  clear(): void {
    this.#kept.clear();
  }
}
