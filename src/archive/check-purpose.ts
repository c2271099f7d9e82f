import { ServiceError } from '../domain/service-error.ts';
import type { Policy, Purpose } from '../policy/index.ts';

/** The purpose that a job of `tenant` may go on for. Throws in words that go into the item's result. */
export function checkArchivePurpose(tenant: string, name: string, policy: Policy): Purpose {
  const purpose = policy.purposes[name];
  if (purpose === undefined || !(purpose.tenants?.includes(tenant) ?? true)) {
    throw new ServiceError(
      'permission-denied',
      `the policy has no purpose ${name} any more; ask who owns the policy`,
    );
  }
  checkKeepsTranscripts(purpose);
  return purpose;
}

/** An archive job whose purpose keeps nothing would leave nothing. */
export function checkKeepsTranscripts(purpose: Purpose): void {
  if (purpose.retention.transcriptMinutes > 0) return;
  throw new ServiceError(
    'failed-precondition',
    `declaration.purpose: the policy keeps no transcripts for ${purpose.name}, so an archive job would leave ` +
      'nothing; give the purpose a retention.transcript such as 30d, or use another purpose',
    { detail: { field: 'declaration.purpose' } },
  );
}
