/** The client with a token, and in a call that waits for its start. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallEvent, SottoClient, type StreamOptions } from '../../src/client/index.ts';
import { createAccessToken, loadAccessTokens } from '../../src/policy/index.ts';
import { createAuthenticator } from '../../src/rpc/index.ts';
import { constantAudio, startTestServer, type TestServer } from '../rpc/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-client-access-'));
const DECLARATION = { purpose: 'redaction', lawfulBasis: 'contract' } as const;
const TURNS = [{ speaker: 'caller', text: 'dag' }] as const;
let server: TestServer;
let token: string;

beforeAll(async () => {
  const file = join(folder, 'tokens.jsonl');
  const principal = { tenant: 'acme', roles: ['backend'], name: 'dialler' } as const;
  token = createAccessToken(file, principal, new Date(Date.now() + 60_000));
  const tokens = { current: loadAccessTokens(file) };
  server = await startTestServer({
    server: { authenticator: createAuthenticator({ access: undefined, tokens }) },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('a token', () => {
  const address = () => `127.0.0.1:${server.server.port}`;

  it('lets its client in; without, or with another, it is UNAUTHENTICATED', async () => {
    await using known = new SottoClient({ address: address(), token });
    expect((await known.redact(TURNS, { declaration: DECLARATION }))[0]!.text).toBe('dag');
    await using unknown = new SottoClient({ address: address() });
    await expect(unknown.redact(TURNS, { declaration: DECLARATION })).rejects.toMatchObject({
      status: 'UNAUTHENTICATED',
    });
    await using wrong = new SottoClient({ address: address(), token: `${token.slice(0, -2)}AA` });
    await expect(wrong.redact(TURNS, { declaration: DECLARATION })).rejects.toMatchObject({
      status: 'UNAUTHENTICATED',
    });
  });

  it('does not cross a network in clear', () => {
    expect(() => new SottoClient({ address: 'sotto.example:50051', token })).toThrowError(/in clear/);
  });

  it('opens live calls, also those that wait for their start', async () => {
    await using client = new SottoClient({ address: address(), token });
    const options: StreamOptions = {
      declaration: { purpose: 'live-assistance', lawfulBasis: 'contract' },
      encoding: 'LINEAR16',
      sampleRateHz: 16_000,
      channels: ['caller', 'agent'],
      waitForStart: true,
    };
    const events: CallEvent[] = [];
    async function* audio() {
      yield constantAudio(16_000, 0.1, 0);
      yield { type: 'start', announcedBy: 'agent', notice: 'announced' } as const;
      yield constantAudio(16_000, 0.2, 0);
    }
    for await (const event of client.stream(audio(), options)) events.push(event);
    expect(events.filter(({ type }) => type !== 'language-detected')).toMatchObject([
      { type: 'started', atMs: 1000, announcedBy: 'agent' },
      { type: 'segment', segment: { text: 'w0.20' } },
      { type: 'summary', summary: { pausedMs: 1000 } },
    ]);
  });
});
