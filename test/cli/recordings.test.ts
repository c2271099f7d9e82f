import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/index.ts';
import type { TranscriptSegment } from '../../src/client/index.ts';
import { Role } from '../../src/gen/sotto/v1/party.ts';
import {
  type StreamTranscribeRequest,
  StreamTranscribeResponse,
  type TranscribeRequest,
  TranscribeResponse,
} from '../../src/gen/sotto/v1/transcription.ts';
import { scriptedServer, summaryEvent } from '../client/scripted-server.ts';
import { cli, scriptedRuntime } from './cli-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-recordings-'));
const wav = join(folder, 'call.wav');
const noise = join(folder, 'noise.bin');

/** Two channels of two seconds; the scripted recogniser hears a word in each second that is not silent. */
beforeAll(() => {
  const caller = new Float32Array(32_000).fill(0.25);
  const agent = new Float32Array(32_000);
  agent.fill(0.5, 16_000);
  writeFileSync(wav, encodeWav('s16', 16_000, [caller, agent]));
  writeFileSync(noise, Buffer.alloc(1000, 7));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('transcribe', () => {
  it('prints segments with time, party, text and sentiment, then a summary', async () => {
    const { code, out, err } = await cli(['transcribe', wav, '--language', 'nl']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trimEnd().split('\n')).toEqual([
      '0:00.0–0:01.0  caller w0.25   neutral 100 %',
      '0:01.0–0:02.0  caller w0.25   neutral 100 %',
      '0:01.0–0:02.0  agent  w0.50   neutral 100 %',
      '0:02.0 of audio, 0:03.0 of speech, 3 segments, 3 words, nothing masked',
    ]);
  });

  it('--json gives one line per file, with words if asked for', async () => {
    const { code, out } = await cli([
      'transcribe',
      wav,
      wav,
      '--json',
      '--words',
      '--no-sentiment',
      '--language',
      'nl',
    ]);
    expect(code).toBe(0);
    const results = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; segments: TranscriptSegment[] });
    expect(results.map(({ file }) => file)).toEqual([wav, wav]);
    expect(results[0]!.segments[0]).toMatchObject({
      channel: 1,
      role: 'caller',
      language: 'nl',
      isFinal: true,
      words: [{ text: 'w0.25', startMs: 0, endMs: 1000, confidence: 1 }],
    });
    expect(results[0]!.segments[0]).not.toHaveProperty('sentiment');
  });

  it('goes on after a file that fails, and exits 1', async () => {
    const missing = join(folder, 'missing.wav');
    const { code, out, err } = await cli(['transcribe', missing, noise, wav, '--json', '--language', 'nl']);
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(missing);
    expect(err).toContain(`${noise}: this is no recording of a known kind`);
  });

  it('keeps the models until the last file is done', async () => {
    let disposed = false;
    const { out } = await cli(['transcribe', wav, '--language', 'nl'], {
      context: {
        createRuntime: async () => {
          const runtime = scriptedRuntime();
          const { engine } = runtime.stages;
          const decode: typeof engine.decode = (request) => {
            expect(disposed).toBe(false);
            return engine.decode(request);
          };
          return {
            ...runtime,
            stages: { ...runtime.stages, engine: { ...engine, decode } },
            [Symbol.asyncDispose]: async () => {
              disposed = true;
            },
          };
        },
      },
    });
    expect(out).toContain('3 segments');
    expect(disposed).toBe(true);
  });

  it('refuses a language that the model lacks', async () => {
    const { code, err } = await cli(['transcribe', wav, '--language', 'it']);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'sotto: --language it: the loaded model recognises nl, en\n',
    });
  });

  it('sends the file to a server with --server', async () => {
    let request: TranscribeRequest | undefined;
    await using server = await scriptedServer({
      transcribe: (call, done) => {
        request = call.request;
        const results = [
          {
            segmentId: '0-0',
            isFinal: true,
            role: Role.ROLE_AGENT,
            text: 'dag',
            resultEndOffset: { seconds: 1 },
          },
        ];
        done(null, TranscribeResponse.fromPartial({ results, summary: { segments: 1 } }));
      },
    });
    const { code, out } = await cli(['transcribe', wav, '--server', server.address, '--language', 'nl,en']);
    expect(code).toBe(0);
    expect(out).toContain('0:00.0–0:01.0  agent  dag');
    expect(request?.content.subarray(0, 4).toString()).toBe('RIFF');
    expect(request?.recognition).toMatchObject({ languageCodes: ['nl', 'en'], sentiment: true });
    expect(request?.declaration?.purpose).toBe('voicemail');
  });

  it('says that no server is there, and exits 3', async () => {
    const server = await scriptedServer({});
    await server[Symbol.asyncDispose]();
    const { code, err } = await cli(['transcribe', wav, '--server', server.address]);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^sotto: the server says UNAVAILABLE: .*is `sotto serve` running at this address\?\n$/,
    );
  });
});

describe('stream', () => {
  it('sends 20 ms packets of both channels and shows partials and finals', async () => {
    const received: StreamTranscribeRequest[] = [];
    await using server = await scriptedServer({
      stream: (call) => {
        call.on('data', (message: StreamTranscribeRequest) => received.push(message));
        call.on('end', () => {
          for (const isFinal of [false, true]) {
            const value = {
              segmentId: '0-0',
              isFinal,
              text: isFinal ? 'dag' : 'd',
              resultEndOffset: { seconds: 1 },
            };
            call.write(StreamTranscribeResponse.fromPartial({ event: { $case: 'result', value } }));
          }
          call.write(summaryEvent(1));
          call.end();
        });
      },
    });
    const { code, out, err } = await cli(['stream', wav, '--server', server.address]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').slice(0, 2)).toEqual(['0:00.0–0:01.0 ~caller d', '0:00.0–0:01.0  caller dag']);
    const audio = received.flatMap(({ message }) => (message?.$case === 'audio' ? [message.value] : []));
    expect(audio).toHaveLength(100);
    expect(new Set(audio.map((bytes) => bytes.length))).toEqual(new Set([1280]));
    const samples = Buffer.concat(audio);
    expect(samples.readInt16LE(0)).toBe(Math.round(0.25 * 32_767));
    expect(samples.readInt16LE(2)).toBe(0);
    expect(samples.readInt16LE(samples.length - 2)).toBe(Math.round(0.5 * 32_767));
  });
});

describe('eval wer', () => {
  it('reports error rates by language, and nothing of what was heard', async () => {
    const manifest = join(folder, 'manifest.jsonl');
    const clip = (text: string, language: string) => JSON.stringify({ audio: 'call.wav', text, language });
    writeFileSync(manifest, [clip('W0 25, w0.25 w0-50!', 'nl'), clip('something else', 'en')].join('\n'));
    const { code, out } = await cli(['eval', 'wer', '--manifest', manifest, '--json']);
    expect(code).toBe(0);
    const { languages } = JSON.parse(out) as {
      languages: Record<string, { wer: number; clips: number; words: number }>;
    };
    expect(languages.nl).toMatchObject({ clips: 1, words: 6, wer: 0 });
    expect(languages.en!.wer).toBeGreaterThan(1);
    expect(out).not.toContain('w0');
  });

  it('names the line of a manifest that is wrong', async () => {
    const manifest = join(folder, 'wrong.jsonl');
    writeFileSync(manifest, '{"audio": "call.wav", "text": "x", "language": "nl"}\n{"audio": 1}\n');
    const { code, err } = await cli(['eval', 'wer', '--manifest', manifest]);
    expect(code).toBe(2);
    expect(err).toContain('line 2 must be {"audio", "text", "language"}');
  });
});
