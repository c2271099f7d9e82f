/**
 * npx node bench/archive-throughput.ts [--recordings 40] [--seconds 60] [--items 100000] [--only pipeline|listing]
 *
 * What the archive costs beside the recognition itself, on PostgreSQL: the same recordings through the bare pipeline,
 * by one worker, and by four; and how long a manifest of 100,000 recordings takes to be added, on both databases.
 * Bars: one worker at least 95 % of the bare pipeline; queue operations of four workers under 1 % of their time; 100,000
 * items in under 20 s and 200 MB.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Archive, type ArchiveSource, openArchive } from '../src/archive/index.ts';
import { encodeWav } from '../src/audio/index.ts';
import { defaultConfig } from '../src/config.ts';
import { createRuntime, type Runtime } from '../src/main.ts';
import { transcribeRecording } from '../src/pipeline/index.ts';
import { LOOPBACK_PRINCIPAL, parsePolicy } from '../src/policy/index.ts';
import { EMPTY_KEY_RING, openStore, type Store, tenantKeys, withNewKey } from '../src/store/index.ts';
import { startPostgres } from '../test/store/postgres-server.ts';
import { demoSamples } from './archive/demo-samples.ts';
import { EMBEDDED_MODELS, report } from './result.ts';

const { values } = parseArgs({
  options: {
    recordings: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '60' },
    items: { type: 'string', default: '100000' },
    only: { type: 'string' },
  },
});
const CAPACITY = 4;
const POLICY = parsePolicy(
  { version: 1, purposes: { archive: { lawfulBases: ['consent'], retention: { transcript: '30d' } } } },
  'bench',
);
const ITEM_OPTIONS = {
  languages: ['nl'],
  hotWords: [],
  sentiment: false,
  redaction: { operators: {}, defaultOperator: 'pseudonym' },
} as const;

const folder = mkdtempSync(join(tmpdir(), 'sotto-throughput-'));
let places = 0;
try {
  const root = join(folder, 'calls');
  mkdirSync(root);
  const paths = await writeRecordings(root);
  await using postgres = await startPostgres();
  const table: Record<string, object> = {};
  if (values.only !== 'listing') {
    await using runtime = await createRuntime(defaultConfig(), { withSentiment: false });
    await bare(paths.slice(0, CAPACITY), runtime);
    const bareSeconds = await bare(paths, runtime);
    const audioSeconds = paths.length * Number(values.seconds);
    table['bare pipeline'] = {
      seconds: bareSeconds,
      'audio/s': audioSeconds / bareSeconds,
      'of bare, %': 100,
    };
    for (const workers of [1, 4]) {
      const { seconds, queueShare, commits, bytes } = await archived(root, postgres.url, workers, runtime);
      table[`${workers} worker(s)`] = {
        seconds,
        'audio/s': audioSeconds / seconds,
        'of bare, %': (100 * bareSeconds) / seconds,
        'queue, % of their time': 100 * queueShare,
        'commits a recording': commits / paths.length,
        'kB a minute': bytes / 1000 / (audioSeconds / 60),
      };
    }
  }
  if (values.only !== 'pipeline') {
    table['adding items, PostgreSQL'] = await listing(root, postgres.url);
    table['adding items, embedded'] = await listing(root, undefined);
  }
  report({
    name: 'archive-throughput',
    models: EMBEDDED_MODELS,
    table,
    figures: { recordings: paths.length, secondsEach: Number(values.seconds), table },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeRecordings(root: string): Promise<string[]> {
  const samples = await demoSamples(Number(values.seconds));
  return Array.from({ length: Number(values.recordings) }, (_, n) => {
    const path = join(root, `${n}.wav`);
    writeFileSync(path, encodeWav('mulaw', 8000, [samples]));
    return path;
  });
}

/** As many at once as a worker does; the seconds it took. */
async function bare(paths: readonly string[], { stages }: Runtime): Promise<number> {
  const waiting = [...paths];
  const started = performance.now();
  const work = async () => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const options = {
        ...ITEM_OPTIONS,
        callKey: randomUUID(),
        roles: ['caller'] as const,
        wordInfo: true,
        endpointSilenceMs: 500,
        live: false,
      };
      const events = transcribeRecording({ path }, {}, () => options, stages, new AbortController().signal);
      for await (const _ of events);
    }
  };
  await Promise.all(Array.from({ length: CAPACITY }, work));
  return (performance.now() - started) / 1000;
}

