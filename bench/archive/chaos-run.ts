/**
 * An archive job under fire: workers are killed, stopped and woken, the database is killed, and at the end every item
 * must have ended exactly once, for the right reason.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ArchiveJob, SottoClient } from '../../src/client/index.ts';
import { type Database, openDatabase } from '../../src/store/index.ts';
import { type PostgresServer, startPostgres } from '../../test/store/postgres-server.ts';
import { ChaosProcess } from './chaos-process.ts';
import { type ChaosRecordings, MAX_SECONDS, writeChaosRecordings } from './chaos-recordings.ts';
import { archiveEnvironment, DECLARATION } from './environment.ts';
import { RestartWatch } from './restart-watch.ts';

export interface ChaosOptions {
  readonly recordings: number;
  /** 0: embedded, one server process that does the work itself. */
  readonly workers: number;
  readonly kills: number;
  readonly databaseKills: number;
  readonly zombies: number;
  /** Mean time between two kills. */
  readonly killEveryMs: number;
  readonly log: (line: string) => void;
}

export interface ChaosResult {
  readonly seconds: number;
  readonly kills: number;
  readonly databaseKills: number;
  readonly zombies: number;
  readonly items: Readonly<Record<string, number>>;
  /** What must not be: each line is a broken promise. */
  readonly violations: readonly string[];
  /** From the death of a worker to the next start of an item it had; ms. */
  readonly restarts: readonly number[];
  /** Time with a database that was down or coming back is not counted above. */
  readonly restartsThroughOutages: number;
}

/** A zombie sleeps for longer than its heartbeat may be missed. */
const ZOMBIE_MS = 16_000;
const DEADLINE_MS = 3 * 3_600_000;

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-chaos-'));
  try {
    await using resources = new AsyncDisposableStack();
    options.log(`writing ${options.recordings} recordings`);
    const root = join(folder, 'calls');
    const recordings = await writeChaosRecordings(root, join(folder, 'elsewhere'), options.recordings);
    const postgres = options.workers > 0 ? resources.use(await startPostgres()) : undefined;
    const scene = setScene(folder, root, postgres?.url, options.workers);
    for (const each of scene.all) resources.use(each);
    const startedAt = performance.now();
    const fire = await submitAndFire(scene, postgres, recordings, options);
    const seconds = (performance.now() - startedAt) / 1000;
    // What the workers hold is theirs until they are gone; the checks read the database alone.
    for (const each of scene.all) await each.kill();
    await using database = await openDatabase({
      dataDir: scene.dataDir,
      ...(postgres && { url: postgres.url }),
    });
    const { items, violations } = await check(database, recordings);
    return { seconds, items, violations, ...fire };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly server: ChaosProcess;
  /** Those that work on items, and are killed. */
  readonly workers: readonly ChaosProcess[];
  readonly all: readonly ChaosProcess[];
  readonly dataDir: string;
  readonly address: string;
}

function setScene(folder: string, root: string, url: string | undefined, workers: number): Scene {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const { variables, dataDir } = archiveEnvironment(folder, root, url);
  const environment = {
    ...variables,
    SOTTO_ARCHIVE_MAX_RECORDING_HOURS: `${MAX_SECONDS / 3600}`,
    SOTTO_ENGINE_THREADS: '1',
    // Not measured at every start: nobody calls.
    SOTTO_SERVER_CAPACITY: '20',
  };
  const server = new ChaosProcess(
    ['serve'],
    { ...environment, SOTTO_SERVER_PORT: `${port}`, SOTTO_ARCHIVE_CAPACITY: workers > 0 ? '0' : '4' },
    /listens on/,
  );
  const others = Array.from(
    { length: workers },
    () => new ChaosProcess(['worker', '--capacity', '2'], environment, /works on archives/),
  );
  return {
    server,
    workers: workers > 0 ? others : [server],
    all: [server, ...others],
    dataDir,
    address: `localhost:${port}`,
  };
}

