import { Piscina } from 'piscina';
import { ServiceError } from '../domain/service-error.ts';
import {
  BEGUN,
  type ClassifierBatch,
  type ClassifierGraph,
  type ClassifierLogits,
  type ClassifierThreadData,
  DONE,
} from './text-classifier-messages.ts';

/** The tokens of one text or window, with the model's marks around them. */
export interface TokenRow {
  readonly ids: readonly number[];
  /** 1 where a token's word begins with a capital; for models that want to know. */
  readonly capitals?: readonly number[];
}

/** The scores of one row: `labels` numbers a token, or `labels` numbers for the text. */
export type RowLogits = Float32Array;

/** Scores rows of tokens, in any order, each by itself. */
export interface TextClassifier {
  classify(row: TokenRow): Promise<RowLogits>;
}

/** Threads there are, threads at work, and rows that wait for one. */
export interface PoolUsage {
  readonly threads: number;
  readonly busy: number;
  readonly waiting: number;
}

export interface TextClassifierPoolOptions {
  readonly modelPath: string;
  readonly threads: number;
  readonly padTokenId: number;
}

/** Longer batches gain nothing on a CPU and hold up short texts. */
const MAX_BATCH_ROWS = 16;
/** Rows that wait for a thread: about 100,000 words. What is over is refused, not queued. */
const MAX_WAITING_ROWS = 1_024;

interface Waiting {
  readonly row: TokenRow;
  readonly resolve: (logits: RowLogits) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A text classifier in a Piscina pool, one session and one batch under way per thread. Rows of all calls
 * that wait while the threads are busy go together in the next batch, so batches grow with the load and
 * nobody waits for company. Disposal waits for the rows under way.
 */
export class TextClassifierPool implements TextClassifier, AsyncDisposable {
  readonly graph: ClassifierGraph;
  readonly #pool: Piscina;
  readonly #progress: ClassifierThreadData['progress'];
  readonly #options: TextClassifierPoolOptions;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #closed: Promise<void> | undefined;

  private constructor(
    pool: Piscina,
    progress: ClassifierThreadData['progress'],
    graph: ClassifierGraph,
    options: TextClassifierPoolOptions,
  ) {
    this.#pool = pool;
    this.#progress = progress;
    this.graph = graph;
    this.#options = options;
  }

  /** Resolves when the model is loaded; `gate` may refuse its graph by throwing. */
  static async start(
    options: TextClassifierPoolOptions,
    gate: (graph: ClassifierGraph) => void = () => {},
  ): Promise<TextClassifierPool> {
    const progress = new Int32Array(new SharedArrayBuffer(8));
    const workerData: ClassifierThreadData = { modelPath: options.modelPath, progress };
    const pool = new Piscina({
      filename: new URL('./text-classifier-worker.ts', import.meta.url).href,
      workerData,
      minThreads: options.threads,
      maxThreads: options.threads,
      // Batches are only handed over when a thread is free; the queue is for the start.
      maxQueue: options.threads + 1,
      recordTiming: false,
    });
    try {
      const graph: ClassifierGraph = await pool.run({ type: 'describe' });
      gate(graph);
      return new TextClassifierPool(pool, progress, graph, options);
    } catch (error) {
      await allLoaded(progress, options.threads);
      await pool.close();
      throw error;
    }
  }

  classify(row: TokenRow): Promise<RowLogits> {
    if (this.#closed) return Promise.reject(new ServiceError('unavailable', 'the server is shutting down'));
    if (this.#waiting.length >= MAX_WAITING_ROWS) {
      return Promise.reject(
        new ServiceError('resource-exhausted', 'too much text is waiting to be read; try again', {
          detail: { retryAfterMs: 1_000 },
        }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      // After the rows that the caller adds in the same breath.
      queueMicrotask(() => this.#runNext());
    });
  }

  /** How the pool is used at the moment. */
  get usage(): PoolUsage {
    return { threads: this.#options.threads, busy: this.#running, waiting: this.#waiting.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  #runNext(): void {
    while (this.#running < this.#options.threads && this.#waiting.length > 0) {
      const share = Math.ceil(this.#waiting.length / (this.#options.threads - this.#running));
      void this.#run(this.#waiting.splice(0, Math.min(share, MAX_BATCH_ROWS)));
    }
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#running += 1;
    try {
      const rows = batch.map(({ row }) => row);
      const answer: ClassifierLogits = await this.#pool.run(batchOf(rows, this.#options.padTokenId));
      const size = answer.logits.length / rows.length;
      // A token classifier answers for the padding too: a row gets its own tokens only.
      const perToken = answer.shape.length === 3 ? answer.shape[2]! : undefined;
      batch.forEach(({ row, resolve }, i) => {
        const end = i * size + (perToken === undefined ? size : row.ids.length * perToken);
        resolve(answer.logits.slice(i * size, end));
      });
    } catch (cause) {
      const error = new ServiceError('internal', 'a text model failed', { cause });
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= 1;
      this.#runNext();
    }
  }

  async #close(): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new ServiceError('unavailable', 'the server is shutting down'));
    }
    await allLoaded(this.#progress, this.#options.threads);
    await this.#pool.close();
  }
}

/** Waits until no thread is loading a graph any more: only then may threads be ended. */
async function allLoaded(progress: ClassifierThreadData['progress'], threads: number): Promise<void> {
  while (true) {
    const done = Atomics.load(progress, DONE);
    if (done >= threads && done >= Atomics.load(progress, BEGUN)) return;
    await Atomics.waitAsync(progress, DONE, done).value;
  }
}

function batchOf(rows: readonly TokenRow[], padTokenId: number): ClassifierBatch {
  const length = Math.max(...rows.map(({ ids }) => ids.length));
  const inputIds = new BigInt64Array(rows.length * length).fill(BigInt(padTokenId));
  const attentionMask = new BigInt64Array(rows.length * length);
  const tokenTypeIds = new BigInt64Array(rows.length * length);
  rows.forEach(({ ids, capitals }, r) => {
    for (let t = 0; t < ids.length; t++) {
      inputIds[r * length + t] = BigInt(ids[t]!);
      attentionMask[r * length + t] = 1n;
      if (capitals?.[t]) tokenTypeIds[r * length + t] = 1n;
    }
  });
  return { type: 'batch', rows: rows.length, length, inputIds, attentionMask, tokenTypeIds };
}
