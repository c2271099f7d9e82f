import { ServiceError, type ServiceErrorDetail } from '../domain/service-error.ts';
import type { Capacity } from './capacity.ts';

export interface AdmissionLimits {
  /** Calls and recordings at once, whatever they cost. */
  readonly maxCalls: number;
  /** Of them for one tenant; 0: no limit of its own. */
  readonly maxCallsPerTenant: number;
  /** Part of the measured capacity that new live calls may fill, 0 to 1. */
  readonly targetLoad: number;
}

/** A place for a call; dispose of it when the call ends. */
export interface Slot extends Disposable {
  /**
   * A live call of so many channels begins. One that was resumed may use what new ones have to leave: it was
   * promised to be served already. Throws `resource-exhausted`.
   */
  takeLive(channels: number, isResumed: boolean): void;
  /** Something came after the config: from now on the place is the call's until it ends. */
  keep(): void;
  /** Fires when a live call that has not kept its place must make way for another. */
  readonly signal: AbortSignal;
}

/** How long a refused client should wait; calls end at no known time, so this is a courtesy. */
const RETRY_AFTER_MS = 2000;
/** Finals that wait so long for the engine are late: whatever the figures say, there is no room. */
const MAX_QUEUE_MS = 150;
/** A live call that says nothing for so long after its config makes way when there is no room; the line sends frames. */
const SILENT_MS = 1000;

/**
 * Admits calls. A call is refused at its start, before any audio is taken, never in the middle: a running call
 * keeps its slot until it ends, and new ones are taken only while the running ones keep their pace. Only a live call
 * that has sent nothing but its config may lose it: it may be nobody's any more (see `Openings`).
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #capacity: Capacity;
  readonly #byTenant = new Map<string, number>();
  /** Live calls that have not kept their place, oldest first. */
  readonly #silent = new Set<SilentCall>();
  readonly #now: () => number;
  #running = 0;
  #draining = false;
  #idle = Promise.withResolvers<void>();

  constructor(limits: AdmissionLimits, capacity: Capacity, now = () => performance.now()) {
    this.#now = now;
    this.#limits = limits;
    this.#capacity = capacity;
  }

  get running(): number {
    return this.#running;
  }

  /** Live audio is near what can be taken: none may run ahead of real time for long. */
  get isBusy(): boolean {
    const { channels, audioPerSecond, queueMs } = this.#capacity;
    return queueMs > MAX_QUEUE_MS / 2 || channels > (this.#limits.targetLoad * audioPerSecond) / 2;
  }

  /** Takes a slot; give it back with `using`. Throws `resource-exhausted` or, when draining, `unavailable`. */
  enter(tenant: string): Slot {
    if (this.#draining) {
      throw new ServiceError('unavailable', 'the server is shutting down; connect to another one', {
        detail: { retryAfterMs: RETRY_AFTER_MS, draining: true, refusal: 'draining' },
      });
    }
    const { maxCalls, maxCallsPerTenant } = this.#limits;
    if (this.#running >= maxCalls && !this.#makeWay())
      throw full('slots', `all ${maxCalls} calls of this server are taken`);
    const ofTenant = this.#byTenant.get(tenant) ?? 0;
    if (maxCallsPerTenant > 0 && ofTenant >= maxCallsPerTenant) {
      throw full('tenant-limit', `all ${maxCallsPerTenant} calls that one tenant may have here are taken`);
    }
    this.#running++;
    this.#byTenant.set(tenant, ofTenant + 1);
    return this.#slot(tenant);
  }

  #slot(tenant: string): Slot {
    const abort = new AbortController();
    let channelsTaken = 0;
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      this.#silent.delete(silent);
      this.#capacity.add(-channelsTaken);
      this.#leave(tenant);
    };
    const silent: SilentCall = {
      sinceMs: this.#now(),
      makeWay: () => {
        leave();
        abort.abort(madeWay());
      },
    };
    return {
      takeLive: (channels, isResumed) => {
        this.#checkRoom(channels, isResumed);
        this.#capacity.add(channels);
        channelsTaken += channels;
        this.#silent.add(silent);
      },
      keep: () => void this.#silent.delete(silent),
      signal: abort.signal,
      [Symbol.dispose]: leave,
    };
  }

  /** Frees the place of the call that has been silent longest; false if all are too young. */
  #makeWay(): boolean {
    const [oldest] = this.#silent;
    if (oldest === undefined || this.#now() - oldest.sinceMs < SILENT_MS) return false;
    oldest.makeWay();
    return true;
  }

  /** Admits nobody any more; resolves when the last running call has ended. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#running === 0) this.#idle.resolve();
    return this.#idle.promise;
  }

  #checkRoom(channels: number, isResumed: boolean): void {
    const { audioPerSecond, queueMs } = this.#capacity;
    const room = audioPerSecond * (isResumed ? 1 : this.#limits.targetLoad);
    while (this.#capacity.channels + channels > room && this.#makeWay());
    const taken = this.#capacity.channels;
    // One call is always taken: a machine that is too slow for it is a matter for the alerts.
    if (taken === 0) return;
    if (taken + channels > room) {
      throw full(
        'capacity',
        `the server takes ${Math.floor(room)} s of audio per second and runs ${taken} channels already`,
      );
    }
    if (!isResumed && queueMs > MAX_QUEUE_MS) {
      throw full('capacity', `the running calls wait ${Math.round(queueMs)} ms for the recogniser`);
    }
  }

  #leave(tenant: string): void {
    this.#running--;
    const left = this.#byTenant.get(tenant)! - 1;
    if (left > 0) this.#byTenant.set(tenant, left);
    else this.#byTenant.delete(tenant);
    if (this.#draining && this.#running === 0) this.#idle.resolve();
  }
}

interface SilentCall {
  readonly sinceMs: number;
  makeWay(): void;
}

function madeWay(): ServiceError {
  return new ServiceError(
    'resource-exhausted',
    `audio: none came for ${SILENT_MS / 1000} s, and another call needs the place; open a stream when its audio is there`,
    { detail: { field: 'audio', retryAfterMs: RETRY_AFTER_MS } },
  );
}

function full(refusal: ServiceErrorDetail['refusal'], why: string): ServiceError {
  return new ServiceError('resource-exhausted', `${why}; try again later or connect to another server`, {
    detail: { retryAfterMs: RETRY_AFTER_MS, refusal },
  });
}
