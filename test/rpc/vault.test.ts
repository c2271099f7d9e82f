/** Originals of calls over a real server: from the redactor into the vault, and out of it by `Reveal` alone. */
import { credentials, type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawText } from '../../src/domain/text.ts';
import type { SubjectIdentifier } from '../../src/gen/sotto/v1/policy.ts';
import { PrivacyServiceClient } from '../../src/gen/sotto/v1/privacy.ts';
import { AudioEncoding, type StreamConfig, TranscribeRequest } from '../../src/gen/sotto/v1/transcription.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { createCallRedactor } from '../../src/redact/index.ts';
import { ResumeTokens } from '../../src/rpc/index.ts';
import type { Store } from '../../src/store/index.ts';
import { burstsOf, resumableStages } from '../pipeline/resumable-stages.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import { embeddedPlace, type TestPlace } from '../store/both-databases.ts';
import { filesWith, openTestStore } from '../store/store-fixture.ts';
import {
  audioMessage,
  CONFIG,
  collect,
  configMessage,
  constantAudio,
  controlMessage,
  converse,
  DECLARATION,
  startTestServer,
  type TestServer,
  textsOf,
} from './test-server.ts';

const SECOND = 16_000;
/** What the second of that level says; the caller's are odd. */
const LINES = [
  'goedemiddag u spreekt met sanne wat is uw naam',
  'mijn naam is jeroen huizinga',
  'en wat is uw telefoonnummer',
  'nul zes twaalf vierendertig',
  'ja',
  'zesenvijftig achtenzeventig',
  'wat is uw e-mailadres',
  'jeroen apenstaartje voorbeeld punt nl',
  'wat is uw klantnummer',
  'mijn klantnummer is vier vier een zeven twee',
  'en de beveiligingscode van uw kaart',
  'de cvc code is acht drie een',
];
const level = (line: number) => (line + 1) / 32;
/** Each line a second, of the agent (channel 2) or the caller in turn. */
const AUDIO = LINES.map((_, line) =>
  constantAudio(SECOND, line % 2 === 1 ? level(line) : 0, line % 2 === 0 ? level(line) : 0),
);
const POLICY = parsePolicy(
  {
    version: 1,
    purposes: {
      vault: { lawfulBases: ['contract'], retention: { transcript: '2h', vault: '1h' }, linking: true },
      unlinked: { lawfulBases: ['contract'], retention: { transcript: '2h', vault: '1h' } },
      transcripts: { lawfulBases: ['contract'], retention: { transcript: '2h' }, linking: true },
    },
  },
  'test policy',
);
const SECRETS = ['huizinga', 'zesenvijftig', 'apenstaartje', 'klantnummer is vier', 'sanne', 'acht drie een'];

const stages = () =>
  scriptedStages({
    engine: scriptedEngine(async (request) => {
      const line = LINES[Math.round(request.samples[0]! * 32) - 1]!;
      const [word] = oneWord(request).words;
      return {
        ...oneWord(request),
        words: line.split(' ').map((text) => ({ ...word!, text: text as RawText })),
      };
    }),
    createRedactor: (options, memory, tellOriginals) =>
      createCallRedactor({ ...options, memory, tellOriginals }),
  });

