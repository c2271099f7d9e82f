/** Speech detection with the real model. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStreamDecoder, decodeRecording } from '../../src/audio/index.ts';
import type { AudioChunk } from '../../src/domain/audio.ts';
import { VAD_WINDOW_SAMPLES, VadPool } from '../../src/inference/vad-pool.ts';
import { detectSpeech } from '../../src/vad/index.ts';
import { refusalOf } from '../audio/refusal.ts';

/** Two Dutch utterances by espeak-ng in telephone band, 8 kHz mu-law, with silence and noise at -50 dB. */
const FIXTURE = new URL('fixtures/speech-nl.wav', import.meta.url).pathname;
/** What the Python reference (silero-vad's OnnxWrapper, onnxruntime 1.32) says of each window of it. */
const REFERENCE = JSON.parse(
  readFileSync(new URL('fixtures/speech-nl.probabilities.json', import.meta.url), 'utf8'),
) as number[];

/** In seconds; the words lie 0.3 s inside. */
const SEGMENTS = [
  [0.82, 3.92],
  [4.98, 8.84],
];

let pool: VadPool;
let speech: Float32Array;
beforeAll(async () => {
  pool = await VadPool.start();
  speech = await samplesOf(FIXTURE);
});
afterAll(() => pool[Symbol.asyncDispose]());

describe('probabilities', () => {
  it('are those of the reference, window by window', async () => {
    const probabilities = await probabilitiesOf(speech);
    expect(probabilities.length).toBe(REFERENCE.length);
    probabilities.forEach((probability, window) => {
      expect(Math.abs(probability - REFERENCE[window]!), `window ${window}`).toBeLessThan(2e-3);
    });
  });

  it('are the same for many streams at once, each with its own past', async () => {
    const alone = await probabilitiesOf(speech);
    const silence = new Float32Array(speech.length);
    const together = await Promise.all(
      Array.from({ length: 24 }, (_, n) => probabilitiesOf(n % 2 === 0 ? speech : silence, 1 + (n % 5))),
    );
    together.forEach((probabilities, n) => {
      if (n % 2 === 1) return;
      probabilities.forEach((probability, window) => {
        // Equal to the bit on x86-64; other kernels may sum in another order for other batch sizes.
        expect(Math.abs(probability - alone[window]!)).toBeLessThan(1e-6);
      });
    });
  });

  it('come in order when requests do not wait for each other', async () => {
    const stream = pool.open();
    const parts = await Promise.all([0, 1, 2].map((n) => stream.probabilities(windows(speech, n * 50, 50))));
    stream.close();
    parts
      .flatMap((part) => [...part])
      .forEach((probability, window) => {
        expect(Math.abs(probability - REFERENCE[window]!)).toBeLessThan(2e-3);
      });
  });
});

describe('segments', () => {
  it('of the fixture begin and end where its speech does', async () => {
    expect(await segmentsOf(speech)).toEqual(SEGMENTS);
  });

  it('are the same for messages of 20 ms, of odd numbers of bytes and of the whole call', async () => {
    const bytes = readFileSync(FIXTURE).subarray(58);
    for (const messageBytes of [160, 37, bytes.length]) {
      const decoder = createStreamDecoder({ encoding: 'MULAW', sampleRateHz: 8_000, channels: 1 });
      async function* call() {
        for (let at = 0; at < bytes.length; at += messageBytes) {
          yield decoder.push(bytes.subarray(at, at + messageBytes));
        }
        yield decoder.end();
      }
      expect(await segmentsIn(call())).toEqual(SEGMENTS);
    }
  });

  it.each([
    ['silence', () => 0],
    ['noise at -30 dB', noise(0.03)],
    ['a dial tone', tones([425], 0.3)],
    ['ringing, one second in five', (t: number) => (t % 5 < 1 ? tones([425], 0.3)(t) : 0)],
    ['busy, half a second in one', (t: number) => (t % 1 < 0.5 ? tones([425], 0.3)(t) : 0)],
    [
      'DTMF digits',
      (t: number) => (t % 0.4 < 0.1 ? tones([697 + 85 * (Math.floor(t / 0.4) % 4), 1_336], 0.3)(t) : 0),
    ],
    ['a melody', melody],
    ['a fax', (t: number) => (t % 3.5 < 0.5 ? tones([1_100], 0.3)(t) : 0)],
  ])('there are none in %s', async (_, signal) => {
    const call = Float32Array.from({ length: 20 * 16_000 }, (_, n) => signal(n / 16_000));
    expect(await segmentsOf(call)).toEqual([]);
  });

  const RECORDINGS = new URL('../../../shared/data/speech/', import.meta.url);
  it.for([
    ['dutch/vl00203.wav', 0.9],
    ['librivox/sense-0870.wav', 0.9],
    ['picovoice/test_de.wav', 0.75],
    ['picovoice/test_fr.wav', 0.75],
    ['picovoice/test_it.wav', 0.75],
  ] as const)('cover the speech of people: %s', async ([name, part], { skip }) => {
    skip(!existsSync(RECORDINGS), '../shared/data/speech is not there');
    const call = await samplesOf(new URL(name, RECORDINGS).pathname);
    const spoken = (await segmentsOf(call)).reduce((sum, [start, end]) => sum + end - start, 0);
    expect(spoken).toBeGreaterThan(part * (call.length / 16_000));
  });

  it('find single digits as four people say them at 8 kHz', async ({ skip }) => {
    skip(!existsSync(RECORDINGS), '../shared/data/speech is not there');
    const digits = readdirSync(new URL('digits/', RECORDINGS)).filter((_, n) => n % 10 === 0);
    const missed: string[] = [];
    for (const name of digits) {
      const digit = await samplesOf(new URL(`digits/${name}`, RECORDINGS).pathname);
      const call = new Float32Array(digit.length + 32_000);
      call.set(digit, 16_000);
      if ((await segmentsOf(call)).length === 0) missed.push(name);
    }
    expect(missed).toEqual([]);
  });
});

