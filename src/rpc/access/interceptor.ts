/**
 * Every call passes here before its handler: who is it, and may they call this method? Refusals say nothing of
 * what exists behind the method.
 */
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
} from '@grpc/grpc-js';
import { prohibited } from '../../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../../domain/prohibited-names.ts';
import { ServiceError } from '../../domain/service-error.ts';
import type { Principal } from '../../policy/index.ts';
import { toServiceError, toStatus } from '../status.ts';
import type { AccessTable } from './access-table.ts';
import type { Authenticator } from './authenticator.ts';
import type { RateLimiter } from './rate-limiter.ts';

export interface AccessControl {
  readonly table: AccessTable;
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  /** Told of every refusal, with the method's name. */
  onRefused(method: string, error: ServiceError): void;
}

/** Probes come from machines without credentials; they learn whether the service serves, nothing else. */
const OPEN_SERVICE = '/grpc.health.v1.Health/';
/** Tells the API, which is public anyway, to whoever has a role. */
const REFLECTION = /^\/grpc\.reflection\.v1(?:alpha)?\.ServerReflection\//;

/** A request's own metadata object is the key: nothing that a client sends can become one. */
const principals = new WeakMap<Metadata, Principal>();

/** Who makes this call, with those roles by which they may. */
export function principalOf(call: { readonly metadata: Metadata }): Principal {
  const principal = principals.get(call.metadata);
  if (principal === undefined) throw new Error('a call reached its handler without access control');
  return principal;
}

export function accessInterceptor(access: AccessControl): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, proceed) => {
          if (method.path.startsWith(OPEN_SERVICE)) return proceed(metadata);
          admit(access, method.path, metadata, call).then(
            (principal) => {
              principals.set(metadata, principal);
              proceed(metadata);
            },
            (reason: unknown) => {
              const error = toServiceError(reason);
              access.onRefused(method.path.split('/').at(-1)!, error);
              call.sendStatus(toStatus(error));
            },
          );
        });
        next(listener.build());
      },
    });
}

/** Metadata meant for us may not ask for what no field can; that of others passes. */
function refuseProhibitedMetadata(metadata: Metadata): void {
  for (const [key, value] of Object.entries(metadata.getMap())) {
    if (!/^(?:x-)?sotto-/.test(key)) continue;
    const feature = prohibitedFeatureOf(key) ?? prohibitedFeatureOf(String(value));
    if (feature) throw prohibited(feature, `metadata ${key}`);
  }
}

async function admit(
  { table, authenticator, rateLimiter }: AccessControl,
  path: string,
  metadata: Metadata,
  call: ServerInterceptingCallInterface,
): Promise<Principal> {
  const certificate = call.getAuthContext().sslPeerCertificate;
  const principal = await authenticator.authenticate({ metadata, certificate });
  rateLimiter.take(principal);
  if (REFLECTION.test(path) && principal.roles.length > 0) return principal;
  const allowed = table.get(path) ?? [];
  refuseProhibitedMetadata(metadata);
  const roles = principal.roles.filter((role) => allowed.includes(role));
  if (roles.length > 0) return { ...principal, roles };
  const needed = allowed.length > 0 ? `it needs one of ${allowed.join(', ')}` : 'no role may';
  throw new ServiceError('permission-denied', `your roles may not call this method; ${needed}`);
}
