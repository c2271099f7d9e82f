/** Random and damaged bytes: decoders answer with ServiceError or with samples, never with anything else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecording } from '../../src/audio/decode-file.ts';
import { createStreamDecoder, STREAM_ENCODINGS } from '../../src/audio/decode-stream.ts';
import { readableFromPipe } from '../../src/audio/mp4-faststart.ts';
import { WavReader } from '../../src/audio/wav-reader.ts';
import { encodeWav } from '../../src/audio/wav-writer.ts';
import { ServiceError } from '../../src/domain/service-error.ts';

const RUNS = 300;
const SAMPLES = Float32Array.from({ length: 400 }, (_, n) => Math.sin(n));
const WAV_FILES = (['s16', 's24', 'f32', 'mulaw'] as const).map((format) =>
  encodeWav(format, 8_000, [SAMPLES, SAMPLES]),
);

/** A value that lands often enough in the length, count and rate fields to matter. */
const HOSTILE_WORD = fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe);

const damagedWav = fc
  .tuple(
    fc.constantFrom(...WAV_FILES),
    fc.array(fc.tuple(fc.nat(60), HOSTILE_WORD), { maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(400), fc.nat(7)), { maxLength: 20 }),
    fc.nat(1_000),
  )
  .map(([file, words, bits, cutBy]) => {
    const damaged = Buffer.from(file.subarray(0, Math.max(0, file.length - cutBy)));
    for (const [at, word] of words) if (at + 4 <= damaged.length) damaged.writeUInt32LE(word, at);
    for (const [at, bit] of bits) if (at < damaged.length) damaged[at]! ^= 1 << bit;
    return new Uint8Array(damaged);
  });

const randomBytes = fc.uint8Array({ maxLength: 3_000 });
const pieceSizes = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 });

describe('WAV reader', () => {
  it.each([
    ['damaged files', damagedWav],
    ['random bytes', randomBytes],
    [
      'random bytes after a good beginning',
      randomBytes.map((bytes) => Buffer.concat([WAV_FILES[0]!.subarray(0, 20), bytes])),
    ],
  ] satisfies [string, fc.Arbitrary<Uint8Array>][])('survives %s', (_, files) => {
    fc.assert(
      fc.property(files, pieceSizes, (file, sizes) => {
        const outcome = attempt(() => readWav(file, sizes));
        expect(attempt(() => readWav(file, []))).toEqual(outcome);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('recordings', () => {
  it('survive damage and random bytes, ffmpeg or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(damagedWav, randomBytes), async (file) => {
        try {
          await using recording = await decodeRecording(file, { ffmpegPath: '/nonexistent' });
          for await (const chunks of recording.chunks)
            for (const chunk of chunks) expectSamples(chunk.samples);
        } catch (error) {
          expectServiceError(error);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('of MP4 survive boxes of any length', () => {
    const box = fc
      .tuple(
        fc.constantFrom('ftyp', 'moov', 'mdat', 'trak', 'mdia', 'minf', 'stbl', 'stco', 'co64', 'free'),
        fc.oneof(fc.nat(64), HOSTILE_WORD),
        fc.uint8Array({ maxLength: 40 }),
      )
      .map(([type, size, body]) => {
        const head = Buffer.alloc(8);
        head.writeUInt32BE(size, 0);
        head.write(type, 4, 'latin1');
        return Buffer.concat([head, body]);
      });
    fc.assert(
      fc.property(fc.array(box, { maxLength: 8 }), (boxes) => {
        const file = Buffer.concat(boxes);
        attempt(() => {
          const pieces = readableFromPipe(file, 'audio');
          expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(file.length);
        });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('live streams', () => {
  it.each(STREAM_ENCODINGS)('of %s are samples in [-1, 1] whatever the bytes', (encoding) => {
    const format = fc.record({
      encoding: fc.constant(encoding),
      sampleRateHz: fc.integer({ min: 8_000, max: 48_000 }),
      channels: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(
        format,
        fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 10 }),
        (format, messages) => {
          attempt(() => {
            const decoder = createStreamDecoder(format);
            for (const message of messages)
              for (const chunk of decoder.push(message)) expectSamples(chunk.samples);
            for (const chunk of decoder.end()) expectSamples(chunk.samples);
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});

it('a file that claims gigabytes takes no memory for it', () => {
  const file = Buffer.from(WAV_FILES[0]!);
  file.writeUInt32LE(0x7fff_0000, 40);
  const before = process.memoryUsage().arrayBuffers;
  for (let n = 0; n < 50; n++) attempt(() => readWav(file, [10, 20, 30]));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});

it('a stream that never says "data" takes no memory, however long', () => {
  const reader = new WavReader({ field: 'audio' });
  reader.push(WAV_FILES[0]!.subarray(0, 12));
  const chunk = Buffer.concat([Buffer.from('junk'), Buffer.from([0xff, 0xff, 0xff, 0x7f])]);
  reader.push(chunk);
  const before = process.memoryUsage().arrayBuffers;
  const megabyte = new Uint8Array(1024 * 1024);
  for (let n = 0; n < 500; n++) expect(reader.push(megabyte)).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});

function readWav(file: Uint8Array, sizes: readonly number[]): number[][] {
  const reader = new WavReader({ field: 'audio' });
  const channels: number[][] = [];
  const collect = (pieces: Float32Array[]) => {
    for (const [channel, samples] of pieces.entries()) {
      expectSamples(samples);
      channels[channel] = [...(channels[channel] ?? []), ...samples];
    }
  };
  let at = 0;
  for (const size of sizes) {
    collect(reader.push(file.subarray(at, at + size)));
    at += size;
  }
  collect(reader.push(file.subarray(at)));
  reader.end();
  return channels;
}

/** The result, or the refusal. */
function attempt<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    expectServiceError(error);
    return (error as ServiceError).message;
  }
}

function expectServiceError(error: unknown): void {
  if (!(error instanceof ServiceError)) throw error;
  expect(error.kind).toBe('invalid-argument');
  expect(error.detail.field).toMatch(/^(audio|config)/);
}

function expectSamples(samples: Float32Array): void {
  // One expectation for all of them: this is in the innermost loop.
  if (!samples.every((sample) => sample >= -1 && sample <= 1)) expect.fail('a sample lies outside [-1, 1]');
}
