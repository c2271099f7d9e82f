import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SampleFormat } from '../../src/audio/sample-format.ts';
import { WavReader } from '../../src/audio/wav-reader.ts';
import { encodeFrames, encodeWav, encodeWavHeader } from '../../src/audio/wav-writer.ts';
import { refusalOf } from './refusal.ts';

const LEFT = Float32Array.of(0, 0.25, -0.5, 0.75, -1, 0.125);
const RIGHT = Float32Array.of(0.5, -0.125, 0.0625, -0.75, 0.25, -0.25);
const UNKNOWN = 0xffff_ffff;

/** Half a step of each format, relative to full scale; G.711's largest steps are 1024 of 32768. */
const TOLERANCE: Record<SampleFormat, number> = {
  u8: 1 / 256,
  s16: 1 / 65_536,
  s24: 1e-7,
  s32: 1e-7,
  f32: 0,
  f64: 0,
  mulaw: 644 / 32_768,
  alaw: 512 / 32_768,
};

describe.each(Object.entries(TOLERANCE) as [SampleFormat, number][])('%s', (format, tolerance) => {
  it('comes back from a file as it was written, on both channels', () => {
    const { reader, channels } = read(encodeWav(format, 8_000, [LEFT, RIGHT]));
    expect(reader.header).toMatchObject({ format, sampleRateHz: 8_000, channels: 2 });
    for (const [channel, expected] of [LEFT, RIGHT].entries()) {
      expect(channels[channel]!.length).toBe(expected.length);
      channels[channel]!.forEach((sample, n) => {
        expect(Math.abs(sample - expected[n]!)).toBeLessThanOrEqual(tolerance);
      });
    }
  });
});

it('reads sample values exactly: a golden file of 24 bits', () => {
  const audio = [0x00, 0x00, 0x00, 0xff, 0xff, 0x7f, 0x00, 0x00, 0x80, 0xff, 0xff, 0xff];
  const file = wav([fmt({ bits: 24 }), chunk('data', audio)]);
  expect(read(file).channels[0]).toEqual([0, 8_388_607 / 8_388_608, -1, -1 / 8_388_608].map(Math.fround));
});

describe('headers', () => {
  const audio = encodeFrames('s16', [LEFT]);
  const expected = [...LEFT].map((sample) => Math.fround(Math.min(32_767, sample * 32_768) / 32_768));

  it.each([
    ['LIST before the audio', wav([chunk('LIST', [1, 2, 3, 4]), fmt(), chunk('data', audio)])],
    [
      'chunks of odd length, padded',
      wav([chunk('junk', [1, 2, 3]), fmt(), chunk('id3 ', [9]), chunk('data', audio)]),
    ],
    ['a format chunk of 18 bytes', wav([fmt({ extra: [0, 0] }), chunk('data', audio)])],
    ['chunks after the audio', wav([fmt(), chunk('data', audio), chunk('LIST', [7, 7, 7])])],
    ['an extensible header', wav([fmt({ tag: 0xfffe, extra: extensible(1) }), chunk('data', audio)])],
    ['unknown length as ffmpeg writes it', wav([fmt(), chunk('data', audio, UNKNOWN)], UNKNOWN)],
    ['unknown length as sox writes it', wav([fmt(), chunk('data', audio, 0x7fff_f000)], 0x7fff_f024)],
    ['length 0 in both places', wav([fmt(), chunk('data', audio, 0)], 0)],
    ['length 0 and a RIFF length of the header alone', wav([fmt(), chunk('data', audio, 0)], 36)],
    ['RF64 with its length in ds64', rf64(audio)],
  ])('reads %s, in any pieces', (_, file) => {
    expect(read(file).channels[0]).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), (cuts) => {
        expect(read(file, cuts).channels[0]).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['float', 3, 32, 'f32'],
    ['A-law', 6, 8, 'alaw'],
    ['mu-law', 7, 8, 'mulaw'],
  ] as const)('reads %s from an extensible header', (_, tag, bits, format) => {
    const file = wav([
      fmt({ tag: 0xfffe, bits, extra: extensible(tag) }),
      chunk('data', new Array(8).fill(0)),
    ]);
    expect(read(file).reader.header?.format).toBe(format);
  });

  it('takes 20 bits in 3 bytes for what they are: the top of 24', () => {
    const file = wav([fmt({ bits: 20, blockAlign: 3 }), chunk('data', [0x00, 0x00, 0x40])]);
    expect(read(file).channels[0]).toEqual([0.5]);
  });

  it('stops at the end of the audio, not of the file', () => {
    const file = wav([fmt(), chunk('data', [0, 0]), chunk('data', [1, 1])]);
    expect(read(file).channels[0]).toEqual([0]);
  });

  it('writes a stream header that it can read', () => {
    const file = Buffer.concat([encodeWavHeader('alaw', 8_000, 1), new Uint8Array(5).fill(0xd5)]);
    expect(read(file).channels[0]!.length).toBe(5);
  });
});

