import type { Language } from '../../domain/language.ts';

/** What has been heard so far, as plain data. */
export interface LanguageLockState {
  readonly votes: readonly (readonly [Language, number])[];
  readonly heardMs: number;
  readonly locked: Language | undefined;
}

/**
 * Detects the language of a channel once and then keeps it. Only finals decide, so that the lock does not
 * depend on the pace of partials. Probabilities of successive finals are summed (weighted by their length)
 * until enough speech was heard: a short "ja" or "okay" must not choose the language of a call.
 */
export class LanguageLock {
  readonly #allowed: readonly Language[];
  readonly #enoughMs: number;
  readonly #votes: Map<Language, number>;
  #heardMs: number;
  #locked: Language | undefined;

  /** `allowed` must not be empty; one language is locked from the start. With `state` it goes on from there. */
  constructor(
    allowed: readonly Language[],
    options: { enoughMs?: number; state?: LanguageLockState | undefined } = {},
  ) {
    const { enoughMs = 2000, state } = options;
    this.#allowed = allowed;
    this.#enoughMs = enoughMs;
    this.#votes = new Map(state?.votes);
    this.#heardMs = state?.heardMs ?? 0;
    this.#locked = allowed.length === 1 ? allowed[0] : state?.locked;
  }

  get state(): LanguageLockState {
    return { votes: [...this.#votes], heardMs: this.#heardMs, locked: this.#locked };
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
