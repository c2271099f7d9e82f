/**
 * The queue of items, on pg-boss: it says which worker holds which item, and takes it back from one that has died.
 * Whether an item still has something to do, and how it ended, is said by its row; a job of the queue is a delivery
 * and no more.
 */
import { PgBoss } from 'pg-boss';
import type { Database, Delivery, SqlExecutor } from '../../store/index.ts';

export const QUEUE = 'archive-items';

/** pg-boss takes no less. A worker beats more often, so that one lost beat means nothing. */
const HEARTBEAT_SECONDS = 10;
/** A job whose heartbeat has stopped is taken back within this time on top. */
const MONITOR_SECONDS = 1;
/** The longest a worker may hold one item, however lively; pg-boss takes no more than a day. */
const EXPIRE_SECONDS = 23 * 3600;
/** Deaths of workers are counted by the item, which knows whether it got anywhere in between. */
const RETRY_LIMIT = 1000;
/** Completed deliveries say nothing that the items do not. */
const KEEP_COMPLETED_SECONDS = 600;

/** What a delivery holds. Of versions that a worker does not know it reads job and item, to put the item back. */
interface DeliveryData {
  readonly version: number;
  readonly jobId: string;
  readonly item: number;
}
const DELIVERY_VERSION = 1;

/** A delivery in the hands of this worker; `retryCount` tells it from an earlier one of the same item. */
export interface HeldDelivery {
  readonly id: string;
  readonly retryCount: number;
  readonly jobId: string;
  readonly item: number;
  /** Of a version that this worker does not know: it is for newer ones. */
  readonly isForeign: boolean;
}

export class ItemQueue implements AsyncDisposable {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  static async open(database: Database, onError: (error: Error) => void): Promise<ItemQueue> {
    const boss = new PgBoss({
      db: database,
      backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
      schedule: false,
      supervise: true,
      superviseIntervalSeconds: MONITOR_SECONDS,
      monitorIntervalSeconds: MONITOR_SECONDS,
      maintenanceIntervalSeconds: KEEP_COMPLETED_SECONDS,
      monitorVacuum: false,
      registerInstance: false,
    });
    boss.on('error', onError);
    await boss.start();
    const options = {
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: EXPIRE_SECONDS,
      retryLimit: RETRY_LIMIT,
      retryDelay: 0,
      deleteAfterSeconds: KEEP_COMPLETED_SECONDS,
    };
    await boss.createQueue(QUEUE, options);
    await boss.updateQueue(QUEUE, options);
    return new ItemQueue(boss);
  }

  /** Puts items into the queue, in the transaction that marks them so. */
  async put(
    transaction: SqlExecutor,
    jobId: string,
    priority: number,
    deliveries: readonly Delivery[],
  ): Promise<void> {
    await this.#boss.insert(
      QUEUE,
      deliveries.map(({ item, delivery }) => ({
        id: delivery,
        priority,
        data: { version: DELIVERY_VERSION, jobId, item } satisfies DeliveryData,
      })),
      { db: transaction },
    );
  }

  /** At most `limit` items to work on. */
  async take(limit: number): Promise<HeldDelivery[]> {
    const jobs = await this.#boss.fetch<DeliveryData>(QUEUE, { batchSize: limit });
    return jobs.map(({ id, retryCount, data: { version, jobId, item } }) => ({
      id,
      retryCount,
      jobId,
      item,
      isForeign: version > DELIVERY_VERSION,
    }));
  }

  /** Says that this worker is alive. Returns the ids of those that it still holds. */
  async beat(deliveries: readonly HeldDelivery[], db?: SqlExecutor): Promise<readonly string[]> {
    const response = await this.#boss.touch(QUEUE, [...deliveries], db && { db });
    return (response as Settled).settled ?? [];
  }

  /** Ends a delivery. False if this worker does not hold it any more: then nothing of its work may be kept. */
  async complete(transaction: SqlExecutor, delivery: HeldDelivery): Promise<boolean> {
    const response = await this.#boss.complete(QUEUE, delivery, null, { db: transaction });
    return (response as Settled).affected === 1;
  }

  /** Takes deliveries back at once: for the only process of an embedded database, which has just started. */
  async takeBack(deliveries: readonly string[]): Promise<void> {
    if (deliveries.length > 0) await this.#boss.fail(QUEUE, [...deliveries]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#boss.stop({ close: false, graceful: false });
  }
}

/** What pg-boss 12 answers to `complete` and `touch`; its types leave it open. */
interface Settled {
  readonly affected: number;
  readonly settled?: readonly string[];
}
