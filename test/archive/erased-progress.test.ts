/**
 * A long recording that is being worked on leaves finished chunks, with names in clear inside, sealed in the database.
 * However its item ends, nobody can open them afterwards: not from old pages or the write-ahead log, and not with the
 * tenant's keys.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ItemLease } from '../../src/archive/execution/item-lease.ts';
import { workOnItem } from '../../src/archive/execution/item-work.ts';
import type { RawText } from '../../src/domain/text.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { CallKeeper, cancelItems } from '../../src/store/index.ts';
import { bindingOf, KEY_BYTES, SEAL_BYTES, unseal } from '../../src/store/keys/seal.ts';
import { rotateTenantKeys } from '../../src/store/rotate-keys.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import { describeOnBothDatabases, type TestPlace } from '../store/both-databases.ts';
import { filesWith } from '../store/store-fixture.ts';
import { type ArchiveFixture, OWNER, openArchive } from './archive-fixture.ts';

const CUT = { maxChunkMs: 10_000, searchMs: 2_000 };
const CALL_ID = 'call-4711';
/** In clear in the redactor's memory of every chunk. */
const SECRET = 'huizinga';

/** Fails the third chunk, as a worker that is killed there. */
class Killed extends Error {}

describeOnBothDatabases('what is kept of a recording until its transcript is whole', (createPlace) => {
  let place: TestPlace;
  let archive: ArchiveFixture;
  beforeAll(async () => {
    place = await createPlace();
    archive = await openArchive(place, stages());
  }, 180_000);
  afterAll(async () => {
    await archive?.[Symbol.asyncDispose]();
    await place?.[Symbol.asyncDispose]();
  });
  afterEach(() => archive.clear());

  it('is under a key of its own, which goes when the item is done', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    await rotateTenantKeys(archive.store, OWNER.tenant, { actor: 'test' });
    expect(await attack(middle)).toContain(SECRET);
    const { counts } = await archive.finish(middle.jobId, [archive.worker({ cut: CUT }).worker]);
    expect(counts.items.done).toBe(1);
    expect(archive.errors).toEqual([]);
    await expectGone(middle);
    const found = await archive.store.rights.find(OFFICER, byCallId());
    expect(found).toHaveLength(1);
  });

  it('goes with its subject, in the middle of the work', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    const receipt = await archive.store.rights.erase(OFFICER, byCallId(), 'asked by the subject');
    expect(receipt.detail).toMatchObject({ calls: 0, recordings: 1 });
    await expectGone(middle);
    await expect(middle.goOn()).rejects.toThrow();
    const { counts } = await archive.finish(middle.jobId);
    expect(counts.items).toMatchObject({ cancelled: 1, done: 0 });
    expect(await archive.store.audit.verify(OWNER.tenant, receipt)).toMatchObject({ intact: true });
  });

  it('goes when the caller opts out in a live call of the same id', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    const live = {
      tenant: OWNER.tenant,
      keeping: {
        purpose: 'quality-assurance',
        policyHash: 'test',
        transcriptMinutes: 60,
        vaultMinutes: 0,
        linking: false,
      },
      lawfulBasis: 'consent',
      source: 'live' as const,
      startedAt: new Date(),
      subjects: [{ kind: 'call-id' as const, value: CALL_ID }],
    };
    await new CallKeeper(archive.store, live, 'backend').optOut();
    await expectGone(middle);
  });

  it('goes when its job is cancelled', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    await archive.jobs.cancel(OWNER, middle.jobId);
    await expectGone(middle);
    await expect(middle.goOn()).rejects.toThrow();
  });

  it('goes when a paused job outlasts the retention, and begins again', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    await archive.jobs.pause(OWNER, middle.jobId);
    await archive.store.retention.sweep();
    expect(await attack(middle)).toContain(SECRET);
    await archive.database.executeSql(
      `update archive_item set progress_expires_at = now() - interval '1 second'`,
      [],
    );
    await archive.store.retention.sweep();
    await expectGone(middle);
    await archive.jobs.resume(OWNER, middle.jobId);
    const { counts } = await archive.finish(middle.jobId, [archive.worker({ cut: CUT }).worker]);
    expect(counts.items.done).toBe(1);
    const { transcript } = await archive.jobs.transcript(OWNER, middle.jobId, 1);
    expect(transcript.segments.length).toBeGreaterThan(40);
  });

  it('goes with the next sweep where whoever ended it was killed before', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    await cancelItems(archive.database, middle.jobId);
    expect(await attack(middle)).toContain(SECRET);
    await archive.store.retention.sweep();
    await expectGone(middle);
  });

  it('begins again where the key was lost', { timeout: 120_000 }, async () => {
    const middle = await stopInTheMiddle();
    await archive.store.callKeys.destroy([middle.ref]);
    const { counts } = await archive.finish(middle.jobId, [archive.worker({ cut: CUT }).worker]);
    expect(counts.items.done).toBe(1);
  });

  const OFFICER = { tenant: OWNER.tenant, name: 'officer-1' };
  const byCallId = () => ({
    identifier: { kind: 'call-id' as const, value: CALL_ID },
    field: 'subject',
  });

  interface Middle {
    readonly jobId: string;
    readonly ref: string;
    readonly sealed: readonly Buffer[];
    readonly secrets: readonly Uint8Array[];
    /** The worker, which knows nothing of what happened, goes on with its next chunk. */
    goOn(): Promise<unknown>;
  }

  /** A recording of six chunks, two of which are kept. */
  async function stopInTheMiddle(): Promise<Middle> {
    const file = archive.record('long.wav', 50);
    const { job } = await archive.create({
      sources: [{ type: 'manifest-content', content: `file,call_id\n${file},${CALL_ID}\n`, format: 'csv' }],
    });
    const { keeper, queue, database, store } = archive;
    await keeper.listNext(new AbortController().signal);
    await keeper.feed();
    const [delivery] = await queue.take(1);
    const lease = new ItemLease(database, queue, 'mortal', delivery!);
    const begun = (await lease.begin())!;
    const { keepChunk } = lease;
    let kept = 0;
    let third: Parameters<typeof keepChunk> | undefined;
    lease.keepChunk = async (...chunk) => {
      if (kept++ < 2) return keepChunk.apply(lease, chunk);
      third = chunk;
      throw new Killed();
    };
    const options = {
      ...archive.worker({ cut: CUT }).worker.options,
      store,
      persist: <T>(operation: () => Promise<T>) => operation(),
    };
    await expect(workOnItem(lease, begun, options, new AbortController().signal)).rejects.toThrow(Killed);
    const { rows } = await database.executeSql('select content from archive_chunk order by chunk', []);
    const { rows: items } = await database.executeSql('select progress_key from archive_item', []);
    const ref: string = items[0].progress_key;
    const [name, slot] = ref.split(':') as [string, string];
    const bytes = readFileSync(join(place.location.dataDir, 'keys', name)).subarray(Number(slot) * 128);
    const plain = await store.itemKeys.open({ tenant: OWNER.tenant, jobId: job.jobId, item: 1 }, ref);
    await queue.takeBack([delivery!.id]);
    const middle = {
      jobId: job.jobId,
      ref,
      sealed: rows.map(({ content }) => Buffer.from(content)),
      secrets: [bytes.subarray(32, 32 + KEY_BYTES + SEAL_BYTES), plain!],
      goOn: () => keepChunk.apply(lease, third!),
    };
    expect(middle.sealed).toHaveLength(2);
    expect(await attack(middle)).toContain(SECRET);
    expect(filesWith(middle.secrets[0]!, place.location.dataDir)).toHaveLength(1);
    return middle;
  }

  async function expectGone(middle: Middle): Promise<void> {
    await archive.database.executeSql('checkpoint', []);
    const everywhere = [place.location.dataDir, place.files];
    // The database has not forgotten what it held, which is why the key must be gone. 500 bytes: less than a page.
    expect(filesWith(middle.sealed[0]!.subarray(0, 500), ...everywhere)).not.toEqual([]);
    for (const secret of middle.secrets) expect(filesWith(secret, ...everywhere)).toEqual([]);
    for (const clear of [SECRET, CALL_ID]) expect(filesWith(clear, ...everywhere), clear).toEqual([]);
    expect(await attack(middle)).toBeUndefined();
    const { rows } = await archive.database.executeSql(
      'select (select count(*)::int from archive_chunk) as chunks, count(progress_key)::int as keys from archive_item',
      [],
    );
    expect(rows).toEqual([{ chunks: 0, keys: 0 }]);
  }

  /** What whoever has the tenant's keys, every file, and the ciphertext out of an old page can read of it. */
  async function attack({ jobId, sealed }: Middle): Promise<string | undefined> {
    const { tenantKeys } = archive.store;
    const candidates = [
      await tenantKeys.derive(OWNER.tenant, 'audit'),
      await tenantKeys.derive(OWNER.tenant, 'subject-index'),
      await tenantKeys.derive(OWNER.tenant, 'archive' as 'audit'),
    ];
    const folder = join(place.location.dataDir, 'keys');
    for (const file of readdirSync(folder).map((name) => readFileSync(join(folder, name)))) {
      for (let at = 0; at < file.length; at += 128) {
        const slot = file.subarray(at, at + 128);
        const wrapped = {
          keyId: slot.toString('latin1', 0, 32).replace(/\0+$/, ''),
          bytes: slot.subarray(32, 32 + KEY_BYTES + SEAL_BYTES),
        };
        for (const kind of ['progress', 'transcript', 'vault']) {
          const binding = bindingOf('call key', OWNER.tenant, `${jobId}/1`, kind);
          await tenantKeys.unwrap(OWNER.tenant, wrapped, binding).then(
            (key) => candidates.push(key),
            () => {},
          );
        }
      }
    }
    const bindings = [
      bindingOf('archive', OWNER.tenant),
      bindingOf('archive chunk', OWNER.tenant, jobId, 1, 0),
    ];
    for (const key of candidates) {
      for (const binding of bindings) {
        try {
          return Buffer.from(unseal(key, sealed[0]!, binding)).toString();
        } catch {
          // Not this one.
        }
      }
    }
    return undefined;
  }
});

const LINES = [`mijn naam is jeroen ${SECRET}`, 'ja', 'ik bel voor marieke dijkgraaf'];

function stages() {
  let line = 0;
  return scriptedStages({
    engine: scriptedEngine(async (request) => {
      const words = LINES[line++ % LINES.length]!.split(' ');
      return {
        ...oneWord(request),
        words: words.map((text) => ({ ...oneWord(request).words[0]!, text: text as RawText })),
      };
    }),
    createRedactor: (options, memory, tellOriginals) =>
      createCallRedactor({ ...options, memory, tellOriginals }),
  });
}
