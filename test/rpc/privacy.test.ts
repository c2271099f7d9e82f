import {
  type ClientReadableStream,
  credentials,
  type ServiceError as GrpcError,
  status,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SubjectIdentifier } from '../../src/gen/sotto/v1/policy.ts';
import {
  type EraseResponse,
  type ExportResponse,
  PrivacyServiceClient,
  SubjectExportFormat,
} from '../../src/gen/sotto/v1/privacy.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Store } from '../../src/store/index.ts';
import { embeddedPlace, type TestPlace } from '../store/both-databases.ts';
import { openTestStore } from '../store/store-fixture.ts';
import {
  audioMessage,
  collect,
  configMessage,
  constantAudio,
  controlMessage,
  converse,
  DECLARATION,
  startTestServer,
  type TestServer,
} from './test-server.ts';

const POLICY = parsePolicy(
  {
    version: 1,
    purposes: {
      kept: { lawfulBases: ['contract'], retention: { transcript: '1h' }, linking: true },
      'live-assistance': { lawfulBases: ['contract'] },
      unsampled: { lawfulBases: ['contract'], retention: { transcript: '1h' }, sampling: { rate: 0 } },
    },
  },
  'test policy',
);
/** What the messages do not set; each encodes what it knows. */
const UNSET = {
  callId: '',
  purpose: '',
  reason: '',
  requestId: '',
  replacements: [],
  lift: false,
  pageSize: 0,
  beforeSequence: 0,
};
const SECOND = 16_000;
const byPhone = (value: string): SubjectIdentifier => ({ identifier: { $case: 'phoneNumber', value } });
const byCallId = (value: string): SubjectIdentifier => ({ identifier: { $case: 'callId', value } });

