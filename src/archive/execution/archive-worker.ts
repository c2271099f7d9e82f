/**
 * Works on items: takes some from the queue, does as many at once as it has capacity for, says every few seconds that
 * it is alive. It may be killed at any moment; what it had is done by another after its heartbeat has been missed.
 */
import { ServiceError } from '../../domain/service-error.ts';
import {
  announceWorker,
  type Database,
  removeWorker,
  type Store,
  type WorkerAnnouncement,
} from '../../store/index.ts';
import { pause } from './archive-keeper.ts';
import { failureOf, ItemFailed } from './item-failure.ts';
import { ItemLease, LeaseLost } from './item-lease.ts';
import type { HeldDelivery, ItemQueue } from './item-queue.ts';
import { type ItemWorkOptions, workOnItem } from './item-work.ts';

/** A third of the time after which a heartbeat counts as missed, less what a slow database takes. */
const BEAT_MS = 2_500;
/** How long an empty queue is left alone: at first, and after it was found empty again and again. */
const IDLE_MS = 250;
const MAX_IDLE_MS = 1_000;
/** Waits before a try after one that failed for reasons outside of the recording, in ms; after these it has failed. */
const RETRY_WAITS_MS = [5_000, 20_000, 80_000];
/** Until an item that is for a newer version is offered again: workers of that version are on their way. */
const FOREIGN_WAIT_MS = 10_000;
/** Between two tries to reach a database that is away. */
const DATABASE_WAIT_MS = 300;
/** At a shutdown: for giving items back. What is not given back in time is taken back like a dead worker's. */
const SHUTDOWN_GRACE_MS = 5_000;

export interface ArchiveWorkerOptions extends Omit<ItemWorkOptions, 'persist' | 'store'> {
  readonly identity: Omit<WorkerAnnouncement, 'running' | 'capacity'>;
  /** Recordings at once. */
  readonly capacity: number;
  readonly observe: (observation: ItemObservation) => void;
  readonly onError: (error: unknown, doing: string) => void;
}

/** For metrics and logs; never words, never locations. */
export type ItemObservation =
  | {
      readonly type: 'ended';
      /** `lost`: another worker has the item now; `put-back`: it waits again; `retry`: after a failed try. */
      readonly outcome: 'done' | 'failed' | 'lost' | 'put-back' | 'retry';
      readonly failure?: ItemFailed['failure'];
      /** Since its work began. */
      readonly ms: number;
      readonly audioMs: number;
    }
  /** Time that an operation of the queue or the database took. */
  | { readonly type: 'queue-time'; readonly ms: number };

export class ArchiveWorker {
  readonly #store: Pick<Store, 'database' | 'itemKeys'>;
  readonly #database: Database;
  readonly #queue: ItemQueue;
  readonly options: ArchiveWorkerOptions;
  readonly #held = new Map<string, Held>();
  /** Wakes the taker, and those that wait to be alone, when an item has ended or waits itself. */
  #roomMade = Promise.withResolvers<void>();
  /** An item that workers died of is done with nothing beside it. */
  #isolated = false;

  constructor(store: Pick<Store, 'database' | 'itemKeys'>, queue: ItemQueue, options: ArchiveWorkerOptions) {
    this.#store = store;
    this.#database = store.database;
    this.#queue = queue;
    this.options = options;
  }

