import type { SqlExecutor } from '../database.ts';
import type { ItemState } from './archive-item.ts';

export type ItemResult =
  | {
      readonly outcome: 'done';
      /** The call that is kept, with its transcript. */
      readonly callId: string;
      /** Whether the transcript was made for another item of the same audio. */
      readonly duplicate: boolean;
      /** Of tenant, purpose, options and audio: the same recording is not done twice. */
      readonly fingerprint: string;
      readonly audioMs: number;
    }
  | {
      readonly outcome: 'failed';
      readonly failure: string;
      readonly message: string;
      readonly audioMs?: number;
    }
  | { readonly outcome: 'cancelled' };

/**
 * Ends an item. The caller must hold its lock, and complete its queue job in the same transaction; then
 * `ItemKeys.destroyEnded` is due.
 */
export async function insertResult(
  db: SqlExecutor,
  jobId: string,
  item: number,
  result: ItemResult,
  worker: string,
): Promise<void> {
  const done = result.outcome === 'done' ? result : undefined;
  const failed = result.outcome === 'failed' ? result : undefined;
  await db.executeSql(
    `with ended as (
        update archive_item
          set state = $3, delivery = null, call_token = case when $3 = 'failed' then call_token end
          where job_id = $1 and item = $2 returning item),
      chunks as (delete from archive_chunk where job_id = $1 and item = $2)
      insert into archive_result
          (job_id, item, outcome, failure, message, call_id, duplicate, fingerprint, audio_ms, worker)
        select $1, item, $3, $4, $5, $6, $7, $8, $9, $10 from ended`,
    [
      jobId,
      item,
      result.outcome,
      failed?.failure ?? null,
      failed?.message ?? null,
      done?.callId ?? null,
      done?.duplicate ?? false,
      done?.fingerprint ?? null,
      done?.audioMs ?? failed?.audioMs ?? null,
      worker,
    ],
  );
}

/** What an item of the same audio, purpose and options has come to, if its transcript is still there. */
export async function findResult(
  db: SqlExecutor,
  fingerprint: string,
): Promise<{ readonly callId: string; readonly audioMs: number } | undefined> {
  const { rows } = await db.executeSql(
    `select call_id, audio_ms from archive_result
      where fingerprint = $1 and outcome = 'done' order by ended_at desc limit 1`,
    [fingerprint],
  );
  return rows[0] && { callId: rows[0].call_id, audioMs: rows[0].audio_ms };
}

/** A finished part of a long recording. */
export interface StoredChunk {
  readonly endSample: number;
  readonly isLast: boolean;
  /** Sealed under the key of the item. */
  readonly content: Uint8Array;
}

/** What chunks are sealed under, and until when they may be kept; both stand in the row of their item. */
export interface ProgressKey {
  readonly ref: string;
  readonly expiresAt: Date;
}

/** To be committed before anything is sealed under the key. The caller must hold the item's lock. */
export async function nameProgressKey(
  db: SqlExecutor,
  jobId: string,
  item: number,
  { ref, expiresAt }: ProgressKey,
): Promise<void> {
  await db.executeSql(
    'update archive_item set progress_key = $3, progress_expires_at = $4 where job_id = $1 and item = $2',
    [jobId, item, ref, expiresAt.toISOString()],
  );
}

/** False, and nothing kept, if the key has been destroyed meanwhile. The caller must hold the item's lock. */
export async function insertChunk(
  db: SqlExecutor,
  jobId: string,
  item: number,
  chunk: number,
  { endSample, isLast, content }: StoredChunk,
  { ref, expiresAt }: ProgressKey,
): Promise<boolean> {
  const { rows } = await db.executeSql(
    `with named as (
        update archive_item set progress_expires_at = $8
          where job_id = $1 and item = $2 and progress_key = $7 returning item)
      insert into archive_chunk (job_id, item, chunk, end_sample, is_last, content)
        select $1, item, $3, $4, $5, $6 from named returning item`,
    [jobId, item, chunk, endSample, isLast, content, ref, expiresAt.toISOString()],
  );
  return rows.length === 1;
}

/** Forgets what was finished of an item, whose key is gone. The caller must hold its lock. */
export async function dropChunks(db: SqlExecutor, jobId: string, item: number): Promise<void> {
  await db.executeSql('delete from archive_chunk where job_id = $1 and item = $2', [jobId, item]);
}

/** In their order. */
export async function chunksOf(db: SqlExecutor, jobId: string, item: number): Promise<StoredChunk[]> {
  const { rows } = await db.executeSql(
    'select end_sample::float8 as end_sample, is_last, content from archive_chunk where job_id = $1 and item = $2 order by chunk',
    [jobId, item],
  );
  return rows.map((row) => ({ endSample: row.end_sample, isLast: row.is_last, content: row.content }));
}

export interface JobCounts {
  readonly items: Readonly<Record<ItemState, number>>;
  readonly audioMs: number;
  readonly failures: ReadonlyMap<string, number>;
  /** Of the last `recentMs`, or since the first result if that is later. */
  readonly recent: { readonly items: number; readonly audioMs: number; readonly overMs: number };
}

/** Over what time the speed of a job is measured. */
const RECENT_MS = 5 * 60_000;

export async function countJob(db: SqlExecutor, jobId: string): Promise<JobCounts> {
  const { rows: states } = await db.executeSql(
    'select state, count(*)::int as items from archive_item where job_id = $1 group by state',
    [jobId],
  );
  const { rows: results } = await db.executeSql(
    `select failure, count(*)::int as items, coalesce(sum(audio_ms) filter (where outcome = 'done'), 0) as audio_ms
      from archive_result where job_id = $1 group by failure`,
    [jobId],
  );
  const { rows: recent } = await db.executeSql(
    // The first result only says when the others began to count.
    `select greatest(count(*) - 1, 0)::int as items,
        coalesce(sum(audio_ms) - (array_agg(audio_ms order by ended_at))[1], 0)::float8 as audio_ms,
        coalesce(extract(epoch from now() - greatest(min(ended_at), now() - $2 * interval '1 ms')) * 1000, 0)::float8 as over_ms
      from archive_result
      where job_id = $1 and outcome = 'done' and not duplicate and ended_at > now() - $2 * interval '1 ms'`,
    [jobId, RECENT_MS],
  );
  const items = { pending: 0, queued: 0, done: 0, failed: 0, cancelled: 0 };
  for (const row of states) items[row.state as ItemState] = row.items;
  return {
    items,
    audioMs: results.reduce((total, row) => total + row.audio_ms, 0),
    failures: new Map(results.filter((row) => row.failure !== null).map((row) => [row.failure, row.items])),
    recent: { items: recent[0].items, audioMs: recent[0].audio_ms, overMs: recent[0].over_ms },
  };
}
