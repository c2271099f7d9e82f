/**
 * What has to be done beside the work on items: sources are listed, the queue is filled in fair shares, finished jobs
 * are ended, what was lost is put back. Every process of a cluster does it; each step is one transaction that is right
 * whoever takes it, so nobody has to be elected.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../../domain/service-error.ts';
import {
  addItems,
  cancelItems,
  type Database,
  endFinishedJobs,
  feedableJobs,
  liveWorkers,
  lockJob,
  type NewItem,
  putBackLost,
  removeLostWorkers,
  renewListing,
  type Store,
  type StoredJob,
  setJobState,
  setListed,
  takePending,
  takeUnlistedJob,
} from '../../store/index.ts';
import type { ArchiveRequest } from '../archive-request.ts';
import { callTokenOf } from '../call-token.ts';
import { listSource } from '../sources/list-source.ts';
import type { RecordingEntry } from '../sources/recording-entry.ts';
import type { RecordingPlaces } from '../sources/recording-places.ts';
import { isOpen } from './daily-window.ts';
import { shareRoom } from './fair-share.ts';
import { type ItemQueue, QUEUE } from './item-queue.ts';

/** How often the queue is looked after by all of a cluster together: where there are more, each does it less often. */
const TICK_MS = 500;
const MAX_SHARERS = 10;
/** Items in the queue for each that workers can have in hand: enough until the next tick, little to wait behind. */
const QUEUED_PER_SLOT = 4;
const MIN_QUEUED = 8;
/** Rows added in one transaction; on an embedded database nobody else gets a word in meanwhile. */
const SLICE_ITEMS = 2000;
const LISTING_LEASE_MS = 30_000;
/** Between two looks for what was lost, and for how many share the ticks. */
const RECONCILE_MS = 10_000;
/** Any number: names the lock under which the queue is filled. */
const FEED_LOCK = 7_310_561;

export interface KeeperOptions {
  readonly places: RecordingPlaces;
  readonly onError: (error: unknown, doing: string) => void;
  readonly now?: () => Date;
}

export class ArchiveKeeper {
  readonly #store: Pick<Store, 'calls' | 'itemKeys'>;
  readonly #database: Database;
  readonly #queue: ItemQueue;
  readonly #options: KeeperOptions;
  #sharers = 1;

  constructor(store: Store, queue: ItemQueue, options: KeeperOptions) {
    this.#store = store;
    this.#database = store.database;
    this.#queue = queue;
    this.#options = options;
  }

  /** Until `signal` fires. What fails is tried again at the next tick. */
  async run(signal: AbortSignal): Promise<void> {
    const listing = this.#repeat('listing sources', signal, () => this.listNext(signal));
    for (let reconcileAt = 0; !signal.aborted; ) {
      await this.#try('filling the queue', () => this.feed());
      await this.#try('ending jobs', () => endFinishedJobs(this.#database));
      if (performance.now() >= reconcileAt) {
        reconcileAt = performance.now() + RECONCILE_MS;
        await this.#try('putting back lost items', () => putBackLost(this.#database, QUEUE));
        await this.#try('destroying keys of ended items', () => this.#store.itemKeys.destroyEnded());
        await this.#try('forgetting lost workers', () => removeLostWorkers(this.#database));
        const workers = await this.#try('counting workers', () => liveWorkers(this.#database));
        this.#sharers = Math.min(Math.max(1, workers?.length ?? 1), MAX_SHARERS);
      }
      await pause(TICK_MS * this.#sharers, signal);
    }
    await listing;
  }

  /** Fills the queue up to what the live workers can take soon. */
  async feed(): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const { rows } = await transaction.executeSql('select pg_try_advisory_xact_lock($1) as mine', [
        FEED_LOCK,
      ]);
      if (!rows[0].mine) return;
      const { jobs, queued } = await feedableJobs(transaction);
      const now = this.#options.now?.() ?? new Date();
      const open = jobs.filter(({ window }) => window === undefined || isOpen(window, now));
      if (open.length === 0) return;
      const workers = await liveWorkers(transaction);
      const slots = workers.reduce((total, { capacity }) => total + capacity, 0);
      const room = Math.max(MIN_QUEUED, QUEUED_PER_SLOT * slots) - queued;
      for (const [jobId, share] of shareRoom(open, room)) {
        const { priority } = open.find((job) => job.jobId === jobId)!;
        const deliveries = await takePending(transaction, jobId, share);
        if (deliveries.length > 0) await this.#queue.put(transaction, jobId, priority, deliveries);
      }
    });
  }

  /** Lists the sources of one job, if there is one that nobody lists. */
  async listNext(signal: AbortSignal): Promise<boolean> {
    const job = await takeUnlistedJob(this.#database, LISTING_LEASE_MS);
    if (job === undefined) return false;
    try {
      await this.#list(job, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ServiceError) || error.kind === 'unavailable') throw error;
      await this.#failJob(job, error);
    }
    return true;
  }

  async #list(job: StoredJob, signal: AbortSignal): Promise<void> {
    const { sources } = job.request as ArchiveRequest;
    let slice: RecordingEntry[] = [];
    const add = async (): Promise<boolean> => {
      if (signal.aborted) return false;
      const items = await Promise.all(slice.map((entry) => this.#newItem(job.tenant, entry)));
      slice = [];
      return this.#database.transaction(async (transaction) => {
        const locked = await lockJob(transaction, job.jobId, job.tenant);
        if (locked === undefined || locked.listed || !['running', 'paused'].includes(locked.state))
          return false;
        await addItems(transaction, job.jobId, items);
        await renewListing(transaction, job.jobId, LISTING_LEASE_MS);
        return true;
      });
    };
    for (const [at, source] of sources.entries()) {
      for await (const entry of listSource(source, this.#options.places, `sources[${at}]`)) {
        slice.push(entry);
        if (slice.length >= SLICE_ITEMS && !(await add())) return;
      }
    }
    if (await add()) await setListed(this.#database, job.jobId);
  }

  async #newItem(tenant: string, { callId, callToken, ...entry }: RecordingEntry): Promise<NewItem> {
    const token = callId === undefined ? callToken : await callTokenOf(this.#store, tenant, callId);
    return token === undefined ? entry : { ...entry, callToken: Buffer.from(token, 'hex') };
  }

  async #failJob(job: StoredJob, error: ServiceError): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const locked = await lockJob(transaction, job.jobId, job.tenant);
      if (locked === undefined || !['running', 'paused'].includes(locked.state)) return;
      await setJobState(transaction, job.jobId, 'failed', error.message);
      await cancelItems(transaction, job.jobId);
    });
    await this.#store.itemKeys.destroyEnded();
  }

  async #repeat(doing: string, signal: AbortSignal, step: () => Promise<boolean>): Promise<void> {
    while (!signal.aborted) {
      const more = await this.#try(doing, step);
      if (!more) await pause(TICK_MS * this.#sharers, signal);
    }
  }

  async #try<T>(doing: string, step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      this.#options.onError(error, doing);
      return undefined;
    }
  }
}

/** Returns early when the signal fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
