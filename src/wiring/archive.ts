/** Recordings in bulk, as the configuration has them. */
import { basename } from 'node:path';
import { type Archive, openArchive } from '../archive/index.ts';
import type { Config } from '../config.ts';
import type { CallStages } from '../pipeline/index.ts';
import type { PolicySource } from '../policy/index.ts';
import { countArchive, type Store } from '../store/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import { VERSION } from './version.ts';

export interface ArchiveParts {
  readonly store: Store;
  readonly stages: CallStages;
  readonly policies: PolicySource;
  readonly telemetry: Telemetry;
  readonly liveCalls?: () => number;
}

export async function openConfiguredArchive(
  config: Config,
  { store, stages, policies, telemetry, liveCalls }: ArchiveParts,
): Promise<Archive> {
  const archive = await openArchive({
    store,
    stages,
    policies,
    liveCalls,
    roots: config.archive.roots,
    s3: config.archive.s3,
    outputRoots: config.archive.outputRoots,
    capacity: config.archive.capacity,
    maxRecordingMs: config.archive.maxRecordingHours * 3_600_000,
    decode: { ffmpegPath: config.audio.ffmpegBin, stallTimeoutMs: config.audio.ffmpegTimeoutMs },
    endpointSilenceMs: config.vad.endpointSilenceMs,
    version: VERSION,
    device: config.engine.executionProviders[0] ?? 'cpu',
    models: { asr: basename(config.models.asrDir), ner: basename(config.models.nerDir) },
    observe: (observation) => telemetry.archiveItem(observation),
    onError: (error, doing) => telemetry.archiveFailed(error, doing),
  });
  telemetry.watchArchive(() => countArchive(store.database));
  return archive;
}

/** Whether jobs may read anything at all. */
export function hasArchive({ archive }: Pick<Config, 'archive'>): boolean {
  return archive.roots.length > 0 || archive.s3.prefixes.length > 0;
}

/** Works on items until it is disposed of, which waits for those it is at. */
export function runArchive(archive: Archive): AsyncDisposable {
  const stop = new AbortController();
  const running = archive.run(stop.signal);
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort();
      return running;
    },
  };
}
