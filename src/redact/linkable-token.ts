/**
 * Deterministic tokens: within one tenant and scope the same value always gives the same token, so that calls can be
 * linked without knowing the value. AES-SIV (RFC 5297): authenticated, and equal only where key, tenant, scope, type
 * and value are equal. Whoever has the key can open a token; nobody else can test a guess against one.
 */
import { createCipheriv, timingSafeEqual } from 'node:crypto';
import type { LinkingScope } from '../domain/call-redactor.ts';
import type { EntityType } from '../domain/entity.ts';
import { ServiceError } from '../domain/service-error.ts';

const BLOCK = 16;
/** Values are padded to a multiple of this many bytes, so that the length of a token tells little. */
const PADDED = 32;
const DIGIT_TYPES: ReadonlySet<EntityType> = new Set<EntityType>([
  'PHONE_NUMBER',
  'IBAN_CODE',
  'CREDIT_CARD',
  'NATIONAL_ID',
  'LICENSE_PLATE',
  'CUSTOMER_REFERENCE',
]);

/** The token of a value, for one tenant and purpose. */
export type MakeToken = (type: EntityType, value: string) => string;
/** Keys of 32, 48 or 64 bytes, one a tenant; throws ServiceError `failed-precondition` where a tenant has none. */
export type LinkingKeys = (tenant: string) => Uint8Array;

/** Throws ServiceError `failed-precondition` where this process has no keys. */
export function tokenMaker(keys: LinkingKeys | undefined, scope: LinkingScope): MakeToken {
  if (keys === undefined)
    throw new ServiceError(
      'failed-precondition',
      "operator 'token': this process has no tenant keys; set store.tenantKeysFile, or use 'pseudonym'",
    );
  const key = keys(scope.tenant);
  return (type, value) => linkableToken(key, scope, type, value);
}

/**
 * `[PHONE_NUMBER:mN3…]`. `key` has 32, 48 or 64 bytes and is used for nothing else; it is derived from the tenant's key.
 * `value` may be written in any way: case, accents and what stands between digits make no difference.
 */
export function linkableToken(key: Uint8Array, scope: LinkingScope, type: EntityType, value: string): string {
  const sealed = sealSiv(key, tweak(scope, type), padded(normalized(type, value)));
  return `[${type}:${sealed.toString('base64url')}]`;
}

/** The normalized value of a token; undefined when the key or the scope is another one, or the token was changed. */
export function openLinkableToken(key: Uint8Array, scope: LinkingScope, token: string): string | undefined {
  const parts = /^\[([A-Z_]+):([\w-]+)\]$/.exec(token);
  if (!parts) return undefined;
  const plain = openSiv(key, tweak(scope, parts[1] as EntityType), Buffer.from(parts[2]!, 'base64url'));
  return plain?.subarray(0, plain.lastIndexOf(0x80)).toString('utf8');
}

function tweak({ tenant, scope }: LinkingScope, type: EntityType): Buffer[] {
  return ['sotto linkable token v1', tenant, scope, type].map((part) => Buffer.from(part, 'utf8'));
}

function normalized(type: EntityType, value: string): string {
  const folded = value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return DIGIT_TYPES.has(type) ? folded.replace(/[^a-z0-9]/g, '') : folded.replace(/\s+/g, ' ').trim();
}

/** ISO/IEC 7816-4: a one bit, then zeros. */
function padded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const out = Buffer.alloc((Math.floor(bytes.length / PADDED) + 1) * PADDED);
  bytes.copy(out);
  out[bytes.length] = 0x80;
  return out;
}

/** SIV-Encrypt of RFC 5297, section 2.6: the synthetic IV, then the ciphertext. */
export function sealSiv(key: Uint8Array, associated: readonly Uint8Array[], plain: Uint8Array): Buffer {
  const { mac, cipher } = halves(key);
  const iv = s2v(mac, associated, plain);
  return Buffer.concat([iv, counterMode(cipher, iv, plain)]);
}

/** SIV-Decrypt of RFC 5297, section 2.7; undefined when the text is not authentic. */
export function openSiv(
  key: Uint8Array,
  associated: readonly Uint8Array[],
  sealed: Uint8Array,
): Buffer | undefined {
  const { mac, cipher } = halves(key);
  if (sealed.length < BLOCK) return undefined;
  const iv = sealed.subarray(0, BLOCK);
  const plain = counterMode(cipher, iv, sealed.subarray(BLOCK));
  return timingSafeEqual(iv, s2v(mac, associated, plain)) ? plain : undefined;
}

function halves(key: Uint8Array): { mac: Uint8Array; cipher: Uint8Array } {
  if (![32, 48, 64].includes(key.length)) throw new RangeError('an AES-SIV key has 32, 48 or 64 bytes');
  return { mac: key.subarray(0, key.length / 2), cipher: key.subarray(key.length / 2) };
}

/** Section 2.4. */
function s2v(key: Uint8Array, associated: readonly Uint8Array[], plain: Uint8Array): Buffer {
  let d = cmac(key, Buffer.alloc(BLOCK));
  for (const part of associated) d = xor(doubled(d), cmac(key, part));
  if (plain.length >= BLOCK) {
    const last = Buffer.from(plain);
    const at = last.length - BLOCK;
    xor(last.subarray(at), d).copy(last, at);
    return cmac(key, last);
  }
  const short = Buffer.alloc(BLOCK);
  short.set(plain);
  short[plain.length] = 0x80;
  return cmac(key, xor(doubled(d), short));
}

/** Section 2.5: the two bits that implementations may use as carry are cleared. */
function counterMode(key: Uint8Array, iv: Uint8Array, text: Uint8Array): Buffer {
  const counter = Buffer.from(iv);
  counter[8]! &= 0x7f;
  counter[12]! &= 0x7f;
  const cipher = createCipheriv(`aes-${key.length * 8}-ctr`, key, counter);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

/** AES-CMAC (RFC 4493). */
function cmac(key: Uint8Array, message: Uint8Array): Buffer {
  const first = doubled(encryptChain(key, Buffer.alloc(BLOCK)));
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK));
  const last = Buffer.alloc(BLOCK);
  const rest = message.subarray((blocks - 1) * BLOCK);
  last.set(rest);
  if (rest.length < BLOCK) last[rest.length] = 0x80;
  const end = xor(last, rest.length === BLOCK ? first : doubled(first));
  return encryptChain(key, Buffer.concat([message.subarray(0, (blocks - 1) * BLOCK), end])).subarray(-BLOCK);
}

/** AES-CBC with a zero IV; `text` is whole blocks. */
function encryptChain(key: Uint8Array, text: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(BLOCK)).setAutoPadding(false);
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

/** Multiplication by x in GF(2^128). */
function doubled(block: Uint8Array): Buffer {
  const out = Buffer.alloc(BLOCK);
  for (let i = 0; i < BLOCK; i++) out[i] = ((block[i]! << 1) | ((block[i + 1] ?? 0) >> 7)) & 0xff;
  if (block[0]! & 0x80) out[BLOCK - 1]! ^= 0x87;
  return out;
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!));
}
