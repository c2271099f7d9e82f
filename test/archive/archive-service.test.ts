import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveJobOptions, SottoClient } from '../../src/client/index.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { cli } from '../cli/cli-fixture.ts';
import { startTestServer, type TestServer } from '../rpc/test-server.ts';
import { embeddedPlace, serverPlace, type TestPlace } from '../store/both-databases.ts';
import { POSTGRES_MISSING } from '../store/postgres-server.ts';
import { type ArchiveFixture, openArchive } from './archive-fixture.ts';

const POLICY = parsePolicy(
  {
    version: 1,
    purposes: {
      'quality-assurance': { lawfulBases: ['consent'], sentiment: true, retention: { transcript: '30d' } },
      'live-assistance': { lawfulBases: ['consent'], sentiment: true },
    },
  },
  'test',
);

let place: TestPlace;
let archive: ArchiveFixture;
let server: TestServer;
let client: SottoClient;
let address: string;

beforeAll(async () => {
  place = await (POSTGRES_MISSING === undefined ? serverPlace() : embeddedPlace());
  archive = await openArchive(place);
  server = await startTestServer({ archive: archive.jobs, policies: { current: POLICY } });
  address = `127.0.0.1:${server.server.port}`;
  client = new SottoClient({ address });
}, 180_000);
afterAll(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
  await archive[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});
afterEach(() => archive.clear());

let requests = 0;
function job(changes: Partial<ArchiveJobOptions> = {}): ArchiveJobOptions {
  return {
    requestId: `request-${++requests}`,
    sources: [{ path: archive.root }],
    declaration: { purpose: 'quality-assurance', lawfulBasis: 'consent', notice: 'announced' },
    languages: ['nl'],
    sentiment: true,
    reprocess: true,
    ...changes,
  };
}

/** Keeper and worker run until `during` is over. */
async function whileWorking<T>(during: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const running = [archive.keeper, archive.worker().worker].map((part) => part.run(stop.signal));
  try {
    return await during();
  } finally {
    stop.abort();
    await Promise.all(running);
  }
}

describe('a client', () => {
  it('makes a job, watches it to its end, and reads what came of it', { timeout: 240_000 }, async () => {
    const files = [
      archive.record('a.wav', 2),
      archive.record('b.wav', 1, { channels: 2 }),
      archive.write('c.wav', 'x'),
    ];
    const sources = files.map((path) => ({ path }));
    const states: string[] = [];
    const { jobId } = await client.archive.create(job({ sources }));
    const last = await whileWorking(async () => {
      let latest = await client.archive.get(jobId);
      for await (const now of client.archive.watch(jobId)) {
        latest = now;
        states.push(now.state);
      }
      return latest;
    });
    expect(states.at(-1)).toBe('done');
    expect(last).toMatchObject({
      listed: true,
      items: { total: 3, done: 2, failed: 1 },
      audioMs: 3000,
      failures: { 'codec-unknown': 1 },
    });
    const items = await Array.fromAsync(client.archive.items(jobId));
    expect(items.map(({ state }) => state)).toEqual(['done', 'done', 'failed']);
    expect(items[2]).toMatchObject({ failure: 'codec-unknown', message: expect.stringContaining('WAV') });
    const parts = await Array.fromAsync(client.archive.export(jobId, 'jsonl'));
    expect(parts.at(-1)).toEqual({ type: 'summary', transcripts: 2, expired: 0 });
    const [first] = parts.filter((part) => part.type === 'file');
    const record = JSON.parse(Buffer.from(first!.content).toString());
    expect(record).toMatchObject({
      item: 1,
      audioMs: 2000,
      segments: [{ role: 'caller' }, { startMs: 1000 }],
    });
    const jobs = await Array.fromAsync(client.archive.list());
    expect(jobs.map((each) => each.jobId)).toEqual([jobId]);
  });

  it('pauses, resumes and cancels, as often as it likes', { timeout: 240_000 }, async () => {
    archive.record('a.wav', 1);
    const { jobId } = await client.archive.create(job());
    expect((await client.archive.pause(jobId)).state).toBe('paused');
    expect((await client.archive.pause(jobId)).state).toBe('paused');
    expect((await client.archive.resume(jobId)).state).toBe('running');
    expect((await client.archive.cancel(jobId)).state).toBe('cancelled');
    expect((await client.archive.cancel(jobId)).state).toBe('cancelled');
    await expect(client.archive.resume(jobId)).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
  });

  it('gets the same job for the same request', async () => {
    const request = job();
    const first = await client.archive.create(request);
    expect((await client.archive.create(request)).jobId).toBe(first.jobId);
    await expect(client.archive.create({ ...request, priority: 3 })).rejects.toMatchObject({
      status: 'ALREADY_EXISTS',
      message: expect.stringContaining('request_id'),
    });
  });

  it.each([
    [{ sources: [{ path: '/etc' }] }, 'PERMISSION_DENIED', 'sources[0].path'],
    [{ sources: [{ path: 'none' }] }, 'NOT_FOUND', 'sources[0].path'],
    [{ sources: [{ pattern: '../*' }] }, 'INVALID_ARGUMENT', 'sources[0].pattern'],
    [{ sources: [] }, 'INVALID_ARGUMENT', 'sources'],
    [{ sources: [{ s3Uri: 's3://calls/2024' }] }, 'FAILED_PRECONDITION', 'sources[0].s3_uri'],
    [{ requestId: '' }, 'INVALID_ARGUMENT', 'request_id'],
    [{ priority: 101 }, 'INVALID_ARGUMENT', 'priority'],
    [{ window: { start: '25:00', end: '06:00' } }, 'INVALID_ARGUMENT', 'window.start'],
    [{ redactedAudio: { folder: '/etc' } }, 'PERMISSION_DENIED', 'redacted_audio.folder'],
    [
      { declaration: { purpose: 'live-assistance', lawfulBasis: 'consent', notice: 'announced' } },
      'FAILED_PRECONDITION',
      'declaration.purpose',
    ],
    [
      { sources: [{ manifest: Buffer.from('file,language\na.wav,xx\n'), format: 'csv' }] },
      'INVALID_ARGUMENT',
      'sources[0].manifest.content',
    ],
  ] as [Partial<ArchiveJobOptions>, string, string][])(
    'is told what is wrong with %j',
    async (changes, status, field) => {
      await expect(client.archive.create(job(changes))).rejects.toMatchObject({
        status,
        message: expect.stringContaining(field),
      });
    },
  );

  it.each(['no-job', '00000000-0000-4000-8000-000000000000'])('does not find the job %s', async (jobId) => {
    await expect(client.archive.get(jobId)).rejects.toMatchObject({ status: 'NOT_FOUND' });
  });
});

