import { ServiceError } from '../domain/service-error.ts';

/** How long a refused client should wait; calls end at no known time, so this is a courtesy. */
const RETRY_AFTER_MS = 2000;

/**
 * Slots for calls. A call is refused at its start, before any audio is taken, never in the middle: a running
 * call keeps its slot until it ends.
 */
export class Admission {
  readonly #maxCalls: number;
  #running = 0;
  #draining = false;
  #idle = Promise.withResolvers<void>();

  constructor(maxCalls: number) {
    this.#maxCalls = maxCalls;
  }

  get running(): number {
    return this.#running;
  }

  /** Takes a slot; give it back with `using`. Throws `resource-exhausted` or, when draining, `unavailable`. */
  enter(): Disposable {
    if (this.#draining) {
      throw new ServiceError('unavailable', 'the server is shutting down; connect to another one', {
        detail: { retryAfterMs: RETRY_AFTER_MS, draining: true, refusal: 'draining' },
      });
    }
    if (this.#running >= this.#maxCalls) {
      throw new ServiceError(
        'resource-exhausted',
        `all ${this.#maxCalls} calls of this server are taken; try again later or connect to another one`,
        { detail: { retryAfterMs: RETRY_AFTER_MS, refusal: 'slots' } },
      );
    }
    this.#running++;
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        this.#running--;
        if (this.#draining && this.#running === 0) this.#idle.resolve();
      },
    };
  }

  /** Admits nobody any more; resolves when the last running call has ended. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#running === 0) this.#idle.resolve();
    return this.#idle.promise;
  }
}
