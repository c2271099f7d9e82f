/**
 * The key of a recording that is being worked on. Its finished chunks and what redaction has learnt of the call are
 * sealed under it, and nothing else is: so when the item ends, for whatever reason, overwriting one slot makes them
 * unreadable in every old page, log and backup of the database. docs/decisions/0013, 0019.
 *
 * The key stands in its slot and in the item's row before anything is sealed under it, and in the row until it is
 * destroyed: whoever ends an item calls `destroyEnded` after the commit, and what a crash leaves is found by the next.
 */
import type { Database } from '../database.ts';
import type { CallKey, CallKeys, KeyOwner } from '../keys/call-keys.ts';

/** Whose progress it is. */
export interface ItemOwner {
  readonly tenant: string;
  readonly jobId: string;
  readonly item: number;
}

const BATCH = 500;

export class ItemKeys {
  readonly #database: Database;
  readonly #callKeys: CallKeys;
  readonly #now: () => Date;

  constructor(database: Database, callKeys: CallKeys, now: () => Date) {
    this.#database = database;
    this.#callKeys = callKeys;
    this.#now = now;
  }

  /** On disk when this resolves. If its item's row does not come to name it, it is to be destroyed. */
  async create(owner: ItemOwner): Promise<CallKey> {
    const [key] = await this.#callKeys.create([progressOf(owner)]);
    return key!;
  }

  /** Undefined once it was destroyed. */
  open(owner: ItemOwner, ref: string): Promise<Uint8Array | undefined> {
    return this.#callKeys.open(progressOf(owner), ref);
  }

  /** Of a key that no row names. */
  destroy(ref: string): Promise<void> {
    return this.#callKeys.destroy([ref]);
  }

  /** Destroys the keys of items that have ended. */
  async destroyEnded(): Promise<void> {
    for (let left = true; left; ) {
      const { rows } = await this.#database.executeSql(
        `select progress_key from archive_item
          where progress_key is not null and state in ('done', 'failed', 'cancelled') limit $1`,
        [BATCH],
      );
      await this.#destroyAndForget(rows.map(({ progress_key }) => progress_key));
      left = rows.length === BATCH;
    }
  }

  /**
   * Ends progress that was kept for as long as the purpose keeps transcripts, of a job that was paused, say; if its
   * item goes on, it begins again. Returns how many.
   */
  async destroyExpired(): Promise<number> {
    const { rows } = await this.#database.executeSql(
      `with expired as (
          select job_id, item, progress_key from archive_item
            where progress_key is not null and progress_expires_at <= $1 limit $2 for update skip locked),
        chunks as (delete from archive_chunk c using expired e where c.job_id = e.job_id and c.item = e.item)
        select progress_key from expired`,
      [this.#now().toISOString(), BATCH],
    );
    await this.#destroyAndForget(rows.map(({ progress_key }) => progress_key));
    return rows.length;
  }

  /** Wraps the keys of a tenant's items under its current key. */
  async rewrap(tenant: string): Promise<void> {
    const { rows } = await this.#database.executeSql(
      `select i.job_id, i.item, i.progress_key from archive_item i join archive_job j using (job_id)
        where j.tenant = $1 and i.progress_key is not null`,
      [tenant],
    );
    for (const { job_id: jobId, item, progress_key } of rows) {
      await this.#callKeys.rewrap(progressOf({ tenant, jobId, item }), progress_key);
    }
  }

  async #destroyAndForget(refs: readonly string[]): Promise<void> {
    if (refs.length === 0) return;
    await this.#callKeys.destroy(refs);
    await this.#database.executeSql(
      `update archive_item set progress_key = null, progress_expires_at = null
        where progress_key = any($1::text[])`,
      [refs],
    );
  }
}

function progressOf({ tenant, jobId, item }: ItemOwner): KeyOwner {
  return { tenant, callId: `${jobId}/${item}`, kind: 'progress' };
}
