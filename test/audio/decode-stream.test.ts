import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createStreamDecoder,
  type StreamEncoding,
  type StreamFormat,
} from '../../src/audio/decode-stream.ts';
import type { AudioChunk } from '../../src/domain/audio.ts';
import { refusalOf } from './refusal.ts';

const FORMATS: StreamFormat[] = (['LINEAR16', 'MULAW', 'ALAW'] as const).flatMap((encoding) => [
  { encoding, sampleRateHz: 8_000, channels: 2 },
  { encoding, sampleRateHz: 16_000, channels: 1 },
  { encoding, sampleRateHz: 44_100, channels: 2 },
]);

describe.each(FORMATS)('$encoding at $sampleRateHz Hz, $channels channel(s)', (format) => {
  const frameBytes = (format.encoding === 'LINEAR16' ? 2 : 1) * format.channels;

  it('gives the same samples however the bytes are cut, odd counts included', () => {
    const bytes = randomBytes(frameBytes * 900, 7);
    const whole = decode(format, [bytes]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 97 }), { maxLength: 40 }), (cuts) => {
        expect(decode(format, cut(bytes, cuts))).toEqual(whole);
      }),
      { numRuns: 40 },
    );
    expect(
      decode(
        format,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole);
  });

  it('places chunks one after the other, all channels alike', () => {
    const decoder = createStreamDecoder(format);
    let expected = 0;
    const check = (chunks: readonly AudioChunk[]) => {
      if (chunks.length === 0) return;
      expect(chunks.map((chunk) => chunk.channel)).toEqual(format.channels === 2 ? [0, 1] : [0]);
      for (const chunk of chunks) {
        expect(chunk.startSample).toBe(expected);
        expect(chunk.samples.length).toBe(chunks[0]!.samples.length);
      }
      expected += chunks[0]!.samples.length;
    };
    for (const piece of cut(randomBytes(frameBytes * 900, 3), [13, 100, 1, 1, 1, 400]))
      check(decoder.push(piece));
    check(decoder.end());
    expect(expected).toBe(Math.ceil((900 * 16_000) / format.sampleRateHz));
  });
});

it('takes channels apart', () => {
  const bytes = new Uint8Array(Int16Array.from([100, -200, 300, -400, 500, -600]).buffer);
  const [left, right] = decode({ encoding: 'LINEAR16', sampleRateHz: 16_000, channels: 2 }, [bytes]);
  expect(left!.map((sample) => sample * 32_768)).toEqual([100, 300, 500]);
  expect(right!.map((sample) => sample * 32_768)).toEqual([-200, -400, -600]);
});

it('refuses a stream that ends inside a frame, naming the audio', async () => {
  const decoder = createStreamDecoder({ encoding: 'LINEAR16', sampleRateHz: 8_000, channels: 2 });
  decoder.push(new Uint8Array(401));
  expect(await refusalOf(() => decoder.end())).toMatchObject({ kind: 'invalid-argument', field: 'audio' });
});

it.each([
  [{ encoding: 'MP3' as StreamEncoding, sampleRateHz: 8_000, channels: 1 }, 'config.audio.encoding'],
  [{ encoding: 'MULAW', sampleRateHz: 7_999, channels: 1 }, 'config.audio.sample_rate_hertz'],
  [{ encoding: 'MULAW', sampleRateHz: 48_001, channels: 1 }, 'config.audio.sample_rate_hertz'],
  [{ encoding: 'MULAW', sampleRateHz: Number.NaN, channels: 1 }, 'config.audio.sample_rate_hertz'],
  [{ encoding: 'MULAW', sampleRateHz: 8_000.5, channels: 1 }, 'config.audio.sample_rate_hertz'],
  [{ encoding: 'MULAW', sampleRateHz: 8_000, channels: 0 }, 'config.audio.channels'],
  [{ encoding: 'MULAW', sampleRateHz: 8_000, channels: 9 }, 'config.audio.channels'],
] satisfies [StreamFormat, string][])('refuses %o naming %s', async (format, field) => {
  expect(await refusalOf(() => createStreamDecoder(format))).toMatchObject({
    kind: 'invalid-argument',
    field,
  });
});

function decode(format: StreamFormat, pieces: readonly Uint8Array[]): number[][] {
  const decoder = createStreamDecoder(format);
  const channels: number[][] = Array.from({ length: format.channels }, () => []);
  for (const chunks of [...pieces.map((piece) => decoder.push(piece)), decoder.end()]) {
    for (const chunk of chunks) channels[chunk.channel]!.push(...chunk.samples);
  }
  return channels;
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

function randomBytes(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 0xff;
  });
}
