/**
 * Who did what with whose data, and why: append-only, each entry hashed over the one before. Persons are sealed
 * under a key of the tenant; subjects stand in it only as our random ids of calls. One chain per tenant.
 */
import type { AuditAnchor, AuditHead } from './audit-anchor.ts';
import { type AuditAction, auditHash, FIRST_PREVIOUS_HASH } from './audit-entry.ts';
import type { Database, StoreTransaction } from './database.ts';
import { bindingOf, sealJson, unsealJson } from './keys/seal.ts';
import type { TenantKeys } from './keys/tenant-keys.ts';
import type { AuditEntryRow } from './tables.ts';

export interface AuditRecord {
  readonly action: AuditAction;
  readonly callId?: string;
  readonly purpose?: string;
  readonly detail: AuditDetail;
}

/** Sealed: who it was may be personal data of an employee. Never holds words or identifiers of a call. */
export interface AuditDetail {
  /** The account, certificate or token; `sotto` for what the service does by itself. */
  readonly actor: string;
  readonly reason?: string;
  readonly calls?: number;
  /** Of archive jobs, whose work was ended. */
  readonly recordings?: number;
  readonly vaults?: number;
  readonly originals?: boolean;
  readonly entityType?: string;
  readonly identifierKind?: string;
  readonly policyHash?: string;
}

export interface AuditEntry extends AuditRecord {
  readonly sequence: number;
  readonly at: Date;
  /** Hexadecimal. */
  readonly hash: string;
}

export interface AuditVerdict {
  readonly intact: boolean;
  /** Entries that were checked. */
  readonly entries: number;
  readonly head?: AuditHead;
  /** First entry that is not what it was, or that is missing. */
  readonly brokenAt?: number;
  readonly problem?: AuditProblem;
}

export type AuditProblem =
  | 'entry-changed'
  | 'entry-missing'
  | 'head-changed'
  | 'tail-cut'
  | 'anchor-missing'
  /** It can be read no more, or is another tenant's. */
  | 'anchor-changed'
  | 'receipt-unknown';

const BATCH = 1000;

export class AuditLog {
  readonly #database: Database;
  readonly #keys: TenantKeys;
  readonly #anchor: AuditAnchor;
  readonly #now: () => Date;

  constructor(database: Database, keys: TenantKeys, anchor: AuditAnchor, now: () => Date) {
    this.#database = database;
    this.#keys = keys;
    this.#anchor = anchor;
    this.#now = now;
  }

