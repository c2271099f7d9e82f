import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyStore, openDatabase } from '../../src/store/index.ts';
import { type ArchiveFixture, OWNER, openArchive } from '../archive/archive-fixture.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';
import { embeddedPlace, serverPlace, type TestPlace } from './both-databases.ts';
import { POSTGRES_MISSING } from './postgres-server.ts';

const title = `a copy of the store${POSTGRES_MISSING === undefined ? '' : `: skipped, ${POSTGRES_MISSING}`}`;

describe.skipIf(POSTGRES_MISSING !== undefined)(title, () => {
  let embedded: TestPlace;
  let server: TestPlace;
  let jobId: string;
  beforeAll(async () => {
    [embedded, server] = [await embeddedPlace(), await serverPlace()];
    await using archive = await openArchive(embedded);
    archive.record('a.wav', 1, { channels: 2 });
    archive.record('b.wav', 2);
    archive.write('c.wav', 'no samples');
    ({
      job: { jobId },
    } = await archive.create({}, { window: { startMinute: 0, endMinute: 1439, timeZone: 'UTC' } }));
    await archive.finish(jobId);
    await archive.store.audit.transaction((transaction) =>
      transaction.audit(OWNER.tenant, { action: 'rotate-keys', detail: { actor: 'test', calls: 2 } }),
    );
    // One that is with a worker while the copy is made.
    await archive.create({
      sources: [{ type: 'manifest-content', content: 'file\nd.wav\n', format: 'csv' }],
    });
    await archive.keeper.listNext(new AbortController().signal);
    await archive.keeper.feed();
    expect(await archive.queue.take(1)).toHaveLength(1);
  }, 240_000);
  afterAll(async () => {
    await embedded[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it('holds every row on a server, where the job is read and the rest is done', {
    timeout: 240_000,
  }, async () => {
    const { dataDir } = embedded.location;
    const location = { dataDir, url: server.location.url! };
    {
      await using from = await openDatabase({ dataDir });
      await using to = await openDatabase(location);
      const copied = await copyStore(from, to);
      const rows = Object.fromEntries(copied.map((each) => [each.table, each.rows]));
      expect(rows).toMatchObject({
        archive_job: 2,
        archive_item: 4,
        archive_result: 3,
        call: 2,
        segment: 4,
        audit_head: 1,
      });
      expect(copied.findIndex(({ table }) => table === 'call')).toBeLessThan(
        copied.findIndex(({ table }) => table === 'segment'),
      );
      await expect(copyStore(from, to)).rejects.toMatchObject({
        kind: 'failed-precondition',
        message: expect.stringContaining('not empty'),
      });
    }
    await using archive: ArchiveFixture = await openArchive({ ...embedded, location }, scriptedStages());
    const { transcript } = await archive.jobs.transcript(OWNER, jobId, 2);
    expect(transcript.audioSamples).toBe(32_000);
    expect(transcript.segments).toHaveLength(2);
    expect(await archive.store.audit.verify(OWNER.tenant)).toMatchObject({ intact: true, entries: 1 });
    archive.record('d.wav', 1);
    const [second] = await archive.jobs.list(OWNER, 1);
    expect((await archive.finish(second!.job.jobId)).counts.items.done).toBe(1);
  });

  it('comes back into an empty data directory', { timeout: 240_000 }, async () => {
    await using from = await openDatabase(server.location);
    await using place = await embeddedPlace();
    await using to = await openDatabase(place.location);
    const copied = await copyStore(from, to);
    expect(copied.find(({ table }) => table === 'archive_result')?.rows).toBe(4);
  });

  it('is refused while somebody works', async () => {
    await using from = await openDatabase(server.location);
    await from.executeSql(
      `insert into archive_worker (worker_id, name, version, device, models, capacity, running)
        values (gen_random_uuid(), 'host:1', '1', 'cpu', '{}', 1, 0)`,
    );
    await expect(copyStore(from, from)).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: expect.stringContaining('host:1'),
    });
  });
});
