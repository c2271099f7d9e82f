/** Rows as the queries see them; the migrations say how they are stored. */
import type { SpeakerRole } from '../domain/audio.ts';
import type { EntityType } from '../domain/entity.ts';
import type { Language } from '../domain/language.ts';
import type { AuditAction } from './audit-entry.ts';
import type { SubjectKind } from './subject-identifier.ts';

export interface Tables {
  call: CallRow;
  segment: SegmentRow;
  vault_entry: VaultEntryRow;
  subject: SubjectRow;
  audit_entry: AuditEntryRow;
  audit_head: AuditHeadRow;
  reveal_request: RevealRequestRow;
}

export interface CallRow {
  /** Ours, random; the controller's id of the call is in `subject`, as a keyed hash. */
  id: string;
  tenant: string;
  purpose: string;
  lawful_basis: string;
  policy_hash: string;
  source: 'live' | 'recording' | 'archive';
  started_at: Date;
  /** Places of keys, as `CallKeys` gives them. */
  transcript_key: string;
  vault_key: string | null;
  /** Moves with every final of a running call. */
  transcript_expires_at: Date;
  vault_expires_at: Date | null;
  /** GDPR Art. 18: kept and not used. */
  restricted_at: Date | null;
  /** Not to be read any more; the next sweep finishes what began here. */
  erasing_at: Date | null;
}

export interface SegmentRow {
  call_id: string;
  /** Order in the call. */
  sequence: number;
  channel: number;
  role: SpeakerRole;
  language: Language;
  start_ms: number;
  end_ms: number;
  entity_types: EntityType[];
  sealed: Uint8Array;
}

export interface VaultEntryRow {
  call_id: string;
  sequence: number;
  entity_type: EntityType;
  sealed: Uint8Array;
}

export interface SubjectRow {
  call_id: string;
  kind: SubjectKind;
  /** HMAC-SHA-256 of the identifier under a key of the tenant. */
  token: Uint8Array;
  tenant: string;
}

export interface AuditEntryRow {
  tenant: string;
  /** From 1 without gap, per tenant. */
  sequence: number;
  at: Date;
  action: AuditAction;
  call_id: string | null;
  purpose: string | null;
  /** Who, why and how many. */
  sealed: Uint8Array;
  previous_hash: Uint8Array;
  hash: Uint8Array;
}

export interface AuditHeadRow {
  tenant: string;
  sequence: number;
  hash: Uint8Array;
}

export interface RevealRequestRow {
  id: string;
  tenant: string;
  call_id: string;
  requested_at: Date;
  sealed: Uint8Array;
}
