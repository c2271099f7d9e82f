import type { SqlExecutor } from '../database.ts';

/** What a worker announces of itself. */
export interface WorkerAnnouncement {
  readonly workerId: string;
  /** Host and process, for people. */
  readonly name: string;
  readonly version: string;
  /** `cpu`, `cuda`. */
  readonly device: string;
  /** Name and hash of each model. */
  readonly models: Readonly<Record<string, string>>;
  /** Recordings it does at once. */
  readonly capacity: number;
  readonly running: number;
}

/** A worker that has said nothing for so long is taken to be gone. */
const GONE_AFTER_MS = 15_000;

/** To be repeated every few seconds. */
export async function announceWorker(db: SqlExecutor, worker: WorkerAnnouncement): Promise<void> {
  await db.executeSql(
    `insert into archive_worker (worker_id, name, version, device, models, capacity, running)
      values ($1, $2, $3, $4, $5::jsonb, $6, $7)
      on conflict (worker_id) do update set running = excluded.running, seen_at = now()`,
    [
      worker.workerId,
      worker.name,
      worker.version,
      worker.device,
      JSON.stringify(worker.models),
      worker.capacity,
      worker.running,
    ],
  );
}

export async function removeWorker(db: SqlExecutor, workerId: string): Promise<void> {
  await db.executeSql('delete from archive_worker where worker_id = $1', [workerId]);
}

/** Forgets workers that are gone. */
export async function removeLostWorkers(db: SqlExecutor): Promise<void> {
  await db.executeSql(`delete from archive_worker where seen_at < now() - $1 * interval '1 ms'`, [
    10 * GONE_AFTER_MS,
  ]);
}

export async function liveWorkers(db: SqlExecutor): Promise<WorkerAnnouncement[]> {
  const { rows } = await db.executeSql(
    `select * from archive_worker where seen_at > now() - $1 * interval '1 ms' order by started_at`,
    [GONE_AFTER_MS],
  );
  return rows.map((row) => ({
    workerId: row.worker_id,
    name: row.name,
    version: row.version,
    device: row.device,
    models: row.models,
    capacity: row.capacity,
    running: row.running,
  }));
}
