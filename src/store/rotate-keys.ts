import type { AuditDetail } from './audit-log.ts';
import type { Store } from './store.ts';

const BATCH = 500;

/**
 * Wraps every call's keys under the tenant's current key; what was wrapped under others can be let go of then. May be
 * broken off and begun again. Returns the number of calls.
 */
export async function rotateTenantKeys(store: Store, tenant: string, detail: AuditDetail): Promise<number> {
  let count = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const calls = await store.database.query
      .selectFrom('call')
      .select(['id', 'transcript_key', 'vault_key'])
      .where('tenant', '=', tenant)
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    if (calls.length === 0) break;
    for (const { id, transcript_key, vault_key } of calls) {
      await store.callKeys.rewrap({ tenant, callId: id, kind: 'transcript' }, transcript_key);
      if (vault_key !== null) await store.callKeys.rewrap({ tenant, callId: id, kind: 'vault' }, vault_key);
    }
    count += calls.length;
    after = calls.at(-1)!.id;
  }
  await store.itemKeys.rewrap(tenant);
  await store.audit.transaction((transaction) =>
    transaction.audit(tenant, { action: 'rotate-keys', detail: { ...detail, calls: count } }),
  );
  return count;
}
