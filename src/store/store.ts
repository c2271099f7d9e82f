/** All of it, opened together. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CountryCode } from 'libphonenumber-js';
import { ItemKeys } from './archive/item-keys.ts';
import { AuditAnchor, type AuditHead } from './audit-anchor.ts';
import { AuditLog } from './audit-log.ts';
import { CallStore } from './call-store.ts';
import { type Database, type DatabaseLocation, openDatabase } from './database.ts';
import { Erasure } from './erasure.ts';
import { CallKeys } from './keys/call-keys.ts';
import type { TenantKeys } from './keys/tenant-keys.ts';
import { Retention } from './retention.ts';
import { Reveal } from './reveal.ts';
import { SubjectRights } from './subject-rights.ts';

export interface StoreOptions {
  /** In `dataDir` lie the keys of calls and the anchor of the audit log, wherever the database is. */
  readonly location: DatabaseLocation;
  readonly tenantKeys: TenantKeys;
  /** Of telephone numbers without a country, ISO 3166-1. Default NL. */
  readonly country?: CountryCode;
  /** Whether a second officer must agree before an original is shown. Default false. */
  readonly twoPersonReveal?: boolean;
  /** Told of each new head of the audit log, once it is anchored. */
  readonly onAuditHead?: (head: AuditHead) => void;
  /** For tests. */
  readonly now?: () => Date;
  /** Calls that a sweep ends together. */
  readonly sweepBatch?: number;
}

export interface Store extends AsyncDisposable {
  readonly database: Database;
  readonly tenantKeys: TenantKeys;
  readonly callKeys: CallKeys;
  readonly itemKeys: ItemKeys;
  readonly calls: CallStore;
  readonly audit: AuditLog;
  readonly erasure: Erasure;
  readonly retention: Retention;
  readonly rights: SubjectRights;
  readonly reveal: Reveal;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const { location, tenantKeys, country = 'NL', twoPersonReveal = false, sweepBatch: batch } = options;
  const now = options.now ?? (() => new Date());
  await using resources = new AsyncDisposableStack();
  const database = resources.use(await openDatabase(location));
  const keyFolder = join(location.dataDir, 'keys');
  await mkdir(keyFolder, { recursive: true, mode: 0o700 });
  const callKeys = resources.use(new CallKeys(keyFolder, tenantKeys));
  const anchor = new AuditAnchor(join(location.dataDir, 'audit-heads'), options.onAuditHead);
  const audit = new AuditLog(database, tenantKeys, anchor, now);
  const calls = new CallStore(database, tenantKeys, callKeys, { country, now });
  const itemKeys = new ItemKeys(database, callKeys, now);
  const erasure = new Erasure(database, callKeys, itemKeys, audit, now);
  const owned = resources.move();
  return {
    database,
    tenantKeys,
    callKeys,
    itemKeys,
    calls,
    audit,
    erasure,
    retention: new Retention(database, callKeys, itemKeys, audit, erasure, { now, batch }),
    rights: new SubjectRights(calls, audit, erasure, now),
    reveal: new Reveal(database, calls, audit, tenantKeys, { now, twoPersons: twoPersonReveal }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
