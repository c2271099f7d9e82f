import type { Keeping, Store } from '../store/index.ts';
import type { TranscriptStore } from './transcript-store.ts';

/**
 * Archive transcripts are calls of the store like all others: sealed under a key of their own, found by their subject's
 * identifiers, erased with their key, ended by retention.
 */
export function callTranscripts(
  { calls }: Store,
  keepingOf: (tenant: string, purpose: string) => Keeping,
): TranscriptStore {
  return {
    save: async (transaction, owner, { segments }, originals) => {
      const call = await calls.begin(transaction, {
        tenant: owner.tenant,
        keeping: keepingOf(owner.tenant, owner.purpose),
        lawfulBasis: owner.lawfulBasis,
        source: 'archive',
        startedAt: owner.recordedAt ?? new Date(),
        subjects: [],
        ...(owner.callToken && { callToken: owner.callToken }),
      });
      await calls.append(transaction, call, 0, segments);
      await calls.appendMappings(transaction, call, 0, originals);
      return call.id;
    },
    keepsOriginals: (tenant, purpose) => keepingOf(tenant, purpose).vaultMinutes > 0,
    load: async (tenant, callId) => {
      const call = await calls.get(tenant, callId);
      return call && calls.segmentsOf(call);
    },
    expiryOf: (tenant, purpose) =>
      new Date(Date.now() + keepingOf(tenant, purpose).transcriptMinutes * 60_000),
  };
}
