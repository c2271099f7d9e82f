/**
 * The transactions of an item in the hands of a worker: begin, keep a chunk, end. Each is refused to a stale worker.
 * Whoever lets go of a lease calls `ItemKeys.destroyEnded`.
 */
import {
  chunksOf,
  type Database,
  dropChunks,
  type ItemResult,
  insertChunk,
  insertResult,
  jobById,
  type LockedItem,
  lockItem,
  nameProgressKey,
  type ProgressKey,
  putBack,
  type StoredChunk,
  type StoredJob,
  type StoreTransaction,
  setStarts,
} from '../../store/index.ts';
import { isOpen } from './daily-window.ts';
import type { HeldDelivery, ItemQueue } from './item-queue.ts';

/** Starts of an item without getting anywhere after which it is taken to be what its workers die of. */
export const MAX_STARTS = 5;

/** Starts that may be chance: a machine that was switched off. With more, the item may be what workers die of. */
const SUSPECT_STARTS = 2;

/** Another worker has the item now, or nobody should have it any more: what this one made of it is dropped. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface BegunItem {
  readonly job: StoredJob;
  readonly item: LockedItem;
  readonly chunks: readonly StoredChunk[];
  /** To be worked on alone, after `startAlone`: only then does its start count. */
  readonly isSuspect: boolean;
}

export class ItemLease {
  readonly delivery: HeldDelivery;
  readonly #database: Database;
  readonly #queue: ItemQueue;
  readonly #worker: string;

  constructor(database: Database, queue: ItemQueue, worker: string, delivery: HeldDelivery) {
    this.#database = database;
    this.#queue = queue;
    this.#worker = worker;
    this.delivery = delivery;
  }

  /** Undefined if there is nothing to do: the item has ended, its job is paused, its window is closed. */
  async begin(): Promise<BegunItem | undefined> {
    const { jobId, item: number } = this.delivery;
    return this.#database.transaction(async (transaction) => {
      const item = await this.#hold(transaction);
      if (item === undefined) {
        await this.#queue.complete(transaction, this.delivery);
        return undefined;
      }
      const job = (await jobById(transaction, jobId))!;
      if (!mayRun(job)) {
        await this.#giveBack(transaction, { failedAttempt: false, waitMs: 0 });
        return undefined;
      }
      if (item.starts >= MAX_STARTS) {
        await this.#end(transaction, async () => ({
          outcome: 'failed',
          failure: 'worker-lost',
          message:
            `workers died ${item.starts} times while they had this recording and got no further with it; ` +
            'look at their logs and memory limits, then retry it',
        }));
        return undefined;
      }
      const isSuspect = item.starts >= SUSPECT_STARTS;
      if (!isSuspect) await setStarts(transaction, jobId, number, item.starts + 1);
      return {
        job,
        item,
        chunks: item.progressKey ? await chunksOf(transaction, jobId, number) : [],
        isSuspect,
      };
    });
  }

  /** Counts the start of a suspect, when nothing else runs beside it. */
  async startAlone(): Promise<void> {
    const { jobId, item } = this.delivery;
    await this.#database.transaction(async (transaction) => {
      const { starts } = await this.#mustHold(transaction);
      await setStarts(transaction, jobId, item, starts + 1);
    });
  }

  /** Makes the item's row name the key of its chunks, before anything is sealed under it. */
  async nameKey(key: ProgressKey): Promise<void> {
    const { jobId, item } = this.delivery;
    await this.#database.transaction(async (transaction) => {
      await this.#mustHold(transaction);
      await nameProgressKey(transaction, jobId, item, key);
    });
  }

  /** Forgets chunks that no key opens any more. */
  async startOver(): Promise<void> {
    const { jobId, item } = this.delivery;
    await this.#database.transaction(async (transaction) => {
      await this.#mustHold(transaction);
      await dropChunks(transaction, jobId, item);
    });
  }

  /** Keeps a finished chunk. Returns whether to go on: if not, the item waits for its turn to come again. */
  async keepChunk(chunk: number, content: StoredChunk, key: ProgressKey): Promise<boolean> {
    const { jobId, item: number } = this.delivery;
    return this.#database.transaction(async (transaction) => {
      await this.#mustHold(transaction);
      const isKept = await insertChunk(transaction, jobId, number, chunk, content, key);
      await setStarts(transaction, jobId, number, 1);
      if (isKept && mayRun((await jobById(transaction, jobId))!)) return true;
      await this.#giveBack(transaction, { failedAttempt: false, waitMs: 0 });
      return false;
    });
  }

  /** Ends the item with what `result` makes in the same transaction. */
  async end(result: (transaction: StoreTransaction) => Promise<ItemResult>): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      if ((await this.#hold(transaction)) === undefined) throw new LeaseLost('the item is not in our hands');
      await this.#end(transaction, () => result(transaction));
    });
  }

  /** Failed tries before this one. */
  async attempts(): Promise<number> {
    return this.#database.transaction(async (transaction) => (await this.#mustHold(transaction)).attempts);
  }

  /** Another worker, or this one, may try again, `waitMs` after a try that failed. */
  async release(after: { readonly failedAttempt: boolean; readonly waitMs: number }): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#mustHold(transaction);
      await this.#giveBack(transaction, after);
    });
  }

  /** The item, locked, if this delivery is still the one that counts. */
  async #hold(transaction: StoreTransaction): Promise<LockedItem | undefined> {
    const { id, jobId, item: number } = this.delivery;
    const item = await lockItem(transaction, jobId, number);
    return item?.state === 'queued' && item.delivery === id ? item : undefined;
  }

  async #mustHold(transaction: StoreTransaction): Promise<LockedItem> {
    const item = await this.#hold(transaction);
    if (item === undefined) throw new LeaseLost('the item is not in our hands');
    // The item's row does not tell one attempt of a delivery from the next; the queue does.
    if ((await this.#queue.beat([this.delivery], transaction)).length === 0) {
      throw new LeaseLost('the delivery was given to another worker');
    }
    return item;
  }

  async #giveBack(
    transaction: StoreTransaction,
    after: { readonly failedAttempt: boolean; readonly waitMs: number },
  ): Promise<void> {
    await this.#complete(transaction);
    await putBack(transaction, this.delivery.jobId, this.delivery.item, after);
  }

  /** Completes first: where that is refused, nothing of the result is made. */
  async #end(transaction: StoreTransaction, result: () => Promise<ItemResult>): Promise<void> {
    await this.#complete(transaction);
    await insertResult(transaction, this.delivery.jobId, this.delivery.item, await result(), this.#worker);
  }

  async #complete(transaction: StoreTransaction): Promise<void> {
    if (!(await this.#queue.complete(transaction, this.delivery))) {
      throw new LeaseLost('the delivery was given to another worker');
    }
  }
}

function mayRun(job: StoredJob): boolean {
  return job.state === 'running' && (job.window === undefined || isOpen(job.window, new Date()));
}
