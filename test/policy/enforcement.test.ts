/** What a purpose says is what happens to its calls, over a real server with scripted stages. */
import { afterEach, describe, expect, it } from 'vitest';
import type { RedactedText } from '../../src/domain/text.ts';
import { Role } from '../../src/gen/sotto/v1/party.ts';
import { Notice } from '../../src/gen/sotto/v1/policy.ts';
import { WithheldReason } from '../../src/gen/sotto/v1/redaction.ts';
import { RecognitionConfig, type StreamTranscribeRequest } from '../../src/gen/sotto/v1/transcription.ts';
import { parsePolicy, Sampler } from '../../src/policy/index.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  configMessage,
  constantAudio,
  controlMessage,
  converse,
  DECLARATION,
  startTestServer,
  type TestServer,
  textsOf,
} from '../rpc/test-server.ts';

const SECOND = 16_000;
/** Both channels say one word a second; the caller's tells which second it is. */
const second = (value: number) => audioMessage(constantAudio(SECOND, value, 0));

let server: TestServer | undefined;
afterEach(() => server?.[Symbol.asyncDispose]());

interface Setting {
  readonly purpose?: object;
  readonly sampler?: Sampler;
  /** The word of this second comes with an entity of `type`. */
  readonly special?: string;
  readonly type?: 'HEALTH' | 'SPECIAL_CATEGORY';
}

async function start({ purpose = {}, sampler, special, type = 'HEALTH' }: Setting): Promise<TestServer> {
  const lawfulBases = ['contract', 'consent'];
  const policy = parsePolicy(
    { version: 1, purposes: { 'live-assistance': { lawfulBases, ...purpose } } },
    'test',
  );
  const { createRedactor, ...stages } = scriptedStages();
  server = await startTestServer({
    policies: { current: policy },
    sampler,
    stages: {
      ...stages,
      createRedactor: (options) => {
        const redactor = createRedactor(options);
        return {
          ...redactor,
          final: async (segment) => {
            const final = await redactor.final(segment);
            if (final.text !== special) return final;
            const entity = {
              type,
              start: 0,
              end: 5,
              replacement: `[${type}]` as RedactedText,
            };
            return { ...final, entities: [entity] };
          },
        };
      },
    },
  });
  return server;
}

const talk = async (setting: Setting, messages: readonly StreamTranscribeRequest[], config: object = {}) =>
  converse((await start(setting)).client, [configMessage(config), ...messages]);
const kindsOf = (responses: { event?: { $case: string } | undefined }[]) =>
  responses.map(({ event }) => event?.$case);

describe.each(['HEALTH', 'SPECIAL_CATEGORY'] as const)('special categories: %s', (type) => {
  const four = [second(0.1), second(0.2), second(0.3), second(0.4)];

  it('mask: the final is shown as redaction left it', async () => {
    const { responses } = await talk({ special: 'w0.20', type }, four);
    expect(textsOf(responses)).toEqual(['w0.10', 'w0.20', 'w0.30', 'w0.40']);
  });

  it('drop-segment: the final is withheld, others are shown, and no partial gives it away', async () => {
    const purpose = { specialCategories: 'drop-segment' };
    const { responses } = await talk({ purpose, special: 'w0.20', type }, four, { interimResults: true });
    expect(textsOf(responses)).toEqual(['w0.10', '', 'w0.30', 'w0.40']);
    const dropped = responses.flatMap(({ event }) => (event?.$case === 'result' ? [event.value] : []))[1]!;
    expect(dropped).toMatchObject({
      isFinal: true,
      words: [],
      entities: [],
      withheld: WithheldReason.WITHHELD_REASON_POLICY,
    });
    expect(responses.every(({ event }) => event?.$case !== 'result' || event.value.isFinal)).toBe(true);
  });

  it('stop: the call ends there, with nothing of it', async () => {
    const { responses, error } = await talk(
      { purpose: { specialCategories: 'stop' }, special: 'w0.20', type },
      four,
    );
    expect(error).toBeUndefined();
    const kinds = kindsOf(responses);
    expect(kinds.slice(kinds.indexOf('stopped'))).toEqual(['stopped', 'summary']);
    expect(textsOf(responses)).not.toContain('w0.20');
    expect(textsOf(responses)).not.toContain('w0.30');
  });
});

