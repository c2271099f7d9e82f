import { ServiceError } from '../domain/service-error.ts';

/** More than open at once where calls begin as they should, within a round trip; some tens of MB if all wait. */
const MAX_OPENINGS = 1000;

/**
 * Streams that have not sent their first message yet. They hold no slot, since they may be nobody's: grpc-js, as a
 * client, opens the stream of a call that was cancelled at once all the same, and never resets it. There is room for
 * so many; one more ends the one that has waited longest, so that no flood of them keeps out a call that begins as it
 * should.
 */
export class Openings {
  readonly #max: number;
  readonly #waiting = new Set<AbortController>();

  constructor(max: number = MAX_OPENINGS) {
    this.#max = max;
  }

  /** Dispose of it when the first message is there. `signal` fires with a ServiceError when others need the place. */
  enter(): Disposable & { readonly signal: AbortSignal } {
    const abort = new AbortController();
    const [oldest] = this.#waiting;
    if (oldest !== undefined && this.#waiting.size >= this.#max) {
      this.#waiting.delete(oldest);
      oldest.abort(crowdedOut());
    }
    this.#waiting.add(abort);
    return {
      signal: abort.signal,
      [Symbol.dispose]: () => void this.#waiting.delete(abort),
    };
  }
}

function crowdedOut(): ServiceError {
  return new ServiceError(
    'resource-exhausted',
    'config: did not come, and too many streams wait for theirs; send it as soon as the stream is open',
    { detail: { field: 'config' } },
  );
}