async function submitAndFire(
  scene: Scene,
  postgres: PostgresServer | undefined,
  recordings: ChaosRecordings,
  options: ChaosOptions,
): Promise<Omit<ChaosResult, 'seconds' | 'items' | 'violations'>> {
  for (const each of scene.all) each.start();
  await scene.server.ready();
  await using client = new SottoClient({ address: scene.address });
  const { jobId } = await client.archive.create({
    requestId: 'chaos',
    sources: [{ manifest: recordings.manifest, format: 'csv' }],
    declaration: DECLARATION,
    languages: ['nl'],
    reprocess: true,
  });
  const watch = postgres && new RestartWatch(postgres.url);
  const watching = watch?.run();
  const done = { kills: 0, databaseKills: 0, zombies: 0 };
  const deadline = Date.now() + DEADLINE_MS;
  let job: ArchiveJob | undefined;
  while (Date.now() < deadline) {
    job = await client.archive.get(jobId).catch(() => job);
    if (job?.state === 'done') break;
    const target = scene.workers[Math.floor(Math.random() * scene.workers.length)]!;
    const share = job ? endedShare(job) : 0;
    if (postgres && done.databaseKills < options.databaseKills * Math.min(1, share * 1.3)) {
      const mode = (['fast', 'immediate', 'kill'] as const)[done.databaseKills++ % 3]!;
      options.log(`database: ${mode}`);
      watch?.outage(true);
      await postgres.stop(mode);
      await sleep(1000 * Math.random());
      await postgres.start();
      watch?.outage(false);
    } else if (done.zombies < options.zombies * Math.min(1, share * 1.3)) {
      done.zombies++;
      options.log('worker: SIGSTOP');
      watch?.death(Date.now());
      target.stop();
      await sleep(ZOMBIE_MS);
      target.resume();
    } else if (done.kills < options.kills && share > 0) {
      // Before it has begun to work it has nothing to lose.
      await target.ready().catch(() => {});
      await sleep(options.killEveryMs * (0.5 + Math.random()));
      // Where the server is the worker, it answers only now.
      job = await client.archive.get(jobId).catch(() => job);
      watch?.death(Date.now());
      await target.kill();
      target.start();
      options.log(`worker: kill -9 (${++done.kills})`);
    } else await sleep(1000);
    const items = job?.items;
    if (items)
      options.log(`done ${items.done}, failed ${items.failed}, running ${items.running} of ${items.total}`);
  }
  await watch?.close();
  await watching;
  if (job?.state !== 'done') throw new Error(`the job has not ended in time: ${JSON.stringify(job)}`);
  return { ...done, restarts: watch?.restarts ?? [], restartsThroughOutages: watch?.throughOutages ?? 0 };
}

function endedShare({ items }: ArchiveJob): number {
  return (items.done + items.failed) / Math.max(1, items.total);
}

/** Reads the tables as they are, not through the code that wrote them. */
export async function check(database: Database, { broken, total }: ChaosRecordings) {
  const violations: string[] = [];
  const expect = (what: string, is: unknown, should: unknown) => {
    if (is !== should) violations.push(`${what}: ${is}, should be ${should}`);
  };
  const { rows } = await database.executeSql(
    `select i.item, i.location, i.state, r.outcome, r.failure, r.call_id, c.id as kept
      from archive_item i
      left join archive_result r using (job_id, item)
      left join call c on c.id = r.call_id order by item`,
    [],
  );
  expect('rows of items with results', rows.length, total);
  expect('different locations', new Set(rows.map(({ location }) => location)).size, total);
  for (const { item, location, state, outcome, failure, call_id, kept } of rows) {
    const should = broken.get(location);
    expect(`state of item ${item}`, state, should === undefined ? 'done' : 'failed');
    expect(`outcome of item ${item}`, outcome, state);
    expect(`failure of item ${item}`, failure ?? undefined, should);
    if (state === 'done') expect(`call kept of item ${item}`, kept, call_id);
  }
  const { rows: counts } = await database.executeSql(
    `select (select count(*)::int from archive_result) as results, (select count(*)::int from call) as calls,
      (select count(distinct call_id)::int from archive_result) as distinct_calls,
      (select count(*)::int from archive_chunk) as chunks,
      (select count(*)::int from pgboss.job where state in ('created', 'retry', 'active')) as deliveries`,
    [],
  );
  expect('results', counts[0].results, total);
  expect('calls kept', counts[0].calls, total - broken.size);
  expect('calls kept, none for two items', counts[0].distinct_calls, total - broken.size);
  expect('chunks left over', counts[0].chunks, 0);
  const items = {
    total,
    done: total - broken.size,
    failed: broken.size,
    deliveriesLeft: counts[0].deliveries,
  };
  return { items, violations };
}
