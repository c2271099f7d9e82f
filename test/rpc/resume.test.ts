import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, StreamConfig } from '../../src/gen/sotto/v1/transcription.ts';
import type { CallCheckpoint } from '../../src/pipeline/index.ts';
import { ResumeTokens } from '../../src/rpc/index.ts';
import { burstsOf, resumableStages } from '../pipeline/resumable-stages.ts';
import {
  audioMessage,
  CONFIG,
  collect,
  configMessage,
  constantAudio,
  converse,
  startTestServer,
  textsOf,
} from './test-server.ts';

const SECOND = 16_000;
const SECRETS = [Buffer.from('a secret that all workers share, 32+')];
const shared = () => new ResumeTokens({ secrets: SECRETS, ttlMs: 60_000 });

describe('a resumable call', () => {
  it('tells at once that it is taken, and with which token it goes on', async () => {
    await using server = await startTestServer();
    const { responses } = await converse(server.client, [configMessage({ resumable: true })]);
    expect(responses.map(({ event }) => event?.$case)).toEqual(['checkpoint', 'summary']);
    const [first] = checkpointsOf(responses);
    expect(first).toMatchObject({ decidedSamples: [0, 0], resumeSample: 0 });
    expect(first!.resumeToken.length).toBeGreaterThan(100);
  });

  it('tells nothing of the kind unless it asked', async () => {
    await using server = await startTestServer();
    const { responses } = await converse(server.client, [
      configMessage(),
      audioMessage(constantAudio(SECOND, 0.5, 0)),
    ]);
    expect(checkpointsOf(responses)).toEqual([]);
  });

  it('goes on at another server that shares the key', async () => {
    const audio = [constantAudio(SECOND, 0.25, 0.5), constantAudio(SECOND, 0.75, 0)];
    await using first = await startTestServer({ resumeTokens: shared() });
    const broken = first.client.streamTranscribe();
    const collected = collect(broken);
    broken.write(configMessage({ resumable: true }));
    broken.write(audioMessage(audio[0]!));
    await new Promise<void>((resolve) => {
      broken.on('data', ({ event }) => {
        if (event?.$case === 'result' && event.value.text === 'w0.50') resolve();
      });
    });
    await first.server.drain(0);
    const { responses, error } = await collected;
    expect(error).toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining('resume_token'),
    });
    const { resumeToken: token, resumeSample } = checkpointsOf(responses).at(-1)!;

    await using second = await startTestServer({ resumeTokens: shared() });
    const all = Buffer.concat(audio);
    const resumed = await converse(second.client, [
      configMessage({ resumable: true, resume: { token, firstSample: 0 } }),
      audioMessage(all),
    ]);
    expect(resumed.error).toBeUndefined();
    expect(resumeSample).toBeLessThanOrEqual(SECOND);
    const told = [...textsOf(responses), ...textsOf(resumed.responses)];
    expect([...new Set(told)]).toEqual(['w0.25', 'w0.50', 'w0.75']);
    expect(resumed.responses.at(-1)!.event).toMatchObject({ value: { audioDuration: { seconds: 2 } } });
  });
});

describe('a shutdown', () => {
  it('is told to every call, also while its events are still on their way', async () => {
    const audio = burstsOf(
      Array.from({ length: 8 }, (_, i) => [i % 3 < 2, i % 2 === 0] as const),
      SECOND,
    );
    for (let round = 0; round < 4; round++) {
      await using server = await startTestServer({ stages: resumableStages() });
      const calls = Array.from({ length: 8 }, () => {
        const call = server.client.streamTranscribe();
        const collected = collect(call);
        call.write(configMessage({ resumable: true, interimResults: true }));
        for (let at = 0; at < audio.length; at += 640) call.write(audioMessage(audio.subarray(at, at + 640)));
        return { collected, taken: new Promise((resolve) => call.once('data', resolve)) };
      });
      await Promise.all(calls.map(({ taken }) => taken));
      await server.server.drain(10 * round);
      const errors = await Promise.all(calls.map(async ({ collected }) => (await collected).error?.code));
      expect(new Set(errors)).toEqual(new Set([status.UNAVAILABLE]));
    }
  });
});

