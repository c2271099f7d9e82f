import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { ServiceError } from '../domain/service-error.ts';
import { type MissingLibrary, missingCudaLibraries } from './cuda-libraries.ts';
import { type Share, SharedResources } from './shared-resources.ts';

export const EXECUTION_PROVIDERS = ['cpu', 'cuda'] as const;
export type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number];

export interface SessionOptions {
  /** In order of preference; operators a provider lacks run on the next. */
  readonly executionProviders: readonly ExecutionProvider[];
  /** GPU of the CUDA provider; default 0. */
  readonly cudaDeviceId?: number;
  /** Threads one run may use, the calling thread included. */
  readonly threads: number;
  /** Whether threads burn processor time while they wait for each other within a run; default false. */
  readonly spinning?: boolean;
}

/** Tensors the graphs of this service take and give. float16 stays inside graphs: it fails on Node 24. */
export type OnnxTensor = Tensor;
export type Feeds = Readonly<Record<string, OnnxTensor>>;

export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  /** Symbolic dimensions by name. */
  readonly shape: readonly (number | string)[];
}

/**
 * One loaded graph. `run` blocks its thread for as long as the graph computes, so sessions live in worker
 * threads or in the engine process only, and neither may be ended during a run: that aborts the process.
 */
export interface OnnxSession {
  readonly file: string;
  readonly inputs: ReadonlyMap<string, TensorInfo>;
  readonly outputs: ReadonlyMap<string, TensorInfo>;
  /** Computes these outputs, no others: copied out if they are named, written to their memory if tensors are given. */
  run(
    feeds: Feeds,
    outputs: readonly string[] | Readonly<Record<string, OnnxTensor>>,
  ): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/**
 * A session keeps its weights packed for the processor, in memory of its own, and serves any number of users: a graph that
 * is opened twice in a thread is loaded once (docs/decisions/0030-one-session-a-graph.md).
 */
const sessions = new SharedResources<InferenceSession>((session) => session.release());

/**
 * Opens a graph; loads it unless this thread has it open, with the same options. Errors name the file; the cause stays for
 * the log.
 */
export async function openSession(path: string, options: SessionOptions): Promise<OnnxSession> {
  const file = basename(path);
  checkProviders(options.executionProviders);
  let share: Share<InferenceSession>;
  try {
    const key = JSON.stringify([await identityOf(path), optionsOf(options)]);
    share = await sessions.acquire(key, () => InferenceSession.create(path, optionsOf(options)));
  } catch (cause) {
    const missing = options.executionProviders.includes('cuda') ? await missingCudaLibraries() : [];
    const why =
      missing.length === 0
        ? 'onnxruntime cannot load this file'
        : `onnxruntime cannot load it for CUDA: ${missing.map(shownMissing).join('; ')}`;
    throw new ServiceError('failed-precondition', `${file}: ${why}`, { cause });
  }
  const { resource: session } = share;
  return {
    file,
    inputs: infoByName(session.inputMetadata),
    outputs: infoByName(session.outputMetadata),
    run: (feeds, outputs) => session.run(feeds, outputs) as Promise<Record<string, OnnxTensor>>,
    release: () => share.release(),
  };
}

function optionsOf({ executionProviders, cudaDeviceId, threads, spinning }: SessionOptions) {
  return {
    executionProviders: executionProviders.map((name) =>
      name === 'cuda' ? { name, deviceId: cudaDeviceId ?? 0 } : name,
    ),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Batches and texts differ in shape; the arena keeps the largest of every kind: the server's memory grew by 23 %
    // over 500 calls with it, by 2 % without, at the same speed (bench/memory.ts).
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    // Engine, speech detection and redaction share the cores. A thread that spins takes them from the one it waits for:
    // with the cores busy, decoding took 3 to 5 times as long, and twice the processor time (bench/engine/throughput.ts).
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
  } satisfies InferenceSession.SessionOptions;
}

/** Of the file there now: one that was replaced is another graph. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(':');
}

function shownMissing({ file, remedy }: MissingLibrary): string {
  return `${file} is missing: ${remedy}`;
}

function checkProviders(wanted: readonly ExecutionProvider[]): void {
  const present = listSupportedBackends().map((backend) => backend.name);
  for (const provider of wanted) {
    if (!present.includes(provider)) {
      throw new ServiceError(
        'failed-precondition',
        `execution provider ${provider} is not part of this onnxruntime (it has ${present.join(', ')})`,
      );
    }
  }
}

function infoByName(metadata: InferenceSession['inputMetadata']): ReadonlyMap<string, TensorInfo> {
  const infos = metadata.map((each): [string, TensorInfo] => [
    each.name,
    each.isTensor
      ? { name: each.name, type: each.type, shape: each.shape }
      : { name: each.name, type: 'not a tensor', shape: [] },
  ]);
  return new Map(infos);
}

/** A tensor of one of the types above from its parts; the data is not copied. */
export function tensorOf(type: string, data: unknown, shape: readonly number[]): OnnxTensor {
  return new Tensor(type as 'float32', data as Float32Array, shape);
}

export function floatTensor(data: Float32Array, shape: readonly number[]): OnnxTensor {
  return new Tensor('float32', data, shape);
}

export function int64Tensor(values: readonly number[], shape: readonly number[]): OnnxTensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
}

export function boolTensor(value: boolean): OnnxTensor {
  return new Tensor('bool', Uint8Array.of(value ? 1 : 0), [1]);
}

/** The floats of an output that the graph's contract says is float32. */
export function floats(tensor: OnnxTensor | undefined): Float32Array {
  return tensor!.data as Float32Array;
}
