import type { SqlExecutor } from '../database.ts';

export const JOB_STATES = ['running', 'paused', 'done', 'cancelled', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A time of the day, in minutes from midnight in a time zone; it may pass midnight. */
export interface DailyWindow {
  readonly startMinute: number;
  readonly endMinute: number;
  /** IANA name. */
  readonly timeZone: string;
}

export interface NewJob {
  readonly jobId: string;
  readonly tenant: string;
  readonly requestId: string;
  readonly requestHash: string;
  readonly createdBy: string;
  readonly purpose: string;
  /** What `archive/` needs to know to run it; opaque here. */
  readonly request: object;
  readonly priority: number;
  readonly window?: DailyWindow;
}

export interface StoredJob extends NewJob {
  readonly state: JobState;
  readonly listed: boolean;
  readonly failure?: string;
  readonly createdAt: Date;
  readonly endedAt?: Date;
}

/** False if the tenant has a job of this request already. */
export async function insertJob(db: SqlExecutor, job: NewJob): Promise<boolean> {
  const { rows } = await db.executeSql(
    `insert into archive_job (job_id, tenant, request_id, request_hash, created_by, purpose, request, priority,
        window_start, window_end, time_zone)
      values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11)
      on conflict (tenant, request_id) do nothing returning job_id`,
    [
      job.jobId,
      job.tenant,
      job.requestId,
      job.requestHash,
      job.createdBy,
      job.purpose,
      JSON.stringify(job.request),
      job.priority,
      job.window?.startMinute ?? null,
      job.window?.endMinute ?? null,
      job.window?.timeZone ?? null,
    ],
  );
  return rows.length === 1;
}

export async function jobOfRequest(
  db: SqlExecutor,
  tenant: string,
  requestId: string,
): Promise<StoredJob | undefined> {
  return one(
    await db.executeSql('select * from archive_job where tenant = $1 and request_id = $2', [
      tenant,
      requestId,
    ]),
  );
}

export async function jobById(
  db: SqlExecutor,
  jobId: string,
  tenant?: string,
): Promise<StoredJob | undefined> {
  return one(
    await db.executeSql('select * from archive_job where job_id = $1 and ($2::text is null or tenant = $2)', [
      jobId,
      tenant ?? null,
    ]),
  );
}

/**
 * Locks the job until the transaction ends, so that its state stays what is returned. Its request may hold a whole
 * manifest, which is not read for that.
 */
export async function lockJob(
  db: SqlExecutor,
  jobId: string,
  tenant: string,
): Promise<Pick<StoredJob, 'state' | 'listed'> | undefined> {
  const { rows } = await db.executeSql(
    'select state, listed from archive_job where job_id = $1 and tenant = $2 for update',
    [jobId, tenant],
  );
  return rows[0];
}

/** Newest first; `after` is the last job of the page before. */
export async function jobsOfTenant(
  db: SqlExecutor,
  tenant: string,
  limit: number,
  after?: { readonly createdAt: Date; readonly jobId: string },
): Promise<StoredJob[]> {
  const { rows } = await db.executeSql(
    `select * from archive_job
      where tenant = $1 and ($2::timestamptz is null or (created_at, job_id) < ($2, $3::uuid))
      order by created_at desc, job_id desc limit $4`,
    [tenant, after?.createdAt ?? null, after?.jobId ?? null, limit],
  );
  return rows.map(jobOf);
}

export async function setJobState(
  db: SqlExecutor,
  jobId: string,
  state: JobState,
  failure?: string,
): Promise<void> {
  await db.executeSql(
    `update archive_job set state = $2, failure = $3,
        request = case when $2 in ('cancelled', 'failed') then request || '{"sources": []}' else request end,
        ended_at = case when $2 in ('done', 'cancelled', 'failed') then coalesce(ended_at, now()) end
      where job_id = $1`,
    [jobId, state, failure ?? null],
  );
}

/** All recordings that its sources name are items of the job; the sources are needed no more. */
export async function setListed(db: SqlExecutor, jobId: string): Promise<void> {
  await db.executeSql(
    `update archive_job set listed = true, request = request || '{"sources": []}' where job_id = $1`,
    [jobId],
  );
}

/**
 * Takes a job whose sources have not all been listed, for `leaseMs`: whoever lists renews it, and a job whose lister
 * has died is taken by the next.
 */
export async function takeUnlistedJob(db: SqlExecutor, leaseMs: number): Promise<StoredJob | undefined> {
  return one(
    await db.executeSql(
      `update archive_job set listing_until = now() + $1 * interval '1 ms'
        where job_id = (
          select job_id from archive_job
            where not listed and state in ('running', 'paused') and (listing_until is null or listing_until < now())
            order by created_at limit 1 for update skip locked)
        returning *`,
      [leaseMs],
    ),
  );
}

export async function renewListing(db: SqlExecutor, jobId: string, leaseMs: number): Promise<void> {
  await db.executeSql(
    `update archive_job set listing_until = now() + $2 * interval '1 ms' where job_id = $1`,
    [jobId, leaseMs],
  );
}

/** Ends jobs all of whose items have ended; returns their ids. */
export async function endFinishedJobs(db: SqlExecutor): Promise<string[]> {
  const { rows } = await db.executeSql(
    `update archive_job j set state = 'done', ended_at = now()
      where state = 'running' and listed
        and not exists (select 1 from archive_item i where i.job_id = j.job_id and i.state = 'pending')
        and not exists (select 1 from archive_item i where i.job_id = j.job_id and i.state = 'queued')
      returning job_id`,
  );
  return rows.map((row) => row.job_id as string);
}

function one({ rows }: { rows: Row[] }): StoredJob | undefined {
  return rows[0] && jobOf(rows[0]);
}

// biome-ignore lint/suspicious/noExplicitAny: a row of `archive_job`.
type Row = any;

function jobOf(row: Row): StoredJob {
  return {
    jobId: row.job_id,
    tenant: row.tenant,
    requestId: row.request_id,
    requestHash: row.request_hash,
    createdBy: row.created_by,
    purpose: row.purpose,
    request: row.request,
    priority: row.priority,
    ...(row.window_start !== null && {
      window: { startMinute: row.window_start, endMinute: row.window_end, timeZone: row.time_zone },
    }),
    state: row.state,
    listed: row.listed,
    ...(row.failure !== null && { failure: row.failure }),
    createdAt: row.created_at,
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}