describe('refuses, naming the field and the remedy:', () => {
  const audio = new Array(8).fill(0);
  it.each([
    ['no bytes', new Uint8Array(0), 'audio', /send the whole file/],
    ['another format', Buffer.from('this is not a WAV file at all'), 'audio', /not a WAV file/],
    ['nothing after the header', wav([fmt()]), 'audio.wav.data', /no "data" chunk/],
    ['no audio', wav([fmt(), chunk('data', [])]), 'audio.wav.data', /holds no audio/],
    [
      'an empty data chunk before others',
      wav([fmt(), chunk('data', []), chunk('LIST', [1, 2])]),
      'audio.wav.data',
      /holds no audio/,
    ],
    [
      'audio that was cut off',
      wav([fmt(), chunk('data', audio, 1_000)]),
      'audio.wav.data',
      /992 are missing/,
    ],
    [
      'audio that ends inside a frame',
      wav([fmt(), chunk('data', [1, 2, 3], UNKNOWN)]),
      'audio.wav.data',
      /whole frames/,
    ],
    [
      'a 4 GB chunk',
      wav([chunk('LIST', [1], UNKNOWN), fmt(), chunk('data', audio)]),
      'audio.wav.data',
      /inside its "LIST" chunk/,
    ],
    ['a 4 GB format chunk', wav([chunk('fmt ', audio, UNKNOWN)]), 'audio.wav.fmt', /claims 4294967295 bytes/],
    ['a short format chunk', wav([chunk('fmt ', [1, 0]), chunk('data', audio)]), 'audio.wav.fmt', /needs 16/],
    ['audio before its format', wav([chunk('data', audio), fmt()]), 'audio.wav.fmt', /before the "fmt"/],
    ['0 channels', wav([fmt({ channels: 0 }), chunk('data', audio)]), 'audio.wav.channels', /says 0/],
    ['9 channels', wav([fmt({ channels: 9 }), chunk('data', audio)]), 'audio.wav.channels', /from 1 to 8/],
    [
      'a rate of 0',
      wav([fmt({ rate: 0 }), chunk('data', audio)]),
      'audio.wav.sample_rate_hertz',
      /from 8000/,
    ],
    [
      'a rate of 4 GHz',
      wav([fmt({ rate: UNKNOWN }), chunk('data', audio)]),
      'audio.wav.sample_rate_hertz',
      /192000/,
    ],
    [
      'frames of 0 bytes',
      wav([fmt({ blockAlign: 0 }), chunk('data', audio)]),
      'audio.wav.block_align',
      /frames of 0 bytes/,
    ],
    [
      'frames that do not fit',
      wav([fmt({ channels: 2, blockAlign: 3 }), chunk('data', audio)]),
      'audio.wav.block_align',
      /standard header/,
    ],
    ['floats of 16 bits', wav([fmt({ tag: 3 }), chunk('data', audio)]), 'audio.wav.block_align', /format 3/],
    [
      'ADPCM',
      wav([fmt({ tag: 2, bits: 4, blockAlign: 256 }), chunk('data', audio)]),
      'audio.wav.format',
      /0x0002/,
    ],
    [
      'an unknown sub-format',
      wav([fmt({ tag: 0xfffe, extra: new Array(24).fill(1) }), chunk('data', audio)]),
      'audio.wav.sub_format',
      /not a known codec/,
    ],
    ['NaN', wav([fmt({ tag: 3, bits: 32 }), chunk('data', [0, 0, 0xc0, 0x7f])]), 'audio', /NaN/],
    [
      'infinity',
      wav([fmt({ tag: 3, bits: 32 }), chunk('data', [0, 0, 0x80, 0x7f])]),
      'audio',
      /NaN or infinite/,
    ],
    [
      'floats on the scale of integers',
      wav([fmt({ tag: 3, bits: 32 }), chunk('data', new Uint8Array(Float32Array.of(12_000).buffer))]),
      'audio',
      /scale them/,
    ],
  ])('%s', async (_, file, field, message) => {
    const refusal = await refusalOf(() => read(file));
    expect(refusal).toMatchObject({ kind: 'invalid-argument', field });
    expect(refusal.message).toMatch(message);
  });
});

