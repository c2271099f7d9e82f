/** The recogniser as the gateway sees it: a supervised engine process behind the `SpeechEngine` interface. */
import { fileURLToPath } from 'node:url';
import { invalidArgument } from '../domain/service-error.ts';
import type { DecodeRequest, DecodeResult, SpeechEngine } from '../domain/speech-engine.ts';
import type { ExecutionProvider } from '../inference/onnx-session.ts';
import { SupervisedProcess, type SupervisionEvent } from '../inference/supervised-process.ts';
import type { EngineEvent, EngineInfo, EngineNotice, EngineRequest } from './engine-messages.ts';
import type { ModelVariant } from './model-files.ts';
import type { WindowObservation } from './scheduler.ts';
import type { WhisperEngineOptions } from './whisper-engine.ts';
import { WindowSender } from './window-transfer.ts';

export interface SpeechEngineOptions {
  /** Folder of a Whisper model in the published layout. */
  readonly modelDir: string;
  /** How its weights are stored; without, what is there and suits the device. */
  readonly variant?: ModelVariant;
  /** Default 2. */
  readonly threads?: number;
  /** Default `['cpu']`. */
  readonly executionProviders?: readonly ExecutionProvider[];
  /** GPU of the CUDA provider; default 0. */
  readonly cudaDeviceId?: number;
  /** Where the model's compiled generation graph is kept; default models/.cache of this installation. */
  readonly compiledDir?: string;
  /** Rows per decoder run; default 8. */
  readonly decodeBatch?: number;
  /** Windows per encoder run; default 1, which suits CPUs. */
  readonly encodeBatch?: number;
  /** Tokens between two chances for rows to join, leave or give way; default 16. */
  readonly chunkTokens?: number;
  /** The same for partials; default 4. Eight rows of 16 tokens would hold up finals for 0.1 s on a CPU. */
  readonly partialChunkTokens?: number;
  /** How long archive windows may be kept waiting by live ones; default 10 s. */
  readonly maxArchiveWaitMs?: number;
  /** Hypotheses of beam search for archive windows; default 1, greedy. See `WhisperEngineOptions`. */
  readonly archiveBeams?: number;
  /** How long requests wait for a restarting process before they fail as `unavailable`; default 10 s. */
  readonly graceMs?: number;
  readonly observer?: EngineObserver;
}

const DEFAULT_COMPILED_DIR = fileURLToPath(new URL('../../models/.cache', import.meta.url));

/**
 * How malloc works there (glibc 2.35, Linux; elsewhere it means nothing; docs/decisions/0008-engine-speed.md).
 * `hugetlb`: large blocks from huge pages. The scores of an encoder's attention over 30 s take 54 MB a layer, which each run gets from
 * the system anew: in pages of 4 kB that was an eighth of its time.
 * `mmap_threshold`, `arena_max`: blocks of 4 MB or more go back to the system when they are freed, and all threads share one heap.
 * Otherwise the threshold grows with the blocks freed, and each heap keeps what its largest run left behind.
 */
export const ENGINE_ENVIRONMENT = {
  GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304:glibc.malloc.arena_max=1',
} as const;

/** Called for metrics and logs; must not throw. */
export interface EngineObserver {
  window?(observation: WindowObservation): void;
  supervision?(event: SupervisionEvent): void;
}

export interface ProcessSpeechEngine extends SpeechEngine, AsyncDisposable {
  /** Of the engine process; undefined while it restarts. */
  readonly pid: number | undefined;
  /** False where the generation graph could not be compiled and decoding goes step by step. */
  readonly usesGenerationGraph: boolean;
}

/** Starts the engine process and loads the model. Rejects with `failed-precondition` naming the file at fault. */
export async function createSpeechEngine(options: SpeechEngineOptions): Promise<ProcessSpeechEngine> {
  const { observer } = options;
  const startOptions: WhisperEngineOptions = {
    modelDir: options.modelDir,
    variant: options.variant,
    threads: options.threads ?? 2,
    executionProviders: options.executionProviders ?? ['cpu'],
    cudaDeviceId: options.cudaDeviceId,
    compiledDir: options.compiledDir ?? DEFAULT_COMPILED_DIR,
    decodeBatch: options.decodeBatch ?? 8,
    encodeBatch: options.encodeBatch ?? 1,
    chunkTokens: options.chunkTokens ?? 16,
    partialChunkTokens: options.partialChunkTokens ?? 4,
    maxArchiveWaitMs: options.maxArchiveWaitMs ?? 10_000,
    archiveBeams: options.archiveBeams ?? 1,
  };
  const child = await SupervisedProcess.start<EngineInfo>({
    entry: new URL('./engine-main.ts', import.meta.url),
    startOptions,
    environment: ENGINE_ENVIRONMENT,
    graceMs: options.graceMs ?? 10_000,
    restartDelayMs: 250,
    maxRestartDelayMs: 5_000,
    observe: (event) => observer?.supervision?.(event),
    onEvent: (body) => observer?.window?.((body as EngineEvent).observation),
  });
  const sender = new WindowSender();
  return {
    ...child.info,
    get pid() {
      return child.pid;
    },
    async decode(request: DecodeRequest, signal?: AbortSignal): Promise<DecodeResult> {
      const { windowSamples } = child.info;
      if (request.samples.length > windowSamples) {
        throw invalidArgument('samples', `${request.samples.length} given, the model takes ${windowSamples}`);
      }
      const { samples, ...task } = request;
      const body = (receiver: number): EngineRequest => ({
        type: 'decode',
        task,
        window: sender.transfer(task.streamKey, task.startSample, samples, receiver),
      });
      return (await child.request(body, signal)) as DecodeResult;
    },
    forget(streamKey) {
      sender.forget(streamKey);
      child.notify({ type: 'forget', streamKey } satisfies EngineNotice);
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
