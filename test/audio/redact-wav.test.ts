import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AudioSpan, redactRecording } from '../../src/audio/redact-wav.ts';
import { BYTES_PER_SAMPLE, type SampleFormat } from '../../src/audio/sample-format.ts';
import { WavReader } from '../../src/audio/wav-reader.ts';
import { encodeFrames, encodeWav, encodeWavHeader } from '../../src/audio/wav-writer.ts';

const PIPELINE_RATE_HZ = 16_000;
const FORMATS = Object.keys(BYTES_PER_SAMPLE) as SampleFormat[];
/** What the issue allows between an entity's true times and the first sample that is covered or left. */
const TOLERANCE_MS = 50;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redact-wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

let copies = 0;
async function redacted(
  file: Uint8Array,
  spans: readonly AudioSpan[],
  cover: 'mute' | 'beep' = 'mute',
  marginMs = TOLERANCE_MS,
): Promise<Buffer> {
  const path = join(folder, `${++copies}.wav`);
  await redactRecording(file, path, spans, { cover, marginMs });
  return readFile(path);
}

/** Noise without a zero, so that a muted sample can be told from one that was copied. */
function loudNoise(frames: number, seed: number): Float32Array {
  let state = seed >>> 0 || 1;
  return Float32Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state & 1 ? 1 : -1) * (0.2 + 0.7 * ((state >>> 8) / 2 ** 24));
  });
}

/** One call: random format, rate, channels, length and entity times. */
const call = fc.record({
  format: fc.constantFrom(...FORMATS),
  sampleRateHz: fc.constantFrom(8_000, 16_000, 44_100, 48_000),
  channels: fc.integer({ min: 1, max: 2 }),
  durationMs: fc.integer({ min: 200, max: 2_500 }),
  entities: fc.array(
    fc.record({
      channel: fc.integer({ min: 0, max: 1 }),
      startMs: fc.integer({ min: 0, max: 2_400 }),
      lengthMs: fc.integer({ min: 1, max: 600 }),
    }),
    { maxLength: 6 },
  ),
  cover: fc.constantFrom('mute' as const, 'beep' as const),
  seed: fc.integer(),
});

it('covers every entity and leaves all else as it is, bit for bit, in 100 calls', async () => {
  await fc.assert(
    fc.asyncProperty(call, async ({ format, sampleRateHz, channels, durationMs, entities, cover, seed }) => {
      const frames = Math.round((durationMs * sampleRateHz) / 1000);
      const audio = Array.from({ length: channels }, (_, channel) => loudNoise(frames, seed + channel));
      const original = encodeWav(format, sampleRateHz, audio);
      const spans = entities.map(({ channel, startMs, lengthMs }) => ({
        channel,
        startSample: (startMs * PIPELINE_RATE_HZ) / 1000,
        endSample: ((startMs + lengthMs) * PIPELINE_RATE_HZ) / 1000,
      }));
      const copy = await redacted(original, spans, cover);
      expect(copy.length).toBe(original.length);
      expect(copy.subarray(0, 44)).toEqual(Buffer.from(original.subarray(0, 44)));
      const width = BYTES_PER_SAMPLE[format];
      const wrong: string[] = [];
      for (let frame = 0; frame < frames; frame++) {
        const ms = (frame * 1000) / sampleRateHz;
        for (let channel = 0; channel < channels; channel++) {
          const at = 44 + (frame * channels + channel) * width;
          const same = copy.compare(original, at, at + width, at, at + width) === 0;
          const near = (marginMs: number) =>
            entities.some(
              (entity) =>
                entity.channel === channel &&
                ms >= entity.startMs - marginMs &&
                ms < entity.startMs + entity.lengthMs + marginMs,
            );
          if (same && cover === 'mute' && near(0))
            wrong.push(`entity sample ${frame} of ${channel} survives`);
          // One frame of rounding between the two clocks.
          if (!same && !near(TOLERANCE_MS + 1000 / sampleRateHz))
            wrong.push(`sample ${frame} of ${channel} differs`);
        }
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 60_000);

describe('the cover', () => {
  const noise = loudNoise(8_000, 7);
  const span = [{ channel: 0, startSample: 4_000, endSample: 12_000 }];

  it.each(FORMATS)('is silence in %s', async (format) => {
    const samples = read(await redacted(encodeWav(format, 8_000, [noise]), span, 'mute', 0));
    // A-law has no zero: its smallest steps are 8 of 32768.
    for (const sample of samples.subarray(2_000, 6_000))
      expect(Math.abs(sample)).toBeLessThanOrEqual(8 / 32_768);
  });

  it('can be a tone that does not jump where the file was read in pieces', async () => {
    const samples = read(await redacted(encodeWav('s16', 8_000, [noise]), span, 'beep', 0));
    for (let n = 2_001; n < 6_000; n++) {
      expect(Math.abs(samples[n]! - 0.1 * Math.sin((2 * Math.PI * 1000 * n) / 8_000))).toBeLessThan(1e-3);
    }
  });
});

describe('the file', () => {
  const audio = encodeFrames('s16', [loudNoise(1_000, 3)]);

  it('leaves out chunks that may name the parties', async () => {
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([8, 0, 0, 0]), Buffer.from('Jan Vis.')]);
    const header = Buffer.from(encodeWavHeader('s16', 8_000, 1, audio.length));
    const file = Buffer.concat([header.subarray(0, 36), list, header.subarray(36), audio, list]);
    const copy = await redacted(file, []);
    expect(copy.includes('Jan Vis.')).toBe(false);
    expect(copy.subarray(44)).toEqual(Buffer.from(audio));
  });

  it('states the true length of a recording whose writer did not know it, or that was cut off', async () => {
    const unknown = Buffer.concat([encodeWavHeader('s16', 8_000, 1), audio]);
    const cutOff = Buffer.concat([encodeWavHeader('s16', 8_000, 1, audio.length + 500), audio]);
    for (const file of [unknown, cutOff]) {
      const copy = await redacted(file, []);
      expect(copy.readUInt32LE(40)).toBe(audio.length);
      expect(copy.readUInt32LE(4)).toBe(copy.length - 8);
    }
  });

  it('never replaces one that is there', async () => {
    const path = join(folder, 'kept.wav');
    await writeFile(path, 'mine');
    const write = redactRecording(encodeWav('s16', 8_000, [loudNoise(10, 1)]), path, [], {
      cover: 'mute',
      marginMs: 0,
    });
    await expect(write).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});

function read(file: Uint8Array): Float32Array {
  const reader = new WavReader({ field: 'audio' });
  const [samples] = reader.push(file);
  reader.end();
  return samples!;
}