  /**
   * What `work` does and its entries commit together, and the head is anchored before this resolves: nothing is done
   * unseen, and nothing is logged that was not done.
   */
  async transaction<T>(work: (transaction: AuditedTransaction) => Promise<T>): Promise<T> {
    const heads = new Map<string, AuditHead>();
    const result = await this.#database.transaction((transaction) =>
      work({
        ...transaction,
        audit: async (tenant, ...records) => {
          const entries = await this.#append(transaction, tenant, records);
          const { sequence, hash } = entries.at(-1)!;
          heads.set(tenant, { tenant, sequence, hash });
          return entries;
        },
      }),
    );
    await Promise.all([...heads.values()].map((head) => this.#anchor.write(head)));
    return result;
  }

  /** Newest first, before entry `before` if given. */
  async list(tenant: string, limit: number, before?: number): Promise<readonly AuditEntry[]> {
    let query = this.#database.query
      .selectFrom('audit_entry')
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('sequence', 'desc')
      .limit(limit);
    if (before !== undefined) query = query.where('sequence', '<', before);
    const key = await this.#keys.derive(tenant, 'audit');
    return (await query.execute()).map((row) => entryOf(row, key));
  }

  /** Every entry against the one before, the last against the head and the anchor; `receipt` must be among them. */
  async verify(tenant: string, receipt?: { sequence: number; hash: string }): Promise<AuditVerdict> {
    const head = await this.#head(tenant);
    const key = await this.#keys.derive(tenant, 'audit');
    const anchor = await this.#anchor.read(tenant);
    const anchored = anchor === 'damaged' ? undefined : anchor;
    let previous: Buffer = FIRST_PREVIOUS_HASH;
    let sequence = 0;
    const broken = (problem: AuditProblem, brokenAt: number): AuditVerdict => ({
      intact: false,
      entries: sequence,
      brokenAt,
      problem,
    });
    while (sequence < (head?.sequence ?? 0)) {
      const rows = await this.#batch(tenant, sequence, head!.sequence);
      if (rows.length === 0) break;
      for (const row of rows) {
        const expected = sequence + 1;
        if (row.sequence !== expected) return broken('entry-missing', expected);
        if (!isIntact(row, previous, key)) return broken('entry-changed', expected);
        if (receipt?.sequence === expected && toHex(row.hash) !== receipt.hash) {
          return broken('receipt-unknown', expected);
        }
        if (anchored?.sequence === expected && toHex(row.hash) !== anchored.hash) {
          return broken('entry-changed', expected);
        }
        previous = Buffer.from(row.hash);
        sequence = expected;
      }
    }
    if (sequence < (head?.sequence ?? 0)) return broken('tail-cut', sequence + 1);
    if (head && head.hash !== previous.toString('hex')) return broken('head-changed', sequence);
    if (await this.#hasMore(tenant, sequence)) return broken('head-changed', sequence);
    if (anchor === 'damaged') return broken('anchor-changed', sequence);
    if (head && anchored === undefined) return broken('anchor-missing', sequence);
    if (anchored && anchored.sequence > sequence) return broken('tail-cut', sequence + 1);
    if (receipt && receipt.sequence > sequence) return broken('receipt-unknown', receipt.sequence);
    return { intact: true, entries: sequence, head };
  }

  /** The chain of a tenant is locked from here on; all records are of it. */
  async #append(
    { query }: StoreTransaction,
    tenant: string,
    records: readonly AuditRecord[],
  ): Promise<readonly AuditEntry[]> {
    const head = await query
      .insertInto('audit_head')
      .values({ tenant, sequence: 0, hash: FIRST_PREVIOUS_HASH })
      .onConflict((conflict) => conflict.column('tenant').doUpdateSet({ tenant }))
      .returningAll()
      .executeTakeFirstOrThrow();
    const key = await this.#keys.derive(tenant, 'audit');
    const at = this.#now();
    let { sequence } = head;
    let hash: Uint8Array = head.hash;
    const rows = records.map(({ action, callId, purpose, detail }): AuditEntryRow => {
      sequence++;
      const unhashed = {
        tenant,
        sequence,
        at,
        action,
        call_id: callId ?? null,
        purpose: purpose ?? null,
        sealed: sealJson(key, detail, bindingFor(tenant, sequence)),
        previous_hash: Buffer.from(hash),
      };
      hash = auditHash(unhashed);
      return { ...unhashed, hash };
    });
    for (let start = 0; start < rows.length; start += BATCH) {
      await query
        .insertInto('audit_entry')
        .values(rows.slice(start, start + BATCH))
        .execute();
    }
    await query.updateTable('audit_head').set({ sequence, hash }).where('tenant', '=', tenant).execute();
    return rows.map((row, index) => ({
      ...records[index]!,
      sequence: row.sequence,
      at,
      hash: toHex(row.hash),
    }));
  }

  async #head(tenant: string): Promise<AuditHead | undefined> {
    const row = await this.#database.query
      .selectFrom('audit_head')
      .selectAll()
      .where('tenant', '=', tenant)
      .executeTakeFirst();
    return row && { tenant, sequence: row.sequence, hash: toHex(row.hash) };
  }

  /** Not beyond the head that was read: what is appended meanwhile belongs to the next check. */
  async #batch(tenant: string, after: number, last: number): Promise<readonly AuditEntryRow[]> {
    return this.#database.query
      .selectFrom('audit_entry')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('sequence', '>', after)
      .where('sequence', '<=', last)
      .orderBy('sequence')
      .limit(BATCH)
      .execute();
  }

  /** Entries without a head: somebody reset it. */
  async #hasMore(tenant: string, after: number): Promise<boolean> {
    const [newest, head] = await Promise.all([
      this.#database.query
        .selectFrom('audit_entry')
        .select(({ fn }) => fn.max('sequence').as('sequence'))
        .where('tenant', '=', tenant)
        .executeTakeFirst(),
      this.#head(tenant),
    ]);
    return Number(newest?.sequence ?? 0) > Math.max(after, head?.sequence ?? 0);
  }
}

/** A transaction that writes its own audit entries. */
export interface AuditedTransaction extends StoreTransaction {
  /** The chain of the tenant is locked from here to the end of the transaction: call it last. */
  audit(tenant: string, ...records: readonly AuditRecord[]): Promise<readonly AuditEntry[]>;
}

function isIntact(row: AuditEntryRow, previous: Buffer, key: Uint8Array): boolean {
  if (!previous.equals(row.previous_hash) || !auditHash(row).equals(row.hash)) return false;
  try {
    entryOf(row, key);
    return true;
  } catch {
    return false;
  }
}

function entryOf(row: AuditEntryRow, key: Uint8Array): AuditEntry {
  return {
    sequence: row.sequence,
    at: row.at,
    action: row.action,
    callId: row.call_id ?? undefined,
    purpose: row.purpose ?? undefined,
    hash: toHex(row.hash),
    detail: unsealJson<AuditDetail>(key, row.sealed, bindingFor(row.tenant, row.sequence)),
  };
}

function bindingFor(tenant: string, sequence: number): string {
  return bindingOf('audit entry', tenant, sequence);
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
