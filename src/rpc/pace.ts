/**
 * Holds a live call to the pace of speech: audio that comes faster is taken as it comes while there is room, and at
 * real time while the server is busy, so that a file played to it costs no running call its place; audio that
 * comes much slower than it is spoken is not waited for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../domain/service-error.ts';

export interface PaceOptions {
  /** Bytes of a second of all channels. */
  readonly bytesPerSecond: number;
  /** How far a call may be ahead of the clock while the server is busy; a resumed call catches up within. */
  readonly maxAheadMs: number;
  /** The span over which a client must send at least a tenth of real time. */
  readonly slowSpanMs: number;
  readonly isBusy: () => boolean;
  /** Told when the call is held to real time, or no longer. */
  readonly onChange: (isHeld: boolean) => void;
}

const LEAST_PACE = 0.1;
/** How soon a call that is held notices that the server is no longer busy. */
const CHECK_MS = 250;

export class Pace implements Disposable {
  readonly #options: PaceOptions;
  readonly #startedMs = performance.now();
  readonly #tooSlow = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #receivedMs = 0;
  #checkedMs = 0;
  #isHeld = false;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#check(), options.slowSpanMs);
    this.#timer.unref();
  }

  /** Fires when the client sends far less than is spoken. */
  get signal(): AbortSignal {
    return this.#tooSlow.signal;
  }

  /** Takes note of audio; resolves when the next may be read. */
  async took(bytes: number, signal: AbortSignal): Promise<void> {
    this.#receivedMs += (bytes / this.#options.bytesPerSecond) * 1000;
    for (let waitMs = this.#aheadMs; waitMs > 0 && this.#options.isBusy(); waitMs = this.#aheadMs) {
      this.#hold(true);
      await sleep(Math.min(waitMs, CHECK_MS), undefined, { signal });
    }
    if (this.#aheadMs <= -CHECK_MS || !this.#options.isBusy()) this.#hold(false);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Beyond what it may be. */
  get #aheadMs(): number {
    return this.#receivedMs - (performance.now() - this.#startedMs) - this.#options.maxAheadMs;
  }

  #hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#options.onChange(isHeld);
  }

  #check(): void {
    const { slowSpanMs } = this.#options;
    if (this.#receivedMs - this.#checkedMs < LEAST_PACE * slowSpanMs)
      this.#tooSlow.abort(slowError(slowSpanMs));
    this.#checkedMs = this.#receivedMs;
  }
}

function slowError(spanMs: number): ServiceError {
  return new ServiceError(
    'deadline-exceeded',
    `audio: less than ${LEAST_PACE * 100} % of real time came in ${spanMs / 1000} s; send silence while a call is ` +
      'on hold, and half-close when it ends',
    { detail: { field: 'audio' } },
  );
}
