import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { S3Storage } from '../../src/archive/sources/s3-storage.ts';
import { encodeWav } from '../../src/audio/index.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';
import { embeddedPlace, type TestPlace } from '../store/both-databases.ts';
import { type ArchiveFixture, OWNER, openArchive } from './archive-fixture.ts';
import { S3_MISSING, type S3Server, startBreakingProxy, startS3Server } from './s3-server.ts';

const FIELD = 'sources[0].s3_uri';
const title = `object storage${S3_MISSING === undefined ? '' : `: skipped, ${S3_MISSING}`}`;

function tone(seconds: number): Uint8Array {
  return encodeWav('s16', 8000, [Float32Array.from({ length: seconds * 8000 }, (_, n) => Math.sin(n) / 2)]);
}

describe.skipIf(S3_MISSING !== undefined)(title, () => {
  let server: S3Server;
  let storage: S3Storage;
  const never = new AbortController().signal;
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    server = await startS3Server('calls');
    storage = new S3Storage({ prefixes: ['s3://calls/2024/', 's3://calls/all'], endpoint: server.endpoint });
    for (const key of [
      '2024/a.wav',
      '2024/may/b ü+%.MP3',
      '2024/may/c.wav',
      '2024/may/notes.txt',
      '2024/may/.hidden.wav',
      '2024/june/',
      '2024x/secret.wav',
      'secret.wav',
    ]) {
      await server.put(key, key);
    }
  }, 120_000);
  afterAll(async () => {
    storage[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });
  const list = (uri: string) => Array.fromAsync(storage.list(uri, FIELD));
  const read = async (uri: string) => buffer((await storage.open(uri, FIELD)).read(never));

  it.each([
    ['s3://calls/2024', ['a.wav', 'may/b ü+%.MP3', 'may/c.wav']],
    ['s3://calls/2024/', ['a.wav', 'may/b ü+%.MP3', 'may/c.wav']],
    ['s3://calls/2024/may', ['may/b ü+%.MP3', 'may/c.wav']],
    ['s3://calls/2024/a.wav', ['a.wav']],
    ['s3://calls/2024/may/notes.txt', ['may/notes.txt']],
    ['s3://calls/2024/**/*.wav', ['a.wav', 'may/c.wav']],
    ['s3://calls/2024/m[a-z]y/*.{wav,MP3}', ['may/b ü+%.MP3', 'may/c.wav']],
    ['s3://calls/2024/a', []],
  ])('lists %s', async (uri, expected) => {
    expect(await list(uri)).toEqual(expected.map((key) => `s3://calls/2024/${key}`));
  });

  it('lists more than a page', { timeout: 120_000 }, async () => {
    const numbers = Array.from({ length: 1_005 }, (_, n) => `all/${`${n}`.padStart(4, '0')}.wav`);
    for (let n = 0; n < numbers.length; n += 20) {
      await Promise.all(numbers.slice(n, n + 20).map((key) => server.put(key, key)));
    }
    expect(await list('s3://calls/all')).toEqual(numbers.map((key) => `s3://calls/${key}`));
  });

  it.each([
    ['s3://calls/secret.wav', 'permission-denied'],
    ['s3://calls', 'permission-denied'],
    ['s3://calls/2024x/secret.wav', 'permission-denied'],
    ['s3://calls/20*/secret.wav', 'permission-denied'],
    ['s3://other/2024/a.wav', 'permission-denied'],
    ['s3://calls/2024/../secret.wav', 'invalid-argument'],
    ['s3://calls/2024/./a.wav', 'invalid-argument'],
    ['s3://169.254.169.254:80/latest', 'invalid-argument'],
    ['s3://user@host/x', 'invalid-argument'],
    ['s3://', 'invalid-argument'],
  ])('refuses %s before anything is sent', async (uri, kind) => {
    for (const attempt of [list(uri), read(uri), storage.probe(uri, FIELD)]) {
      await expect(attempt).rejects.toMatchObject({ kind, detail: { field: FIELD } });
    }
  });

  it('says what is missing', async () => {
    await expect(read('s3://calls/2024/none.wav')).rejects.toMatchObject({ kind: 'not-found' });
    using elsewhere = new S3Storage({ prefixes: ['s3://no-bucket'], endpoint: server.endpoint });
    await expect(elsewhere.probe('s3://no-bucket', FIELD)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('reads on where the connection broke', { timeout: 60_000 }, async () => {
    const content = randomBytes(900_000);
    await server.put('2024/large.wav', content);
    await using proxy = await startBreakingProxy(server.port, 200_000);
    using through = new S3Storage({ prefixes: ['s3://calls/2024'], endpoint: proxy.endpoint });
    const object = await through.open('s3://calls/2024/large.wav', FIELD);
    expect(object.bytes).toBe(content.length);
    expect((await buffer(object.read(never))).equals(content)).toBe(true);
    expect(proxy.seen.breaks).toBeGreaterThanOrEqual(3);
  });

  it('notices that an object was replaced, also in the middle', { timeout: 60_000 }, async () => {
    const changed = { kind: 'invalid-argument', detail: { recordingFault: 'changed' } };
    await server.put('2024/changing.wav', 'one');
    const object = await storage.open('s3://calls/2024/changing.wav', FIELD);
    await server.put('2024/changing.wav', 'two');
    await expect(buffer(object.read(never))).rejects.toMatchObject(changed);

    await server.put('2024/changing.wav', randomBytes(900_000));
    await using proxy = await startBreakingProxy(server.port, 200_000);
    using through = new S3Storage({ prefixes: ['s3://calls/2024'], endpoint: proxy.endpoint });
    const pieces = (await through.open('s3://calls/2024/changing.wav', FIELD)).read(never);
    await pieces.next();
    await server.put('2024/changing.wav', randomBytes(900_000));
    await expect(buffer(pieces)).rejects.toMatchObject(changed);
  });

  it('stops when it is told to, and when nobody answers', { timeout: 60_000 }, async () => {
    const object = await storage.open('s3://calls/2024/a.wav', FIELD);
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(buffer(object.read(stop))).rejects.toThrow('stopped');
    using nobody = new S3Storage({ prefixes: ['s3://calls'], endpoint: 'http://127.0.0.1:1' });
    await expect(nobody.probe('s3://calls', FIELD)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    [
      'credentials',
      { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
      'permission-denied',
      'credentials',
    ],
    [
      'a region',
      { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined },
      'failed-precondition',
      'archive.s3.region',
    ],
  ])('says what to do without %s', async (missing, variables, kind, remedy) => {
    const nothing = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
    const environment = { ...nothing, AWS_EC2_METADATA_DISABLED: 'true', ...variables };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const endpoint = missing === 'a region' ? undefined : server.endpoint;
    using without = new S3Storage({ prefixes: ['s3://calls'], endpoint });
    await expect(without.probe('s3://calls', FIELD)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(remedy),
    });
    vi.unstubAllEnvs();
  });

  describe('as source of a job', () => {
    let place: TestPlace;
    let archive: ArchiveFixture;
    beforeAll(async () => {
      place = await embeddedPlace();
      archive = await openArchive(
        place,
        scriptedStages(),
        {},
        {
          prefixes: ['s3://calls/jobs'],
          endpoint: server.endpoint,
        },
      );
    }, 180_000);
    afterAll(async () => {
      await archive[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    it('gives every object one result, and knows the audio that a folder has too', {
      timeout: 240_000,
    }, async () => {
      await server.put('jobs/a.wav', tone(2));
      await server.put('jobs/b.wav', tone(3));
      await server.put('jobs/broken.wav', 'no samples');
      await server.put(
        'jobs/list.csv',
        'file,roles\ns3://calls/jobs/a.wav,caller\ns3://calls/jobs/gone.wav,\ns3://calls/secret.wav,\n',
      );
      const { job } = await archive.create({
        sources: [
          { type: 's3', uri: 's3://calls/jobs' },
          { type: 'manifest', path: 's3://calls/jobs/list.csv', format: 'csv' },
        ],
        redactedAudio: { folder: archive.output, cover: 'mute', marginMs: 50 },
      });
      await archive.finish(job.jobId);
      const items = await archive.jobs.items(OWNER, job.jobId, { afterItem: 0, limit: 10 });
      expect(items.map(({ location, failure }) => [location.slice(11), failure])).toEqual([
        ['jobs/a.wav', undefined],
        ['jobs/b.wav', undefined],
        ['jobs/broken.wav', 'codec-unknown'],
        ['jobs/gone.wav', 'file-missing'],
        ['secret.wav', 'not-allowed'],
      ]);
      const { transcript } = await archive.jobs.transcript(OWNER, job.jobId, 2);
      expect(transcript.audioSamples).toBe(3 * 16_000);
      expect(readFileSync(join(archive.output, job.jobId, '2.wav')).length).toBe(tone(3).length);
      expect(archive.errors).toEqual([]);

      archive.write('copy.wav', tone(2));
      const again = await archive.create({ reprocess: false });
      await archive.finish(again.job.jobId);
      const [copy] = await archive.jobs.items(OWNER, again.job.jobId, { afterItem: 0, limit: 10 });
      expect(copy).toMatchObject({ state: 'done', duplicate: true });
    });

    it('is refused with the field where there is none', async () => {
      await expect(
        archive.create({ sources: [{ type: 's3', uri: 's3://calls/2024' }] }),
      ).rejects.toMatchObject({ kind: 'permission-denied', detail: { field: FIELD } });
    });
  });
});
