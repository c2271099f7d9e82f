import { ServiceError } from '../../domain/service-error.ts';
import type { Principal } from '../../policy/index.ts';

/** Principals that are remembered; beyond, those forgotten longest ago start with a full bucket. */
const MAX_PRINCIPALS = 10_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** A token bucket for each principal: `perMinute` requests on average, and as many at once after a pause. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Throws `resource-exhausted`, with the time after which a request is taken again. */
  take(principal: Pick<Principal, 'tenant' | 'name'>): void {
    const bucket = this.#bucketOf(JSON.stringify([principal.tenant, principal.name]));
    if (bucket.tokens < 1) {
      throw new ServiceError(
        'resource-exhausted',
        `more than ${this.#perMinute} requests a minute; send fewer`,
        {
          detail: { retryAfterMs: Math.ceil(((1 - bucket.tokens) * 60_000) / this.#perMinute) },
        },
      );
    }
    bucket.tokens--;
  }

  #bucketOf(key: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perMinute, filledAtMs: now };
    bucket.tokens = Math.min(
      this.#perMinute,
      bucket.tokens + ((now - bucket.filledAtMs) * this.#perMinute) / 60_000,
    );
    bucket.filledAtMs = now;
    // Set anew, so that the map stays in the order of use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_PRINCIPALS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return bucket;
  }
}
