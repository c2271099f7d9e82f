import type { SqlExecutor } from '../database.ts';
import type { DailyWindow, JobState } from './archive-job.ts';

export const ITEM_STATES = ['pending', 'queued', 'done', 'failed', 'cancelled'] as const;
/** `queued`: in the queue, or in the hands of a worker. */
export type ItemState = (typeof ITEM_STATES)[number];

/** A recording that a job is to do. */
export interface NewItem {
  readonly location: string;
  /** The controller's id of the call as the keyed hash that it is found by. */
  readonly callToken?: Uint8Array;
  readonly roles?: readonly string[];
  readonly languages?: readonly string[];
  readonly recordedAt?: Date;
}

/**
 * Adds those of `items` whose location the job does not have yet, so that listing the same sources again changes
 * nothing, and numbers them on from the last. The caller must hold the job's lock. Returns how many were added.
 */
export async function addItems(db: SqlExecutor, jobId: string, items: readonly NewItem[]): Promise<number> {
  const column = <T>(of: (item: NewItem) => T) => items.map((item) => of(item) ?? null);
  const { rows } = await db.executeSql(
    `with named as (
        select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
          with ordinality as named (location, call_token, roles, languages, recorded_at, place)),
      fresh as (
        select distinct on (location) * from named
          where not exists (
            select 1 from archive_item i where i.job_id = $1 and md5(i.location) = md5(named.location))
          order by location, place),
      added as (
        insert into archive_item (job_id, item, location, call_token, roles, languages, recorded_at)
          select $1, last.item + row_number() over (order by place), location, decode(call_token, 'hex'), roles,
              languages, recorded_at
            from fresh, (select coalesce(max(item), 0) as item from archive_item where job_id = $1) last
          returning 1)
      select count(*)::int as added from added`,
    [
      jobId,
      column((item) => item.location),
      column((item) => item.callToken && Buffer.from(item.callToken).toString('hex')),
      column((item) => item.roles?.join(';')),
      column((item) => item.languages?.join(';')),
      column((item) => item.recordedAt?.toISOString()),
    ],
  );
  return rows[0].added;
}

/** One of a tenant's jobs that could be given more to do now. */
export interface FeedableJob {
  readonly jobId: string;
  readonly tenant: string;
  readonly priority: number;
  /** Items in the queue or with a worker. */
  readonly queued: number;
  readonly window?: DailyWindow;
}

/** Running jobs with items that wait, oldest first, and all running jobs' items in the queue. */
export async function feedableJobs(db: SqlExecutor): Promise<{ jobs: FeedableJob[]; queued: number }> {
  const { rows } = await db.executeSql(
    `select j.job_id, j.tenant, j.priority, j.window_start, j.window_end, j.time_zone,
        exists (select 1 from archive_item i where i.job_id = j.job_id and i.state = 'pending'
          and (i.not_before is null or i.not_before <= now())) as waits,
        (select count(*)::int from archive_item i where i.job_id = j.job_id and i.state = 'queued') as queued
      from archive_job j where j.state in ('running', 'paused') order by j.created_at`,
  );
  return {
    jobs: rows
      .filter((row) => row.waits)
      .map((row) => ({
        jobId: row.job_id,
        tenant: row.tenant,
        priority: row.priority,
        queued: row.queued,
        ...(row.window_start !== null && {
          window: { startMinute: row.window_start, endMinute: row.window_end, timeZone: row.time_zone },
        }),
      })),
    queued: rows.reduce((total, row) => total + row.queued, 0),
  };
}

export interface Delivery {
  readonly item: number;
  readonly delivery: string;
}

/** Takes the next items of a running job for the queue, at most `limit`, and names the queue job of each. */
export async function takePending(db: SqlExecutor, jobId: string, limit: number): Promise<Delivery[]> {
  const { rows } = await db.executeSql(
    `with next as (
        select i.item from archive_item i join archive_job j using (job_id)
          where i.job_id = $1 and i.state = 'pending' and j.state = 'running'
            and (i.not_before is null or i.not_before <= now())
          order by i.item limit $2 for update of i skip locked)
      update archive_item i set state = 'queued', delivery = gen_random_uuid()
        from next where i.job_id = $1 and i.item = next.item
      returning i.item, i.delivery`,
    [jobId, limit],
  );
  return rows.map(({ item, delivery }) => ({ item, delivery })).sort((a, b) => a.item - b.item);
}

