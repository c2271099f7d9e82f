/**
 * What is kept of calls: redacted transcripts, and the originals behind their masks (the vault), each sealed under a
 * key of its own. Which calls, and for how long, is the policy's to say.
 */
import { randomUUID } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js';
import { samplesToMs } from '../domain/audio.ts';
import type { EntityType } from '../domain/entity.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { RawText } from '../domain/text.ts';
import type { RedactedSegment, Sentiment } from '../domain/transcript.ts';
import type { Database, StoreTransaction } from './database.ts';
import type { CallKeys, KeyKind } from './keys/call-keys.ts';
import { bindingOf, sealJson, unsealJson } from './keys/seal.ts';
import type { TenantKeys } from './keys/tenant-keys.ts';
import { type SubjectIdentifier, type SubjectToken, subjectToken } from './subject-identifier.ts';
import type { CallRow } from './tables.ts';

/** What is kept of a purpose's calls; minutes from the end of the call. */
export interface Keeping {
  readonly purpose: string;
  readonly policyHash: string;
  /** More than 0: what is not kept never gets here. */
  readonly transcriptMinutes: number;
  /** 0: the originals are not kept. */
  readonly vaultMinutes: number;
  /** Whether calls may be found by what they have in common; else only by their own id. */
  readonly linking: boolean;
}

export interface NewCall {
  /** Ours, where it must be known beforehand: a UUID. */
  readonly id?: string;
  readonly tenant: string;
  readonly keeping: Keeping;
  readonly lawfulBasis: string;
  readonly source: CallRow['source'];
  readonly startedAt: Date;
  /** The controller's id of the call and what is known of its subject; kept as keyed hashes. */
  readonly subjects: readonly SubjectIdentifier[];
  /** The controller's id of the call where only its keyed hash is at hand. */
  readonly callToken?: Uint8Array;
}

export interface StoredSegment extends RedactedSegment {
  readonly sentiment?: Sentiment;
}

/** An original and what stands for it in the transcript. */
export interface VaultMapping {
  readonly type: EntityType;
  readonly replacement: string;
  readonly original: RawText;
  /** What the call can be found by; left out: the original. Goes into the blind index, not into the vault. */
  readonly identifiers?: readonly string[];
}

/** A call that is being kept. Holds its keys: let go of it when the call ends. */
export interface KeptCall {
  readonly id: string;
  readonly tenant: string;
  readonly keeping: Keeping;
  readonly transcriptKey: Uint8Array;
  readonly vaultKey?: Uint8Array;
}

export interface CallStoreOptions {
  /** Of national telephone numbers, where a number comes without its country. */
  readonly country: CountryCode;
  readonly now: () => Date;
}

/** Rows per statement: PostgreSQL takes 65,535 parameters. */
const ROWS_PER_INSERT = 2000;

export class CallStore {
  readonly #database: Database;
  readonly #tenantKeys: TenantKeys;
  readonly #callKeys: CallKeys;
  readonly #options: CallStoreOptions;

  constructor(database: Database, tenantKeys: TenantKeys, callKeys: CallKeys, options: CallStoreOptions) {
    this.#database = database;
    this.#tenantKeys = tenantKeys;
    this.#callKeys = callKeys;
    this.#options = options;
  }

  /** Begins to keep a call. Throws ServiceError `failed-precondition` if its tenant has no keys. */
  async begin(transaction: StoreTransaction, call: NewCall): Promise<KeptCall> {
    const [kept] = await this.beginAll(transaction, [call]);
    return kept!;
  }

