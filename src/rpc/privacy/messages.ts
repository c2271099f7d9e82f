/** What the store knows, as messages. */
import { samplesToMs } from '../../domain/audio.ts';
import type { Timestamp } from '../../gen/google/protobuf/timestamp.ts';
import { Role } from '../../gen/sotto/v1/party.ts';
import { LawfulBasis } from '../../gen/sotto/v1/policy.ts';
import type {
  AuditEntry as AuditEntryMessage,
  AuditReceipt,
  KeptCall,
  TranscriptSegment,
} from '../../gen/sotto/v1/privacy.ts';
import type { AuditEntry, CallSummary, StoredSegment } from '../../store/index.ts';

export function toKeptCall(call: CallSummary): KeptCall {
  return {
    callId: call.id,
    purpose: call.purpose,
    lawfulBasis: LAWFUL_BASES[call.lawfulBasis] ?? LawfulBasis.LAWFUL_BASIS_UNSPECIFIED,
    policyHash: call.policyHash,
    startTime: toTimestamp(call.startedAt),
    expireTime: toTimestamp(call.expiresAt),
    restrictTime: call.restrictedAt && toTimestamp(call.restrictedAt),
    hasOriginals: call.hasVault,
  };
}

export function toTranscriptSegment(segment: StoredSegment): TranscriptSegment {
  return {
    channelTag: segment.channel + 1,
    role: segment.role === 'agent' ? Role.ROLE_AGENT : Role.ROLE_CALLER,
    languageCode: segment.language,
    startMs: Math.round(samplesToMs(segment.startSample)),
    endMs: Math.round(samplesToMs(segment.endSample)),
    text: segment.text,
    entityTypes: [...new Set(segment.entities.map(({ type }) => type))],
  };
}

export function toAuditEntry(entry: AuditEntry): AuditEntryMessage {
  return {
    sequence: entry.sequence,
    createTime: toTimestamp(entry.at),
    action: entry.action,
    callId: entry.callId ?? '',
    purpose: entry.purpose ?? '',
    actor: entry.detail.actor,
    reason: entry.detail.reason ?? '',
    calls: entry.detail.calls ?? 0,
    hash: entry.hash,
  };
}

export function toReceipt({ sequence, hash, at }: AuditEntry): AuditReceipt {
  return { sequence, hash, createTime: toTimestamp(at) };
}

export function toTimestamp(date: Date): Timestamp {
  const ms = date.getTime();
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}

const LAWFUL_BASES: Readonly<Record<string, LawfulBasis>> = {
  consent: LawfulBasis.LAWFUL_BASIS_CONSENT,
  contract: LawfulBasis.LAWFUL_BASIS_CONTRACT,
  'legal-obligation': LawfulBasis.LAWFUL_BASIS_LEGAL_OBLIGATION,
  'vital-interests': LawfulBasis.LAWFUL_BASIS_VITAL_INTERESTS,
  'public-task': LawfulBasis.LAWFUL_BASIS_PUBLIC_TASK,
  'legitimate-interests': LawfulBasis.LAWFUL_BASIS_LEGITIMATE_INTERESTS,
};
