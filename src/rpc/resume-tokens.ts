/**
 * Resume tokens: the checkpoint of a call, sealed so that it may pass through any client's hands. AES-256-GCM under
 * a key that HKDF-SHA256 (RFC 5869) derives anew for every token, so that no number of tokens wears the key out.
 *
 *     version (1) | salt (16) | ciphertext | tag (16)
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { ServiceError } from '../domain/service-error.ts';
import type { CallCheckpoint } from '../pipeline/index.ts';

/** Part of the token's authentication: whose call it is, and with which options. */
export interface TokenBinding {
  readonly tenant: string;
  /** Digest of the call's options. */
  readonly options: Buffer;
}

interface Sealed {
  readonly expiresAtMs: number;
  readonly options: Uint8Array;
  readonly checkpoint: CallCheckpoint;
}

/** Bounds what a client keeps and sends; a token is 3 to 6 KB unless a call names hundreds of people. */
export const MAX_TOKEN_BYTES = 64 * 1024;
/** Of a secret in the key file. */
const MIN_SECRET_LENGTH = 32;
const VERSION = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 16;

export class ResumeTokens {
  /** The first seals, all open. */
  readonly #secrets: readonly Buffer[];
  readonly #ttlMs: number;
  readonly #now: () => number;

  /** Without secrets, one is made that nobody else has: then only this process can go on with its calls. */
  constructor(options: { readonly secrets?: readonly Buffer[]; readonly ttlMs: number; now?: () => number }) {
    this.#secrets = options.secrets ?? [randomBytes(32)];
    this.#ttlMs = options.ttlMs;
    this.#now = options.now ?? Date.now;
  }

  /** Undefined if the token would be too large. */
  seal(checkpoint: CallCheckpoint, binding: TokenBinding): Buffer | undefined {
    const sealed: Sealed = { expiresAtMs: this.#now() + this.#ttlMs, options: binding.options, checkpoint };
    const plain = serialize(sealed);
    if (plain.length > MAX_TOKEN_BYTES - 1 - SALT_BYTES - TAG_BYTES) return undefined;
    const salt = randomBytes(SALT_BYTES);
    const { key, nonce } = derived(this.#secrets[0]!, salt);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(binding));
    return Buffer.concat([
      Uint8Array.of(VERSION),
      salt,
      cipher.update(plain),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** Throws `failed-precondition`, naming `field`, for whatever is not a living token of this very call. */
  open(token: Uint8Array, binding: TokenBinding, field: string): CallCheckpoint {
    const plain = this.#decrypt(Buffer.from(token), binding);
    if (plain === undefined) {
      throw refused(field, 'cannot be opened here: another key, tenant or version; start the call anew');
    }
    const { expiresAtMs, options, checkpoint } = deserialize(plain) as Sealed;
    if (this.#now() > expiresAtMs) throw refused(field, 'has expired; start the call anew');
    if (!binding.options.equals(options)) {
      throw refused(field, 'belongs to a call with other options; send the config as it was');
    }
    return checkpoint;
  }

  #decrypt(token: Buffer, binding: TokenBinding): Buffer | undefined {
    if (token.length < 1 + SALT_BYTES + TAG_BYTES || token[0] !== VERSION) return undefined;
    const salt = token.subarray(1, 1 + SALT_BYTES);
    const sealed = token.subarray(1 + SALT_BYTES, -TAG_BYTES);
    for (const secret of this.#secrets) {
      const { key, nonce } = derived(secret, salt);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(associated(binding))
        .setAuthTag(token.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed), decipher.final()]);
      } catch {
        // Sealed under another secret, or changed on its way.
      }
    }
    return undefined;
  }
}

/**
 * Secrets of a key file, one a line: the first seals, all open, so that a new one is put in front and the old one
 * removed when its tokens have expired. Throws `invalid-argument` naming the key.
 */
export function readResumeSecrets(file: string): Buffer[] {
  const field = 'server.resumeKeyFile';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ServiceError('invalid-argument', `${field}: the file cannot be read`, { cause: error });
  }
  const secrets = text.split(/\r?\n/).filter((line) => line !== '');
  if (secrets.length === 0 || secrets.some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    throw new ServiceError(
      'invalid-argument',
      `${field}: each line must hold a secret of ${MIN_SECRET_LENGTH} characters or more; ` +
        '`openssl rand -hex 32` makes one',
    );
  }
  return secrets.map((secret) => Buffer.from(secret));
}

function derived(secret: Buffer, salt: Buffer): { key: Buffer; nonce: Buffer } {
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, 'sotto resume token', 32 + 12));
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

function associated({ tenant }: TokenBinding): Buffer {
  return Buffer.from(`${VERSION}:${tenant}`);
}

function refused(field: string, why: string): ServiceError {
  return new ServiceError('failed-precondition', `${field}: ${why}`, { detail: { field } });
}
