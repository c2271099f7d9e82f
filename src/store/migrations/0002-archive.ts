/**
 * Jobs over recordings. An item's `state` says whose turn it is; `delivery` names the queue job that holds it, and
 * its result row is written in the transaction that completes that queue job.
 */
import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the tables as they were, not as the types are now.
export async function up(database: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(database);
}

const STATEMENTS = [
  // pg-boss would make it itself, and fail where several processes start at once.
  'create schema if not exists pgboss',
  `create table archive_job (
    job_id uuid primary key,
    tenant text not null,
    request_id text not null,
    request_hash text not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    purpose text not null,
    request jsonb not null,
    priority int not null,
    window_start smallint,
    window_end smallint,
    time_zone text,
    state text not null default 'running' check (state in ('running', 'paused', 'done', 'cancelled', 'failed')),
    listed boolean not null default false,
    listing_until timestamptz,
    failure text,
    ended_at timestamptz,
    unique (tenant, request_id)
  )`,
  `create index archive_job_by_age on archive_job (tenant, created_at desc, job_id)`,
  `create index archive_job_open on archive_job (job_id) where state in ('running', 'paused')`,

  `create table archive_item (
    job_id uuid not null references archive_job on delete cascade,
    item int not null,
    location text not null,
    sealed_call_id text,
    roles text,
    languages text,
    recorded_at timestamptz,
    state text not null default 'pending' check (state in ('pending', 'queued', 'done', 'failed', 'cancelled')),
    delivery uuid,
    attempts smallint not null default 0,
    starts smallint not null default 0,
    not_before timestamptz,
    primary key (job_id, item)
  )`,
  // md5 because a path may be longer than an index entry; it tells items of one job apart and keeps no secret.
  `create unique index archive_item_once on archive_item (job_id, md5(location))`,
  `create index archive_item_pending on archive_item (job_id, item) where state = 'pending'`,
  `create index archive_item_queued on archive_item (job_id, item) where state = 'queued'`,

  `create table archive_chunk (
    job_id uuid not null,
    item int not null,
    chunk smallint not null,
    end_sample bigint not null,
    is_last boolean not null,
    content bytea not null,
    primary key (job_id, item, chunk),
    foreign key (job_id, item) references archive_item on delete cascade
  )`,

  `create table archive_result (
    job_id uuid not null,
    item int not null,
    outcome text not null check (outcome in ('done', 'failed', 'cancelled')),
    failure text,
    message text,
    call_id uuid,
    duplicate boolean not null default false,
    fingerprint text,
    audio_ms double precision,
    worker text,
    ended_at timestamptz not null default clock_timestamp(),
    primary key (job_id, item),
    foreign key (job_id, item) references archive_item on delete cascade
  )`,
  `create index archive_result_by_time on archive_result (job_id, ended_at)`,
  `create index archive_result_by_fingerprint on archive_result (fingerprint) where fingerprint is not null`,

  `create table archive_worker (
    worker_id uuid primary key,
    name text not null,
    version text not null,
    device text not null,
    models jsonb not null,
    capacity int not null,
    running int not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
  )`,
];