describe('the thread', () => {
  it('answers what was asked before it is closed, and nothing after', async () => {
    const other = await VadPool.start();
    const stream = other.open();
    const asked = stream.probabilities(windows(speech, 0, 64));
    await other[Symbol.asyncDispose]();
    expect((await asked).length).toBe(64);
    expect((await refusalOf(() => stream.probabilities(windows(speech, 0, 1)))).kind).toBe('unavailable');
    expect((await refusalOf(() => other.open())).kind).toBe('unavailable');
    await other[Symbol.asyncDispose]();
  });

  it('says at start when its model is not there', async () => {
    expect((await refusalOf(() => VadPool.start({ modelPath: '/nonexistent.onnx' }))).kind).toBe(
      'unavailable',
    );
  });
});

async function probabilitiesOf(samples: Float32Array, perRequest = 16): Promise<number[]> {
  const stream = pool.open();
  const count = Math.floor(samples.length / VAD_WINDOW_SAMPLES);
  const probabilities: number[] = [];
  for (let at = 0; at < count; at += perRequest) {
    const part = await stream.probabilities(windows(samples, at, Math.min(perRequest, count - at)));
    probabilities.push(...part);
  }
  stream.close();
  return probabilities;
}

function windows(samples: Float32Array, first: number, count: number): Float32Array {
  return samples.slice(first * VAD_WINDOW_SAMPLES, (first + count) * VAD_WINDOW_SAMPLES);
}

async function segmentsOf(samples: Float32Array): Promise<[number, number][]> {
  async function* call() {
    for (let at = 0; at < samples.length; at += 1_600) {
      yield [{ channel: 0, startSample: at, samples: samples.slice(at, at + 1_600) }] satisfies AudioChunk[];
    }
  }
  return segmentsIn(call());
}

async function segmentsIn(call: AsyncIterable<readonly AudioChunk[]>): Promise<[number, number][]> {
  const found: [number, number][] = [];
  let start = 0;
  for await (const event of detectSpeech(call, pool)) {
    if (event.type === 'speech-start') start = event.startSample;
    if (event.type === 'speech-end') found.push([seconds(start), seconds(event.endSample)]);
  }
  return found;
}

function seconds(samples: number): number {
  return Math.round(samples / 160) / 100;
}

async function samplesOf(path: string): Promise<Float32Array> {
  await using recording = await decodeRecording({ path });
  const samples: number[] = [];
  for await (const [chunk] of recording.chunks) samples.push(...chunk!.samples);
  return Float32Array.from(samples);
}

function tones(frequenciesHz: readonly number[], amplitude: number): (t: number) => number {
  return (t) => frequenciesHz.reduce((sum, hz) => sum + amplitude * Math.sin(2 * Math.PI * hz * t), 0);
}

/** Plucked notes with seven harmonics, three in a second. */
function melody(t: number): number {
  const hz = 220 * 2 ** ([0, 4, 7, 12, 7, 4, 5, 9][Math.floor(t * 3) % 8]! / 12);
  const decay = Math.exp(-2 * ((t * 3) % 1));
  return [1, 2, 3, 4, 5, 6, 7].reduce(
    (sum, n) => sum + (0.1 * decay * Math.sin(2 * Math.PI * hz * n * t)) / n,
    0,
  );
}

function noise(amplitude: number): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return amplitude * (seed / 1_073_741_823.5 - 1);
  };
}
