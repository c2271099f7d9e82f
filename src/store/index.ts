/**
 * Everything that is kept, and all SQL. `openDatabase` is the one way to a database; what it returns is the same for
 * a PostgreSQL server and for the embedded PGlite. `openStore` puts on it what is kept of calls: transcripts and
 * originals under keys of their own, retention, the rights of their subjects, and the audit log.
 */
export * from './archive/index.ts';
export type { AuditHead } from './audit-anchor.ts';
export { AUDIT_ACTIONS, type AuditAction } from './audit-entry.ts';
export type { AuditDetail, AuditEntry, AuditProblem, AuditVerdict } from './audit-log.ts';
export { CallKeeper } from './call-keeper.ts';
export type { CallStore, Keeping, KeptCall, NewCall, StoredSegment, VaultMapping } from './call-store.ts';
export { type CopiedTable, copyStore } from './copy-store.ts';
export {
  type Database,
  type DatabaseLocation,
  openDatabase,
  type SqlExecutor,
  type StoreTransaction,
} from './database.ts';
export { keyRingOf, readKeyRing, writeKeyRing } from './keys/key-ring-file.ts';
export { bindingOf, sealJson, unsealJson } from './keys/seal.ts';
export {
  EMPTY_KEY_RING,
  type KeyRing,
  parseKeyRing,
  type TenantKeys,
  tenantKeys,
  withNewKey,
  withoutOldKeys,
} from './keys/tenant-keys.ts';
export type { SweepResult } from './retention.ts';
export type { RevealResult } from './reveal.ts';
export { rotateTenantKeys } from './rotate-keys.ts';
export { openStore, type Store, type StoreOptions } from './store.ts';
export { SUBJECT_KINDS, type SubjectIdentifier, type SubjectKind } from './subject-identifier.ts';
export type { Actor, CallSummary, ExportedCall, SubjectQuery } from './subject-rights.ts';
