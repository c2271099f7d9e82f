/** The operator `token`, from the policy to the redacted text: over RedactionService and over a live call. */
import { type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config.ts';
import type { RawText } from '../../src/domain/text.ts';
import { Operator, type RedactionConfig, type RedactResponse } from '../../src/gen/sotto/v1/redaction.ts';
import { RecognitionConfig } from '../../src/gen/sotto/v1/transcription.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { openLinkableToken } from '../../src/redact/linkable-token.ts';
import { EMPTY_KEY_RING, tenantKeys, withNewKey } from '../../src/store/index.ts';
import { createRuntime, type Runtime } from '../../src/wiring/runtime.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  configMessage,
  constantAudio,
  converse,
  DECLARATION,
  startTestServer,
  type TestServer,
  textsOf,
} from '../rpc/test-server.ts';

const TENANT = 'default';
const SPOKEN = 'mijn telefoonnummer is nul zes twaalf vierendertig zesenvijftig achtenzeventig';
const WRITTEN = 'Mijn telefoonnummer is 06-12 34 56 78.';
const TOKEN = /\[PHONE_NUMBER:[\w-]{40,}\]/;
const lawfulBases = ['contract'];
const linked = {
  lawfulBases,
  linking: true,
  entities: { PHONE_NUMBER: ['mask', 'token'], PERSON: ['token'] },
};
const policy = parsePolicy(
  { version: 1, purposes: { fraud: linked, duplicates: linked, care: { lawfulBases, linking: true } } },
  'test',
);

let key: Uint8Array;
let runtime: Runtime;
let server: TestServer;

async function serve(linkingKeys?: () => Uint8Array): Promise<[Runtime, TestServer]> {
  const parts = { withSpeech: false, withSentiment: false, linkingKeys };
  const made = await createRuntime(defaultConfig({ log: { level: 'silent' } }), parts);
  const stages = scriptedStages({
    engine: scriptedEngine(async (request) => {
      const [word] = oneWord(request).words;
      return {
        ...oneWord(request),
        words: SPOKEN.split(' ').map((text) => ({ ...word!, text: text as RawText })),
      };
    }),
    createRedactor: made.stages.createRedactor,
  });
  const policies = { current: policy };
  return [made, await startTestServer({ stages, policies, redactConversation: made.redactConversation })];
}

beforeAll(async () => {
  const ring = withNewKey(EMPTY_KEY_RING, TENANT, new Date());
  key = await tenantKeys(ring).derive(TENANT, 'linkable-token');
  [runtime, server] = await serve(() => key);
}, 60_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await runtime[Symbol.asyncDispose]();
});

const operators = { PHONE_NUMBER: Operator.OPERATOR_TOKEN };
const redaction = { defaultOperator: Operator.OPERATOR_MASK, operators };

function redact(
  text: string,
  purpose = 'fraud',
  to = server,
  config: Pick<RedactionConfig, 'defaultOperator' | 'operators'> = redaction,
): Promise<string> {
  const request = {
    turns: [{ role: 1 as const, text }],
    languageCode: 'nl',
    redaction: config,
    declaration: { ...DECLARATION, purpose },
  };
  return new Promise((resolve, reject) => {
    const answer = (error: GrpcError | null, response: RedactResponse): void =>
      error ? reject(error) : resolve(response.turns[0]!.text);
    to.redaction.redact(request, answer);
  });
}

async function live(interimResults: boolean): Promise<string[]> {
  const config = configMessage({
    declaration: { ...DECLARATION, purpose: 'fraud' },
    recognition: RecognitionConfig.fromPartial({ languageCodes: ['nl'], redaction }),
    interimResults,
  });
  const { responses, error } = await converse(server.client, [
    config,
    audioMessage(constantAudio(16_000, 0.5, 0)),
  ]);
  expect(error).toBeUndefined();
  return textsOf(responses);
}

const tokenIn = (text: string): string => TOKEN.exec(text)?.[0] ?? `no token in: ${text}`;

describe('tokens that link calls', () => {
  it('are the same however a number is said, in text and live, and open with the key of the tenant', async () => {
    const written = tokenIn(await redact(WRITTEN));
    expect(written).toMatch(TOKEN);
    expect(tokenIn(await redact(SPOKEN))).toBe(written);
    const finals = await live(false);
    expect(tokenIn(finals.join(' '))).toBe(written);
    expect(openLinkableToken(key, { tenant: TENANT, scope: 'fraud' }, written)).toBe('0612345678');
  });

  it('say nothing across purposes', async () => {
    const written = tokenIn(await redact(WRITTEN));
    const elsewhere = tokenIn(await redact(WRITTEN, 'duplicates'));
    expect(elsewhere).toMatch(TOKEN);
    expect(elsewhere).not.toBe(written);
    expect(openLinkableToken(key, { tenant: TENANT, scope: 'duplicates' }, written)).toBeUndefined();
  });

  it('are of one type only; others keep their operator, and agents stay [AGENT]', async () => {
    const text = await redact(`${WRITTEN} Mijn naam is Sanne de Wit.`);
    expect(text).toContain('[PERSON]');
    const agent = { ...redaction, operators: { PERSON: Operator.OPERATOR_TOKEN } };
    const turn = { role: 2 as const, text: 'Goedemorgen, u spreekt met Sanne.' };
    const response = await runtime.redactConversation(
      { language: 'nl', turns: [{ speaker: 'agent', text: turn.text }] },
      {
        operators: { PERSON: 'token' },
        defaultOperator: 'mask',
        linking: { tenant: TENANT, scope: 'fraud' },
      },
    );
    expect(response[0]!.text).toBe('Goedemorgen, u spreekt met [AGENT].');
    expect(await redact('Mijn naam is Sanne de Wit.', 'fraud', server, agent)).toMatch(
      /^Mijn naam is \[PERSON:[\w-]+\]\.$/,
    );
  });

  it('are never in a partial', async () => {
    const shown = await live(true);
    expect(shown.slice(0, -1).every((text) => !TOKEN.test(text))).toBe(true);
    expect(shown.at(-1)).toMatch(TOKEN);
  });

  it('are refused where the purpose does not allow them, and where there are no keys', async () => {
    await expect(redact(WRITTEN, 'care')).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
    const [bare, keyless] = await serve();
    await using _runtime = bare;
    await using _server = keyless;
    await expect(redact(WRITTEN, 'fraud', keyless)).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringContaining('store.tenantKeysFile'),
    });
  });
});
