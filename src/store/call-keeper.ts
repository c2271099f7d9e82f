/**
 * Keeps one running call as its finals come: in batches, beside the call, so that a slow database holds up nobody's
 * results. What was taken is stored when `finish` resolves; an opt-out erases all of it.
 */
import type { AuditLog } from './audit-log.ts';
import type { CallStore, KeptCall, NewCall, StoredSegment } from './call-store.ts';
import type { Erasure } from './erasure.ts';
import type { CallRow } from './tables.ts';

export interface CallKeeperParts {
  readonly calls: CallStore;
  readonly audit: AuditLog;
  readonly erasure: Erasure;
}

export class CallKeeper {
  readonly #parts: CallKeeperParts;
  readonly #call: NewCall;
  readonly #actor: string;
  #waiting: StoredSegment[] = [];
  #stored = 0;
  #kept: KeptCall | undefined;
  #writing: Promise<void> | undefined;
  #erased: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `actor` is who the audit log says made the call. Nothing is written before the first final. */
  constructor(parts: CallKeeperParts, call: NewCall, actor: string) {
    this.#parts = parts;
    this.#call = call;
    this.#actor = actor;
  }

  add(segment: StoredSegment): void {
    if (this.#erased || this.#failure) return;
    this.#waiting.push(segment);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Rejects with what kept the call, or a part of it, from being stored. */
  async finish(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure.error;
  }

  /** Erases what was kept of the call, in this process or, under the id it was declared with, in another before. */
  optOut(): Promise<void> {
    this.#erased ??= this.#erase();
    return this.#erased;
  }

  get hasOptedOut(): boolean {
    return this.#erased !== undefined;
  }

  async #erase(): Promise<void> {
    this.#waiting = [];
    await this.#writing;
    const { tenant, subjects } = this.#call;
    const kept = this.#kept && (await this.#parts.calls.get(tenant, this.#kept.id));
    const declared = subjects.find(({ kind }) => kind === 'call-id');
    const before = declared ? await this.#parts.calls.find(tenant, declared, 'call_id') : [];
    const rows = new Map<string, CallRow>([...before, ...(kept ? [kept] : [])].map((row) => [row.id, row]));
    if (rows.size === 0) return;
    await this.#parts.erasure.erase(tenant, [...rows.values()], 'opt-out', { actor: this.#actor });
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const segments = this.#waiting;
        this.#waiting = [];
        await this.#store(segments);
        this.#stored += segments.length;
      }
    } catch (error) {
      this.#failure = { error };
      this.#waiting = [];
    }
  }

  async #store(segments: readonly StoredSegment[]): Promise<void> {
    const { calls, audit } = this.#parts;
    const { tenant, keeping } = this.#call;
    this.#kept = await audit.transaction(async (transaction) => {
      const call = this.#kept ?? (await calls.begin(transaction, this.#call));
      await calls.append(transaction, call, this.#stored, segments);
      if (this.#kept) return call;
      await transaction.audit(tenant, {
        action: 'keep',
        callId: call.id,
        purpose: keeping.purpose,
        detail: { actor: this.#actor, policyHash: keeping.policyHash },
      });
      return call;
    });
  }
}