  async beginAll({ query }: StoreTransaction, calls: readonly NewCall[]): Promise<readonly KeptCall[]> {
    const withIds = calls.map((call) => ({ ...call, id: call.id ?? randomUUID() }));
    const owners = withIds.flatMap(({ id, tenant, keeping }) =>
      kindsOf(keeping).map((kind) => ({ tenant, callId: id, kind })),
    );
    // On disk before the row that names them: a crash between leaves a key to nothing.
    const keys = (await this.#callKeys.create(owners)).values();
    const kept = withIds.map((call) => ({
      ...call,
      transcript: keys.next().value!,
      vault: call.keeping.vaultMinutes > 0 ? keys.next().value! : undefined,
    }));
    const rows = kept.map(({ id, tenant, keeping, lawfulBasis, source, startedAt, transcript, vault }) => ({
      id,
      tenant,
      purpose: keeping.purpose,
      lawful_basis: lawfulBasis,
      policy_hash: keeping.policyHash,
      source,
      started_at: startedAt,
      transcript_key: transcript.ref,
      vault_key: vault?.ref ?? null,
      vault_expires_at: null,
      ...this.#expiry(keeping),
      restricted_at: null,
      erasing_at: null,
    }));
    for (const part of chunked(rows)) await query.insertInto('call').values(part).execute();
    const subjects = await Promise.all(kept.map((call) => this.#subjectsOf(call.id, call, call.subjects)));
    const tokens = kept.flatMap(({ id, tenant, callToken }) =>
      callToken === undefined ? [] : [{ call_id: id, kind: 'call-id' as const, token: callToken, tenant }],
    );
    for (const part of chunked([...subjects.flat(), ...tokens]))
      await query.insertInto('subject').values(part).execute();
    return kept.map(({ id, tenant, keeping, transcript, vault }) => ({
      id,
      tenant,
      keeping,
      transcriptKey: transcript.key,
      ...(vault && { vaultKey: vault.key }),
    }));
  }

  /**
   * Goes on with a call that another connection or process began under this id. Undefined if nothing of it was kept yet;
   * throws ServiceError `not-found` if it was erased, or its retention has ended.
   */
  async reopen(
    { query }: StoreTransaction,
    { id, tenant, keeping }: NewCall & { readonly id: string },
  ): Promise<KeptCall | undefined> {
    const row = await query
      .selectFrom('call')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', tenant)
      .executeTakeFirst();
    if (row === undefined) {
      const ended = await query
        .selectFrom('audit_entry')
        .select('sequence')
        .where('tenant', '=', tenant)
        .where('call_id', '=', id)
        .where('action', 'in', ['erase', 'opt-out', 'expire'])
        .executeTakeFirst();
      if (ended !== undefined) throw erased();
      return undefined;
    }
    const transcriptKey = await this.#keyOf(row, 'transcript', row.transcript_key);
    if (row.erasing_at !== null || transcriptKey === undefined) throw erased();
    const vaultKey = row.vault_key === null ? undefined : await this.#keyOf(row, 'vault', row.vault_key);
    return { id, tenant, keeping, transcriptKey, ...(vaultKey && { vaultKey }) };
  }

  /**
   * Adds finals, `sequence` being the number of the first in the call. Throws ServiceError `not-found` if the call
   * was erased meanwhile: nothing of it may be kept any more. A resumed call comes to the same finals again: those
   * that are there stay.
   */
  async append(
    { query }: StoreTransaction,
    call: KeptCall,
    sequence: number,
    segments: readonly StoredSegment[],
  ): Promise<void> {
    await this.#touch(query, call);
    const rows = segments.map((segment, at) => ({
      call_id: call.id,
      sequence: sequence + at,
      channel: segment.channel,
      role: segment.role,
      language: segment.language,
      start_ms: Math.round(samplesToMs(segment.startSample)),
      end_ms: Math.round(samplesToMs(segment.endSample)),
      entity_types: [...new Set(segment.entities.map(({ type }) => type))],
      sealed: sealJson(call.transcriptKey, segment, segmentBinding(call.tenant, call.id, sequence + at)),
    }));
    for (const part of chunked(rows)) {
      await query
        .insertInto('segment')
        .values(part)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  /** Adds originals to the vault, `sequence` being the number of the first in the call; those that are there stay. */
  async appendMappings(
    { query }: StoreTransaction,
    call: KeptCall,
    sequence: number,
    mappings: readonly VaultMapping[],
  ): Promise<void> {
    if (call.vaultKey === undefined || mappings.length === 0) return;
    await this.#touch(query, call);
    const key = call.vaultKey;
    const rows = mappings.map(({ type, replacement, original }, at) => ({
      call_id: call.id,
      sequence: sequence + at,
      entity_type: type,
      sealed: sealJson(key, { replacement, original }, vaultBinding(call.tenant, call.id, sequence + at)),
    }));
    for (const part of chunked(rows)) {
      await query
        .insertInto('vault_entry')
        .values(part)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    if (!call.keeping.linking) return;
    const identifiers = mappings.flatMap(({ type, original, identifiers = [original] }) => {
      const kind = SUBJECT_KIND_OF[type];
      return kind ? identifiers.map((value) => ({ kind, value })) : [];
    });
    const subjects = await this.#subjectsOf(call.id, call, identifiers, 'skip');
    for (const part of chunked(subjects)) {
      await query
        .insertInto('subject')
        .values(part)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  /** The segments of one call in order. Empty where its key was destroyed. */
  async segmentsOf(call: CallRow): Promise<readonly StoredSegment[]> {
    const [segments] = await this.segmentsOfAll([call]);
    return segments!;
  }

  /** As `segmentsOf`, for many calls in one query. */
  async segmentsOfAll(calls: readonly CallRow[]): Promise<readonly (readonly StoredSegment[])[]> {
    const ids = calls.map(({ id }) => id);
    const rows = await this.#database.query
      .selectFrom('segment')
      .select(['call_id', 'sequence', 'sealed'])
      .where('call_id', 'in', ids)
      .orderBy('call_id')
      .orderBy('sequence')
      .execute();
    const byCall = Map.groupBy(rows, ({ call_id }) => call_id);
    return Promise.all(
      calls.map(async (call) => {
        const key = await this.#keyOf(call, 'transcript', call.transcript_key);
        if (key === undefined) return [];
        return (byCall.get(call.id) ?? []).map(({ sequence, sealed }) =>
          unsealJson<StoredSegment>(key, sealed, segmentBinding(call.tenant, call.id, sequence)),
        );
      }),
    );
  }

  /** Each once, however often it was said. */
  async mappingsOf(call: CallRow): Promise<readonly VaultMapping[]> {
    const key = call.vault_key && (await this.#keyOf(call, 'vault', call.vault_key));
    if (!key) return [];
    const rows = await this.#database.query
      .selectFrom('vault_entry')
      .selectAll()
      .where('call_id', '=', call.id)
      .orderBy('sequence')
      .execute();
    const mappings = rows.map(({ sequence, entity_type, sealed }): VaultMapping => {
      const { replacement, original } = unsealJson<Pick<VaultMapping, 'replacement' | 'original'>>(
        key,
        sealed,
        vaultBinding(call.tenant, call.id, sequence),
      );
      return { type: entity_type, replacement, original };
    });
    return [...new Map(mappings.map((mapping) => [JSON.stringify(mapping), mapping])).values()];
  }

  /** The calls of a tenant that an identifier leads to, oldest first; those being erased are gone already. */
  async find(tenant: string, identifier: SubjectIdentifier, field: string): Promise<readonly CallRow[]> {
    const { kind, token } = await this.tokenOf(tenant, identifier, field);
    return this.#database.query
      .selectFrom('call')
      .innerJoin('subject', 'subject.call_id', 'call.id')
      .selectAll('call')
      .where('subject.tenant', '=', tenant)
      .where('subject.kind', '=', kind)
      .where('subject.token', '=', token)
      .where('call.erasing_at', 'is', null)
      .where('call.transcript_expires_at', '>', this.#options.now())
      .orderBy('call.started_at')
      .execute();
  }

  /** What stands for an identifier in the blind index. Throws ServiceError `invalid-argument` naming `field`. */
  async tokenOf(tenant: string, identifier: SubjectIdentifier, field: string): Promise<SubjectToken> {
    const key = await this.#tenantKeys.derive(tenant, 'subject-index');
    return subjectToken(key, identifier, this.#options.country, field);
  }

  /** Undefined as well for a call of another tenant, one that expired, or that is being erased. */
  async get(tenant: string, id: string): Promise<CallRow | undefined> {
    if (!UUID.test(id)) return undefined;
    return this.#database.query
      .selectFrom('call')
      .selectAll()
      .where('id', '=', id)
      .where('tenant', '=', tenant)
      .where('erasing_at', 'is', null)
      .where('transcript_expires_at', '>', this.#options.now())
      .executeTakeFirst();
  }

  async #keyOf(call: CallRow, kind: KeyKind, ref: string): Promise<Uint8Array | undefined> {
    return this.#callKeys.open({ tenant: call.tenant, callId: call.id, kind }, ref);
  }

  /** Retention counts from the end of the call, and the newest final is its end so far. */
  async #touch(query: StoreTransaction['query'], call: KeptCall): Promise<void> {
    const { numUpdatedRows } = await query
      .updateTable('call')
      .set(this.#expiry(call.keeping))
      .where('id', '=', call.id)
      .where('erasing_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw erased();
  }

  #expiry({ transcriptMinutes, vaultMinutes }: Keeping) {
    const from = this.#options.now().getTime();
    const after = (minutes: number) => new Date(from + minutes * 60_000);
    return {
      transcript_expires_at: after(transcriptMinutes),
      // A policy that has ceased to keep originals does not prolong those of a call that was resumed.
      ...(vaultMinutes > 0 && { vault_expires_at: after(vaultMinutes) }),
    };
  }

  /** `skip`: originals that only look like an identifier are no reason to fail. */
  async #subjectsOf(
    callId: string,
    { tenant, keeping }: { readonly tenant: string; readonly keeping: Keeping },
    identifiers: readonly SubjectIdentifier[],
    unreadable: 'refuse' | 'skip' = 'refuse',
  ) {
    const allowed = identifiers.filter(({ kind }) => keeping.linking || kind === 'call-id');
    if (allowed.length === 0) return [];
    const key = await this.#tenantKeys.derive(tenant, 'subject-index');
    const tokens = allowed.flatMap((identifier) => {
      try {
        return [subjectToken(key, identifier, this.#options.country, identifier.kind)];
      } catch (error) {
        if (unreadable === 'skip') return [];
        throw error;
      }
    });
    const distinct = new Map(
      tokens.map((each) => [`${each.kind}${Buffer.from(each.token).toString('hex')}`, each]),
    );
    return [...distinct.values()].map((each) => ({ ...each, call_id: callId, tenant }));
  }
}

function erased(): ServiceError {
  return new ServiceError('not-found', 'the call was erased; nothing more is kept of it');
}

const SUBJECT_KIND_OF: Partial<Record<EntityType, SubjectIdentifier['kind']>> = {
  PHONE_NUMBER: 'phone-number',
  EMAIL_ADDRESS: 'email-address',
  CUSTOMER_REFERENCE: 'customer-reference',
};

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function kindsOf({ vaultMinutes }: Keeping): readonly KeyKind[] {
  return vaultMinutes > 0 ? ['transcript', 'vault'] : ['transcript'];
}

function segmentBinding(tenant: string, callId: string, sequence: number): string {
  return bindingOf('segment', tenant, callId, sequence);
}

function vaultBinding(tenant: string, callId: string, sequence: number): string {
  return bindingOf('vault', tenant, callId, sequence);
}

function chunked<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_INSERT) }, (_, at) =>
    rows.slice(at * ROWS_PER_INSERT, (at + 1) * ROWS_PER_INSERT),
  );
}
