import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { type CallEvent, SottoClient, SottoError, type StreamOptions } from '../../src/client/index.ts';
import { Role } from '../../src/gen/sotto/v1/party.ts';
import { LawfulBasis, Notice } from '../../src/gen/sotto/v1/policy.ts';
import { Operator, RedactResponse, WithheldReason } from '../../src/gen/sotto/v1/redaction.ts';
import {
  AudioEncoding,
  SentimentLabel,
  type StreamTranscribeRequest,
  StreamTranscribeResponse,
  type TranscribeRequest,
  TranscribeResponse,
} from '../../src/gen/sotto/v1/transcription.ts';
import { type Script, scriptedServer, statusWithDetails, summaryEvent } from './scripted-server.ts';

const declaration = { purpose: 'live-assistance', lawfulBasis: 'consent', notice: 'announced' } as const;
const options: StreamOptions = {
  declaration,
  encoding: 'MULAW',
  sampleRateHz: 8000,
  channels: ['caller', 'agent'],
};

const resources: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of resources.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

async function clientOf(script: Script): Promise<SottoClient> {
  const server = await scriptedServer(script);
  const client = new SottoClient({ address: server.address });
  resources.push(server, client);
  return client;
}

async function* packets(count: number, bytes = 160): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield new Uint8Array(bytes).fill(i);
}