it('says that a server without archive has none', async () => {
  await using other = await startTestServer({ policies: { current: POLICY } });
  await using without = new SottoClient({ address: `127.0.0.1:${other.server.port}` });
  await expect(without.archive.create(job())).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
});

describe('sotto archive', () => {
  it('submits, watches, and fails if an item has failed', { timeout: 240_000 }, async () => {
    archive.record('a.wav', 1);
    archive.write('b.wav', 'no samples');
    const args = ['archive', 'submit', archive.root, '--server', address, '--language', 'nl', '--watch'];
    const { code, out } = await whileWorking(() => cli(args));
    expect(code).toBe(1);
    expect(out).toMatch(/done +1\nfailed +1\n {2}codec-unknown +1/);
    expect(out).toMatch(/\d +codec-unknown +b\.wav/);
    const listed = await cli(['archive', 'list', '--server', address]);
    expect(listed.out.split('\n')).toHaveLength(3);
  });

  it('exports files that are whole, named after their items', { timeout: 240_000 }, async () => {
    archive.record('a.wav', 1);
    archive.record('b.wav', 1);
    const { jobId } = await client.archive.create(job());
    await whileWorking(async () => {
      for await (const _ of client.archive.watch(jobId));
    });
    const to = join(archive.output, 'transcripts');
    mkdirSync(to);
    const { code, err } = await cli([
      'archive',
      'export',
      jobId,
      '--server',
      address,
      '--format',
      'vtt',
      '--to',
      to,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: `2 transcripts in ${to}\n` });
    expect(readdirSync(to)).toEqual(['0000001.vtt', '0000002.vtt']);
    expect(readFileSync(join(to, '0000001.vtt'), 'utf8')).toMatch(
      /^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\n<v Caller>/,
    );
  });

  it('refuses wrong options before it asks the server', async () => {
    const submit = ['archive', 'submit', archive.root, '--server', address];
    expect((await cli([...submit, '--between', '8-9'])).code).toBe(2);
    expect((await cli([...submit, '--priority', 'high'])).code).toBe(2);
    expect((await cli(['archive', 'retry', 'x', '--failure', 'bad', '--server', address])).code).toBe(2);
    expect((await cli(['worker'])).err).toContain('--database is missing');
  });
});
