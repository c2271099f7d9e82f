import { type ChildProcess, fork } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { ServiceError } from '../domain/service-error.ts';
import { type FromProcess, fromWire, type ToProcess } from './process-messages.ts';

export interface SupervisedProcessOptions {
  /** The module to run; it calls `serveRequests`. */
  readonly entry: URL;
  /** Given to the module's `start`. */
  readonly startOptions: unknown;
  /** Environment variables of the process beside those of this one, which go before. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Requests are rejected as `unavailable` once the process has been away for so long. */
  readonly graceMs: number;
  /** Waiting time before the second restart in a row; it doubles up to `maxRestartDelayMs`. */
  readonly restartDelayMs: number;
  readonly maxRestartDelayMs: number;
  readonly observe: (event: SupervisionEvent) => void;
  /** Events the module emits. */
  readonly onEvent: (body: unknown) => void;
}

/** For logs and metrics. */
export type SupervisionEvent =
  | { readonly type: 'started'; readonly pid: number; readonly startMs: number }
  | {
      readonly type: 'crashed';
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** Requests that will be sent again. */
      readonly inFlight: number;
    };

/** Makes what is sent; called anew, with another number, for each process that the request is given to. */
export type RequestBody = (processNumber: number) => unknown;

interface Pending {
  readonly body: RequestBody;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Processes it was given to. */
  sends: number;
}

/** A request that was in flight in so many crashes is their likely cause. */
const MAX_SENDS = 3;
/**
 * How much nicer the process is than this one. It keeps all cores busy for tens of milliseconds at a time; who only has to answer a
 * client, or to find that a speaker has stopped, must not wait for that.
 */
const NICENESS = 5;
/** How long a process may take to end by itself after `close`. */
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * A child process that answers requests and is started again when it dies, however it dies. Requests in
 * flight are kept here and sent again: they must be repeatable.
 */
export class SupervisedProcess<Info> implements AsyncDisposable {
  readonly #options: SupervisedProcessOptions;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  /** Processes started so far. */
  #processNumber = 0;
  #child: ChildProcess | undefined;
  /** Whether `#child` has said it is ready. */
  #ready = false;
  #closing = false;
  #crashesInARow = 0;
  #graceTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #info!: Info;

  private constructor(options: SupervisedProcessOptions) {
    this.#options = options;
  }

  /** Resolves when the process is ready. Rejects with its error if it refuses to start. */
  static async start<Info>(options: SupervisedProcessOptions): Promise<SupervisedProcess<Info>> {
    const supervised = new SupervisedProcess<Info>(options);
    supervised.#info = (await supervised.#launch()) as Info;
    return supervised;
  }

  /** What the module returned from its `start`. */
  get info(): Info {
    return this.#info;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  request(body: RequestBody, signal?: AbortSignal): Promise<unknown> {
    if (this.#closing) return Promise.reject(unavailable('the server is shutting down'));
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onAbort = () => {
      if (!this.#pending.delete(id)) return;
      this.#send({ type: 'cancel', id });
      reject(cancelled());
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const pending = { body, resolve, reject, sends: 0 };
    this.#pending.set(id, pending);
    if (this.#ready) this.#sendRequest(id, pending);
    return promise.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  /** Nothing is kept of a notice: one sent while the process is away is lost. */
  notify(body: unknown): void {
    if (this.#ready) this.#send({ type: 'notify', body });
  }

  /** Rejects what is in flight and lets the process end after its run under way. Idempotent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#graceTimer);
    clearTimeout(this.#restartTimer);
    this.#rejectAll(() => unavailable('the server is shutting down'));
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    this.#send({ type: 'close' });
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  /** Forks the process; resolves with its info. */
  #launch(): Promise<unknown> {
    const { entry, startOptions, environment, observe, onEvent } = this.#options;
    const launchedAt = performance.now();
    // Arguments of this process (a test runner's loader, an inspector's port) are not for the child.
    const child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: [],
      env: { ...environment, ...process.env },
    });
    this.#child = child;
    this.#processNumber++;
    this.#ready = false;
    if (child.pid !== undefined) lowerPriority(child.pid);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    child.on('message', (message: FromProcess) => {
      switch (message.type) {
        case 'ready':
          this.#ready = true;
          this.#crashesInARow = 0;
          clearTimeout(this.#graceTimer);
          this.#graceTimer = undefined;
          observe({ type: 'started', pid: child.pid!, startMs: performance.now() - launchedAt });
          for (const [id, pending] of this.#pending) this.#sendRequest(id, pending);
          resolve(message.info);
          break;
        case 'refused':
          reject(fromWire(message.error));
          break;
        case 'result':
          this.#settle(message.id, (pending) => pending.resolve(message.body));
          break;
        case 'error':
          this.#settle(message.id, (pending) => pending.reject(fromWire(message.error)));
          break;
        case 'event':
          onEvent(message.body);
          break;
      }
    });
    const ended = (exitCode: number | null, signal: string | null) => {
      const neverWorked = this.#info === undefined;
      reject(unavailable('the engine process ended while it started'));
      this.#ready = false;
      if (this.#closing || neverWorked) return;
      observe({ type: 'crashed', exitCode, signal, inFlight: this.#pending.size });
      this.#restart();
    };
    child.once('exit', ended);
    // Without a process (no memory for one, its program is gone) no exit follows.
    if (child.pid === undefined) child.once('error', () => ended(null, null));
    // A write to a process that has just died; its exit is what counts.
    child.on('error', () => {});
    this.#send({ type: 'start', options: startOptions });
    return promise;
  }

  #restart(): void {
    for (const [id, pending] of this.#pending) {
      if (pending.sends < MAX_SENDS) continue;
      this.#pending.delete(id);
      pending.reject(new ServiceError('internal', 'the engine failed on this audio'));
    }
    const { graceMs, restartDelayMs, maxRestartDelayMs } = this.#options;
    this.#graceTimer ??= setTimeout(
      () => this.#rejectAll(() => unavailable('the engine is restarting', graceMs)),
      graceMs,
    );
    const delayMs =
      this.#crashesInARow === 0
        ? 0
        : Math.min(restartDelayMs * 2 ** (this.#crashesInARow - 1), maxRestartDelayMs);
    this.#crashesInARow++;
    // A refusal to start again shows as the next exit.
    this.#restartTimer = setTimeout(() => void this.#launch().catch(() => {}), delayMs);
  }

  #sendRequest(id: number, pending: Pending): void {
    pending.sends++;
    this.#send({ type: 'request', id, body: pending.body(this.#processNumber) });
  }

  #send(message: ToProcess): void {
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  #settle(id: number, settle: (pending: Pending) => void): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    settle(pending);
  }

  #rejectAll(error: () => ServiceError): void {
    for (const pending of this.#pending.values()) pending.reject(error());
    this.#pending.clear();
  }
}

/** At once, as threads that it starts inherit it. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, Math.min(19, getPriority() + NICENESS));
  } catch (error) {
    // A sandbox may forbid it, and the process may have ended already, which its `exit` tells.
    const { code } = (error as { info?: { code?: string } }).info ?? {};
    if (code === undefined || !['EACCES', 'EPERM', 'ESRCH'].includes(code)) throw error;
  }
}

function unavailable(message: string, retryAfterMs = 1_000): ServiceError {
  return new ServiceError('unavailable', message, { detail: { retryAfterMs } });
}

function cancelled(): ServiceError {
  return new ServiceError('cancelled', 'the recognition was cancelled');
}