it('refuses the first bad sample of the file, whatever its channel and however the bytes are cut', async () => {
  // Left: fine, then out of scale. Right: NaN, then fine.
  const audio = new Uint8Array(Float32Array.of(0, Number.NaN, 12_000, 0).buffer);
  const file = wav([fmt({ tag: 3, bits: 32, channels: 2 }), chunk('data', audio)]);
  for (const cuts of [[], [52], new Array(file.length).fill(1)]) {
    expect((await refusalOf(() => read(file, cuts))).message).toMatch(/NaN/);
  }
});

it('takes what there is of a cut file when told to', () => {
  const reader = new WavReader({ field: 'audio', acceptTruncated: true });
  expect(reader.push(wav([fmt(), chunk('data', [0, 64, 1], 1_000)]))[0]).toEqual(Float32Array.of(0.5));
  reader.end();
});

function read(file: Uint8Array, cuts: readonly number[] = []): { reader: WavReader; channels: number[][] } {
  const reader = new WavReader({ field: 'audio' });
  const channels: number[][] = [];
  const collect = (piece: Float32Array[]) => {
    piece.forEach((samples, channel) => {
      channels[channel] = [...(channels[channel] ?? []), ...samples];
    });
  };
  let at = 0;
  for (const length of cuts) {
    collect(reader.push(file.subarray(at, at + length)));
    at += length;
  }
  collect(reader.push(file.subarray(at)));
  reader.end();
  return { reader, channels };
}

function wav(chunks: readonly Uint8Array[], riffBytes?: number, id = 'RIFF'): Uint8Array {
  const body = Buffer.concat(chunks);
  const head = Buffer.alloc(12);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(riffBytes ?? body.length + 4, 4);
  head.write('WAVE', 8, 'latin1');
  return Buffer.concat([head, body]);
}

/** With `claimedBytes`, a chunk that lies about its length, and is not padded. */
function chunk(id: string, body: ArrayLike<number>, claimedBytes?: number): Uint8Array {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(claimedBytes ?? body.length, 4);
  const padding = claimedBytes === undefined ? body.length % 2 : 0;
  return Buffer.concat([head, Uint8Array.from(body), new Uint8Array(padding)]);
}

function fmt(
  options: {
    tag?: number;
    channels?: number;
    rate?: number;
    bits?: number;
    blockAlign?: number;
    extra?: readonly number[];
  } = {},
): Uint8Array {
  const { tag = 1, channels = 1, rate = 16_000, bits = 16, extra = [] } = options;
  const body = Buffer.alloc(16);
  body.writeUInt16LE(tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt16LE(options.blockAlign ?? (channels * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  return chunk('fmt ', [...body, ...extra]);
}

/** What an extensible format chunk has after its first 16 bytes: sizes, valid bits, speakers, sub-format. */
function extensible(tag: number): number[] {
  const guid = [tag, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  return [22, 0, 16, 0, 4, 0, 0, 0, ...guid];
}

function rf64(audio: Uint8Array): Uint8Array {
  const sizes = Buffer.alloc(28);
  sizes.writeBigUInt64LE(BigInt(audio.length), 8);
  // Bytes after the audio show that its length was obeyed.
  return wav(
    [chunk('ds64', sizes), fmt(), chunk('data', audio, UNKNOWN), chunk('LIST', [5, 5])],
    UNKNOWN,
    'RF64',
  );
}
