import { ServiceError } from '../domain/service-error.ts';
import { abortError } from './abort.ts';

export interface BoundedQueueOptions<T> {
  /** The most the queue may hold, in the unit of `cost`; for audio that is milliseconds. */
  readonly bound: number;
  readonly cost: (item: T) => number;
}

interface Waiting<T> {
  readonly item: T;
  readonly cost: number;
  readonly accepted: () => void;
  readonly refused: (error: unknown) => void;
}

/**
 * Joins a producer to the stage that pulls from it. When full, `push` waits, in order: nothing is dropped
 * and nothing overtakes. An item dearer than the whole bound is taken when the queue is empty.
 * It is read by one reader, once; when the reader leaves, waiting and later pushes are refused as `cancelled`.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #bound: number;
  readonly #costOf: (item: T) => number;
  readonly #items: { readonly item: T; readonly cost: number }[] = [];
  readonly #waiting: Waiting<T>[] = [];
  #reader: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void } | undefined;
  #cost = 0;
  #closed = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: BoundedQueueOptions<T>) {
    if (!(options.bound > 0)) throw new RangeError('a queue needs a positive bound');
    this.#bound = options.bound;
    this.#costOf = options.cost;
  }

  /** What the queue holds now, in the unit of its bound; pushes that wait are not counted. */
  get cost(): number {
    return this.#cost;
  }

  /** Resolves when the item has been taken into the queue; rejects if it never will be. */
  push(item: T, signal?: AbortSignal): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#closed) return Promise.reject(new Error('push after close'));
    if (signal?.aborted) return Promise.reject(abortError(signal));
    const cost = this.#costOf(item);
    if (this.#waiting.length === 0 && this.#hasRoom(cost)) {
      this.#take(item, cost);
      return Promise.resolve();
    }
    return new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        const index = this.#waiting.indexOf(waiting);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(abortError(signal!));
        this.#admit();
      };
      const stopListening = () => signal?.removeEventListener('abort', onAbort);
      const waiting: Waiting<T> = {
        item,
        cost,
        accepted: () => {
          stopListening();
          resolve();
        },
        refused: (error) => {
          stopListening();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Forgets what is queued or waits to be, as if the reader had taken it. Later pushes are taken as ever. */
  clear(): void {
    this.#items.length = 0;
    this.#cost = 0;
    for (const waiting of this.#waiting.splice(0)) waiting.accepted();
    this.#finishIfEmpty();
  }

  /** Ends the stream: the reader still gets all that was pushed, then `done`. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#finishIfEmpty();
  }

  /**
   * Ends the stream with an error: what was queued is dropped, the reader and all pushes reject with it.
   * For a caller who left, or a stage that broke. The first failure counts.
   */
  fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = { error };
    this.#items.length = 0;
    this.#cost = 0;
    for (const waiting of this.#waiting.splice(0)) waiting.refused(error);
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.reject(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined, void> {
    return {
      next: () => this.#next() as Promise<IteratorResult<T, undefined>>,
      return: async () => {
        this.fail(new ServiceError('cancelled', 'the reader of this stream has left'));
        return { done: true, value: undefined };
      },
    };
  }

  #next(): Promise<IteratorResult<T>> {
    if (this.#reader) return Promise.reject(new Error('a queue has one reader'));
    const head = this.#items.shift();
    if (head) {
      this.#cost -= head.cost;
      this.#admit();
      return Promise.resolve({ done: false, value: head.item });
    }
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  #hasRoom(cost: number): boolean {
    return this.#items.length === 0 || this.#cost + cost <= this.#bound;
  }

  #take(item: T, cost: number): void {
    const reader = this.#reader;
    if (reader) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: item });
      return;
    }
    this.#items.push({ item, cost });
    this.#cost += cost;
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#hasRoom(this.#waiting[0]!.cost)) {
      const waiting = this.#waiting.shift()!;
      this.#take(waiting.item, waiting.cost);
      waiting.accepted();
    }
    this.#finishIfEmpty();
  }

  #finishIfEmpty(): void {
    if (!this.#closed || this.#items.length > 0 || this.#waiting.length > 0) return;
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve({ done: true, value: undefined });
  }
}
