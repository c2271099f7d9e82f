/** JSON Web Tokens of the issuers in the access file (RFC 7519, best practice RFC 8725). */
import { readFileSync } from 'node:fs';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { ServiceError } from '../../domain/service-error.ts';
import { ACCESS_ROLES, type AccessRole, type KnownIssuer, type Principal } from '../../policy/index.ts';

/** Clocks of issuer and server may differ by this much. */
const CLOCK_TOLERANCE_S = 30;

export class JwtVerifier {
  readonly #issuers: ReadonlyMap<string, { readonly issuer: KnownIssuer; readonly keys: JWTVerifyGetKey }>;

  constructor(issuers: readonly KnownIssuer[]) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.issuer, { issuer, keys: keysOf(issuer) }]));
  }

  /** Throws ServiceError `unauthenticated`; `unavailable` if the issuer's keys cannot be had. */
  async verify(token: string): Promise<Principal> {
    const known = this.#issuers.get(issuerNamedBy(token) ?? '');
    if (known === undefined) throw refused('its issuer is not in the access file');
    const { issuer, keys } = known;
    const payload = await verified(token, issuer, keys);
    const tenant = issuer.tenant ?? claimAt(payload, issuer.tenantClaim!);
    if (typeof tenant !== 'string' || tenant === '')
      throw refused(`its claim ${issuer.tenantClaim} names no tenant`);
    return { tenant, roles: rolesOf(payload, issuer), name: payload.sub ?? issuer.issuer };
  }
}

function keysOf({ jwksUrl, jwksFile }: KnownIssuer): JWTVerifyGetKey {
  if (jwksUrl !== undefined) return createRemoteJWKSet(new URL(jwksUrl));
  try {
    return createLocalJWKSet(JSON.parse(readFileSync(jwksFile!, 'utf8')) as JSONWebKeySet);
  } catch (cause) {
    throw new ServiceError('unavailable', 'the keys of the issuer cannot be read; see issuers.jwksFile', {
      cause,
    });
  }
}

/** Read without being believed: it only chooses the keys that must then fit. */
function issuerNamedBy(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw refused('it cannot be read', cause);
  }
}

async function verified(token: string, issuer: KnownIssuer, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: issuer.algorithms,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw refused('it has expired', error);
    if (error instanceof errors.JWTClaimValidationFailed)
      throw refused(`its claim ${error.claim} does not fit`, error);
    if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
      throw new ServiceError('unavailable', 'the keys of the issuer cannot be had; try again', {
        cause: error,
      });
    }
    throw refused('its signature or algorithm does not fit', error);
  }
}

function rolesOf(payload: JWTPayload, { rolesClaim, roles: renamed }: KnownIssuer): AccessRole[] {
  const claim = claimAt(payload, rolesClaim);
  const names = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  const roles = names.map((name) => {
    if (renamed === undefined) return ACCESS_ROLES.find((role) => role === name);
    return typeof name === 'string' && Object.hasOwn(renamed, name) ? renamed[name] : undefined;
  });
  return [...new Set(roles.filter((role) => role !== undefined))];
}

/** A claim by its name, or within others: `realm_access.roles`. Names with dots of their own come first. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function refused(why: string, cause?: unknown): ServiceError {
  return new ServiceError('unauthenticated', `the token is refused: ${why}`, { cause });
}
