import { createHash } from 'node:crypto';
import type { AuditEntryRow } from './tables.ts';

/** What is done with personal data, reads included. */
export const AUDIT_ACTIONS = [
  'keep',
  'read',
  'find',
  'export',
  'erase',
  'opt-out',
  'expire',
  'restrict',
  'unrestrict',
  'reveal-request',
  'reveal',
  'list-audit',
  'verify-audit',
  'rotate-keys',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What the chain stands on: nothing was before the first entry. */
export const FIRST_PREVIOUS_HASH = Buffer.alloc(32);

/**
 * SHA-256 over every column but itself, in an order that leaves nothing to interpretation: parts are given with
 * their lengths.
 */
export function auditHash(entry: Omit<AuditEntryRow, 'hash'>): Buffer {
  const hash = createHash('sha256').update('sotto audit entry 1');
  const parts = [
    entry.tenant,
    String(entry.sequence),
    entry.at.toISOString(),
    entry.action,
    entry.call_id ?? '',
    entry.purpose ?? '',
    entry.sealed,
    entry.previous_hash,
  ];
  for (const part of parts) {
    const bytes = Buffer.from(part as Uint8Array);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}
