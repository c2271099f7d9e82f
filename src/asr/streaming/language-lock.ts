import type { Language } from '../../domain/language.ts';

/**
 * Detects the language of a channel once and then keeps it. Only finals decide, so that the lock does not
 * depend on the pace of partials. Probabilities of successive finals are summed (weighted by their length)
 * until enough speech was heard: a short "ja" or "okay" must not choose the language of a call.
 */
export class LanguageLock {
  readonly #allowed: readonly Language[];
  readonly #enoughMs: number;
  readonly #votes = new Map<Language, number>();
  #heardMs = 0;
  #locked: Language | undefined;

  /** `allowed` must not be empty; one language is locked from the start. */
  constructor(allowed: readonly Language[], options: { enoughMs?: number } = {}) {
    this.#allowed = allowed;
    this.#enoughMs = options.enoughMs ?? 2000;
    if (allowed.length === 1) this.#locked = allowed[0];
  }

  get locked(): Language | undefined {
    return this.#locked;
  }

  /** What to ask the engine for: the locked language, or the list to detect from. */
  get request(): Language | readonly Language[] {
    return this.#locked ?? this.#allowed;
  }

  /** Takes the detection of one final; returns the language if this final locked it. */
  observe(language: Language, probability: number, speechMs: number): Language | undefined {
    if (this.#locked !== undefined) return undefined;
    this.#heardMs += speechMs;
    this.#votes.set(language, (this.#votes.get(language) ?? 0) + probability * speechMs);
    if (this.#heardMs < this.#enoughMs) return undefined;
    this.#locked = [...this.#votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
    return this.#locked;
  }
}