/** The last event; `end` of grpc-js takes trailers, not a message. */
function answer(call: Parameters<NonNullable<Script['stream']>>[0], words: number): void {
  call.write(summaryEvent(words));
  call.end();
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('live calls', () => {
  it('sends the configuration first, then audio and controls in order, and half-closes', async () => {
    const received: StreamTranscribeRequest[] = [];
    const client = await clientOf({
      stream: (call) => {
        call.on('data', (message: StreamTranscribeRequest) => received.push(message));
        call.on('end', () => answer(call, 3));
      },
    });
    async function* audio() {
      yield Uint8Array.of(1, 2);
      yield 'pause' as const;
      yield 'opt-out' as const;
      yield Uint8Array.of(3);
    }
    const events = await collect(
      client.stream(audio(), {
        ...options,
        languages: ['nl'],
        interimResults: true,
        interimIntervalMs: 1250,
        redaction: { operators: { LOCATION: 'mask' } },
      }),
    );
    expect(events).toEqual([{ type: 'summary', summary: expect.objectContaining({ words: 3 }) }]);
    expect(received.map(({ message }) => message?.$case)).toEqual([
      'config',
      'audio',
      'control',
      'control',
      'audio',
    ]);
    const [config, first, , optOut] = received.map(({ message }) => message!.value);
    expect(config).toMatchObject({
      audio: {
        encoding: AudioEncoding.AUDIO_ENCODING_MULAW,
        sampleRateHertz: 8000,
        channels: [{ role: Role.ROLE_CALLER }, { role: Role.ROLE_AGENT }],
      },
      recognition: { languageCodes: ['nl'], redaction: { operators: { LOCATION: Operator.OPERATOR_MASK } } },
      declaration: {
        purpose: 'live-assistance',
        lawfulBasis: LawfulBasis.LAWFUL_BASIS_CONSENT,
        notice: Notice.NOTICE_ANNOUNCED,
      },
      interimResults: true,
      interimInterval: { seconds: 1, nanos: 250_000_000 },
    });
    expect([...(first as Buffer)]).toEqual([1, 2]);
    expect(optOut).toMatchObject({ action: { $case: 'optOut' } });
  });

  it('hands out events in plain values, and passes over those it does not know', async () => {
    const client = await clientOf({
      stream: (call) => {
        call.write(StreamTranscribeResponse.create());
        call.write(
          StreamTranscribeResponse.fromPartial({
            event: {
              $case: 'result',
              value: {
                segmentId: '1-0',
                isFinal: true,
                stability: 1,
                channelTag: 2,
                role: Role.ROLE_AGENT,
                languageCode: 'nl',
                resultStartOffset: { seconds: 1, nanos: 500_000_000 },
                resultEndOffset: { seconds: 3, nanos: 0 },
                text: 'dag [PERSON_1]',
                entities: [{ type: 'PERSON', start: 4, end: 14, replacement: '[PERSON_1]' }],
                sentiment: {
                  label: SentimentLabel.SENTIMENT_LABEL_POSITIVE,
                  negative: 0,
                  neutral: 0.25,
                  positive: 0.75,
                },
              },
            },
          }),
        );
        call.write(
          StreamTranscribeResponse.fromPartial({
            event: {
              $case: 'result',
              value: {
                segmentId: '1-1',
                isFinal: true,
                withheld: WithheldReason.WITHHELD_REASON_REDACTOR_TIMEOUT,
              },
            },
          }),
        );
        call.write(
          StreamTranscribeResponse.fromPartial({
            event: { $case: 'optedOut', value: { offset: { seconds: 4 } } },
          }),
        );
        call.end();
      },
    });
    expect(await collect(client.stream(packets(1), options))).toEqual([
      {
        type: 'segment',
        segment: {
          id: '1-0',
          isFinal: true,
          stability: 1,
          channel: 2,
          role: 'agent',
          language: 'nl',
          startMs: 1500,
          endMs: 3000,
          text: 'dag [PERSON_1]',
          words: [],
          entities: [{ type: 'PERSON', start: 4, end: 14, replacement: '[PERSON_1]' }],
          sentiment: { label: 'positive', scores: { negative: 0, neutral: 0.25, positive: 0.75 } },
        },
      },
      { type: 'segment', segment: expect.objectContaining({ withheld: 'redactor-timeout', text: '' }) },
      { type: 'opted-out', atMs: 4000 },
    ]);
  });

  it('waits with audio while the server does not read', async () => {
    const reading = Promise.withResolvers<void>();
    const client = await clientOf({
      stream: (call) => {
        void reading.promise.then(() => {
          call.on('data', () => {});
          call.on('end', () => answer(call, 0));
        });
      },
    });
    let pulled = 0;
    const stalled = Promise.withResolvers<void>();
    async function* audio() {
      for (let i = 0; i < 200; i++) {
        pulled = i;
        // Nobody pulls for a while: the windows of HTTP/2 and the buffers on both sides are full.
        const timer = setTimeout(stalled.resolve, 200);
        yield new Uint8Array(64 * 1024);
        clearTimeout(timer);
      }
    }
    const events = collect(client.stream(audio(), options));
    await stalled.promise;
    expect(pulled).toBeLessThan(199);
    reading.resolve();
    expect(await events).toHaveLength(1);
    expect(pulled).toBe(199);
  });

  it('tells why the server refused, field and remedy included', async () => {
    const client = await clientOf({
      stream: (call) => {
        call.emit('error', statusWithDetails(status.INVALID_ARGUMENT, 'config.audio: is required'));
      },
    });
    const error = await collect(client.stream(packets(3), options)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SottoError);
    expect(error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'config.audio: is required',
      field: 'config.audio',
      retryAfterMs: 1500,
      reason: 'SOME_REASON',
    });
  });

  it('tells of a refusal that came before anybody listened, on write and on iteration', async () => {
    const client = await clientOf({
      stream: (call) => {
        call.emit('error', statusWithDetails(status.RESOURCE_EXHAUSTED, 'no capacity'));
      },
    });
    const call = client.open(options);
    await call.closed;
    await expect(call.write(new Uint8Array(2))).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
    await expect(collect(call)).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
  });

  it('cancels the call on the server when the iteration is left', async () => {
    const cancelled = Promise.withResolvers<void>();
    const client = await clientOf({
      stream: (call) => {
        call.on('cancelled', cancelled.resolve);
        call.write(summaryEvent(1));
      },
    });
    let returned = false;
    async function* endless() {
      try {
        while (true) yield* packets(1);
      } finally {
        returned = true;
      }
    }
    for await (const _ of client.stream(endless(), options)) break;
    await cancelled.promise;
    expect(returned).toBe(true);
  });

  it('cancels when the signal fires', async () => {
    const abort = new AbortController();
    const client = await clientOf({ stream: (call) => void call.write(summaryEvent(1)) });
    const events: CallEvent[] = [];
    const run = async () => {
      for await (const event of client.stream(packets(1), { ...options, signal: abort.signal })) {
        events.push(event);
        abort.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ status: 'CANCELLED' });
    expect(events).toHaveLength(1);
  });

  it('throws what the source of the audio throws', async () => {
    const client = await clientOf({ stream: (call) => void call.resume() });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(2);
      throw new Error('the microphone was unplugged');
    }
    await expect(collect(client.stream(broken(), options))).rejects.toThrow('the microphone was unplugged');
  });

  it('ends well when the server ends while audio still comes', async () => {
    const client = await clientOf({
      stream: (call) => {
        call.once('data', () => answer(call, 0));
      },
    });
    async function* endless() {
      while (true) yield* packets(1);
    }
    expect(await collect(client.stream(endless(), options))).toHaveLength(1);
  });
});

