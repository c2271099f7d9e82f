import { type ServiceError as GrpcError, type Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/index.ts';
import type { RedactRequest, RedactResponse } from '../../src/gen/sotto/v1/redaction.ts';
import type { TranscribeRequest, TranscribeResponse } from '../../src/gen/sotto/v1/transcription.ts';
import { CONFIG, constantAudio, DECLARATION, startTestServer, type TestServer } from './test-server.ts';

const SECOND = 16_000;
const REQUEST: TranscribeRequest = {
  content: Buffer.alloc(0),
  audio: undefined,
  channels: [],
  recognition: undefined,
  declaration: DECLARATION,
};

describe('Transcribe', () => {
  it('takes raw samples', async () => {
    await using server = await startTestServer();
    const content = Buffer.concat([constantAudio(SECOND, 0.5, 0), constantAudio(SECOND, 0, 0.25)]);
    const response = await transcribe(server, { content, audio: CONFIG.audio });
    expect(response.results.map(({ text, channelTag }) => [text, channelTag])).toEqual([
      ['w0.50', 1],
      ['w0.25', 2],
    ]);
    expect(response.summary).toMatchObject({ segments: 2 });
  });

  it('takes a WAV file, whose header tells the format', async () => {
    await using server = await startTestServer();
    const samples = new Float32Array(SECOND).fill(0.5);
    const content = Buffer.from(encodeWav('s16', SECOND, [samples]));
    const response = await transcribe(server, { content });
    expect(response.results).toHaveLength(1);
  });

  it.each([
    ['nothing', {}, status.INVALID_ARGUMENT, 'content'],
    [
      'text',
      { content: Buffer.from('not audio, but long enough to look at') },
      status.INVALID_ARGUMENT,
      'content',
    ],
    [
      'a truncated WAV header',
      { content: Buffer.from('RIFF\0\0\0\0WAVEfmt ') },
      status.INVALID_ARGUMENT,
      'content.wav.data',
    ],
    [
      'no declaration',
      { content: constantAudio(10, 0.5), audio: CONFIG.audio, declaration: undefined },
      status.INVALID_ARGUMENT,
      'declaration',
    ],
    [
      'roles that do not fit',
      { content: constantAudio(10, 0.5, 0.5), audio: CONFIG.audio, channels: [{ role: 1 }] },
      status.INVALID_ARGUMENT,
      'channels',
    ],
    ['too many bytes', { content: Buffer.alloc(2000) }, status.RESOURCE_EXHAUSTED, 'content'],
  ] as [string, Partial<TranscribeRequest>, status, string][])(
    'refuses %s',
    async (_, request, code, field) => {
      await using server = await startTestServer({ limits: { maxRecordingBytes: 1500 } });
      const error = await transcribe(server, request).then(
        () => undefined,
        (reason: GrpcError) => reason,
      );
      expect(error?.code).toBe(code);
      expect(error?.details.startsWith(`${field}:`)).toBe(true);
    },
  );
});

describe('Redact', () => {
  it('answers turn by turn', async () => {
    await using server = await startTestServer();
    const response = await redact(server, {
      turns: [
        { role: 2, text: 'hallo' },
        { role: 0, text: 'dag' },
      ],
    });
    expect(response.turns.map(({ text }) => text)).toEqual(['hallo', 'dag']);
  });

  it.each([
    ['no turns', { turns: [] }, status.INVALID_ARGUMENT, 'turns'],
    [
      'an unknown role',
      { turns: [{ role: 7 as 1, text: 'hallo' }] },
      status.INVALID_ARGUMENT,
      'turns[0].role',
    ],
    ['an unknown language', { languageCode: 'xx' }, status.INVALID_ARGUMENT, 'language_code'],
    [
      'too much text',
      { turns: [{ role: 1, text: 'a'.repeat(1_000_001) }] },
      status.RESOURCE_EXHAUSTED,
      'turns',
    ],
    ['no declaration', { declaration: undefined }, status.INVALID_ARGUMENT, 'declaration'],
  ] as [string, Partial<RedactRequest>, status, string][])('refuses %s', async (_, request, code, field) => {
    await using server = await startTestServer();
    const error = await redact(server, request).then(
      () => undefined,
      (reason: GrpcError) => reason,
    );
    expect(error?.code).toBe(code);
    expect(error?.details.startsWith(`${field}:`)).toBe(true);
  });
});

function transcribe(server: TestServer, request: Partial<TranscribeRequest>): Promise<TranscribeResponse> {
  return new Promise((resolve, reject) => {
    server.client.transcribe({ ...REQUEST, ...request }, answer(resolve, reject));
  });
}

function redact(server: TestServer, request: Partial<RedactRequest>): Promise<RedactResponse> {
  const full: RedactRequest = {
    turns: [{ role: 1, text: 'hallo' }],
    languageCode: 'nl',
    redaction: undefined,
    declaration: { ...DECLARATION, purpose: 'redaction' },
    ...request,
  };
  return new Promise((resolve, reject) => {
    server.redaction.redact(full, answer(resolve, reject));
  });
}

function answer<T>(resolve: (value: T) => void, reject: (error: GrpcError) => void) {
  return (error: GrpcError | null, response: T, _metadata?: Metadata) => {
    if (error) reject(error);
    else resolve(response);
  };
}
