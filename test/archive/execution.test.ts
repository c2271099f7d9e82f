import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ItemLease, LeaseLost, MAX_STARTS } from '../../src/archive/execution/item-lease.ts';
import { workOnItem } from '../../src/archive/execution/item-work.ts';
import type { CutOptions } from '../../src/archive/execution/recording-cutter.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import { describeOnBothDatabases, type TestPlace } from '../store/both-databases.ts';
import { type ArchiveFixture, OWNER, openArchive } from './archive-fixture.ts';

describeOnBothDatabases('an archive job', (createPlace) => {
  let place: TestPlace;
  let archive: ArchiveFixture;
  beforeAll(async () => {
    place = await createPlace();
    archive = await openArchive(place);
  }, 180_000);
  afterAll(async () => {
    await archive[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });
  afterEach(() => archive.clear());
  it('gives every recording one result and one transcript', { timeout: 240_000 }, async () => {
    for (let n = 0; n < 25; n++) archive.record(`${n}.wav`, 1 + (n % 3), { channels: 1 + (n % 2) });
    const { job } = await archive.create();
    const { counts } = await archive.finish(job.jobId, [archive.worker().worker, archive.worker().worker]);
    expect(counts.items).toEqual({ pending: 0, queued: 0, done: 25, failed: 0, cancelled: 0 });
    expect(archive.errors).toEqual([]);
    const { rows } = await archive.database.executeSql(
      `select count(*)::int as results, count(distinct call_id)::int as transcripts,
        (select count(*)::int from call) as kept from archive_result`,
      [],
    );
    expect(rows[0]).toEqual({ results: 25, transcripts: 25, kept: 25 });
    const { transcript } = await archive.jobs.transcript(OWNER, job.jobId, 1);
    expect(transcript.segments.length).toBeGreaterThan(0);
  });

  it('says of each broken recording what is wrong with it, and does the others', {
    timeout: 240_000,
  }, async () => {
    archive.record('good.wav', 1);
    const wav = readFileSync(archive.record('base.wav', 1));
    const unknownCodec = Buffer.from(wav);
    unknownCodec.writeUInt16LE(0x1234, 20);
    const expected: Record<string, string> = {
      [archive.write('empty.wav', '')]: 'empty',
      [archive.write('header-only.wav', wav.subarray(0, 44))]: 'damaged',
      [archive.write('no-audio.wav', Buffer.concat([wav.subarray(0, 40), Buffer.alloc(4)]))]: 'empty',
      [archive.write('text.wav', 'these are no samples')]: 'codec-unknown',
      [archive.write('codec.wav', unknownCodec)]: 'codec-unknown',
      [archive.write('cut-off.wav', wav.subarray(0, 6000))]: 'damaged',
      [archive.record('long.wav', 61)]: 'too-long',
      [archive.record('three.wav', 1, { channels: 3 })]: 'channels',
      [archive.record('silent.wav', 2, { level: 0 })]: 'no-speech',
    };
    const missing = join(archive.root, 'gone.wav');
    const outside = join(archive.root, 'outside.wav');
    symlinkSync('/etc/passwd', outside);
    const files = [...Object.keys(expected), missing, outside, 'good.wav', 'base.wav'];
    const content = `file,roles\n${files.map((file) => `${file},`).join('\n')}\nbase.wav,caller;agent\n`;
    const mono = archive.write('mono.wav', wav);
    const manifest = `${content}${mono},caller;agent\n`;
    const { job } = await archive.create({
      sources: [{ type: 'manifest-content', content: manifest, format: 'csv' }],
    });
    await archive.finish(job.jobId);
    const items = await archive.jobs.items(OWNER, job.jobId, { afterItem: 0, limit: 100 });
    const failures = Object.fromEntries(items.map(({ location, failure }) => [location, failure]));
    expect(failures).toEqual({
      ...expected,
      [missing]: 'file-missing',
      [outside]: 'not-allowed',
      [mono]: 'channels',
      'good.wav': undefined,
      'base.wav': undefined,
    });
    for (const { failure, message } of items) if (failure) expect(message).toMatch(/\w{5}/);
    expect(archive.errors).toEqual([]);
  });

  it('refuses what a worker hands in after its item was given to another', { timeout: 240_000 }, async () => {
    archive.record('a.wav', 1);
    const { job } = await archive.create();
    await archive.keeper.listNext(new AbortController().signal);
    await archive.keeper.feed();
    const { database, queue } = archive;
    const [first] = await queue.take(1);
    const stale = new ItemLease(database, queue, 'stale', first!);
    expect(await stale.begin()).toBeDefined();
    await queue.takeBack([first!.id]);
    const [second] = await queue.take(1);
    expect(second!.id).toBe(first!.id);
    const fresh = new ItemLease(database, queue, 'fresh', second!);
    expect(await fresh.begin()).toBeDefined();
    const result = async () => ({ outcome: 'failed', failure: 'internal', message: 'by hand' }) as const;
    await expect(stale.end(result)).rejects.toThrow(LeaseLost);
    await expect(
      stale.keepChunk(
        0,
        { endSample: 1, isLast: false, content: new Uint8Array(1) },
        { ref: '', expiresAt: new Date() },
      ),
    ).rejects.toThrow(LeaseLost);
    await expect(stale.release({ failedAttempt: true, waitMs: 0 })).rejects.toThrow(LeaseLost);
    expect(await queue.beat([first!, second!])).toEqual([second!.id]);
    await fresh.end(result);
    await expect(fresh.end(result)).rejects.toThrow(LeaseLost);
    const { rows } = await database.executeSql('select worker from archive_result where job_id = $1', [
      job.jobId,
    ]);
    expect(rows).toEqual([{ worker: 'fresh' }]);
  });

  it('sets aside an item that workers keep dying of, and goes on with the others', {
    timeout: 240_000,
  }, async () => {
    archive.record('a.wav', 1);
    archive.record('b.wav', 1);
    const { job } = await archive.create();
    const { database, queue, keeper } = archive;
    await keeper.listNext(new AbortController().signal);
    await keeper.feed();
    for (let death = 0; death < MAX_STARTS; death++) {
      const [poison] = (await queue.take(2)).filter(({ item }) => item === 1);
      const lease = new ItemLease(database, queue, `victim ${death}`, poison!);
      if ((await lease.begin())!.isSuspect) await lease.startAlone();
      const { rows } = await database.executeSql(
        `select delivery from archive_item where state = 'queued'`,
        [],
      );
      await queue.takeBack(rows.map(({ delivery }) => delivery));
    }
    const { counts } = await archive.finish(job.jobId);
    expect(counts.items).toMatchObject({ done: 1, failed: 1 });
    expect(counts.failures).toEqual(new Map([['worker-lost', 1]]));
  });

  it('does several items that workers died of one after the other, and others again beside each other', {
    timeout: 240_000,
  }, async () => {
    for (let n = 0; n < 6; n++) archive.record(`${n}.wav`, n < 3 ? 3 : 1);
    const { job } = await archive.create();
    const { database, keeper } = archive;
    await keeper.listNext(new AbortController().signal);
    await database.executeSql(`update archive_item set starts = $1 where location ~ '[012][.]wav$'`, [
      MAX_STARTS - 1,
    ]);
    let running = 0;
    const besideSuspects: number[] = [];
    const stages = scriptedStages({
      engine: scriptedEngine(async (request) => {
        running++;
        await new Promise(setImmediate);
        // Only the suspects are longer than a second.
        if (request.startSample >= 16_000) besideSuspects.push(running - 1);
        running--;
        return oneWord(request);
      }),
    });
    const { counts } = await archive.finish(job.jobId, [archive.worker({ stages }).worker]);
    expect(counts.items.done).toBe(6);
    expect(besideSuspects).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('puts back what a newer version has put into the queue, for its workers', {
    timeout: 240_000,
  }, async () => {
    archive.record('a.wav', 1);
    const { job } = await archive.create();
    const { keeper, database } = archive;
    await keeper.listNext(new AbortController().signal);
    await keeper.feed();
    await database.executeSql(`update pgboss.job set data = data || '{"version": 2}'`, []);
    const { worker, seen } = archive.worker();
    const stop = new AbortController();
    const running = worker.run(stop.signal);
    await expect.poll(() => seen.find(({ type }) => type === 'ended')).toMatchObject({ outcome: 'put-back' });
    stop.abort();
    await running;
    const { rows } = await database.executeSql(
      'select state, attempts, starts, not_before > now() as waits from archive_item where job_id = $1',
      [job.jobId],
    );
    expect(rows).toEqual([{ state: 'pending', attempts: 0, starts: 0, waits: true }]);
  });

  it('starts nothing while paused, and goes on afterwards', { timeout: 240_000 }, async () => {
    for (let n = 0; n < 3; n++) archive.record(`${n}.wav`, 1);
    const { job } = await archive.create();
    const { keeper, jobs, queue, database } = archive;
    await keeper.listNext(new AbortController().signal);
    await keeper.feed();
    await jobs.pause(OWNER, job.jobId);
    // Those that are in the queue already come back without having been begun.
    for (const delivery of await queue.take(10)) {
      expect(await new ItemLease(database, queue, 'w', delivery).begin()).toBeUndefined();
    }
    await keeper.feed();
    expect(await queue.take(10)).toEqual([]);
    const { counts } = await jobs.get(OWNER, job.jobId);
    expect(counts.items).toMatchObject({ pending: 3, queued: 0 });
    await jobs.resume(OWNER, job.jobId);
    expect((await archive.finish(job.jobId)).counts.items.done).toBe(3);
  });

  it('cancels what has not ended, also in the hands of a worker, and keeps what has', {
    timeout: 240_000,
  }, async () => {
    archive.record('a.wav', 1);
    const { job } = await archive.create();
    const { keeper, jobs, queue, database } = archive;
    await keeper.listNext(new AbortController().signal);
    await keeper.feed();
    const [delivery] = await queue.take(1);
    const lease = new ItemLease(database, queue, 'w', delivery!);
    await lease.begin();
    const { job: cancelled, counts } = await jobs.cancel(OWNER, job.jobId);
    expect(cancelled.state).toBe('cancelled');
    expect(counts.items).toMatchObject({ cancelled: 1, queued: 0 });
    await expect(lease.end(async () => ({ outcome: 'cancelled' }))).rejects.toThrow(LeaseLost);
    await jobs.cancel(OWNER, job.jobId);
    await expect(jobs.resume(OWNER, job.jobId)).rejects.toMatchObject({ kind: 'failed-precondition' });
  });

  it('retries failed items when what was wrong is mended', { timeout: 240_000 }, async () => {
    archive.record('good.wav', 1);
    archive.write('bad.wav', 'no samples');
    const { job } = await archive.create();
    expect((await archive.finish(job.jobId)).counts.items).toMatchObject({ done: 1, failed: 1 });
    archive.record('bad.wav', 2);
    expect((await archive.jobs.retry(OWNER, job.jobId, ['damaged'])).items).toBe(0);
    expect((await archive.jobs.retry(OWNER, job.jobId, ['codec-unknown'])).items).toBe(1);
    expect((await archive.finish(job.jobId)).counts.items).toMatchObject({ done: 2, failed: 0 });
  });

  it('makes one job of one request id, and refuses the id for another', { timeout: 240_000 }, async () => {
    archive.record('a.wav', 1);
    const first = await archive.create({}, { requestId: 'r1' });
    const again = await archive.create({}, { requestId: 'r1' });
    expect(again.job.jobId).toBe(first.job.jobId);
    await expect(archive.create({}, { requestId: 'r1', priority: 5 })).rejects.toMatchObject({
      kind: 'already-exists',
    });
  });

  it('does the same recording once, unless it is asked to', { timeout: 240_000 }, async () => {
    archive.record('a.wav', 1);
    const once = await archive.create({ reprocess: false });
    await archive.finish(once.job.jobId);
    archive.record('copy/b.wav', 1);
    const twice = await archive.create({ reprocess: false });
    await archive.finish(twice.job.jobId);
    const items = await archive.jobs.items(OWNER, twice.job.jobId, { afterItem: 0, limit: 10 });
    expect(items.map(({ duplicate }) => duplicate)).toEqual([true, true]);
    const anew = await archive.create({ reprocess: true });
    await archive.finish(anew.job.jobId);
    const [item] = await archive.jobs.items(OWNER, anew.job.jobId, { afterItem: 0, limit: 1 });
    expect(item?.duplicate).toBe(false);
  });

  it('tells KEDA how many recordings wait for a worker', { timeout: 240_000 }, async () => {
    const documents = parseAllDocuments(readFileSync('deploy/kubernetes/archive/scaled-object.yaml', 'utf8'));
    const { query } = documents.at(-1)!.toJS().spec.triggers[0].metadata;
    const waiting = async () =>
      Number(Object.values((await archive.database.executeSql(query, [])).rows[0])[0]);
    for (let n = 0; n < 3; n++) archive.record(`${n}.wav`, 1);
    const { job } = await archive.create();
    expect(await waiting()).toBe(0);
    await archive.keeper.listNext(new AbortController().signal);
    await archive.keeper.feed();
    expect(await waiting()).toBe(3);
    await archive.jobs.pause(OWNER, job.jobId);
    expect(await waiting()).toBe(0);
  });

  /** A worker takes the only item and dies after its second chunk: its process is gone, its heartbeat is missed. */
  async function dieAfterTwoChunks(cut: CutOptions): Promise<void> {
    const { keeper, queue, database } = archive;
    await keeper.listNext(new AbortController().signal);
    await keeper.feed();
    const dies = { chunks: 0 };
    const mortal = archive.worker({ cut }).worker;
    const [delivery] = await queue.take(1);
    const lease = new ItemLease(database, queue, 'mortal', delivery!);
    const begun = (await lease.begin())!;
    const keepChunk = lease.keepChunk.bind(lease);
    lease.keepChunk = async (...chunk) => {
      if (dies.chunks++ === 2) throw new Error('killed');
      return keepChunk(...chunk);
    };
    const options = {
      ...mortal.options,
      store: archive.store,
      persist: <T>(operation: () => Promise<T>) => operation(),
    };
    await expect(workOnItem(lease, begun, options, new AbortController().signal)).rejects.toThrow('killed');
    await queue.takeBack([delivery!.id]);
  }

  it('goes on with a long recording at its last finished chunk', { timeout: 240_000 }, async () => {
    archive.record('long.wav', 50);
    const { job } = await archive.create();
    const cut = { maxChunkMs: 10_000, searchMs: 2_000 };
    await dieAfterTwoChunks(cut);

    const heard: number[] = [];
    const stages = scriptedStages({
      engine: scriptedEngine(async (request) => {
        heard.push(request.startSample);
        return oneWord(request);
      }),
    });
    await archive.finish(job.jobId, [archive.worker({ cut, stages }).worker]);
    const { transcript } = await archive.jobs.transcript(OWNER, job.jobId, 1);
    // Two chunks were kept, so of 50 seconds no more than 50 - 2 * 8 are left.
    expect(heard.length).toBeLessThanOrEqual(34);
    expect(transcript.audioSamples).toBe(50 * 16_000);
    const starts = transcript.segments.map(({ startSample }) => startSample);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(new Set(transcript.segments.map(({ segmentId }) => segmentId)).size).toBe(
      transcript.segments.length,
    );
    expect(transcript.segments.length).toBeGreaterThanOrEqual(45);
    const { rows } = await archive.database.executeSql(
      'select count(*)::int as chunks from archive_chunk',
      [],
    );
    expect(rows[0].chunks).toBe(0);
  });

  it('begins a long recording again that was replaced since', { timeout: 240_000 }, async () => {
    archive.record('long.wav', 50);
    const { job } = await archive.create();
    const cut = { maxChunkMs: 10_000, searchMs: 2_000 };
    await dieAfterTwoChunks(cut);
    archive.record('long.wav', 45, { level: 0.4 });
    await archive.finish(job.jobId, [archive.worker({ cut }).worker]);
    const { transcript } = await archive.jobs.transcript(OWNER, job.jobId, 1);
    expect(transcript.audioSamples).toBe(45 * 16_000);
    expect(archive.errors).toEqual([]);
  });
});