describe('a token', () => {
  const other = configMessage({ resumable: true, interimResults: true });
  const firstOf = async (server: Awaited<ReturnType<typeof startTestServer>>) => {
    const { responses } = await converse(server.client, [configMessage({ resumable: true })]);
    return checkpointsOf(responses)[0]!.resumeToken;
  };
  const resumeWith = (token: Buffer, firstSample = 0) =>
    configMessage({ resumable: true, resume: { token, firstSample } });

  it('is refused when it was changed, sealed elsewhere, or is none', async () => {
    await using server = await startTestServer();
    await using elsewhere = await startTestServer();
    const token = await firstOf(server);
    const changed = Buffer.from(token);
    changed[40]! ^= 1;
    for (const bad of [changed, await firstOf(elsewhere), Buffer.alloc(0), Buffer.from('hello')]) {
      const { error } = await converse(server.client, [resumeWith(bad)]);
      expect(error?.code).toBe(status.FAILED_PRECONDITION);
      expect(error?.details).toMatch(/^config\.resume\.token: .*start the call anew/);
    }
  });

  it('belongs to one call: other options are refused', async () => {
    await using server = await startTestServer();
    const token = await firstOf(server);
    const config = (other.message as { value: StreamConfig }).value;
    const { error } = await converse(server.client, [
      configMessage({ ...config, resume: { token, firstSample: 0 } }),
    ]);
    expect(error?.details).toMatch(/^config\.resume\.token: .*send the config as it was/);
  });

  it('needs the audio from where the call stands', async () => {
    await using server = await startTestServer();
    const { error } = await converse(server.client, [resumeWith(await firstOf(server), 5)]);
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(error?.details).toMatch(/^config\.resume\.first_sample: must be from 0 to 0/);
  });

  it('needs a resumable call', async () => {
    await using server = await startTestServer();
    const { error } = await converse(server.client, [
      configMessage({ resume: { token: await firstOf(server), firstSample: 0 } }),
    ]);
    expect(error?.details).toMatch(/^config\.resume: needs/);
  });

  const checkpoint = { redactor: { name: 'jeroen huizinga' } } as unknown as CallCheckpoint;
  const binding = { tenant: 'a', options: Buffer.from(StreamConfig.encode(CONFIG).finish()) };

  it('expires', () => {
    let now = 0;
    const tokens = new ResumeTokens({ ttlMs: 1000, now: () => now });
    const token = tokens.seal(checkpoint, binding)!;
    now = 1000;
    expect(tokens.open(token, binding, 'token')).toEqual(checkpoint);
    now = 1001;
    expect(() => tokens.open(token, binding, 'token')).toThrow('token: has expired; start the call anew');
  });

  it('opens for its tenant alone, and shows nothing of what it holds', () => {
    const tokens = new ResumeTokens({ ttlMs: 1000 });
    const token = tokens.seal(checkpoint, binding)!;
    expect(() => tokens.open(token, { ...binding, tenant: 'b' }, 'token')).toThrow('another key, tenant');
    expect(token.includes('huizinga')).toBe(false);
    expect(tokens.seal(checkpoint, binding)).not.toEqual(token);
  });

  it('opens under a key that was replaced, until that is taken away', () => {
    const [old, fresh] = [SECRETS[0]!, Buffer.from('the next secret of the service, 32+')];
    const token = new ResumeTokens({ secrets: [old], ttlMs: 1000 }).seal(checkpoint, binding)!;
    const both = new ResumeTokens({ secrets: [fresh, old], ttlMs: 1000 });
    expect(both.open(token, binding, 'token')).toEqual(checkpoint);
    const onlyNew = new ResumeTokens({ secrets: [fresh], ttlMs: 1000 });
    expect(() => onlyNew.open(token, binding, 'token')).toThrow('another key');
  });

  it('is not made when the call has learnt too much for its bound', () => {
    const tokens = new ResumeTokens({ ttlMs: 1000 });
    const large = { redactor: 'x'.repeat(70_000) } as unknown as CallCheckpoint;
    expect(tokens.seal(large, binding)).toBeUndefined();
  });
});

function checkpointsOf(responses: Awaited<ReturnType<typeof collect>>['responses']): Checkpoint[] {
  return responses.flatMap(({ event }) => (event?.$case === 'checkpoint' ? [event.value] : []));
}
