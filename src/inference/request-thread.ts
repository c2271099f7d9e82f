import { Worker } from 'node:worker_threads';
import { ServiceError } from '../domain/service-error.ts';
import { type FromProcess, fromWire, type ToProcess } from './process-messages.ts';

interface Pending {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A worker thread that answers requests as a supervised process does (its module calls `serveRequests` too). It is part of its
 * process: if it fails, the process does, and whoever supervises that restarts both.
 */
export class RequestThread<Info> implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #info!: Info;

  private constructor(entry: URL) {
    this.#worker = new Worker(entry);
  }

  /** Resolves when the module is ready. Rejects with its error if it refuses to start. */
  static async start<Info>(
    entry: URL,
    startOptions: unknown,
    onEvent: (body: unknown) => void,
  ): Promise<RequestThread<Info>> {
    const thread = new RequestThread<Info>(entry);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    thread.#worker.on('message', (message: FromProcess) => {
      switch (message.type) {
        case 'ready':
          resolve(message.info);
          break;
        case 'refused':
          reject(fromWire(message.error));
          break;
        case 'result':
          thread.#settle(message.id)?.resolve(message.body);
          break;
        case 'error':
          thread.#settle(message.id)?.reject(fromWire(message.error));
          break;
        case 'event':
          onEvent(message.body);
          break;
      }
    });
    thread.#send({ type: 'start', options: startOptions });
    thread.#info = (await promise) as Info;
    return thread;
  }

  /** What the module returned from its `start`. */
  get info(): Info {
    return this.#info;
  }

  /** Buffers in `transfer` are handed over, not copied. An abort is passed on, and the module's answer waited for. */
  request(body: unknown, signal: AbortSignal, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    this.#send({ type: 'request', id, body }, transfer);
    const onAbort = () => this.#send({ type: 'cancel', id });
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Lets the module end its run under way, and the thread end by itself: ending it in a run would abort the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#send({ type: 'close' });
    await exited;
    for (const { reject } of this.#pending.values())
      reject(new ServiceError('cancelled', 'the engine is closed'));
    this.#pending.clear();
  }

  #send(message: ToProcess, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