describe('PrivacyService', () => {
  let place: TestPlace;
  let store: Store;
  let server: TestServer;
  let privacy: PrivacyServiceClient;
  beforeAll(async () => {
    place = await embeddedPlace();
    store = await openTestStore(place);
    server = await startTestServer({ store, policies: { current: POLICY } });
    privacy = new PrivacyServiceClient(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
  });
  afterAll(async () => {
    privacy?.close();
    await server?.[Symbol.asyncDispose]();
    await store?.[Symbol.asyncDispose]();
    await place?.[Symbol.asyncDispose]();
  });

  type Method =
    | 'findSubject'
    | 'erase'
    | 'restrict'
    | 'reveal'
    | 'readTranscript'
    | 'listAudit'
    | 'verifyAudit';
  const ask = <Name extends Method | 'processingRecord' | 'dpiaInputs'>(name: Name, request: object = {}) =>
    // biome-ignore lint/suspicious/noExplicitAny: the methods differ in nothing but their messages.
    new Promise<any>((resolve, reject) => {
      // biome-ignore lint/suspicious/noExplicitAny: as above.
      (privacy as any)[name]({ ...UNSET, ...request }, (error: GrpcError | null, response: unknown) =>
        error ? reject(error) : resolve(response),
      );
    });
  const call = (callId: string, phone: string, purpose = 'kept') => ({
    declaration: { ...DECLARATION, purpose, callId, subjects: [byPhone(phone)] },
  });
  const speak = async (callId: string, phone: string, purpose?: string) => {
    const { error } = await converse(server.client, [
      configMessage(call(callId, phone, purpose)),
      audioMessage(constantAudio(SECOND, 0.25, 0.5)),
    ]);
    expect(error).toBeUndefined();
  };
  const exported = async (subject: SubjectIdentifier, format: SubjectExportFormat) => {
    const pieces = privacy.export({ subject, format, includeOriginals: true });
    const contents: Buffer[] = [];
    for await (const { content } of pieces as ClientReadableStream<ExportResponse> &
      AsyncIterable<ExportResponse>)
      contents.push(content);
    return Buffer.concat(contents).toString();
  };

  it('finds, reads and exports a call that its purpose keeps, and no other', async () => {
    await speak('first', '+31201234567');
    await speak('second', '+31201234567', 'live-assistance');
    await speak('third', '+31201234567', 'unsampled');
    const { calls } = await ask('findSubject', { subject: byPhone('020 1234567') });
    expect(calls).toMatchObject([
      { purpose: 'kept', lawfulBasis: 2, policyHash: POLICY.hash, hasOriginals: false },
    ]);

    const read = await ask('readTranscript', { callId: 'first', purpose: 'kept' });
    expect(read.segments).toMatchObject([
      { channelTag: 1, role: 1, startMs: 0, endMs: 1000, text: 'w0.25', languageCode: 'nl' },
      { channelTag: 2, role: 2, text: 'w0.50' },
    ]);
    const elsewhere = ask('readTranscript', { callId: 'first', purpose: 'live-assistance' });
    await expect(elsewhere).rejects.toMatchObject({ code: status.NOT_FOUND });

    const json = JSON.parse(
      await exported(byCallId('first'), SubjectExportFormat.SUBJECT_EXPORT_FORMAT_JSON),
    );
    expect(json.calls).toMatchObject([{ purpose: 'kept', segments: [{ text: 'w0.25' }, { text: 'w0.50' }] }]);
    const html = await exported(byCallId('first'), SubjectExportFormat.SUBJECT_EXPORT_FORMAT_HTML);
    expect(html).toContain('<td lang="nl">w0.25</td>');
    expect(html).not.toMatch(/<script|src=|href=/);
  });

  it('erases with a receipt that the chain holds', async () => {
    await speak('to-erase', '+31207654321');
    const { receipt, calls }: EraseResponse = await ask('erase', {
      subject: byPhone('+31207654321'),
      reason: 'asked for by letter',
    });
    expect(calls).toBe(1);
    expect(await ask('verifyAudit', { receipt })).toMatchObject({ intact: true, brokenAt: 0 });
    expect(await ask('verifyAudit', { receipt: { ...receipt, hash: 'ff' } })).toMatchObject({
      intact: false,
      problem: 'receipt-unknown',
    });
    expect(await ask('findSubject', { subject: byPhone('+31207654321') })).toEqual({ calls: [] });
    const gone = ask('readTranscript', { callId: 'to-erase', purpose: 'kept' });
    await expect(gone).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('shows no words after an opt-out and keeps none of those before', async () => {
    const live = server.client.streamTranscribe();
    live.write(configMessage(call('opts-out', '+31203333333')));
    live.write(audioMessage(constantAudio(SECOND, 0.25, 0)));
    const first = Promise.withResolvers<void>();
    live.once('data', () => first.resolve());
    const ended = collect(live);
    await first.promise;
    live.write(controlMessage('optOut'));
    live.write(audioMessage(constantAudio(SECOND, 0.75, 0)));
    live.end();
    const { responses } = await ended;
    const kinds = responses.map(({ event }) => event?.$case);
    expect(kinds.slice(kinds.indexOf('optedOut'))).toEqual(['optedOut', 'summary']);
    expect(await ask('findSubject', { subject: byCallId('opts-out') })).toEqual({ calls: [] });
    const { rows } = await store.database.executeSql(
      `select count(*) as left from call where erasing_at is not null or id in
         (select call_id from audit_entry where action = 'opt-out')`,
    );
    expect(rows).toEqual([{ left: 0 }]);
  });

  it('tells who did what and why', async () => {
    const { entries } = await ask('listAudit', { pageSize: 1000 });
    expect(entries[0]).toMatchObject({ action: 'list-audit', actor: 'loopback' });
    const actions = new Set(entries.map(({ action }: { action: string }) => action));
    for (const action of ['keep', 'find', 'read', 'export', 'erase', 'opt-out', 'verify-audit']) {
      expect(actions).toContain(action);
    }
    expect(entries.find(({ action }: { action: string }) => action === 'erase').reason).toBe(
      'asked for by letter',
    );
  });

  it('writes the record of processing activities from the policy in force', async () => {
    const { markdown } = await ask('processingRecord');
    expect(markdown).toContain('| kept | contract | 1 hours | no | all calls | no | yes |');
    expect(markdown).toContain(POLICY.hash);
    expect((await ask('dpiaInputs')).markdown).toContain('**kept** (contract): transcripts for 1 hours');
  });

  it.each([
    ['findSubject', {}, 'subject'],
    ['findSubject', { subject: byPhone('call me') }, 'subject'],
    ['erase', { subject: byPhone('+31201234567'), reason: ' ' }, 'reason'],
    ['restrict', { subject: byPhone('+31201234567') }, 'reason'],
    ['readTranscript', { purpose: 'kept' }, 'call_id'],
    ['readTranscript', { callId: 'x', purpose: 'marketing' }, 'purpose'],
    ['listAudit', { pageSize: -1 }, 'page_size'],
  ] as const)('%s refuses %j, naming %s', async (name, request, field) => {
    await expect(ask(name, request)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(new RegExp(`^${field}: `)),
    });
  });

  it('reveals nothing of an unknown call', async () => {
    const unknown = ask('reveal', { callId: '00000000-0000-4000-8000-000000000000', reason: 'why' });
    await expect(unknown).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('a server without a store', () => {
  it('refuses calls whose purpose is to be kept, and says so to the privacy officer', async () => {
    await using server = await startTestServer({ policies: { current: POLICY } });
    const { error } = await converse(server.client, [
      configMessage({ declaration: { ...DECLARATION, purpose: 'kept' } }),
    ]);
    expect(error).toMatchObject({ code: status.FAILED_PRECONDITION });
    const privacy = new PrivacyServiceClient(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
    const asked = new Promise((resolve, reject) => {
      privacy.findSubject({ subject: byCallId('x') }, (failure, response) =>
        failure ? reject(failure) : resolve(response),
      );
    });
    await expect(asked).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    privacy.close();
  });
});