let place: TestPlace;
let store: Store;
let server: TestServer;
let privacy: PrivacyServiceClient;
beforeEach(async () => {
  place = await embeddedPlace();
  store = await openTestStore(place);
  server = await start();
  privacy = new PrivacyServiceClient(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
});
afterEach(async () => {
  privacy?.close();
  await server?.[Symbol.asyncDispose]();
  await store?.[Symbol.asyncDispose]();
  await place?.[Symbol.asyncDispose]();
});

const start = () => startTestServer({ store, policies: { current: POLICY }, stages: stages() });
const declared = (purpose: string, callId = 'call-7') => ({
  declaration: { ...DECLARATION, purpose, callId },
});
const speak = (purpose: string) =>
  converse(server.client, [configMessage(declared(purpose)), ...AUDIO.map(audioMessage)]);
const find = async (subject: SubjectIdentifier) => (await ask('findSubject', { subject })).calls;
const byCallId = (value = 'call-7'): SubjectIdentifier => ({ identifier: { $case: 'callId', value } });
const ask = (name: 'findSubject' | 'reveal' | 'listAudit' | 'erase', request: object) =>
  // biome-ignore lint/suspicious/noExplicitAny: the methods differ in nothing but their messages.
  new Promise<any>((resolve, reject) => {
    const unset = {
      callId: '',
      reason: '',
      requestId: '',
      replacements: [],
      pageSize: 100,
      beforeSequence: 0,
    };
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    (privacy as any)[name]({ ...unset, ...request }, (error: GrpcError | null, response: unknown) =>
      error ? reject(error) : resolve(response),
    );
  });
const reveal = async (replacements: readonly string[] = []) => {
  const [call] = await find(byCallId());
  return (await ask('reveal', { callId: call.callId, replacements, reason: 'court order 12' })).originals;
};
const entries = async () => {
  const { rows } = await store.database.executeSql(
    'select call_id, sequence from vault_entry order by call_id, sequence',
  );
  return rows;
};

describe('a call whose purpose keeps originals', () => {
  it('shows a privacy officer with a reason what stands behind a mask, and says so in the audit log', async () => {
    const { responses, error } = await speak('vault');
    expect(error).toBeUndefined();
    const shown = textsOf(responses).join('\n');
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
    expect(await find(byCallId())).toMatchObject([{ hasOriginals: true }]);
    expect(await reveal(['[PERSON_1]'])).toEqual([
      { type: 'PERSON', replacement: '[PERSON_1]', original: 'jeroen huizinga' },
    ]);
    const { entries: audit } = await ask('listAudit', {});
    expect(audit).toContainEqual(
      expect.objectContaining({ action: 'reveal', reason: 'court order 12', purpose: 'vault' }),
    );
    const originals: { type: string; original: string }[] = await reveal();
    expect(originals.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['PERSON', 'PHONE_NUMBER', 'EMAIL_ADDRESS', 'CUSTOMER_REFERENCE']),
    );
    // Agents are nobody's to reveal; security codes may be kept by nobody.
    const all = originals.map(({ original }) => original).join('\n');
    expect(all).not.toMatch(/sanne|acht drie een/);
    expect(originals.map(({ type }) => type)).not.toContain('CARD_SECURITY_CODE');
  });

  it('is in clear in no file', async () => {
    await speak('vault');
    await store[Symbol.asyncDispose]();
    for (const secret of SECRETS) expect(filesWith(secret, place.files)).toEqual([]);
  });

  it.each<[string, SubjectIdentifier['identifier']]>([
    ['a telephone number said over two turns', { $case: 'phoneNumber', value: '+31612345678' }],
    ['an e-mail address', { $case: 'emailAddress', value: 'jeroen@voorbeeld.nl' }],
    ['a customer reference', { $case: 'customerReference', value: '44172' }],
  ])('is found by %s, where calls may be linked', async (_, identifier) => {
    await speak('vault');
    expect(await find({ identifier })).toHaveLength(1);
    await ask('erase', { subject: { identifier }, reason: 'Art. 17' });
    expect(await find(byCallId())).toEqual([]);
    expect(await entries()).toEqual([]);
    await speak('unlinked');
    expect(await find({ identifier })).toEqual([]);
    expect((await reveal(['[PERSON_1]'])).length).toBe(1);
  });

  it('leaves none of them after an opt-out, nor a key', async () => {
    const live = server.client.streamTranscribe();
    live.write(configMessage(declared('vault')));
    live.write(audioMessage(AUDIO[1]!));
    const ended = collect(live);
    await expect.poll(entries).toHaveLength(1);
    const { rows } = await store.database.executeSql('select id, vault_key from call');
    live.write(controlMessage('optOut'));
    live.end();
    await ended;
    expect(await entries()).toEqual([]);
    const owner = { tenant: 'default', callId: rows[0].id, kind: 'vault' } as const;
    expect(await store.callKeys.open(owner, rows[0].vault_key)).toBeUndefined();
  });

  it('is a recording as well', async () => {
    const request = TranscribeRequest.fromPartial({
      audio: { ...CONFIG.audio, encoding: AudioEncoding.AUDIO_ENCODING_LINEAR16 },
      content: Buffer.concat(AUDIO),
      ...declared('vault'),
    });
    await new Promise((resolve, reject) => {
      server.client.transcribe(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
    expect((await reveal(['[PERSON_1]'])).map(({ original }: { original: string }) => original)).toEqual([
      'jeroen huizinga',
    ]);
  });

  it('ends with UNAVAILABLE when the vault cannot be written, and shows no final that it does not hold', async () => {
    await store.database.executeSql('alter table vault_entry rename to vault_lost');
    const { responses, error } = await speak('vault');
    expect(error).toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringMatching(/^the originals that the purpose keeps could not be stored/),
    });
    const shown = textsOf(responses).join('\n');
    expect(shown).not.toContain('[PERSON_1]');
    for (const secret of SECRETS) expect(`${shown}${error!.details}`).not.toContain(secret);
    // Calls whose purpose keeps none go on.
    expect((await speak('transcripts')).error).toBeUndefined();
  });

  it('holds each original and each final once when the call is resumed, and nothing once it was erased', async () => {
    const speaks = Array.from({ length: 40 }, (_, i) => [i % 3 < 2, i % 5 < 2] as const);
    const audio = burstsOf(speaks, SECOND);
    const secrets = [Buffer.from('a secret that all workers share, 32+')];
    const startResumable = () =>
      startTestServer({
        store,
        policies: { current: POLICY },
        stages: resumableStages(),
        resumeTokens: new ResumeTokens({ secrets, ttlMs: 60_000 }),
      });
    await using first = await startResumable();
    await using second = await startResumable();
    const config = { ...declared('vault'), resumable: true };
    const talk = ({ client }: TestServer, resume?: StreamConfig['resume']) =>
      converse(client, [configMessage({ ...config, resume }), audioMessage(audio)]);
    const content = async () => {
      const [call] = await store.calls.find('default', { kind: 'call-id', value: 'call-7' }, 'call_id');
      const segments = await store.calls.segmentsOf(call!);
      return {
        segments: segments.map(({ segmentId, text }) => [segmentId, text]),
        originals: await reveal(),
      };
    };
    const sequences = async () => (await entries()).map(({ sequence }) => sequence);

    const undisturbed = await talk(first);
    const expected = { ...(await content()), sequences: await sequences() };
    expect(expected.originals.length).toBeGreaterThan(2);
    const checkpoints = undisturbed.responses.flatMap(({ event }) =>
      event?.$case === 'checkpoint' ? [event.value] : [],
    );
    // As if all that came after had been lost on its way: it is said, kept and told again.
    const at = checkpoints[Math.floor(checkpoints.length / 2)]!;
    expect(at.resumeSample).toBeGreaterThan(0);
    const resume = { token: at.resumeToken, firstSample: 0 };
    const resumed = await talk(second, resume);
    expect(resumed.error).toBeUndefined();
    expect(textsOf(resumed.responses).length).toBeGreaterThan(2);
    expect(await find(byCallId())).toHaveLength(1);
    expect({ ...(await content()), sequences: await sequences() }).toEqual(expected);

    await ask('erase', { subject: byCallId(), reason: 'Art. 17' });
    expect((await talk(second, resume)).error).toBeUndefined();
    expect(await find(byCallId())).toEqual([]);
    expect(await entries()).toEqual([]);
  });
});

describe('a call whose purpose keeps no originals', () => {
  it('leaves none, in no file, under no key', async () => {
    const { error } = await speak('transcripts');
    expect(error).toBeUndefined();
    expect(await find(byCallId())).toMatchObject([{ hasOriginals: false }]);
    expect(await reveal()).toEqual([]);
    expect(await entries()).toEqual([]);
    const { rows } = await store.database.executeSql('select vault_key from call');
    expect(rows).toEqual([{ vault_key: null }]);
    await store[Symbol.asyncDispose]();
    for (const secret of SECRETS) expect(filesWith(secret, place.files)).toEqual([]);
  });
});
