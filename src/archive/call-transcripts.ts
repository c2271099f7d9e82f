import { bindingOf, type Keeping, type Store, seal, type TenantKeys, unseal } from '../store/index.ts';
import type { TranscriptStore } from './transcript-store.ts';

/**
 * Archive transcripts are calls of the store like all others: sealed under a key of their own, found by their subject's
 * identifiers, erased with their key, ended by retention.
 */
export function callTranscripts(
  { calls, tenantKeys }: Store,
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
        subjects: owner.callId === undefined ? [] : [{ kind: 'call-id', value: owner.callId }],
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
    seal: async (tenant, content) => seal(await archiveKey(tenantKeys, tenant), content, binding(tenant)),
    open: async (tenant, sealed) => unseal(await archiveKey(tenantKeys, tenant), sealed, binding(tenant)),
  };
}

function archiveKey(tenantKeys: TenantKeys, tenant: string): Promise<Uint8Array> {
  return tenantKeys.derive(tenant, 'archive');
}

function binding(tenant: string): string {
  return bindingOf('archive', tenant);
}
