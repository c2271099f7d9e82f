import { METRICS } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

/** By the store's names of states; a structural part of its `ArchiveCounts`. */
export interface ArchiveStates {
  readonly jobs: ReadonlyMap<string, number>;
  readonly items: ReadonlyMap<string, number>;
}

/** Counting takes time of the database: not again within five seconds, nor for more than a twentieth of the time. */
const COUNT_EVERY_MS = 5000;
const COUNT_SHARE = 20;

/** The store's name of a state, where the label has another. */
const JOB_STATES: Readonly<Record<string, string>> = { completed: 'done' };
const ITEM_STATES: Readonly<Record<string, string>> = { waiting: 'pending', running: 'queued' };

/** Jobs and items of the archive by state, counted before a scrape if the last count is old enough. */
export class ArchiveGauges {
  readonly #metrics: Metrics;
  readonly #count: () => Promise<ArchiveStates>;
  readonly #now: () => number;
  #counting: Promise<void> | undefined;
  #dueAtMs = Number.NEGATIVE_INFINITY;

  constructor(metrics: Metrics, count: () => Promise<ArchiveStates>, now = () => performance.now()) {
    this.#metrics = metrics;
    this.#count = count;
    this.#now = now;
  }

  /** Scrapes that come together share one count. Rejects if it fails: the values before it stay. */
  async collect(): Promise<void> {
    if (this.#counting === undefined && this.#now() >= this.#dueAtMs) {
      this.#counting = this.#refresh().finally(() => {
        this.#counting = undefined;
      });
    }
    await this.#counting;
  }

  async #refresh(): Promise<void> {
    const startedMs = this.#now();
    try {
      const { jobs, items } = await this.#count();
      for (const state of METRICS.sotto_archive_jobs.labels.state) {
        this.#metrics.set('sotto_archive_jobs', { state }, jobs.get(JOB_STATES[state] ?? state) ?? 0);
      }
      for (const state of METRICS.sotto_archive_items.labels.state) {
        this.#metrics.set('sotto_archive_items', { state }, items.get(ITEM_STATES[state] ?? state) ?? 0);
      }
    } finally {
      const tookMs = this.#now() - startedMs;
      this.#dueAtMs = this.#now() + Math.max(COUNT_EVERY_MS, COUNT_SHARE * tookMs);
    }
  }
}
