/**
 * Ends what its purpose no longer needs (GDPR Art. 5(1)(e)), in batches, so that a sweep never holds much. It may be
 * killed anywhere: what is due stays due, and an erasure that was begun is finished by the next sweep, this one's or
 * another process's.
 */

import type { ItemKeys } from './archive/item-keys.ts';
import type { AuditLog } from './audit-log.ts';
import type { Database } from './database.ts';
import type { ErasableCall, Erasure } from './erasure.ts';
import type { CallKeys } from './keys/call-keys.ts';

export interface SweepResult {
  /** Calls whose transcript, and with it everything, is gone. */
  readonly calls: number;
  /** Calls whose originals are gone while the transcript stays. */
  readonly vaults: number;
}

export interface RetentionOptions {
  readonly now: () => Date;
  /** Calls that are ended together. */
  readonly batch?: number;
}

const DEFAULT_BATCH = 200;
const ACTOR = 'sotto retention';

export class Retention {
  readonly #database: Database;
  readonly #callKeys: CallKeys;
  readonly #itemKeys: ItemKeys;
  readonly #audit: AuditLog;
  readonly #erasure: Erasure;
  readonly #now: () => Date;
  readonly #batch: number;

  constructor(
    database: Database,
    callKeys: CallKeys,
    itemKeys: ItemKeys,
    audit: AuditLog,
    erasure: Erasure,
    { now, batch = DEFAULT_BATCH }: RetentionOptions,
  ) {
    this.#database = database;
    this.#callKeys = callKeys;
    this.#itemKeys = itemKeys;
    this.#audit = audit;
    this.#erasure = erasure;
    this.#now = now;
    this.#batch = batch;
  }

  /** Ends all that is due now. Restricted calls stay: GDPR Art. 18(2). */
  async sweep(signal?: AbortSignal): Promise<SweepResult> {
    let calls = 0;
    let vaults = 0;
    while (!signal?.aborted) {
      const ended = (await this.#endBegun()) + (await this.#endTranscripts());
      const emptied = await this.#endVaults();
      const progress = await this.#itemKeys.destroyExpired();
      calls += ended;
      vaults += emptied;
      if (ended + emptied + progress === 0) break;
    }
    await this.#itemKeys.destroyEnded();
    await this.#callKeys.removeEmptyFiles();
    return { calls, vaults };
  }

  /** Erasures that a crash interrupted. */
  async #endBegun(): Promise<number> {
    const calls = await this.#due().where('erasing_at', 'is not', null).execute();
    return this.#end(calls);
  }

  async #endTranscripts(): Promise<number> {
    const calls = await this.#due()
      .where('transcript_expires_at', '<=', this.#now())
      .where('restricted_at', 'is', null)
      .execute();
    return this.#end(calls);
  }

  async #endVaults(): Promise<number> {
    const calls = await this.#due()
      .where('vault_expires_at', '<=', this.#now())
      .where('vault_key', 'is not', null)
      .where('restricted_at', 'is', null)
      .execute();
    if (calls.length === 0) return 0;
    await this.#callKeys.destroy(calls.flatMap(({ vault_key }) => vault_key ?? []));
    await this.#audit.transaction(async (transaction) => {
      const ids = calls.map(({ id }) => id);
      await transaction.query.deleteFrom('vault_entry').where('call_id', 'in', ids).execute();
      await transaction.query
        .updateTable('call')
        .set({ vault_key: null, vault_expires_at: null })
        .where('id', 'in', ids)
        .execute();
      // In one order everywhere, so that two sweeps do not wait for each other's chains.
      const tenants = [...Map.groupBy(calls, (call) => call.tenant)].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [tenant, ofTenant] of tenants) {
        await transaction.audit(tenant, {
          action: 'expire',
          detail: { actor: ACTOR, vaults: ofTenant.length },
        });
      }
    });
    return calls.length;
  }

  #due() {
    return this.#database.query
      .selectFrom('call')
      .select(['id', 'tenant', 'purpose', 'transcript_key', 'vault_key'])
      .orderBy('id')
      .limit(this.#batch);
  }

  async #end(calls: readonly ErasableCall[]): Promise<number> {
    for (const [tenant, ofTenant] of Map.groupBy(calls, (call) => call.tenant)) {
      await this.#erasure.erase(tenant, ofTenant, 'expire', { actor: ACTOR });
    }
    return calls.length;
  }
}