describe('sampling', () => {
  const none = { purpose: { sampling: { rate: 0, of: 'processed' } } };

  it('of what is processed: a call outside of the sample is not listened to, and is told so', async () => {
    const { responses } = await talk(none, [second(0.1), controlMessage('resume'), second(0.2)]);
    expect(kindsOf(responses)).toEqual(['summary']);
    expect(responses[0]!.event).toMatchObject({
      value: { sampledOut: true, pausedDuration: { seconds: 2 }, audioDuration: { seconds: 2 }, segments: 0 },
    });
  });

  it('is decided by a keyed hash of the call: the same each time, near the rate, nested in higher rates', () => {
    const key = Buffer.alloc(32, 7);
    const ids = Array.from({ length: 20_000 }, (_, i) => `call-${i}`);
    const sampled = (rate: number, sampler = new Sampler(key), tenant = 'acme') =>
      ids.filter((id) => sampler.includes({ name: 'qa', sampling: { rate, of: 'kept' } }, tenant, id));
    const tenth = sampled(0.1);
    // Four standard deviations of a binomial of 20,000 at 0.1.
    expect(Math.abs(tenth.length - 2000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.1 * 0.9));
    expect(sampled(0.1)).toEqual(tenth);
    expect(sampled(0.1, new Sampler(Buffer.alloc(32, 8)))).not.toEqual(tenth);
    expect(sampled(0.1, undefined, 'globex')).not.toEqual(tenth);
    const fifth = new Set(sampled(0.2));
    expect(tenth.every((id) => fifth.has(id))).toBe(true);
    expect(sampled(0)).toEqual([]);
    expect(sampled(1)).toHaveLength(ids.length);
  });
});

describe('what a purpose allows', () => {
  it.each([
    ['sentiment', {}, { sentiment: true }, 'config.recognition.sentiment'],
    ['language', { languages: ['nl'] }, { languageCodes: ['en'] }, 'config.recognition.language_codes[0]'],
    [
      'operator',
      { entities: { LOCATION: ['mask'] } },
      { redaction: { defaultOperator: 0, operators: { LOCATION: 3 } } },
      'config.recognition.redaction.operators',
    ],
    [
      'default operator',
      { operators: ['mask'] },
      { redaction: { defaultOperator: 3, operators: {} } },
      'config.recognition.redaction.default_operator',
    ],
  ] as const)('%s: the rest is refused', async (_, purpose, recognition, field) => {
    const config = { recognition: RecognitionConfig.fromPartial(recognition as object) };
    const { error } = await talk({ purpose }, [], config);
    expect(error?.details).toContain(field);
    expect(error?.details).toContain('policy');
    expect(error?.code).toBe(7);
  });
});

describe('transcribe from now', () => {
  const silent = { ...DECLARATION, notice: Notice.NOTICE_UNSPECIFIED };
  const startMessage = (announcedBy: Role, notice: Notice): StreamTranscribeRequest => ({
    message: { $case: 'control', value: { action: { $case: 'start', value: { announcedBy, notice } } } },
  });

  it.each([
    ['the agent', Role.ROLE_AGENT],
    ['the caller', Role.ROLE_CALLER],
  ])('nothing before it is recognised; %s announces it', async (_, role) => {
    const messages = [second(0.1), controlMessage('resume'), second(0.2), startMessage(role, 1), second(0.3)];
    const config = { waitForStart: true, declaration: silent };
    const { responses, error } = await talk({}, messages, config);
    expect(error).toBeUndefined();
    expect(textsOf(responses)).toEqual(['w0.30']);
    const started = responses.find(({ event }) => event?.$case === 'started')?.event;
    expect(started).toMatchObject({ value: { offset: { seconds: 2 }, announcedBy: role } });
    expect(responses.at(-1)!.event).toMatchObject({ value: { pausedDuration: { seconds: 2 } } });
  });

  it('a call in which nobody announces it tells nothing', async () => {
    const { responses } = await talk({}, [second(0.1)], { waitForStart: true, declaration: silent });
    expect(kindsOf(responses)).toEqual(['summary']);
  });

  it.each([
    ['without notice', startMessage(Role.ROLE_AGENT, 0), 'control.start.notice'],
    ['by nobody', startMessage(Role.ROLE_UNSPECIFIED, 1), 'control.start.announced_by'],
  ])('is refused %s', async (_, message, field) => {
    const config = { waitForStart: true, declaration: silent };
    const { error } = await talk({}, [second(0.1), message], config);
    expect(error?.details).toContain(field);
  });

  it('only waiting excuses the declaration from its notice', async () => {
    const { error } = await talk({}, [], { declaration: silent });
    expect(error?.details).toContain('config.declaration.notice');
  });
});
