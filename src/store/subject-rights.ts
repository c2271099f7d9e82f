/**
 * The rights of the persons in the calls: access and portability (GDPR Art. 15, 20), erasure (17), restriction (18),
 * and the controlled way back to an original. Each is in the audit log before anything is told or done.
 */
import { ServiceError } from '../domain/service-error.ts';
import type { AuditEntry, AuditLog, AuditVerdict } from './audit-log.ts';
import type { CallStore, StoredSegment, VaultMapping } from './call-store.ts';
import type { Erasure } from './erasure.ts';
import type { SubjectIdentifier } from './subject-identifier.ts';
import type { CallRow } from './tables.ts';

/** Who asks, as authenticated. */
export interface Actor {
  readonly tenant: string;
  readonly name: string;
}

/** By what a subject is found; `field` is where it stands in the request, for errors. */
export interface SubjectQuery {
  readonly identifier: SubjectIdentifier;
  readonly field: string;
}

/** What is known of a kept call beside its words. */
export interface CallSummary {
  readonly id: string;
  readonly purpose: string;
  readonly lawfulBasis: string;
  readonly policyHash: string;
  readonly source: CallRow['source'];
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly restrictedAt?: Date;
  readonly hasVault: boolean;
}

export interface ExportedCall extends CallSummary {
  readonly segments: readonly StoredSegment[];
  /** Only where asked for, and kept. */
  readonly originals?: readonly VaultMapping[];
}

/** Calls whose segments are read together while exporting. */
const EXPORT_BATCH = 100;

export class SubjectRights {
  readonly #calls: CallStore;
  readonly #audit: AuditLog;
  readonly #erasure: Erasure;
  readonly #now: () => Date;

  constructor(calls: CallStore, audit: AuditLog, erasure: Erasure, now: () => Date) {
    this.#calls = calls;
    this.#audit = audit;
    this.#erasure = erasure;
    this.#now = now;
  }

  async find(actor: Actor, { identifier, field }: SubjectQuery): Promise<readonly CallSummary[]> {
    const calls = await this.#calls.find(actor.tenant, identifier, field);
    await this.#log(actor, 'find', { identifierKind: identifier.kind, calls: calls.length });
    return calls.map(summaryOf);
  }

  /** The calls of a subject with all that is kept of them, in order of their start. */
  async *export(
    actor: Actor,
    { identifier, field }: SubjectQuery,
    withOriginals: boolean,
  ): AsyncGenerator<ExportedCall, void, undefined> {
    const calls = await this.#calls.find(actor.tenant, identifier, field);
    await this.#log(actor, 'export', {
      identifierKind: identifier.kind,
      calls: calls.length,
      originals: withOriginals,
    });
    for (let start = 0; start < calls.length; start += EXPORT_BATCH) {
      const part = calls.slice(start, start + EXPORT_BATCH);
      const segments = await this.#calls.segmentsOfAll(part);
      for (const [at, call] of part.entries()) {
        const originals = withOriginals ? await this.#calls.mappingsOf(call) : undefined;
        yield { ...summaryOf(call), segments: segments[at]!, ...(originals && { originals }) };
      }
    }
  }

  /** Returns the entry that says so: the receipt, which `AuditLog.verify` finds in the chain. */
  async erase(actor: Actor, { identifier, field }: SubjectQuery, reason: string): Promise<AuditEntry> {
    const calls = await this.#calls.find(actor.tenant, identifier, field);
    const { kind, token } = await this.#calls.tokenOf(actor.tenant, identifier, field);
    const detail = { actor: actor.name, reason };
    return this.#erasure.erase(actor.tenant, calls, 'erase', detail, kind === 'call-id' ? token : undefined);
  }

  /** Restricted calls are kept, also beyond their retention, and not used. Returns how many there are now. */
  async restrict(
    actor: Actor,
    { identifier, field }: SubjectQuery,
    restricted: boolean,
    reason: string,
  ): Promise<number> {
    const calls = await this.#calls.find(actor.tenant, identifier, field);
    await this.#audit.transaction(async (transaction) => {
      for (const { id } of calls) {
        await transaction.query
          .updateTable('call')
          .set({ restricted_at: restricted ? this.#now() : null })
          .where('id', '=', id)
          .execute();
      }
      await transaction.audit(actor.tenant, {
        action: restricted ? 'restrict' : 'unrestrict',
        detail: { actor: actor.name, reason, calls: calls.length, identifierKind: identifier.kind },
      });
    });
    return calls.length;
  }

  /**
   * A transcript for the purpose it was made for, and no other. Throws ServiceError: `not-found` also where the call
   * is another's or was made for another purpose; `failed-precondition` while it is restricted.
   */
  async read(actor: Actor, callId: string, purpose: string): Promise<ExportedCall> {
    const call = (await this.#calls.get(actor.tenant, callId)) ?? (await this.#declaredAs(actor, callId));
    if (call === undefined || call.purpose !== purpose) throw unknownCall();
    refuseRestricted(call);
    await this.#log(actor, 'read', {}, call);
    return { ...summaryOf(call), segments: await this.#calls.segmentsOf(call) };
  }

  /** The newest call that the controller declared with this id. */
  async #declaredAs({ tenant }: Actor, callId: string): Promise<CallRow | undefined> {
    return (await this.#calls.find(tenant, { kind: 'call-id', value: callId }, 'call_id')).at(-1);
  }

  async listAudit(actor: Actor, limit: number, before?: number): Promise<readonly AuditEntry[]> {
    await this.#log(actor, 'list-audit', {});
    return this.#audit.list(actor.tenant, limit, before);
  }

  /** The check itself becomes an entry after those it checked. */
  async verifyAudit(
    actor: Actor,
    receipt?: { readonly sequence: number; readonly hash: string },
  ): Promise<AuditVerdict> {
    const verdict = await this.#audit.verify(actor.tenant, receipt);
    await this.#log(actor, 'verify-audit', {});
    return verdict;
  }

  async #log(
    actor: Actor,
    action: 'find' | 'export' | 'read' | 'list-audit' | 'verify-audit',
    detail: { identifierKind?: string; calls?: number; originals?: boolean },
    call?: CallRow,
  ): Promise<void> {
    await this.#audit.transaction((transaction) =>
      transaction.audit(actor.tenant, {
        action,
        callId: call?.id,
        purpose: call?.purpose,
        detail: { actor: actor.name, ...detail },
      }),
    );
  }
}

export function unknownCall(): ServiceError {
  return new ServiceError('not-found', 'call_id: no such call is kept', { detail: { field: 'call_id' } });
}

export function refuseRestricted(call: CallRow): void {
  if (call.restricted_at === null) return;
  throw new ServiceError(
    'failed-precondition',
    'call_id: processing of this call is restricted (GDPR Art. 18); lift the restriction first',
    { detail: { field: 'call_id' } },
  );
}

function summaryOf(call: CallRow): CallSummary {
  return {
    id: call.id,
    purpose: call.purpose,
    lawfulBasis: call.lawful_basis,
    policyHash: call.policy_hash,
    source: call.source,
    startedAt: call.started_at,
    expiresAt: call.transcript_expires_at,
    ...(call.restricted_at && { restrictedAt: call.restricted_at }),
    hasVault: call.vault_key !== null,
  };
}
