/** What is kept: the store with the keys of its tenants, and the sweeper that ends what has expired. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { LOOPBACK_PRINCIPAL, type Policy } from '../policy/index.ts';
import { openStore, parseKeyRing, readKeyRing, type Store, tenantKeys } from '../store/index.ts';
import { createLogger, Telemetry } from '../telemetry/index.ts';
import { hasArchive } from './archive.ts';

/** Where things are kept; several parts of a process share one, because the embedded database serves one process. */
export async function openConfiguredStore(
  { store, log }: Config,
  telemetry = new Telemetry(createLogger(log.level)),
): Promise<Store> {
  telemetry.watchStore();
  const { dataDir, databaseUrl, maxConnections, country, twoPersonReveal } = store;
  const keysInEnvironment = process.env.SOTTO_TENANT_KEYS;
  const ring = keysInEnvironment
    ? parseKeyRing(keysInEnvironment, 'SOTTO_TENANT_KEYS')
    : await readKeyRing(store, LOOPBACK_PRINCIPAL.tenant);
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
