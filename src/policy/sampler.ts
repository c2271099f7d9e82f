import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ServiceError } from '../domain/service-error.ts';
import type { Purpose } from './policy.ts';

const MIN_KEY_BYTES = 32;

/**
 * Which calls are in the sample of their purpose: decided by a keyed hash of the call, so that it comes out the same
 * each time, nobody without the key can choose a call id that is left out, and a higher rate only adds calls.
 */
export class Sampler {
  readonly #key: Buffer;

  /** Without a key, one is made that this process alone has. */
  constructor(key: Buffer = randomBytes(MIN_KEY_BYTES)) {
    this.#key = key;
  }

  static fromFile(path: string): Sampler {
    let key: Buffer;
    try {
      key = readFileSync(path);
    } catch (cause) {
      throw new ServiceError('not-found', `the sampling key ${path} cannot be read`, { cause });
    }
    if (key.length >= MIN_KEY_BYTES) return new Sampler(key);
    const message = `${path}: has fewer than ${MIN_KEY_BYTES} bytes; \`openssl rand -hex 32\` makes a key`;
    throw new ServiceError('invalid-argument', message);
  }

  /** A call without an id is decided by chance. */
  includes(purpose: Pick<Purpose, 'name' | 'sampling'>, tenant: string, callId: string): boolean {
    const { rate } = purpose.sampling;
    if (rate === 1) return true;
    const call = JSON.stringify([tenant, purpose.name, callId || randomUUID()]);
    const hash = createHmac('sha256', this.#key).update(call).digest();
    return hash.readUIntBE(0, 6) / 2 ** 48 < rate;
  }
}
