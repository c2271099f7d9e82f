/** What is kept: the store with the keys of its tenants, and the sweeper that ends what has expired. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { ServiceError } from '../domain/service-error.ts';
import { LOOPBACK_PRINCIPAL, type Policy } from '../policy/index.ts';
import type { LinkingKeys } from '../redact/index.ts';
import {
  type KeyRing,
  openStore,
  parseKeyRing,
  readKeyRing,
  type Store,
  tenantKeys,
} from '../store/index.ts';
import { createLogger, Telemetry } from '../telemetry/index.ts';
import { hasArchive } from './archive.ts';

/** Where things are kept; several parts of a process share one, because the embedded database serves one process. */
export async function openConfiguredStore(
  { store, log }: Config,
  telemetry = new Telemetry(createLogger(log.level)),
): Promise<Store> {
  telemetry.watchStore();
  const { dataDir, databaseUrl, maxConnections, country, twoPersonReveal } = store;
  const ring = await configuredKeyRing(store);
  return openStore({
    location: {
      dataDir,
      url: databaseUrl,
      maxConnections,
      onQuery: (query) => telemetry.storeQuery(query),
    },
    tenantKeys: tenantKeys(ring),
    country: country as 'NL',
    twoPersonReveal,
    onAuditHead: (head) => telemetry.auditHead(head),
  });
}

function configuredKeyRing(store: Config['store']): Promise<KeyRing> | KeyRing {
  const keysInEnvironment = process.env.SOTTO_TENANT_KEYS;
  return keysInEnvironment
    ? parseKeyRing(keysInEnvironment, 'SOTTO_TENANT_KEYS')
    : readKeyRing(store, LOOPBACK_PRINCIPAL.tenant);
}

/**
 * One key a tenant for the tokens that link calls, from the secret that rotation does not touch. Undefined where
 * neither the policy nor the configuration asks for keys: a policy that does so later needs a restart.
 */
export async function openLinkingKeys({ store }: Config, policy: Policy): Promise<LinkingKeys | undefined> {
  const operators = Object.values(policy.purposes).flatMap(({ entities }) => Object.values(entities));
  const asked = operators.some((each) => each.includes('token'));
  if (!asked && store.tenantKeysFile === undefined && !process.env.SOTTO_TENANT_KEYS) return undefined;
  const ring = await configuredKeyRing(store);
  const source = tenantKeys(ring);
  const keys = new Map<string, Uint8Array>();
  for (const tenant of Object.keys(ring.tenants))
    keys.set(tenant, await source.derive(tenant, 'linkable-token'));
  return (tenant) => {
    const key = keys.get(tenant);
    if (key !== undefined) return key;
    throw new ServiceError(
      'failed-precondition',
      "operator 'token': your tenant has no keys here; make them with `sotto keys create` and start anew",
    );
  };
}

/** Without archive, a policy that keeps nothing needs no store, unless something is still kept from before. */
export function needsStore(config: Config, policy: Policy): boolean {
  const { store } = config;
  return (
    hasArchive(config) ||
    store.databaseUrl !== undefined ||
    Object.values(policy.purposes).some(({ retention }) => retention.transcriptMinutes > 0) ||
    existsSync(join(store.dataDir, 'postgres'))
  );
}

/** Ends what has expired, now and in every interval, until disposed of. */
export function runRetention(store: Store, intervalMs: number, telemetry: Telemetry): AsyncDisposable {
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        const { calls } = await store.retention.sweep(stop.signal);
        telemetry.swept(calls);
      } catch (error) {
        telemetry.sweepFailed(error);
      }
      await sleep(intervalMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
    }
  };
  const running = run();
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort();
      return running;
    },
  };
}
