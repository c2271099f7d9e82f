/** An archive on a real database, with stages that need no models: what is tested is who does what, and how often. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callTranscripts } from '../../src/archive/call-transcripts.ts';
import { ArchiveKeeper } from '../../src/archive/execution/archive-keeper.ts';
import {
  ArchiveWorker,
  type ArchiveWorkerOptions,
  type ItemObservation,
} from '../../src/archive/execution/archive-worker.ts';
import { ItemQueue } from '../../src/archive/execution/item-queue.ts';
import {
  ArchiveJobs,
  type ArchiveRequest,
  type CreateJob,
  hasEnded,
  type JobStatus,
} from '../../src/archive/index.ts';
import { AllowedRoots } from '../../src/archive/sources/allowed-roots.ts';
import { RecordingPlaces } from '../../src/archive/sources/recording-places.ts';
import type { S3Settings } from '../../src/archive/sources/s3-storage.ts';
import { encodeWav } from '../../src/audio/index.ts';
import type { CallStages } from '../../src/pipeline/index.ts';
import { LOOPBACK_PRINCIPAL } from '../../src/policy/index.ts';
import {
  type Database,
  EMPTY_KEY_RING,
  type Keeping,
  openStore,
  type Store,
  tenantKeys,
  withNewKey,
} from '../../src/store/index.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';
import type { TestPlace } from '../store/both-databases.ts';

export const OWNER = LOOPBACK_PRINCIPAL;

/** One for all, so that a store can be opened again. */
const RING = withNewKey(EMPTY_KEY_RING, OWNER.tenant, new Date());
const KEEPING = { policyHash: 'test', transcriptMinutes: 60, vaultMinutes: 0, linking: false };

export interface ArchiveFixture extends AsyncDisposable {
  readonly store: Store;
  readonly database: Database;
  readonly queue: ItemQueue;
  readonly jobs: ArchiveJobs;
  readonly keeper: ArchiveKeeper;
  /** Where recordings are, and may be. */
  readonly root: string;
  readonly output: string;
  readonly errors: string[];
  /** Forgets jobs and recordings of an earlier test. */
  clear(): Promise<void>;
  /** Writes a recording of so many seconds of which each is one segment; returns its path. */
  record(
    name: string,
    seconds: number,
    options?: { readonly channels?: number; readonly level?: number },
  ): string;
  write(name: string, content: string | Uint8Array): string;
  create(request?: Partial<ArchiveRequest>, create?: Partial<CreateJob>): Promise<JobStatus>;
  worker(options?: Partial<ArchiveWorkerOptions>): {
    readonly worker: ArchiveWorker;
    readonly seen: ItemObservation[];
  };
  /** Runs keeper and workers until the job has ended. */
  finish(jobId: string, workers?: readonly ArchiveWorker[]): Promise<JobStatus>;
}

export async function openArchive(
  place: TestPlace,
  stages: CallStages = scriptedStages(),
  keeping: Partial<Keeping> = {},
  s3?: S3Settings,
): Promise<ArchiveFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-archive-'));
  const root = join(folder, 'calls');
  const output = join(folder, 'out');
  mkdirSync(root);
  mkdirSync(output);
  const errors: string[] = [];
  const onError = (error: unknown, doing: string) => errors.push(`${doing}: ${error}`);
  const store = await openStore({ location: place.location, tenantKeys: tenantKeys(RING) });
  const { database } = store;
  const queue = await ItemQueue.open(database, (error) => onError(error, 'queue'));
  const transcripts = callTranscripts(store, (_, purpose) => ({ ...KEEPING, ...keeping, purpose }));
  const places = await RecordingPlaces.open([root], s3);
  const outputRoots = await AllowedRoots.open([output]);
  const jobs = new ArchiveJobs(store, {
    places,
    outputRoots,
    transcripts,
    mayRead: (_reader, purpose) => purpose !== 'not-for-readers',
  });
  const keeper = new ArchiveKeeper(store, queue, { places, onError });
  const fixture: ArchiveFixture = {
    store,
    database,
    queue,
    jobs,
    keeper,
    root,
    output,
    errors,
    clear: async () => {
      await database.executeSql('delete from archive_job', []);
      await database.executeSql('delete from pgboss.job', []);
      await database.executeSql('delete from call', []);
      for (const place of [root, output]) {
        rmSync(place, { recursive: true });
        mkdirSync(place);
      }
      errors.length = 0;
    },
    record: (name, seconds, { channels = 1, level = 0.5 } = {}) => {
      const samples = Float32Array.from({ length: seconds * 8000 }, (_, n) => level * Math.sin(n + 1));
      return fixture.write(name, encodeWav('s16', 8000, Array(channels).fill(samples)));
    },
    write: (name, content) => {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    create: (request = {}, create = {}) =>
      jobs.create(OWNER, {
        requestId: randomUUID(),
        purpose: 'quality-assurance',
        priority: 0,
        request: {
          sources: [{ type: 'path', path: root }],
          lawfulBasis: 'consent',
          notice: 'announced',
          options: {
            languages: ['nl'],
            hotWords: [],
            sentiment: true,
            redaction: { operators: {}, defaultOperator: 'pseudonym' },
          },
          reprocess: true,
          ...request,
        },
        ...create,
      }),
    worker: (options = {}) => {
      const seen: ItemObservation[] = [];
      const worker = new ArchiveWorker(store, queue, {
        identity: { workerId: randomUUID(), name: 'worker', version: 'test', device: 'cpu', models: {} },
        capacity: 4,
        stages,
        transcripts,
        places,
        outputRoots,
        checkPurpose: () => {},
        decode: { maxDurationMs: 60_000 },
        endpointSilenceMs: 500,
        observe: (observation) => seen.push(observation),
        onError,
        ...options,
      });
      return { worker, seen };
    },
    finish: async (jobId, workers = [fixture.worker().worker]) => {
      const stop = new AbortController();
      const running = [keeper, ...workers].map((part) => part.run(stop.signal));
      let last: JobStatus | undefined;
      for await (const status of jobs.watch(OWNER, jobId, stop.signal)) last = status;
      stop.abort();
      await Promise.all(running);
      if (last === undefined || !hasEnded(last.job)) throw new Error('the job has not ended');
      return last;
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      places[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return fixture;
}
