/**
 * Fires its signal when one wait lasts too long: for an idle client, or for one that never reads.
 * It runs only between `start` and `stop`; time that we spend ourselves is not held against the client.
 */
export class Watchdog implements Disposable {
  readonly #timeoutMs: number;
  readonly #error: () => Error;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, error: () => Error) {
    this.#timeoutMs = timeoutMs;
    this.#error = error;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  start(): void {
    if (this.#timer !== undefined) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#abort.abort(this.#error()), this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