async function archived(root: string, url: string, workers: number, runtime: Runtime) {
  let queueMs = 0;
  await using resources = new AsyncDisposableStack();
  const store = resources.use(await storeAt(url));
  const archives: Archive[] = [];
  for (let n = 0; n < workers; n++) {
    archives.push(resources.use(await archiveOn(store, root, runtime, (ms) => (queueMs += ms))));
  }
  const stop = new AbortController();
  const before = await usage(store);
  const jobId = await submit(archives[0]!, { type: 'path', path: root });
  const started = performance.now();
  const running = archives.map((archive) => archive.run(stop.signal));
  for await (const _ of archives[0]!.jobs.watch(LOOPBACK_PRINCIPAL, jobId, stop.signal));
  const seconds = (performance.now() - started) / 1000;
  stop.abort();
  await Promise.all(running);
  const after = await usage(store);
  return {
    seconds,
    queueShare: queueMs / 1000 / (seconds * workers * CAPACITY),
    commits: after.commits - before.commits,
    bytes: after.bytes - before.bytes,
  };
}

/** Of the database: transactions so far, and what its tables and their indexes take. */
async function usage({ database }: Store): Promise<{ commits: number; bytes: number }> {
  const { rows } = await database.executeSql(
    `select (select xact_commit from pg_stat_database where datname = current_database()) as commits,
      (select sum(pg_total_relation_size(oid))::float8 from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace) as bytes`,
    [],
  );
  return rows[0];
}

/** Until all are in the table; nobody works on them. */
async function listing(root: string, url: string | undefined) {
  const count = Number(values.items);
  const lines = Array.from({ length: count }, (_, n) => `2024/${n % 366}/${randomUUID()}.wav,2,nl`);
  const path = join(root, 'manifest.csv');
  writeFileSync(path, `file,channels,language\n${lines.join('\n')}\n`);
  lines.length = 0;
  await using store = await storeAt(url);
  await using archive = await archiveOn(store, root, undefined, () => {});
  const stop = new AbortController();
  let mostBytes = 0;
  const before = process.memoryUsage().rss;
  const sampling = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
  }, 50);
  const started = performance.now();
  const jobId = await submit(archive, { type: 'manifest', path, format: 'csv' });
  const running = archive.run(stop.signal);
  for (;;) {
    const { job } = await archive.jobs.get(LOOPBACK_PRINCIPAL, jobId);
    if (job.listed) break;
    await sleep(100);
  }
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampling);
  stop.abort();
  await running;
  return { items: count, seconds, 'memory, MB': (mostBytes - before) / 1e6 };
}

function storeAt(url: string | undefined): Promise<Store> {
  const dataDir = join(folder, `data-${++places}`);
  const ring = withNewKey(EMPTY_KEY_RING, LOOPBACK_PRINCIPAL.tenant, new Date());
  return openStore({ location: { dataDir, ...(url && { url }) }, tenantKeys: tenantKeys(ring) });
}

function archiveOn(
  store: Store,
  root: string,
  runtime: Runtime | undefined,
  onQueueTime: (ms: number) => void,
): Promise<Archive> {
  return openArchive({
    store,
    stages: runtime?.stages as Runtime['stages'],
    policies: { current: POLICY },
    roots: [root],
    outputRoots: [],
    capacity: runtime ? CAPACITY : 0,
    maxRecordingMs: 6 * 3_600_000,
    decode: {},
    endpointSilenceMs: 500,
    version: 'bench',
    device: 'cpu',
    models: {},
    observe: (observation) => observation.type === 'queue-time' && onQueueTime(observation.ms),
    onError: (error, doing) => console.error(doing, error),
  });
}

async function submit(archive: Archive, source: ArchiveSource): Promise<string> {
  const { job } = await archive.jobs.create(LOOPBACK_PRINCIPAL, {
    requestId: randomUUID(),
    purpose: 'archive',
    priority: 0,
    request: {
      sources: [source],
      lawfulBasis: 'consent',
      notice: 'announced',
      options: ITEM_OPTIONS,
      reprocess: true,
    },
  });
  return job.jobId;
}
