import { connect } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import type { RawText } from '../../src/domain/text.ts';
import { ProhibitedFeature } from '../../src/gen/sotto/v1/policy.ts';
import {
  StreamTranscribeRequest,
  TranscriptionServiceService,
} from '../../src/gen/sotto/v1/transcription.ts';
import { oneWord, scriptedEngine, scriptedStages } from '../pipeline/scripted-stages.ts';
import {
  audioMessage,
  CONFIG,
  collect,
  configMessage,
  constantAudio,
  controlMessage,
  converse,
  DECLARATION,
  errorInfo,
  startTestServer,
  textsOf,
} from './test-server.ts';

const SECOND = 16_000;

describe('StreamTranscribe', () => {
  it('answers a call with finals in order and a summary', async () => {
    await using server = await startTestServer();
    const { responses, error } = await converse(server.client, [
      configMessage(),
      audioMessage(constantAudio(SECOND, 0.25, 0.5)),
      audioMessage(constantAudio(SECOND, 0.75, 0)),
    ]);
    expect(error).toBeUndefined();
    expect(textsOf(responses)).toEqual(['w0.25', 'w0.50', 'w0.75']);
    const results = responses.filter(({ event }) => event?.$case === 'result');
    expect(results[2]!.event).toMatchObject({
      $case: 'result',
      value: {
        segmentId: '1-2',
        isFinal: true,
        channelTag: 1,
        resultStartOffset: { seconds: 1, nanos: 0 },
        resultEndOffset: { seconds: 2, nanos: 0 },
        words: [],
      },
    });
    expect(responses.at(-1)!.event).toMatchObject({
      $case: 'summary',
      value: { segments: 3, audioDuration: { seconds: 2 }, speechDuration: { seconds: 3 } },
    });
  });

  it('ends a call without audio with its summary', async () => {
    await using server = await startTestServer();
    const { responses, error } = await converse(server.client, [configMessage()]);
    expect(error).toBeUndefined();
    expect(responses.map(({ event }) => event?.$case)).toEqual(['summary']);
  });

  it('sends no words after an opt-out, and ends well though the client goes on', async () => {
    await using server = await startTestServer();
    const call = server.client.streamTranscribe();
    const collected = collect(call);
    call.write(configMessage());
    call.write(controlMessage('optOut'));
    call.write(audioMessage(constantAudio(SECOND, 0.5, 0.5)));
    const { responses, error } = await collected;
    expect(error).toBeUndefined();
    expect(responses.map(({ event }) => event?.$case)).toEqual(['optedOut', 'summary']);
  });

  it('skips what is said while paused', async () => {
    await using server = await startTestServer();
    const { responses } = await converse(server.client, [
      configMessage(),
      controlMessage('pause'),
      audioMessage(constantAudio(SECOND, 0.25, 0)),
      controlMessage('resume'),
      audioMessage(constantAudio(SECOND, 0.5, 0)),
    ]);
    expect(textsOf(responses)).toEqual(['w0.50']);
  });

  it('frees the slot and the streams of a call that is cancelled', async () => {
    const engine = scriptedEngine();
    await using server = await startTestServer({
      stages: scriptedStages({ engine }),
      limits: { maxCalls: 1 },
    });
    const call = server.client.streamTranscribe();
    const collected = collect(call);
    call.write(configMessage());
    const first = new Promise((resolve) => call.once('data', resolve));
    call.write(audioMessage(constantAudio(SECOND, 0.5, 0)));
    await first;
    call.cancel();
    expect((await collected).error?.code).toBe(status.CANCELLED);
    await expect.poll(() => server.server.runningCalls).toBe(0);
    expect(engine.forgotten).toHaveLength(2);
    expect((await converse(server.client, [configMessage()])).error).toBeUndefined();
  });

  it('refuses a call at its start when all slots are taken, and says when to come back', async () => {
    await using server = await startTestServer({ limits: { maxCalls: 1 } });
    const running = server.client.streamTranscribe();
    const finished = collect(running);
    running.write(configMessage());
    await expect.poll(() => server.server.runningCalls).toBe(1);
    const refused = await converse(server.client, [configMessage()]);
    expect(refused.error?.code).toBe(status.RESOURCE_EXHAUSTED);
    running.end();
    expect((await finished).error).toBeUndefined();
  });

  it('lets running calls finish when drained, and takes no new ones', async () => {
    await using server = await startTestServer();
    const running = server.client.streamTranscribe();
    const finished = collect(running);
    running.write(configMessage());
    await expect.poll(() => server.server.runningCalls).toBe(1);
    const drained = server.server.drain(60_000);
    expect((await converse(server.client, [configMessage()])).error?.code).toBe(status.UNAVAILABLE);
    running.write(audioMessage(constantAudio(SECOND, 0.5, 0)));
    running.end();
    const { responses, error } = await finished;
    expect(error).toBeUndefined();
    expect(textsOf(responses)).toEqual(['w0.50']);
    await drained;
  });

  it('ends what still runs after the grace period as unavailable', async () => {
    await using server = await startTestServer();
    const running = server.client.streamTranscribe();
    const finished = collect(running);
    running.write(configMessage());
    await expect.poll(() => server.server.runningCalls).toBe(1);
    await server.server.drain(10);
    expect((await finished).error?.code).toBe(status.UNAVAILABLE);
  });

  it('ends an idle stream, naming the field and the remedy', async () => {
    await using server = await startTestServer({ limits: { idleTimeoutMs: 50 } });
    const call = server.client.streamTranscribe();
    call.write(configMessage());
    const { error } = await collect(call);
    expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
    expect(error?.details).toMatch(/^audio: .*send silence/);
  });

  it('ends a stream that never sends its config', async () => {
    await using server = await startTestServer({ limits: { idleTimeoutMs: 50 } });
    const { error } = await collect(server.client.streamTranscribe());
    expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
  });

  it('lets a client go that never reads', async () => {
    const engine = scriptedEngine(async (request) => {
      const result = oneWord(request);
      return { ...result, words: [{ ...result.words[0]!, text: 'lang '.repeat(2000) as RawText }] };
    });
    await using server = await startTestServer({
      stages: scriptedStages({ engine }),
      limits: { slowClientTimeoutMs: 100 },
    });
    // Below gRPC, since grpc-js reads on whether its user does or not.
    const session = connect(`http://127.0.0.1:${server.server.port}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': TranscriptionServiceService.streamTranscribe.path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => {});
    stream.write(frame(configMessage()));
    for (let second = 0; second < 60; second++)
      stream.write(frame(audioMessage(constantAudio(SECOND, 0.5, 0))));
    await expect.poll(() => server.server.runningCalls, { timeout: 5000 }).toBe(1);
    await expect.poll(() => server.server.runningCalls, { timeout: 20_000 }).toBe(0);
    session.destroy();
    const metrics = await server.telemetry.metrics.page();
    expect(metrics).toContain(
      'sotto_failed_requests_total{method="StreamTranscribe",kind="resource-exhausted"} 1',
    );
  });

  it('hides the cause of an internal error', async () => {
    const engine = scriptedEngine(async () => {
      throw new Error('jan de vries said his secret');
    });
    await using server = await startTestServer({ stages: scriptedStages({ engine }) });
    const { error } = await converse(server.client, [
      configMessage(),
      audioMessage(constantAudio(SECOND, 0.5, 0)),
    ]);
    expect(error?.code).toBe(status.INTERNAL);
    expect(JSON.stringify(error)).not.toContain('vries');
  });

  it('passes the status of an engine that is away', async () => {
    const engine = scriptedEngine(async (request) => {
      if (request.samples[0]! > 0.5) throw new ServiceError('unavailable', 'the speech engine restarts');
      return oneWord(request);
    });
    await using server = await startTestServer({ stages: scriptedStages({ engine }) });
    const { error } = await converse(server.client, [
      configMessage(),
      audioMessage(constantAudio(SECOND, 0.75, 0)),
    ]);
    expect(error?.code).toBe(status.UNAVAILABLE);
  });
});

describe('StreamTranscribe refuses', () => {
  const audio = CONFIG.audio!;
  const recognition = {
    languageCodes: [],
    wordInfo: false,
    hotWords: [],
    redaction: undefined,
    sentiment: false,
    prohibitedFeatures: [],
    features: [],
  };
  const cases: [string, Parameters<typeof configMessage>[0], status, string][] = [
    ['no audio format', { audio: undefined }, status.INVALID_ARGUMENT, 'config.audio'],
    ['no encoding', { audio: { ...audio, encoding: 0 } }, status.INVALID_ARGUMENT, 'config.audio.encoding'],
    [
      'a rate of 0',
      { audio: { ...audio, sampleRateHertz: 0 } },
      status.INVALID_ARGUMENT,
      'config.audio.sample_rate_hertz',
    ],
    [
      'a negative rate',
      { audio: { ...audio, sampleRateHertz: -8000 } },
      status.INVALID_ARGUMENT,
      'config.audio.sample_rate_hertz',
    ],
    [
      '96 kHz',
      { audio: { ...audio, sampleRateHertz: 96_000 } },
      status.INVALID_ARGUMENT,
      'config.audio.sample_rate_hertz',
    ],
    ['no channel', { audio: { ...audio, channels: [] } }, status.INVALID_ARGUMENT, 'config.audio.channels'],
    [
      'three channels',
      { audio: { ...audio, channels: [{ role: 1 }, { role: 2 }, { role: 1 }] } },
      status.INVALID_ARGUMENT,
      'config.audio.channels',
    ],
    [
      'an unknown role',
      { audio: { ...audio, channels: [{ role: 99 as 1 }] } },
      status.INVALID_ARGUMENT,
      'config.audio.channels[0].role',
    ],
    [
      'a language that the model lacks',
      { recognition: { ...recognition, languageCodes: ['xx'] } },
      status.INVALID_ARGUMENT,
      'config.recognition.language_codes[0]',
    ],
    [
      'an empty hot word',
      { recognition: { ...recognition, hotWords: [' '] } },
      status.INVALID_ARGUMENT,
      'config.recognition.hot_words[0]',
    ],
    [
      'an unknown entity type',
      { recognition: { ...recognition, redaction: { defaultOperator: 0, operators: { NAME: 1 } } } },
      status.INVALID_ARGUMENT,
      'config.recognition.redaction.operators',
    ],
    [
      'keep, which the policy does not allow',
      { recognition: { ...recognition, redaction: { defaultOperator: 0, operators: { PERSON: 4 } } } },
      status.PERMISSION_DENIED,
      'config.recognition.redaction.operators',
    ],
    [
      'an interval of 1 ms',
      { interimResults: true, interimInterval: { seconds: 0, nanos: 1e6 } },
      status.INVALID_ARGUMENT,
      'config.interim_interval',
    ],
    [
      'an endpoint of 10 s',
      { endpointSilence: { seconds: 10, nanos: 0 } },
      status.INVALID_ARGUMENT,
      'config.endpoint_silence',
    ],
    ['no declaration', { declaration: undefined }, status.INVALID_ARGUMENT, 'config.declaration'],
    [
      'an unknown purpose',
      { declaration: { ...DECLARATION, purpose: 'training' } },
      status.INVALID_ARGUMENT,
      'config.declaration.purpose',
    ],
    [
      'a purpose named like a property of objects',
      { declaration: { ...DECLARATION, purpose: 'constructor' } },
      status.INVALID_ARGUMENT,
      'config.declaration.purpose',
    ],
    [
      'no lawful basis',
      { declaration: { ...DECLARATION, lawfulBasis: 0 } },
      status.INVALID_ARGUMENT,
      'config.declaration.lawful_basis',
    ],
    [
      'a basis that the purpose does not allow',
      { declaration: { ...DECLARATION, lawfulBasis: 4 } },
      status.PERMISSION_DENIED,
      'config.declaration.lawful_basis',
    ],
    [
      'no notice',
      { declaration: { ...DECLARATION, notice: 0 } },
      status.FAILED_PRECONDITION,
      'config.declaration.notice',
    ],
    [
      'a call id that is a telephone number',
      { declaration: { ...DECLARATION, callId: '+31 6 12345678' } },
      status.INVALID_ARGUMENT,
      'config.declaration.call_id',
    ],
    [
      'a call id that is an address',
      { declaration: { ...DECLARATION, callId: 'sip:jan@example.nl' } },
      status.INVALID_ARGUMENT,
      'config.declaration.call_id',
    ],
  ];

  it.each(cases)('%s', async (_, config, code, field) => {
    await using server = await startTestServer();
    const { error, responses } = await converse(server.client, [configMessage(config)]);
    expect(responses).toEqual([]);
    expect(error?.code).toBe(code);
    expect(error?.details.startsWith(`${field}:`)).toBe(true);
    expect(errorInfo(error!).metadata.field).toBe(field);
  });

  it.each(Object.entries(ProhibitedFeature).filter(([, value]) => typeof value === 'number' && value > 0))(
    '%s, by design, with the article',
    async (_, feature) => {
      await using server = await startTestServer();
      const config = { recognition: { ...recognition, prohibitedFeatures: [feature as ProhibitedFeature] } };
      const { error } = await converse(server.client, [configMessage(config)]);
      expect(error?.code).toBe(status.PERMISSION_DENIED);
      expect(errorInfo(error!)).toMatchObject({
        reason: 'PROHIBITED_BY_DESIGN',
        domain: 'sotto',
        metadata: { article: expect.stringMatching(/Art\.|Annex/) },
      });
    },
  );

  it.each([
    ['audio before config', [audioMessage(Buffer.alloc(4))], status.FAILED_PRECONDITION, 'config'],
    ['a second config', [configMessage(), configMessage()], status.FAILED_PRECONDITION, 'config'],
    ['an empty message', [configMessage(), { message: undefined }], status.INVALID_ARGUMENT, 'message'],
    [
      'an empty control',
      [configMessage(), { message: { $case: 'control', value: { action: undefined } } }],
      status.INVALID_ARGUMENT,
      'control.action',
    ],
    [
      'a message of 2 MB',
      [configMessage(), audioMessage(Buffer.alloc(2_000_000))],
      status.RESOURCE_EXHAUSTED,
      'audio',
    ],
    [
      'audio that ends within a sample',
      [configMessage(), audioMessage(Buffer.alloc(7))],
      status.INVALID_ARGUMENT,
      'audio',
    ],
    ['no message at all', [], status.INVALID_ARGUMENT, 'config'],
  ] as [string, Parameters<typeof converse>[1], status, string][])('%s', async (_, requests, code, field) => {
    await using server = await startTestServer();
    const { error } = await converse(server.client, requests);
    expect(error?.code).toBe(code);
    expect(error?.details.startsWith(`${field}:`)).toBe(true);
  });
});

/** A gRPC message as it stands in an HTTP/2 stream: not compressed, its length, its bytes. */
function frame(request: StreamTranscribeRequest): Buffer {
  const bytes = StreamTranscribeRequest.encode(request).finish();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
