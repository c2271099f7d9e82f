/**
 * Keeps one running call as its finals come: in batches, beside the call, so that a slow database holds up nobody's
 * results. What was taken is stored when `finish` resolves; an opt-out erases all of it. Only originals are waited for:
 * a final is shown when the vault has what it masks, and a vault that fails ends the call (docs/decisions/0027).
 */
import type { KeepOriginals, Original } from '../domain/originals.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { AuditLog } from './audit-log.ts';
import type { CallStore, KeptCall, NewCall, StoredSegment } from './call-store.ts';
import type { StoreTransaction } from './database.ts';
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
  #waiting: Waiting = { segments: [], originals: [] };
  /** Finals that are stored; of a resumed call, also those before. */
  #stored: number;
  readonly #isResumed: boolean;
  #kept: KeptCall | undefined;
  #writing: Promise<void> | undefined;
  #erased: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /**
   * `actor` is who the audit log says made the call. Nothing is written before the first final. `finalsBefore`: the
   * call was resumed, and had so many finals at its checkpoint.
   */
  constructor(parts: CallKeeperParts, call: NewCall, actor: string, finalsBefore?: number) {
    this.#parts = parts;
    this.#call = call;
    this.#actor = actor;
    this.#stored = finalsBefore ?? 0;
    this.#isResumed = finalsBefore !== undefined;
  }

  add(segment: StoredSegment): void {
    if (this.#erased || this.#failure) return;
    this.#waiting.segments.push(segment);
    this.#writing ??= this.#write();
  }

  /** Where originals go; undefined where the purpose keeps none. Rejects with ServiceError `unavailable`. */
  get keepOriginals(): KeepOriginals | undefined {
    if (this.#call.keeping.vaultMinutes === 0) return undefined;
    return async (sequence, originals) => {
      if (this.#erased) return;
      if (!this.#failure) {
        this.#waiting.originals.push({ sequence, originals });
        this.#writing ??= this.#write();
      }
      await this.#writing;
      if (this.#failure) throwUnlessErased(this.#failure.error);
    };
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
    this.#waiting = { segments: [], originals: [] };
    await this.#writing;
    const { tenant, subjects } = this.#call;
    const kept = this.#kept && (await this.#parts.calls.get(tenant, this.#kept.id));
    const declared = subjects.find(({ kind }) => kind === 'call-id');
    const before = declared ? await this.#parts.calls.find(tenant, declared, 'call_id') : [];
    const rows = new Map<string, CallRow>([...before, ...(kept ? [kept] : [])].map((row) => [row.id, row]));
    const token = declared && (await this.#parts.calls.tokenOf(tenant, declared, 'call_id')).token;
    if (rows.size === 0 && token === undefined) return;
    await this.#parts.erasure.erase(tenant, [...rows.values()], 'opt-out', { actor: this.#actor }, token);
  }

  async #write(): Promise<void> {
    try {
      while (this.#waiting.segments.length + this.#waiting.originals.length > 0) {
        const waiting = this.#waiting;
        this.#waiting = { segments: [], originals: [] };
        await this.#store(waiting);
        this.#stored += waiting.segments.length;
      }
    } catch (error) {
      this.#failure = { error };
      this.#waiting = { segments: [], originals: [] };
    } finally {
      this.#writing = undefined;
    }
  }

  async #store({ segments, originals }: Waiting): Promise<void> {
    const { calls, audit } = this.#parts;
    const { tenant, keeping } = this.#call;
    this.#kept = await audit.transaction(async (transaction) => {
      const before = this.#kept ?? (await this.#reopened(transaction));
      const call = before ?? (await calls.begin(transaction, this.#call));
      await calls.append(transaction, call, this.#stored, segments);
      for (const { sequence, originals: ofFinal } of originals) {
        await calls.appendMappings(transaction, call, sequence, ofFinal);
      }
      if (before) return call;
      await transaction.audit(tenant, {
        action: 'keep',
        callId: call.id,
        purpose: keeping.purpose,
        detail: { actor: this.#actor, policyHash: keeping.policyHash },
      });
      return call;
    });
  }

  async #reopened(transaction: StoreTransaction): Promise<KeptCall | undefined> {
    const { id } = this.#call;
    if (!this.#isResumed || id === undefined) return undefined;
    return this.#parts.calls.reopen(transaction, { ...this.#call, id });
  }
}

interface Waiting {
  readonly segments: StoredSegment[];
  readonly originals: { readonly sequence: number; readonly originals: readonly Original[] }[];
}

/** Of a call that was erased while it ran nothing is kept, as was asked; its results go on. */
function throwUnlessErased(error: unknown): void {
  if (error instanceof ServiceError && error.kind === 'not-found') return;
  throw new ServiceError(
    'unavailable',
    'the originals that the purpose keeps could not be stored, so the call ends; resume it, or call again, when the store is back',
    { cause: error },
  );
}
