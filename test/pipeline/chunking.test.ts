/**
 * The promise: any cutting of the same audio gives the same finals. The voice activity detection is the real one; the
 * recogniser answers with a hash of what it was given, so that one sample more or less shows.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MULAW_TO_LINEAR } from '../../src/audio/g711.ts';
import type { DecodeRequest } from '../../src/domain/speech-engine.ts';
import type { RawText } from '../../src/domain/text.ts';
import { VadPool } from '../../src/inference/vad-pool.ts';
import { type CallStages, liveInput, transcribeCall } from '../../src/pipeline/index.ts';
import { detectSpeech } from '../../src/vad/index.ts';
import { oneWord, scriptedEngine, scriptedStages } from './scripted-stages.ts';

const WAV_HEADER_BYTES = 44;
const RATE_HZ = 8000;

let vad: VadPool;
let stages: CallStages;
let audio: Buffer;

beforeAll(async () => {
  vad = await VadPool.start();
  stages = scriptedStages({
    engine: scriptedEngine(async (request) => {
      // Decodes take their time, unlike each other: the order of finals must not depend on it.
      await new Promise((resolve) => setImmediate(resolve));
      return { ...oneWord(request), words: [{ ...oneWord(request).words[0]!, text: hashOf(request) }] };
    }),
    detectSpeech: (input, endpoint, signal) =>
      detectSpeech(
        input,
        vad,
        { minSilenceMs: endpoint.endpointSilenceMs, maxSegmentMs: endpoint.maxSegmentMs },
        signal,
      ),
  });
  audio = await twoChannels();
});

afterAll(() => vad[Symbol.asyncDispose]());

describe('any cutting of the same audio', () => {
  it('gives the same finals', { timeout: 300_000 }, async () => {
    const whole = await finalsOf([audio]);
    expect(whole.length).toBeGreaterThanOrEqual(4);
    expect(new Set(whole.map((final) => final.split(' ')[0]!.split('-')[0]))).toEqual(new Set(['1', '2']));

    const cuts = fc.oneof(
      fc.array(fc.integer({ min: 1, max: 4001 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom([320], [1], [37], [audio.length - 1], [1_000_000]),
    );
    await fc.assert(
      fc.asyncProperty(cuts, async (sizes) => {
        expect(await finalsOf(cut(audio, sizes))).toEqual(whole);
      }),
      { numRuns: 12, examples: [[[1]], [[319]], [[65_537]]] },
    );
  });
});

/** Pieces of the sizes given, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const end = start + sizes[i % sizes.length]!;
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

async function finalsOf(pieces: readonly Buffer[]): Promise<string[]> {
  const messages = (async function* () {
    for (const bytes of pieces) yield { type: 'audio' as const, bytes };
  })();
  const input = liveInput(messages, { encoding: 'LINEAR16', sampleRateHz: RATE_HZ, channels: 2 });
  const finals: string[] = [];
  const events = transcribeCall(
    input,
    {
      callKey: 'test',
      roles: ['caller', 'agent'],
      languages: ['nl'],
      hotWords: [],
      wordInfo: false,
      sentiment: false,
      redaction: { operators: {}, defaultOperator: 'mask' },
      endpointSilenceMs: 300,
      live: true,
      interimIntervalMs: 500,
    },
    stages,
    new AbortController().signal,
  );
  for await (const event of events) {
    if (event.type !== 'segment' || !event.segment.isFinal) continue;
    const { segmentId, startSample, endSample, text } = event.segment;
    finals.push(`${segmentId} ${startSample} ${endSample} ${text}`);
  }
  return finals;
}

function hashOf({ samples }: DecodeRequest): RawText {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return createHash('sha256').update(bytes).digest('hex') as RawText;
}

/** The recorded speech on one channel, and 1.5 s later on the other, twice. */
async function twoChannels(): Promise<Buffer> {
  const file = await readFile(new URL('../vad/fixtures/speech-nl.wav', import.meta.url));
  const speech = file.subarray(WAV_HEADER_BYTES);
  const samples = speech.length;
  const delay = 1.5 * RATE_HZ;
  const frames = 2 * samples + delay;
  const interleaved = Buffer.alloc(frames * 4);
  for (let i = 0; i < 2 * samples; i++) {
    const value = MULAW_TO_LINEAR[speech[i % samples]!]!;
    interleaved.writeInt16LE(value, i * 4);
    interleaved.writeInt16LE(value, (i + delay) * 4 + 2);
  }
  return interleaved;
}
