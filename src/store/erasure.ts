/**
 * How data ends. A call is first marked, so that nobody reads it and a crash leaves a trace of what was begun; then
 * its keys are destroyed, which is what erases it; then its rows go. Each step may be repeated, so whoever finds the
 * mark finishes the work.
 */
import { cancelItemsOfCall } from './archive/archive-item.ts';
import type { ItemKeys } from './archive/item-keys.ts';
import type { AuditAction } from './audit-entry.ts';
import type { AuditDetail, AuditEntry, AuditLog } from './audit-log.ts';
import type { Database } from './database.ts';
import type { CallKeys } from './keys/call-keys.ts';
import type { CallRow } from './tables.ts';

export type ErasableCall = Pick<CallRow, 'id' | 'tenant' | 'purpose' | 'transcript_key' | 'vault_key'>;

export class Erasure {
  readonly #database: Database;
  readonly #callKeys: CallKeys;
  readonly #itemKeys: ItemKeys;
  readonly #audit: AuditLog;
  readonly #now: () => Date;

  constructor(database: Database, callKeys: CallKeys, itemKeys: ItemKeys, audit: AuditLog, now: () => Date) {
    this.#database = database;
    this.#callKeys = callKeys;
    this.#itemKeys = itemKeys;
    this.#audit = audit;
    this.#now = now;
  }

  /**
   * Erases calls of one tenant, and stops what an archive does with recordings of the call that `callToken` stands for.
   * The entry is the receipt: one for all of them, and one for each.
   */
  async erase(
    tenant: string,
    calls: readonly ErasableCall[],
    action: Extract<AuditAction, 'erase' | 'opt-out' | 'expire'>,
    detail: AuditDetail,
    callToken?: Uint8Array,
  ): Promise<AuditEntry> {
    await this.#mark(calls);
    const recordings = callToken ? await cancelItemsOfCall(this.#database, tenant, callToken) : 0;
    await this.#callKeys.destroy(calls.flatMap(keysOf));
    if (callToken) await this.#itemKeys.destroyEnded();
    return this.#audit.transaction(async (transaction) => {
      await deleteCalls(transaction.query, calls);
      const each = calls.map(({ id, purpose }) => ({ action, callId: id, purpose, detail }));
      const counts = { calls: calls.length, ...(recordings > 0 && { recordings }) };
      const all = { action, detail: { ...detail, ...counts } };
      return (await transaction.audit(tenant, ...each, all)).at(-1)!;
    });
  }

  async #mark(calls: readonly ErasableCall[]): Promise<void> {
    if (calls.length === 0) return;
    await this.#database.query
      .updateTable('call')
      .set({ erasing_at: this.#now() })
      .where(
        'id',
        'in',
        calls.map(({ id }) => id),
      )
      .where('erasing_at', 'is', null)
      .execute();
  }
}

async function deleteCalls(query: Database['query'], calls: readonly ErasableCall[]): Promise<void> {
  if (calls.length === 0) return;
  // Segments, vault and index entries go with it.
  await query
    .deleteFrom('call')
    .where(
      'id',
      'in',
      calls.map(({ id }) => id),
    )
    .execute();
}

function keysOf({ transcript_key, vault_key }: ErasableCall): readonly string[] {
  return vault_key === null ? [transcript_key] : [transcript_key, vault_key];
}
