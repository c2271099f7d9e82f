/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV: `iv | tag | ciphertext`. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What sealing adds to the length of the plaintext. */
export const SEAL_BYTES = IV_BYTES + TAG_BYTES;
export const KEY_BYTES = 32;

/** `binding` is authenticated, not stored: what was sealed for one place cannot be opened as another's. */
export function seal(key: Uint8Array, plaintext: Uint8Array, binding: string): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(binding));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

/** Throws if the key or the binding is another, or a bit was changed. */
export function unseal(key: Uint8Array, sealed: Uint8Array, binding: string): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(binding))
    .setAuthTag(sealed.subarray(IV_BYTES, SEAL_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(SEAL_BYTES)), decipher.final()]);
}

export function sealJson(key: Uint8Array, value: unknown, binding: string): Uint8Array {
  return seal(key, Buffer.from(JSON.stringify(value)), binding);
}

export function unsealJson<T>(key: Uint8Array, sealed: Uint8Array, binding: string): T {
  return JSON.parse(Buffer.from(unseal(key, sealed, binding)).toString()) as T;
}

/** Binds to a place: none of the parts may hold the separator, so that no two places are written alike. */
export function bindingOf(...parts: readonly (string | number)[]): string {
  return parts.join('\0');
}
