/**
 * The keys of the tenants, from a file or the environment. A key management service can take its place: whatever
 * implements `TenantKeys` does.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ServiceError } from '../../domain/service-error.ts';
import { KEY_BYTES, seal, unseal } from './seal.ts';

/** What is derived from the lasting secret of a tenant; each is a key of its own. */
export type DerivedKeyUse = 'subject-index' | 'audit' | 'archive' | 'linkable-token';

export interface TenantKeys {
  /** Wraps the key of a call under the tenant's current key. Throws `failed-precondition` for unknown tenants. */
  wrap(tenant: string, key: Uint8Array, binding: string): Promise<WrappedKey>;
  /** Under whichever key of the tenant it was wrapped, as long as that is still there. */
  unwrap(tenant: string, wrapped: WrappedKey, binding: string): Promise<Uint8Array>;
  /** The same for as long as the tenant exists: rotation does not touch it. */
  derive(tenant: string, use: DerivedKeyUse): Promise<Uint8Array>;
}

export interface WrappedKey {
  /** At most `MAX_KEY_ID_LENGTH` characters. */
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

export const MAX_KEY_ID_LENGTH = 32;

const keyId = z.string().regex(/^[\w.-]{1,32}$/, 'must be 1 to 32 letters, digits, dots and hyphens');
const key = z
  .base64('must be base64')
  .refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES, 'must be 32 bytes in base64');
const tenantSchema = z
  .strictObject({
    /** Id of the key that wraps from now on. */
    current: keyId,
    /** Older keys stay until `sotto keys rotate` has wrapped everything anew. */
    keys: z.record(keyId, key),
    /** Blind indexes and audit entries are made with keys derived from it, so it is not rotated. */
    lasting: key,
  })
  .refine(({ current, keys }) => Object.hasOwn(keys, current), {
    path: ['current'],
    message: 'must be one of keys',
  });
const keyRingSchema = z.strictObject({
  version: z.literal(1),
  tenants: z.record(z.string().min(1), tenantSchema),
});

/** The content of the file, or of the variable SOTTO_TENANT_KEYS. */
export type KeyRing = z.infer<typeof keyRingSchema>;

/** Throws ServiceError `invalid-argument` that names the key at fault and never its value. */
export function parseKeyRing(json: string, where: string): KeyRing {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    // The parser's message quotes the text.
    throw new ServiceError('invalid-argument', `${where}: is not JSON; make one with \`sotto keys create\``);
  }
  const parsed = keyRingSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ServiceError(
    'invalid-argument',
    `${where}: ${issue.path.join('.') || 'content'}: ${issue.message}`,
  );
}

/** A ring with a new key for the tenant, which is its current one; earlier keys stay to read with. */
export function withNewKey(ring: KeyRing, tenant: string, now: Date): KeyRing {
  const known = ring.tenants[tenant];
  const id = newKeyId(Object.keys(known?.keys ?? {}), now);
  const fresh = () => randomBytes(KEY_BYTES).toString('base64');
  return {
    ...ring,
    tenants: {
      ...ring.tenants,
      [tenant]: {
        current: id,
        keys: { ...known?.keys, [id]: fresh() },
        lasting: known?.lasting ?? fresh(),
      },
    },
  };
}

/** A ring that holds only the tenant's current key: for when nothing is wrapped under the others any more. */
export function withoutOldKeys(ring: KeyRing, tenant: string): KeyRing {
  const known = ring.tenants[tenant]!;
  const keys = { [known.current]: known.keys[known.current]! };
  return { ...ring, tenants: { ...ring.tenants, [tenant]: { ...known, keys } } };
}

export const EMPTY_KEY_RING: KeyRing = { version: 1, tenants: {} };

export function tenantKeys(ring: KeyRing): TenantKeys {
  const tenantOf = (tenant: string) => {
    const known = Object.hasOwn(ring.tenants, tenant) ? ring.tenants[tenant] : undefined;
    if (known !== undefined) return known;
    throw new ServiceError(
      'failed-precondition',
      `tenant ${tenant} has no keys, so nothing can be kept for it; make them with \`sotto keys create\``,
    );
  };
  return {
    async wrap(tenant, plain, binding) {
      const { current, keys } = tenantOf(tenant);
      return { keyId: current, bytes: seal(Buffer.from(keys[current]!, 'base64'), plain, binding) };
    },
    async unwrap(tenant, wrapped, binding) {
      const { keys } = tenantOf(tenant);
      const key = Object.hasOwn(keys, wrapped.keyId) ? keys[wrapped.keyId] : undefined;
      if (key === undefined) {
        throw new ServiceError(
          'failed-precondition',
          `key ${wrapped.keyId} of tenant ${tenant} is missing; put it back among its keys`,
        );
      }
      return unseal(Buffer.from(key, 'base64'), wrapped.bytes, binding);
    },
    async derive(tenant, use) {
      const secret = Buffer.from(tenantOf(tenant).lasting, 'base64');
      // RFC 5869; the use separates the keys.
      return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `sotto ${use}`, KEY_BYTES));
    },
  };
}

function newKeyId(taken: readonly string[], now: Date): string {
  const day = now.toISOString().slice(0, 10);
  for (let count = 1; ; count++) {
    const id = count === 1 ? day : `${day}.${count}`;
    if (!taken.includes(id)) return id;
  }
}