/** The queue jobs of all items that are marked as queued. */
export async function queuedDeliveries(db: SqlExecutor): Promise<string[]> {
  const { rows } = await db.executeSql(`select delivery from archive_item where state = 'queued'`);
  return rows.map((row) => row.delivery);
}

/** An item as the worker that was given it finds it. */
export interface LockedItem {
  readonly location: string;
  readonly roles?: readonly string[];
  readonly languages?: readonly string[];
  readonly recordedAt?: Date;
  readonly callToken?: Uint8Array;
  /** Place of the key that its finished chunks are sealed under. */
  readonly progressKey?: string;
  readonly state: ItemState;
  readonly delivery?: string;
  readonly attempts: number;
  /** How often work on it began since it last got anywhere. */
  readonly starts: number;
  readonly jobState: JobState;
}

/** Locks an item until the transaction ends. */
export async function lockItem(
  db: SqlExecutor,
  jobId: string,
  item: number,
): Promise<LockedItem | undefined> {
  const { rows } = await db.executeSql(
    `select i.*, j.state as job_state from archive_item i join archive_job j using (job_id)
      where i.job_id = $1 and i.item = $2 for update of i`,
    [jobId, item],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    location: row.location,
    ...(row.roles !== null && { roles: row.roles.split(';') }),
    ...(row.languages !== null && { languages: row.languages.split(';') }),
    ...(row.recorded_at !== null && { recordedAt: row.recorded_at }),
    ...(row.call_token !== null && { callToken: row.call_token }),
    ...(row.progress_key !== null && { progressKey: row.progress_key }),
    state: row.state,
    ...(row.delivery !== null && { delivery: row.delivery }),
    attempts: row.attempts,
    starts: row.starts,
    jobState: row.job_state,
  };
}

export async function setStarts(db: SqlExecutor, jobId: string, item: number, starts: number): Promise<void> {
  await db.executeSql('update archive_item set starts = $3 where job_id = $1 and item = $2', [
    jobId,
    item,
    starts,
  ]);
}

/** Puts an item back to wait for its turn; `after` an attempt that failed, not before so many milliseconds. */
export async function putBack(
  db: SqlExecutor,
  jobId: string,
  item: number,
  after: { readonly failedAttempt: boolean; readonly waitMs: number },
): Promise<void> {
  await db.executeSql(
    `update archive_item set state = 'pending', delivery = null, starts = 0,
        attempts = attempts + case when $3 then 1 else 0 end,
        not_before = case when $4 > 0 then now() + $4 * interval '1 ms' end
      where job_id = $1 and item = $2`,
    [jobId, item, after.failedAttempt, after.waitMs],
  );
}

/**
 * Puts back what is marked as queued although no job of the queue stands for it any more: the queue gave it up, or was
 * restored from an older backup. Returns how many.
 */
export async function putBackLost(db: SqlExecutor, queue: string): Promise<number> {
  const { rows } = await db.executeSql(
    `with lost as (
        select i.job_id, i.item from archive_item i
          where i.state = 'queued' and not exists (
            select 1 from pgboss.job q
              where q.name = $1 and q.id = i.delivery and q.state in ('created', 'retry', 'active'))
          for update of i skip locked),
      back as (
        update archive_item i set state = 'pending', delivery = null
          from lost where i.job_id = lost.job_id and i.item = lost.item returning 1)
      select count(*)::int as items from back`,
    [queue],
  );
  return rows[0].items;
}

/**
 * Ends every item of a job that has not ended; what a worker has of one is refused when it hands it in. Then
 * `ItemKeys.destroyEnded` is due.
 */
