/**
 * Export of one subject among 1,000,000 stored segments on PostgreSQL: issue bar 2 s. Fills a server of its own in a
 * temporary folder through the store's own code, then exports subjects of 1, 10 and 100 calls.
 *
 *     npx node bench/privacy-export.ts [segments]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportDocument } from '../src/rpc/privacy/export-document.ts';
import { EMPTY_KEY_RING, openStore, type Store, tenantKeys, withNewKey } from '../src/store/index.ts';
import { POSTGRES_MISSING, startPostgres } from '../test/store/postgres-server.ts';
import { KEEPING, newCall, segment } from '../test/store/store-fixture.ts';
import { summarize, writeResult } from './result.ts';

const SEGMENTS = Number(process.argv[2] ?? 1_000_000);
const SEGMENTS_PER_CALL = 50;
const CALLS_PER_BATCH = 200;
/** Calls of the subjects that are exported. */
const SUBJECTS = [1, 10, 100];
const ROUNDS = 10;
const LIMIT_MS = 2000;
const ACTOR = { tenant: 'default', name: 'bench' };
const TEXT = 'goedemiddag u spreekt met [AGENT] ik bel over de levering van [PERSON_1] op [LOCATION_1] ';

if (POSTGRES_MISSING) throw new Error(POSTGRES_MISSING);
const dataDir = mkdtempSync(join(tmpdir(), 'sotto-export-'));
await using server = await startPostgres();
try {
  const ring = withNewKey(EMPTY_KEY_RING, ACTOR.tenant, new Date());
  await using store = await openStore({
    location: { url: server.url, dataDir },
    tenantKeys: tenantKeys(ring),
  });
  const fillMs = await timed(() => fill(store));
  await store.database.executeSql('analyze');
  const rows = [];
  for (const calls of SUBJECTS) {
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const exported = async () => {
        bytes = await exportOf(store, calls);
      };
      times.push(await timed(exported));
    }
    rows.push({ calls, segments: calls * SEGMENTS_PER_CALL, bytes, ms: summarize(times) });
  }
  console.table(
    rows.map(({ calls, segments, bytes, ms }) => ({
      'calls of the subject': calls,
      segments,
      KB: Math.round(bytes / 1000),
      'p50 ms': ms.p50.toFixed(1),
      'max ms': ms.max.toFixed(1),
      [`under ${LIMIT_MS} ms`]: ms.max < LIMIT_MS,
    })),
  );
  console.log(`${SEGMENTS} segments stored in ${(fillMs / 1000).toFixed(0)} s`);
  writeResult('privacy-export', { storedSegments: SEGMENTS, fillMs, limitMs: LIMIT_MS, exports: rows });
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function fill(store: Store): Promise<void> {
  const calls = Math.ceil(SEGMENTS / SEGMENTS_PER_CALL);
  const keeping = { ...KEEPING, vaultMinutes: 0, transcriptMinutes: 365 * 24 * 60 };
  for (let first = 0; first < calls; first += CALLS_PER_BATCH) {
    const batch = Array.from({ length: Math.min(CALLS_PER_BATCH, calls - first) }, (_, at) => first + at);
    await store.database.transaction(async (transaction) => {
      const kept = await store.calls.beginAll(
        transaction,
        batch.map((call) =>
          newCall({ keeping, subjects: [{ kind: 'customer-reference', value: subjectOf(call) }] }),
        ),
      );
      for (const call of kept) {
        const segments = Array.from({ length: SEGMENTS_PER_CALL }, (_, at) => segment(`${TEXT}${at}`, at));
        await store.calls.append(transaction, call, 0, segments);
      }
    });
  }
}

/** The first calls belong to the subjects that are exported, spread over the table; the rest have one each. */
function subjectOf(call: number): string {
  for (const calls of SUBJECTS) {
    const every = Math.max(1, Math.floor(SEGMENTS / SEGMENTS_PER_CALL / calls));
    if (call % every === SUBJECTS.indexOf(calls) && call / every < calls) return `subject-${calls}`;
  }
  return `other-${call}`;
}

async function exportOf(store: Store, calls: number): Promise<number> {
  const query = {
    identifier: { kind: 'customer-reference' as const, value: `subject-${calls}` },
    field: 'subject',
  };
  let bytes = 0;
  for await (const piece of exportDocument(store.rights.export(ACTOR, query, false), 'json', new Date())) {
    bytes += Buffer.byteLength(piece);
  }
  return bytes;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
