/**
 * Bearer tokens, `sotto_<id>_<secret>`. The file that knows them holds their SHA-256 only, one JSON line each;
 * the secret has 256 bits of chance, so nothing slower is needed to keep it from being guessed
 * (NIST SP 800-63B 5.1.2.2, look-up secrets).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { ServiceError } from '../domain/service-error.ts';
import { ACCESS_ROLES, type Principal } from './principal.ts';

const SHAPE = /^sotto_([0-9a-f]{16})_[\w-]{43}$/;

const tokenSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tenant: z.string().min(1),
  roles: z.array(z.enum(ACCESS_ROLES)).min(1),
  name: z.string().min(1),
  /** The token is refused from then on. */
  expires: z.iso.datetime(),
});
type KnownToken = z.output<typeof tokenSchema>;

/** Tokens by id. */
export type AccessTokens = ReadonlyMap<string, KnownToken>;

/** Throws ServiceError that names file and line, never what stands there. */
export function loadAccessTokens(path: string): AccessTokens {
  const tokens = new Map<string, KnownToken>();
  for (const [index, line] of readLines(path).entries()) {
    if (line.trim() === '') continue;
    const token = parseLine(line, `${path}: line ${index + 1}`);
    tokens.set(token.id, token);
  }
  return tokens;
}

/** Adds a token to the file, which is made if need be; the answer is the only time it can be read. */
export function createAccessToken(path: string, principal: Principal, expires: Date): string {
  const id = randomBytes(8).toString('hex');
  const token = `sotto_${id}_${randomBytes(32).toString('base64url')}`;
  const { tenant, roles, name } = principal;
  const line: KnownToken = {
    id,
    sha256: sha256(token).toString('hex'),
    tenant,
    roles: [...roles],
    name,
    expires: expires.toISOString(),
  };
  appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  return token;
}

export function looksLikeAccessToken(bearer: string): boolean {
  return SHAPE.test(bearer);
}

/** Whose token it is; undefined if it is unknown or expired. */
export function principalOfToken(bearer: string, tokens: AccessTokens, nowMs: number): Principal | undefined {
  const known = tokens.get(SHAPE.exec(bearer)?.[1] ?? '');
  // Compared even if unknown, so that the time says nothing.
  const same = timingSafeEqual(sha256(bearer), Buffer.from(known?.sha256 ?? '00'.repeat(32), 'hex'));
  if (known === undefined || !same || Date.parse(known.expires) <= nowMs) return undefined;
  const { tenant, roles, name } = known;
  return { tenant, roles, name };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (cause) {
    const message = `the tokens file ${path} cannot be read; \`sotto tokens create\` makes one`;
    throw new ServiceError('not-found', message, { cause });
  }
}

function parseLine(line: string, where: string): KnownToken {
  try {
    return tokenSchema.parse(JSON.parse(line));
  } catch {
    throw new ServiceError(
      'invalid-argument',
      `${where}: is not a token as \`sotto tokens create\` writes it`,
    );
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
