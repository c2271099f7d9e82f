import { encodeAlaw, encodeMulaw } from './g711.ts';
import { BYTES_PER_SAMPLE, type SampleFormat } from './sample-format.ts';

const FORMAT_TAGS: Readonly<Record<SampleFormat, number>> = {
  u8: 1,
  s16: 1,
  s24: 1,
  s32: 1,
  f32: 3,
  f64: 3,
  mulaw: 7,
  alaw: 6,
};

/** A WAV file of channels of equal length, in [-1, 1]. */
export function encodeWav(
  format: SampleFormat,
  sampleRateHz: number,
  channels: readonly Float32Array[],
): Uint8Array {
  const audio = encodeFrames(format, channels);
  const header = encodeWavHeader(format, sampleRateHz, channels.length, audio.length);
  const file = new Uint8Array(header.length + audio.length + (audio.length & 1));
  file.set(header);
  file.set(audio, header.length);
  return file;
}

/** The header alone; without `dataBytes` that of a stream of unknown length. */
export function encodeWavHeader(
  format: SampleFormat,
  sampleRateHz: number,
  channels: number,
  dataBytes?: number,
): Uint8Array {
  const frameBytes = BYTES_PER_SAMPLE[format] * channels;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(dataBytes === undefined ? 0xffff_ffff : 36 + dataBytes + (dataBytes & 1), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(FORMAT_TAGS[format], 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(BYTES_PER_SAMPLE[format] * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes ?? 0xffff_ffff, 40);
  return header;
}

/** Channels to interleaved bytes; values outside [-1, 1] are limited. */
export function encodeFrames(format: SampleFormat, channels: readonly Float32Array[]): Uint8Array {
  const width = BYTES_PER_SAMPLE[format];
  const frames = channels[0]?.length ?? 0;
  const bytes = Buffer.alloc(frames * channels.length * width);
  const write = sampleWriter(format, bytes);
  let offset = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const samples of channels) {
      write(Math.max(-1, Math.min(1, samples[frame]!)), offset);
      offset += width;
    }
  }
  return bytes;
}

function sampleWriter(format: SampleFormat, bytes: Buffer): (value: number, offset: number) => void {
  switch (format) {
    case 'u8':
      return (value, offset) => bytes.writeUInt8(integer(value, 8) + 128, offset);
    case 's16':
      return (value, offset) => bytes.writeInt16LE(integer(value, 16), offset);
    case 's24':
      return (value, offset) => bytes.writeIntLE(integer(value, 24), offset, 3);
    case 's32':
      return (value, offset) => bytes.writeInt32LE(integer(value, 32), offset);
    case 'f32':
      return (value, offset) => bytes.writeFloatLE(value, offset);
    case 'f64':
      return (value, offset) => bytes.writeDoubleLE(value, offset);
    case 'mulaw':
      return (value, offset) => bytes.writeUInt8(encodeMulaw(integer(value, 16)), offset);
    case 'alaw':
      return (value, offset) => bytes.writeUInt8(encodeAlaw(integer(value, 16)), offset);
  }
}

function integer(value: number, bits: number): number {
  const fullScale = 2 ** (bits - 1);
  return Math.min(fullScale - 1, Math.round(value * fullScale));
}
