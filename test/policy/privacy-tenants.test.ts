/**
 * The tenant side of the matrix where something is kept: a call of one tenant in the store. To every method of
 * PrivacyService another tenant gets the very answer that a call which never was would give, and changes nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, type ServiceError as GrpcError, Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LawfulBasis, Notice, type SubjectIdentifier } from '../../src/gen/sotto/v1/policy.ts';
import * as privacy from '../../src/gen/sotto/v1/privacy.ts';
import { TranscriptionServiceClient } from '../../src/gen/sotto/v1/transcription.ts';
import { ACCESS_ROLES, createAccessToken, loadAccessTokens, parsePolicy } from '../../src/policy/index.ts';
import { readAccessTable } from '../../src/rpc/access/index.ts';
import { createAuthenticator } from '../../src/rpc/index.ts';
import {
  audioMessage,
  collect,
  configMessage,
  constantAudio,
  startTestServer,
  type TestServer,
} from '../rpc/test-server.ts';
import { embeddedPlace } from '../store/both-databases.ts';
import { openTestStore } from '../store/store-fixture.ts';

const SERVICE = '/sotto.v1.PrivacyService/';
const OURS = 'default';
const THEIRS = 'other';
const PURPOSE = 'kept';
const POLICY = parsePolicy(
  {
    version: 1,
    purposes: {
      [PURPOSE]: { lawfulBases: ['contract'], retention: { transcript: '1h' }, linking: true },
      'for-officers': {
        lawfulBases: ['contract'],
        retention: { transcript: '1h' },
        roles: ['privacy-officer'],
      },
    },
  },
  'test',
);
const CALL_ID = 'call-4711';
const PHONE = '+31201234567';
/** The word that the scripted recogniser hears at this level. */
const LEVEL = 0.25;
const WORD = 'w0.25';

const resources = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'sotto-privacy-tenants-'));
const tokens = new Map<string, string>();
let server: TestServer;
let client: Client;

beforeAll(async () => {
  const store = resources.use(await openTestStore(resources.use(await embeddedPlace())));
  const file = join(folder, 'tokens.jsonl');
  const expires = new Date(Date.now() + 600_000);
  for (const tenant of [OURS, THEIRS]) {
    tokens.set(tenant, createAccessToken(file, { tenant, roles: ACCESS_ROLES, name: tenant }, expires));
  }
  const reader = { tenant: OURS, roles: ['reader'], name: 'reader' } as const;
  tokens.set('reader', createAccessToken(file, reader, expires));
  const authenticator = createAuthenticator({
    access: undefined,
    tokens: { current: loadAccessTokens(file) },
  });
  server = resources.use(
    await startTestServer({ store, policies: { current: POLICY }, server: { authenticator } }),
  );
  const address = `127.0.0.1:${server.server.port}`;
  client = new Client(address, credentials.createInsecure());
  const calls = new TranscriptionServiceClient(address, credentials.createInsecure());
  const live = calls.streamTranscribe(authorized(OURS));
  live.write(
    configMessage({
      declaration: {
        purpose: PURPOSE,
        lawfulBasis: LawfulBasis.LAWFUL_BASIS_CONTRACT,
        notice: Notice.NOTICE_ANNOUNCED,
        callId: CALL_ID,
        subjects: [{ identifier: { $case: 'phoneNumber', value: PHONE } }],
      },
    }),
  );
  live.write(audioMessage(constantAudio(16_000, LEVEL, 0)));
  live.end();
  expect((await collect(live)).error).toBeUndefined();
  calls.close();
}, 120_000);

afterAll(async () => {
  client?.close();
  await resources.disposeAsync();
  rmSync(folder, { recursive: true });
});