export async function cancelItems(db: SqlExecutor, jobId: string): Promise<void> {
  await db.executeSql(
    `with open as (
        update archive_item set state = 'cancelled', delivery = null, call_token = null
          where job_id = $1 and state in ('pending', 'queued') returning item),
      chunks as (delete from archive_chunk where job_id = $1)
      insert into archive_result (job_id, item, outcome) select $1, item, 'cancelled' from open`,
    [jobId],
  );
}

/**
 * Ends the items of a call, as its subject has asked: those that have not ended are cancelled, and none can be found by
 * the call's id any more. Returns how many were cancelled; then `ItemKeys.destroyEnded` is due.
 */
export async function cancelItemsOfCall(
  db: SqlExecutor,
  tenant: string,
  callToken: Uint8Array,
): Promise<number> {
  const { rows } = await db.executeSql(
    `with named as (
        select i.job_id, i.item, i.state in ('pending', 'queued') as open
          from archive_item i join archive_job j using (job_id)
          where j.tenant = $1 and i.call_token = $2 order by i.job_id, i.item for update of i),
      ended as (
        update archive_item i set call_token = null,
            state = case when open then 'cancelled' else state end,
            delivery = case when open then null else delivery end
          from named n where i.job_id = n.job_id and i.item = n.item
          returning i.job_id, i.item, n.open),
      chunks as (delete from archive_chunk c using named n where c.job_id = n.job_id and c.item = n.item),
      results as (
        insert into archive_result (job_id, item, outcome)
          select job_id, item, 'cancelled' from ended where open returning 1)
      select count(*)::int as items from results`,
    [tenant, callToken],
  );
  return rows[0].items;
}

/** Puts back items that failed, for any of `failures` if given; returns how many. */
export async function retryFailed(
  db: SqlExecutor,
  jobId: string,
  failures: readonly string[] | undefined,
): Promise<number> {
  const { rows } = await db.executeSql(
    `with gone as (
        delete from archive_result where job_id = $1 and outcome = 'failed'
          and ($2::text[] is null or failure = any($2)) returning item),
      back as (
        update archive_item i set state = 'pending', attempts = 0, starts = 0, not_before = null
          from gone where i.job_id = $1 and i.item = gone.item returning 1)
      select count(*)::int as items from back`,
    [jobId, failures ?? null],
  );
  return rows[0].items;
}

/** An item with its result, for people. */
export interface ListedItem {
  readonly item: number;
  readonly location: string;
  readonly state: ItemState;
  readonly attempts: number;
  readonly recordedAt?: Date;
  readonly audioMs?: number;
  readonly failure?: string;
  readonly message?: string;
  /** Of the call that is kept, with its transcript. */
  readonly callId?: string;
  readonly duplicate: boolean;
  readonly endedAt?: Date;
}

/** In order, after `afterItem`. */
export async function listItems(
  db: SqlExecutor,
  jobId: string,
  options: { readonly afterItem: number; readonly limit: number; readonly states?: readonly ItemState[] },
): Promise<ListedItem[]> {
  const { rows } = await db.executeSql(
    `select i.item, i.location, i.state, i.attempts, i.recorded_at,
        r.audio_ms, r.failure, r.message, r.call_id, coalesce(r.duplicate, false) as duplicate, r.ended_at
      from archive_item i left join archive_result r using (job_id, item)
      where i.job_id = $1 and i.item > $2 and ($3::text[] is null or i.state = any($3))
      order by i.item limit $4`,
    [jobId, options.afterItem, options.states ?? null, options.limit],
  );
  return rows.map((row) => ({
    item: row.item,
    location: row.location,
    state: row.state,
    attempts: row.attempts,
    ...(row.recorded_at !== null && { recordedAt: row.recorded_at }),
    ...(row.audio_ms !== null && { audioMs: row.audio_ms }),
    ...(row.failure !== null && { failure: row.failure }),
    ...(row.message !== null && { message: row.message }),
    ...(row.call_id !== null && { callId: row.call_id }),
    duplicate: row.duplicate,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  }));
}