  get running(): number {
    return [...this.#held.values()].filter(({ begun }) => begun).length;
  }

  /** Until `signal` fires; then gives back what it holds. */
  async run(signal: AbortSignal): Promise<void> {
    const beating = new AbortController();
    const beats = this.#beat(beating.signal);
    try {
      for (let idleMs = IDLE_MS; !signal.aborted; ) {
        if ((await this.#take()) > 0) idleMs = IDLE_MS;
        else {
          await Promise.race([pause(idleMs, signal), this.#roomMade.promise]);
          idleMs = Math.min(2 * idleMs, MAX_IDLE_MS);
        }
        if (this.#held.size >= this.options.capacity)
          await Promise.race([this.#roomMade.promise, aborted(signal)]);
      }
      for (const { abort } of this.#held.values()) abort.abort(new Stopping());
      await Promise.race([
        Promise.all([...this.#held.values()].map(({ done }) => done)),
        pause(SHUTDOWN_GRACE_MS, new AbortController().signal),
      ]);
      await removeWorker(this.#database, this.options.identity.workerId).catch(() => {});
    } finally {
      beating.abort();
      await beats;
    }
  }

  /** Takes what there is room for; some more than can be done at once, so that nobody waits for the queue. */
  async #take(): Promise<number> {
    const { capacity } = this.options;
    if (this.#isolated || this.#held.size > capacity) return 0;
    try {
      const deliveries = await this.#timed(() => this.#queue.take(2 * capacity - this.#held.size));
      for (const delivery of deliveries) this.#hold(delivery);
      return deliveries.length;
    } catch (error) {
      this.options.onError(error, 'taking items');
      return 0;
    }
  }

  #hold(delivery: HeldDelivery): void {
    const held: Held = {
      delivery,
      abort: new AbortController(),
      begun: false,
      startedAt: 0,
      done: Promise.resolve(),
    };
    this.#held.set(delivery.id, held);
    this.#startNext();
  }

  #startNext(): void {
    for (const held of this.#held.values()) {
      if (held.begun) continue;
      if (this.#isolated || this.running >= this.options.capacity) return;
      held.begun = true;
      held.startedAt = performance.now();
      held.done = this.#work(held).finally(() => {
        this.#held.delete(held.delivery.id);
        this.#wake();
        this.#startNext();
      });
    }
  }

  #wake(): void {
    this.#roomMade.resolve();
    this.#roomMade = Promise.withResolvers<void>();
  }

  async #work(held: Held): Promise<void> {
    const lease = new ItemLease(this.#database, this.#queue, this.options.identity.name, held.delivery);
    const persist = <T>(operation: () => Promise<T>) => this.#persist(operation, held.abort.signal);
    try {
      if (held.delivery.isForeign) {
        await persist(() => lease.release({ failedAttempt: false, waitMs: FOREIGN_WAIT_MS }));
        return this.#ended(held, 'put-back');
      }
      const begun = await persist(() => lease.begin());
      if (begun === undefined) return this.#ended(held, 'put-back');
      const work = { ...this.options, store: this.#store, persist };
      const audioMs = begun.isSuspect
        ? await this.#alone(held, async () => {
            await persist(() => lease.startAlone());
            return workOnItem(lease, begun, work, held.abort.signal);
          })
        : await workOnItem(lease, begun, work, held.abort.signal);
      this.#ended(held, audioMs === undefined ? 'put-back' : 'done', { audioMs });
    } catch (error) {
      await this.#failed(lease, error, held);
    } finally {
      await this.#destroyEndedKeys();
    }
  }

  /** If it fails, the keeper does it again. */
  async #destroyEndedKeys(): Promise<void> {
    try {
      await this.#timed(() => this.#store.itemKeys.destroyEnded());
    } catch (error) {
      this.options.onError(error, 'destroying keys of ended items');
    }
  }

  /**
   * Lets an item that has killed workers run when nothing else does, so that it takes nothing along. Several such wait
   * for each other: `waiting` says that an item has begun, but holds nobody up.
   */
  async #alone<T>(held: Held, work: () => Promise<T>): Promise<T> {
    const { signal } = held.abort;
    const change = async () => {
      await Promise.race([this.#roomMade.promise, aborted(signal)]);
      signal.throwIfAborted();
    };
    held.waiting = true;
    // One that waits to be alone need not wait for this one any more.
    this.#wake();
    while (this.#isolated) await change();
    this.#isolated = true;
    try {
      while ([...this.#held.values()].some((other) => other !== held && other.begun && !other.waiting)) {
        await change();
      }
      held.waiting = false;
      return await work();
    } finally {
      this.#isolated = false;
    }
  }

  async #failed(lease: ItemLease, error: unknown, held: Held): Promise<void> {
    const persist = <T>(operation: () => Promise<T>) => this.#persist(operation, undefined);
    try {
      const reason: unknown = held.abort.signal.aborted ? held.abort.signal.reason : error;
      if (reason instanceof LeaseLost) return this.#ended(held, 'lost');
      if (reason instanceof Stopping) {
        await this.#timed(() => lease.release({ failedAttempt: false, waitMs: 0 }));
        return this.#ended(held, 'put-back');
      }
      const failed = failureOf(reason) ?? (await this.#retry(lease, reason));
      if (failed === undefined) return this.#ended(held, 'retry');
      const { failure, message } = failed;
      await persist(() => lease.end(async () => ({ outcome: 'failed', failure, message })));
      this.#ended(held, 'failed', { failure });
    } catch (second) {
      if (second instanceof LeaseLost) return this.#ended(held, 'lost');
      // Nobody has been told how the item ended, so the queue gives it to somebody again.
      this.options.onError(second, 'ending an item');
    }
  }

  /** Puts the item back for another try, or says that it has had enough of them. */
  async #retry(lease: ItemLease, error: unknown): Promise<ItemFailed | undefined> {
    this.options.onError(error, 'an item');
    const attempts = await this.#persist(() => lease.attempts(), undefined);
    const waitMs = RETRY_WAITS_MS[attempts];
    if (waitMs === undefined) {
      return new ItemFailed(
        'internal',
        `failed ${attempts + 1} times for reasons that are not the recording's; the worker's log names them`,
        error,
      );
    }
    await this.#persist(() => lease.release({ failedAttempt: true, waitMs }), undefined);
    return undefined;
  }

  /** Says that this worker is alive, and drops what it has lost. */
  async #beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#timed(() =>
          announceWorker(this.#database, {
            ...this.options.identity,
            capacity: this.options.capacity,
            running: this.running,
          }),
        );
        const before = [...this.#held.values()];
        if (before.length > 0) {
          const ours = new Set(
            await this.#timed(() => this.#queue.beat(before.map(({ delivery }) => delivery))),
          );
          for (const { delivery, abort, begun } of before) {
            if (ours.has(delivery.id) || !this.#held.has(delivery.id)) continue;
            abort.abort(new LeaseLost('the delivery was given to another worker'));
            if (!begun) this.#held.delete(delivery.id);
          }
        }
      } catch (error) {
        this.options.onError(error, 'the heartbeat');
      }
      await pause(BEAT_MS, signal);
    }
  }

  /** Repeats an operation until the database answers, or the item is no longer ours to work on. */
  async #persist<T>(operation: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    while (true) {
      try {
        return await this.#timed(operation);
      } catch (error) {
        if (!(error instanceof ServiceError) || error.kind !== 'unavailable') throw error;
        if (signal?.aborted) throw signal.reason;
        await pause(DATABASE_WAIT_MS, signal ?? new AbortController().signal);
      }
    }
  }

  async #timed<T>(operation: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await operation();
    } finally {
      this.options.observe({ type: 'queue-time', ms: performance.now() - start });
    }
  }

  #ended(
    held: Held,
    outcome: 'done' | 'failed' | 'lost' | 'put-back' | 'retry',
    more: { readonly failure?: ItemFailed['failure']; readonly audioMs?: number | undefined } = {},
  ): void {
    const ms = performance.now() - held.startedAt;
    const { failure, audioMs = 0 } = more;
    this.options.observe({ type: 'ended', outcome, ms, audioMs, ...(failure && { failure }) });
  }
}

interface Held {
  readonly delivery: HeldDelivery;
  readonly abort: AbortController;
  begun: boolean;
  startedAt: number;
  /** For others to end, so that it is alone: nothing of it runs. */
  waiting?: boolean;
  done: Promise<void>;
}

/** The worker is shutting down. */
class Stopping extends Error {
  override readonly name = 'Stopping';
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
