/** The archive of one process, put together: jobs to answer for, and the loops that get them done. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DecodeOptions } from '../audio/index.ts';
import type { CallStages } from '../pipeline/index.ts';
import { mayReadFor, type PolicySource } from '../policy/index.ts';
import { queuedDeliveries, type Store } from '../store/index.ts';
import { ArchiveJobs } from './archive-jobs.ts';
import { callTranscripts } from './call-transcripts.ts';
import { checkArchivePurpose } from './check-purpose.ts';
import { ArchiveKeeper } from './execution/archive-keeper.ts';
import { ArchiveWorker, type ItemObservation } from './execution/archive-worker.ts';
import { ItemQueue } from './execution/item-queue.ts';
import { yieldingEngine } from './execution/yielding-engine.ts';
import { AllowedRoots } from './sources/allowed-roots.ts';
import { RecordingPlaces } from './sources/recording-places.ts';
import type { S3Settings } from './sources/s3-storage.ts';

export interface ArchiveSettings {
  readonly store: Store;
  readonly stages: CallStages;
  /** Live calls that this process has now: they are given way to. Default: never any. */
  readonly liveCalls?: () => number;
  readonly policies: PolicySource;
  /** Folders that jobs may read. */
  readonly roots: readonly string[];
  /** Object storage that they may read. */
  readonly s3?: S3Settings;
  /** Folders that redacted audio may go to. */
  readonly outputRoots: readonly string[];
  /** Recordings at once; 0: this process leaves them to others. */
  readonly capacity: number;
  readonly maxRecordingMs: number;
  readonly decode: Pick<DecodeOptions, 'ffmpegPath' | 'stallTimeoutMs'>;
  readonly endpointSilenceMs: number;
  /** What a worker announces of itself. */
  readonly version: string;
  readonly device: string;
  readonly models: Readonly<Record<string, string>>;
  readonly observe: (observation: ItemObservation) => void;
  readonly onError: (error: unknown, doing: string) => void;
}

export interface Archive extends AsyncDisposable {
  readonly jobs: ArchiveJobs;
  /** Lists sources, fills the queue and works on items until `signal` fires; then gives back what it has in hand. */
  run(signal: AbortSignal): Promise<void>;
}

/** Six hours of stereo at 48 kHz and 24 bits are 6 GB. */
const MAX_RECORDING_BYTES = 8 * 1024 ** 3;

export async function openArchive(settings: ArchiveSettings): Promise<Archive> {
  const { store, stages, policies, capacity, onError, liveCalls = () => 0 } = settings;
  const { database } = store;
  const places = await RecordingPlaces.open(settings.roots, settings.s3);
  const outputRoots = await AllowedRoots.open(settings.outputRoots, 'archive.outputRoots');
  const transcripts = callTranscripts(store, (tenant, name) => {
    const { retention, linking } = checkArchivePurpose(tenant, name, policies.current);
    return { purpose: name, policyHash: policies.current.hash, linking, ...retention };
  });
  const queue = await ItemQueue.open(database, (error) => onError(error, 'the queue'));
  // The only process of an embedded database has just started, so nobody works on what was taken before.
  if (database.kind === 'embedded') await queue.takeBack(await queuedDeliveries(database));
  const keeper = new ArchiveKeeper(store, queue, { places, onError });
  const startWorker = () =>
    new ArchiveWorker(store, queue, {
      identity: {
        workerId: randomUUID(),
        name: `${hostname()}:${process.pid}`,
        version: settings.version,
        device: settings.device,
        models: settings.models,
      },
      capacity,
      stages: { ...stages, engine: yieldingEngine(stages.engine, liveCalls) },
      transcripts,
      places,
      outputRoots,
      checkPurpose: (tenant, purpose) => void checkArchivePurpose(tenant, purpose, policies.current),
      decode: { ...settings.decode, maxDurationMs: settings.maxRecordingMs, maxBytes: MAX_RECORDING_BYTES },
      endpointSilenceMs: settings.endpointSilenceMs,
      observe: settings.observe,
      onError,
    });
  return {
    jobs: new ArchiveJobs(store, {
      places,
      outputRoots,
      transcripts,
      mayRead: (reader, purpose) => mayReadFor(purpose, policies.current, reader),
    }),
    run: async (signal) => {
      await Promise.all([keeper.run(signal), capacity > 0 ? startWorker().run(signal) : undefined]);
    },
    [Symbol.asyncDispose]: async () => {
      await queue[Symbol.asyncDispose]();
      places[Symbol.dispose]();
    },
  };
}
