/**
 * The tenant side of the matrix where something exists: a job with a transcript of one tenant, on a real database. To
 * every method that names it, another tenant gets the very answer that a job which never was would give.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, type ServiceError as GrpcError, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as archive from '../../src/gen/sotto/v1/archive.ts';
import { ACCESS_ROLES, createAccessToken, loadAccessTokens } from '../../src/policy/index.ts';
import { readAccessTable } from '../../src/rpc/access/index.ts';
import { createAuthenticator } from '../../src/rpc/index.ts';
import { type ArchiveFixture, OWNER, openArchive } from '../archive/archive-fixture.ts';
import { startTestServer, type TestServer } from '../rpc/test-server.ts';
import { embeddedPlace } from '../store/both-databases.ts';

const SERVICE = '/sotto.v1.ArchiveService/';
const UNKNOWN = '11111111-1111-4111-8111-111111111111';
/** Methods that name a job. One that is added must be put here or there. */
const BY_JOB = ['GetJob', 'WatchJob', 'PauseJob', 'ResumeJob', 'RetryFailed', 'ListItems', 'GetTranscript'];
const BY_JOB_TOO = ['ExportResults', 'CancelJob'];
const OTHERS = ['CreateJob', 'ListJobs'];
const READING = ['ListItems', 'GetTranscript', 'ExportResults'];

const resources = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'sotto-archive-tenants-'));
const tokens = new Map<string, string>();
let server: TestServer;
let client: Client;
let fixture: ArchiveFixture;
let jobId: string;
let hiddenJobId: string;

beforeAll(async () => {
  fixture = resources.use(await openArchive(resources.use(await embeddedPlace())));
  fixture.record('a.wav', 2);
  ({ jobId } = (await fixture.create()).job);
  await fixture.finish(jobId);
  hiddenJobId = (await fixture.create({}, { purpose: 'not-for-readers' })).job.jobId;
  await fixture.finish(hiddenJobId);

  const file = join(folder, 'tokens.jsonl');
  for (const tenant of [OWNER.tenant, 'globex']) {
    const principal = { tenant, roles: ACCESS_ROLES, name: tenant };
    tokens.set(tenant, createAccessToken(file, principal, new Date(Date.now() + 600_000)));
  }
  const authenticator = createAuthenticator({
    access: undefined,
    tokens: { current: loadAccessTokens(file) },
  });
  server = resources.use(await startTestServer({ archive: fixture.jobs, server: { authenticator } }));
  client = new Client(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
}, 120_000);

afterAll(async () => {
  client.close();
  await resources.disposeAsync();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly code: string;
  readonly details: string;
  readonly messages: Buffer[];
}

/** `job_id` is field 1 of all these requests; field 2 is the number of an item, or the format of an export. */
function ask(method: string, job: string, tenant: string): Promise<Answer> {
  const request = archive.GetTranscriptRequest.fromPartial({
    jobId: job,
    item: ['GetTranscript', 'ExportResults'].includes(method) ? 1 : 0,
  });
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${tokens.get(tenant)}`);
  const bytes = (value: Buffer) => value;
  const stream = client.makeBidiStreamRequest(`${SERVICE}${method}`, bytes, bytes, metadata);
  const messages: Buffer[] = [];
  const ended = new Promise<Answer>((resolve) => {
    stream.on('data', (message: Buffer) => messages.push(message));
    stream.on('error', ({ code, details }: GrpcError) => resolve({ code: status[code], details, messages }));
    stream.on('end', () => resolve({ code: 'OK', details: '', messages }));
  });
  stream.write(Buffer.from(archive.GetTranscriptRequest.encode(request).finish()));
  stream.end();
  return ended;
}

describe('the archive of another tenant', () => {
  const methods = [...readAccessTable().keys()]
    .filter((path) => path.startsWith(SERVICE))
    .map((path) => path.slice(SERVICE.length));

  it('has every method in one of the lists above', () => {
    expect([...BY_JOB, ...BY_JOB_TOO, ...OTHERS].sort()).toEqual([...methods].sort());
  });

  it.each([...BY_JOB, ...BY_JOB_TOO])('%s: a job of theirs is one that never was', async (method) => {
    const theirs = await ask(method, jobId, 'globex');
    expect(theirs.code).toBe('NOT_FOUND');
    expect(theirs).toEqual(await ask(method, UNKNOWN, 'globex'));
    expect(theirs.messages).toEqual([]);
  });

  it('is not in their list', async () => {
    const { code, messages } = await ask('ListJobs', '', 'globex');
    expect(code).toBe('OK');
    expect(archive.ListJobsResponse.decode(messages[0]!).jobs).toEqual([]);
  });

  it.each(READING)('%s: its owner may', async (method) => {
    const { code, messages } = await ask(method, jobId, OWNER.tenant);
    expect(code).toBe('OK');
    expect(messages.length).toBeGreaterThan(0);
  });

  it.each(READING)('%s: not for a purpose that the reader may not read for', async (method) => {
    const hidden = await ask(method, hiddenJobId, OWNER.tenant);
    expect(hidden).toEqual(await ask(method, UNKNOWN, OWNER.tenant));
    expect(hidden.code).toBe('NOT_FOUND');
  });
});
