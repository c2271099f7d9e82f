/**
 * The queue in front of the model: one for all calls.
 *
 * Live finals go before live partials, these before archive windows; an archive window that has waited long
 * enough goes with the partials. A stream has at most one partial waiting: a newer window of the stream takes
 * its place, and the old one is rejected as `cancelled`. So under pressure partials come less often, and the
 * queue holds at most one partial and the finals of each stream.
 */
import type { DecodePriority } from '../domain/speech-engine.ts';
import { cancelled, type Ticket, Urgency } from './batch-executor.ts';

/** What happened to one window, for metrics. Durations in milliseconds. */
export interface WindowObservation {
  readonly priority: DecodePriority;
  readonly outcome: 'done' | 'failed' | 'cancelled' | 'superseded';
  /** From arrival to its end, without the runs that it was part of. */
  readonly queueMs: number;
  readonly encodeMs: number;
  readonly decodeMs: number;
  readonly tokens: number;
  /** Rows of the largest decoder batch it was part of. */
  readonly batchSize: number;
}

export interface SchedulerOptions {
  /** Windows worked on at once; the rest waits in order. Half of the places are for live finals only. */
  readonly maxActive: number;
  /** After so long an archive window counts as a live partial. */
  readonly maxArchiveWaitMs: number;
  readonly now: () => number;
  readonly observe: (observation: WindowObservation) => void;
}

interface Entry {
  readonly streamKey: string;
  readonly priority: DecodePriority;
  readonly arrivedAt: number;
  readonly abort: AbortController;
  readonly start: () => void;
  readonly reject: (error: unknown) => void;
}

const URGENCY: Readonly<Record<DecodePriority, Urgency>> = {
  'live-final': Urgency.liveFinal,
  'live-partial': Urgency.livePartial,
  archive: Urgency.archive,
};

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #waiting: Entry[] = [];
  readonly #active = new Set<Entry>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Calls `work` when it is the window's turn. `work` must pass on the ticket and stop when its signal fires. */
  submit<Result>(
    window: { readonly streamKey: string; readonly priority: DecodePriority; readonly signal?: AbortSignal },
    work: (ticket: Ticket) => Promise<Result>,
  ): Promise<Result> {
    const { streamKey, priority, signal } = window;
    if (signal?.aborted) return Promise.reject(cancelled());
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const abort = new AbortController();
    const timings = { encodeMs: 0, decodeMs: 0, tokens: 0, batchSize: 0 };
    const arrivedAt = this.#options.now();
    const finish = (outcome: WindowObservation['outcome']) => {
      signal?.removeEventListener('abort', onAbort);
      this.#active.delete(entry);
      const workMs = timings.encodeMs + timings.decodeMs;
      // Two attempts in one run count it twice.
      const queueMs = Math.max(0, this.#options.now() - arrivedAt - workMs);
      this.#options.observe({ priority, outcome, queueMs, ...timings });
      this.#startNext();
    };
    const entry: Entry = {
      streamKey,
      priority,
      arrivedAt,
      abort,
      start: () => {
        work({ urgency: this.#urgency(entry), signal: abort.signal, timings }).then(
          (result) => {
            resolve(result);
            finish('done');
          },
          (error) => {
            reject(error);
            finish(outcomeOf(abort));
          },
        );
      },
      reject: (error) => {
        reject(error);
        finish(outcomeOf(abort));
      },
    };
    const onAbort = () => this.#drop(entry, 'cancelled');
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#supersede(streamKey, priority);
    this.#waiting.push(entry);
    this.#startNext();
    return promise;
  }

  /** Drops the partials that a newer window of the same stream makes useless. */
  #supersede(streamKey: string, priority: DecodePriority): void {
    if (priority === 'archive') return;
    const isStale = (entry: Entry) => entry.streamKey === streamKey && entry.priority === 'live-partial';
    for (const entry of this.#waiting.filter(isStale)) this.#drop(entry, 'superseded');
    // A partial under way is let go only for the final: under load none would ever end otherwise.
    if (priority === 'live-final') {
      for (const entry of [...this.#active].filter(isStale)) this.#drop(entry, 'superseded');
    }
  }

  #drop(entry: Entry, reason: 'cancelled' | 'superseded'): void {
    entry.abort.abort(reason);
    const at = this.#waiting.indexOf(entry);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    entry.reject(cancelled());
  }

  #startNext(): void {
    while (this.#active.size < this.#options.maxActive && this.#waiting.length > 0) {
      const next = this.#waiting.reduce((best, entry) =>
        this.#urgency(entry) < this.#urgency(best) ? entry : best,
      );
      if (next.priority !== 'live-final' && this.#othersActive >= this.#options.maxActive / 2) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#active.add(next);
      next.start();
    }
  }

  get #othersActive(): number {
    return [...this.#active].filter(({ priority }) => priority !== 'live-final').length;
  }

  #urgency(entry: Entry): Urgency {
    const waited = this.#options.now() - entry.arrivedAt;
    if (entry.priority === 'archive' && waited > this.#options.maxArchiveWaitMs) return Urgency.livePartial;
    return URGENCY[entry.priority];
  }
}

function outcomeOf(abort: AbortController): WindowObservation['outcome'] {
  if (!abort.signal.aborted) return 'failed';
  return abort.signal.reason === 'superseded' ? 'superseded' : 'cancelled';
}
