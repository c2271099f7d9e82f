import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countArchive } from '../../src/store/index.ts';
import { ArchiveGauges } from '../../src/telemetry/archive-gauges.ts';
import { createLogger, Telemetry } from '../../src/telemetry/index.ts';
import { embeddedPlace, serverPlace, type TestPlace } from '../store/both-databases.ts';
import { POSTGRES_MISSING } from '../store/postgres-server.ts';
import { exportedMetrics } from '../telemetry/exported-metrics.ts';
import { type ArchiveFixture, OWNER, openArchive } from './archive-fixture.ts';

describe('the metrics of an archive', () => {
  let place: TestPlace;
  let archive: ArchiveFixture;
  beforeAll(async () => {
    place = await (POSTGRES_MISSING === undefined ? serverPlace() : embeddedPlace());
    archive = await openArchive(place);
  }, 180_000);
  afterAll(async () => {
    await archive[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  it('tell how many jobs and items are in which state', { timeout: 240_000 }, async () => {
    const telemetry = new Telemetry(createLogger('silent'));
    telemetry.watchArchive(() => countArchive(archive.database));
    const good = archive.record('a.wav', 1);
    const bad = archive.write('b.wav', 'x');
    const done = await archive.create({ sources: [good, bad].map((path) => ({ type: 'path', path })) });
    await archive.finish(done.job.jobId);
    await addItems(await archive.create(), 'running', 2);
    const paused = await archive.create();
    await addItems(paused, 'paused', 3);
    await archive.jobs.pause(OWNER, paused.job.jobId);
    const cancelled = await archive.create();
    await addItems(cancelled, 'cancelled', 1);
    await archive.jobs.cancel(OWNER, cancelled.job.jobId);

    const { value } = exportedMetrics(await telemetry.metrics.page());
    const jobs = ['running', 'paused', 'completed', 'cancelled', 'failed'];
    expect(jobs.map((state) => value('sotto_archive_jobs', { state }))).toEqual([1, 1, 1, 1, 0]);
    const items = ['waiting', 'paused', 'running', 'done', 'failed', 'cancelled'];
    expect(items.map((state) => value('sotto_archive_items', { state }))).toEqual([2, 3, 0, 1, 1, 1]);
  });

  async function addItems(status: { job: { jobId: string } }, prefix: string, count: number): Promise<void> {
    for (let item = 1; item <= count; item++) {
      await archive.database.executeSql(
        'insert into archive_item (job_id, item, location) values ($1, $2, $3)',
        [status.job.jobId, item, `${prefix}-${item}`],
      );
    }
  }
});

describe('counting an archive', () => {
  function counted(tookMs: number) {
    let nowMs = 0;
    let counts = 0;
    const count = async () => {
      counts++;
      nowMs += tookMs;
      return { jobs: new Map([['done', counts]]), items: new Map([['a word of a call', 1]]) };
    };
    const { metrics } = new Telemetry(createLogger('silent'));
    const gauges = new ArchiveGauges(metrics, count, () => nowMs);
    const scrapeAt = async (atMs: number) => {
      nowMs = atMs;
      await gauges.collect();
      return counts;
    };
    return { metrics, gauges, scrapeAt };
  }

  it('happens at most every five seconds, and once for scrapes that come together', async () => {
    const { gauges, scrapeAt, metrics } = counted(0);
    await Promise.all([gauges.collect(), gauges.collect()]);
    expect(await scrapeAt(4999)).toBe(1);
    expect(await scrapeAt(5000)).toBe(2);
    const page = await metrics.page();
    expect(exportedMetrics(page).value('sotto_archive_jobs', { state: 'completed' })).toBe(2);
    expect(page).not.toContain('a word');
  });

  it('happens less often where it takes long', async () => {
    const { scrapeAt } = counted(1000);
    expect(await scrapeAt(0)).toBe(1);
    expect(await scrapeAt(20_999)).toBe(1);
    expect(await scrapeAt(21_000)).toBe(2);
  });
});
