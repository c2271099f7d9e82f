import { msToSamples, samplesToMs } from '../domain/audio.ts';

/** Marks nearer than this are one. */
const GRAIN_SAMPLES = msToSamples(20);
/** Longer ago nothing is asked for: a segment lasts 30 s at most. */
const KEPT_SAMPLES = msToSamples(60_000);
/** A client is ahead when, over so long, it has brought so much more audio than time has passed. */
const PACE_WINDOW_MS = 5000;
const AHEAD_MS = 2000;

interface Mark {
  /** All before this position is here. */
  readonly samples: number;
  readonly atMs: number;
}

/** When which audio of a call came in, so that latency counts from what the client sent, not from our queues. */
export class ArrivalClock {
  readonly #now: () => number;
  #marks: Mark[] = [];
  #received = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Audio of each channel came in, from a position of the call's clock on. */
  received(startSample: number, samples: number): void {
    const atMs = this.#now();
    if (this.#marks.length === 0) this.#marks.push({ samples: startSample, atMs });
    this.#received = startSample + samples;
    if (this.#received - this.#marks.at(-1)!.samples < GRAIN_SAMPLES) return;
    this.#marks.push({ samples: this.#received, atMs });
    if (this.#marks.length > (2 * KEPT_SAMPLES) / GRAIN_SAMPLES) {
      this.#marks = this.#marks.filter((mark) => mark.samples > this.#received - KEPT_SAMPLES);
    }
  }

  /** How long all audio before the sample `end` has been here, in ms; undefined without any audio. */
  msSince(end: number): number | undefined {
    const before = this.#marks.findLastIndex((mark) => mark.samples < end);
    const mark = this.#marks[before + 1] ?? this.#marks.at(-1);
    return mark === undefined ? undefined : this.#now() - mark.atMs;
  }

  /** Whether the client has lately sent faster than one can speak. */
  get isAhead(): boolean {
    const now = this.#now();
    const since = this.#marks.findLast((mark) => mark.atMs <= now - PACE_WINDOW_MS) ?? this.#marks[0];
    if (since === undefined) return false;
    return samplesToMs(this.#received - since.samples) > now - since.atMs + AHEAD_MS;
  }
}