describe('recordings', () => {
  it('sends the file and returns the transcript', async () => {
    let received: TranscribeRequest | undefined;
    const client = await clientOf({
      transcribe: (call, done) => {
        received = call.request;
        done(
          null,
          TranscribeResponse.fromPartial({
            results: [{ segmentId: '0-0', text: 'hallo' }],
            summary: { words: 1 },
          }),
        );
      },
    });
    const transcript = await client.transcribe(Uint8Array.of(7, 8, 9), { declaration, channels: ['agent'] });
    expect(transcript.segments.map(({ text }) => text)).toEqual(['hallo']);
    expect(transcript.summary.words).toBe(1);
    expect([...received!.content]).toEqual([7, 8, 9]);
    expect(received!.audio).toBeUndefined();
    expect(received!.channels).toEqual([{ role: Role.ROLE_AGENT }]);
  });

  it('describes raw samples where there is no container', async () => {
    let received: TranscribeRequest | undefined;
    const client = await clientOf({
      transcribe: (call, done) => {
        received = call.request;
        done(null, TranscribeResponse.create());
      },
    });
    await client.transcribe(new Uint8Array(4), {
      declaration,
      channels: ['caller'],
      raw: { encoding: 'LINEAR16', sampleRateHz: 16_000 },
    });
    expect(received!.audio).toEqual({
      encoding: AudioEncoding.AUDIO_ENCODING_LINEAR16,
      sampleRateHertz: 16_000,
      channels: [{ role: Role.ROLE_CALLER }],
    });
  });

  it('gives up after its time, and when its signal fires', async () => {
    const client = await clientOf({ transcribe: () => {} });
    const recording = new Uint8Array(1);
    await expect(client.transcribe(recording, { declaration, timeoutMs: 50 })).rejects.toMatchObject({
      status: 'DEADLINE_EXCEEDED',
    });
    const abort = new AbortController();
    const pending = client.transcribe(recording, { declaration, signal: abort.signal });
    abort.abort();
    await expect(pending).rejects.toMatchObject({ status: 'CANCELLED' });
  });

  it('says that a server is not there', async () => {
    const server = await scriptedServer({});
    await server[Symbol.asyncDispose]();
    const client = new SottoClient({ address: server.address });
    resources.push(client);
    await expect(client.transcribe(new Uint8Array(1), { declaration })).rejects.toMatchObject({
      status: 'UNAVAILABLE',
    });
  });
});

describe('texts', () => {
  it('come back redacted, one for each turn', async () => {
    const client = await clientOf({
      redact: (call, done) => {
        const turns = call.request.turns.map(({ text }) => ({
          text: `[${text}]`,
          entities: [{ type: 'PERSON', start: 0, end: 1, replacement: 'x' }],
        }));
        done(null, RedactResponse.fromPartial({ turns }));
      },
    });
    const turns = await client.redact([{ speaker: 'agent', text: 'a' }], {
      declaration: { purpose: 'redaction', lawfulBasis: 'contract' },
      language: 'nl',
    });
    expect(turns).toEqual([
      { text: '[a]', entities: [{ type: 'PERSON', start: 0, end: 1, replacement: 'x' }] },
    ]);
  });
});