function authorized(who: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${tokens.get(who)}`);
  return metadata;
}

interface Answer {
  readonly code: string;
  readonly details: string;
  readonly bytes: Buffer;
}

function ask(method: string, request: Uint8Array, who: string): Promise<Answer> {
  const same = (value: Buffer) => value;
  const stream = client.makeBidiStreamRequest(`${SERVICE}${method}`, same, same, authorized(who));
  const parts: Buffer[] = [];
  const ended = new Promise<Answer>((resolve) => {
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', ({ code, details }: GrpcError) =>
      resolve({ code: status[code], details, bytes: Buffer.concat(parts) }),
    );
    stream.on('end', () => resolve({ code: 'OK', details: '', bytes: Buffer.concat(parts) }));
  });
  stream.write(Buffer.from(request));
  stream.end();
  return ended;
}

const subjectOf = (call: string): SubjectIdentifier => ({ identifier: { $case: 'callId', value: call } });
/** A request of every method, about one call. A method that is added must be put here. */
const REQUESTS: Readonly<Record<string, (call: string) => Uint8Array>> = {
  FindSubject: (call) => privacy.FindSubjectRequest.encode({ subject: subjectOf(call) }).finish(),
  Export: (call) =>
    privacy.ExportRequest.encode(privacy.ExportRequest.fromPartial({ subject: subjectOf(call) })).finish(),
  Restrict: (call) =>
    privacy.RestrictRequest.encode(
      privacy.RestrictRequest.fromPartial({ subject: subjectOf(call), reason: 'asked' }),
    ).finish(),
  Reveal: (call) =>
    privacy.RevealRequest.encode(
      privacy.RevealRequest.fromPartial({ callId: call, reason: 'asked' }),
    ).finish(),
  ReadTranscript: (call) => privacy.ReadTranscriptRequest.encode({ callId: call, purpose: PURPOSE }).finish(),
  Erase: (call) =>
    privacy.EraseRequest.encode(
      privacy.EraseRequest.fromPartial({ subject: subjectOf(call), reason: 'asked' }),
    ).finish(),
  ListAudit: () => privacy.ListAuditRequest.encode(privacy.ListAuditRequest.fromPartial({})).finish(),
  VerifyAudit: () => new Uint8Array(),
  ProcessingRecord: () => new Uint8Array(),
  DpiaInputs: () => new Uint8Array(),
};
/** What an answer says, without the times and hashes that differ from call to call. */
const gist = ({ code, details, bytes }: Answer) => ({ code, details, length: bytes.length });

describe('what is kept of another tenant', () => {
  it('is asked for by every method', () => {
    const methods = [...readAccessTable().keys()].filter((path) => path.startsWith(SERVICE));
    expect(Object.keys(REQUESTS).sort()).toEqual(methods.map((path) => path.slice(SERVICE.length)).sort());
  });

  it.each(Object.keys(REQUESTS))('%s: a call of theirs is one that never was', async (method) => {
    const request = REQUESTS[method]!;
    const theirs = await ask(method, request(CALL_ID), THEIRS);
    const unknown = await ask(method, request('call-4712'), THEIRS);
    expect(['OK', 'NOT_FOUND']).toContain(theirs.code);
    // The audit log of the asking tenant grows by its own questions.
    if (method !== 'ListAudit') expect(gist(theirs)).toEqual(gist(unknown));
    expect(theirs.bytes.includes(WORD)).toBe(false);
  });

  it('is found by no identifier of its subject', async () => {
    const subject: SubjectIdentifier = { identifier: { $case: 'phoneNumber', value: PHONE } };
    const request = privacy.FindSubjectRequest.encode({ subject }).finish();
    const found = async (who: string) =>
      privacy.FindSubjectResponse.decode((await ask('FindSubject', request, who)).bytes).calls.length;
    expect(await found(OURS)).toBe(1);
    expect(await found(THEIRS)).toBe(0);
  });

  it('is untouched by all that, and in their own audit log only', async () => {
    const read = await ask('ReadTranscript', REQUESTS.ReadTranscript!(CALL_ID), OURS);
    expect(read.code).toBe('OK');
    expect(read.bytes.includes(WORD)).toBe(true);
    const actors = async (who: string) => {
      const { bytes } = await ask('ListAudit', REQUESTS.ListAudit!(''), who);
      return new Set(privacy.ListAuditResponse.decode(bytes).entries.map(({ actor }) => actor));
    };
    expect([...(await actors(OURS))]).not.toContain(THEIRS);
    expect([...(await actors(THEIRS))]).not.toContain(OURS);
  });

  it('is read for the purpose that it was kept for, by those that may, and for no other', async () => {
    const read = (purpose: string, who: string) =>
      ask('ReadTranscript', privacy.ReadTranscriptRequest.encode({ callId: CALL_ID, purpose }).finish(), who);
    expect((await read(PURPOSE, 'reader')).code).toBe('OK');
    expect((await read('for-officers', OURS)).code).toBe('NOT_FOUND');
    expect((await read('for-officers', 'reader')).code).toBe('PERMISSION_DENIED');
  });

  it('names its policy in the record of processing activities', async () => {
    const { bytes } = await ask('ProcessingRecord', new Uint8Array(), OURS);
    expect(privacy.ProcessingRecordResponse.decode(bytes).markdown).toContain(POLICY.hash);
  });
});
