import { invalidArgument } from '../domain/service-error.ts';
import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from './g711.ts';

/** How one sample is stored; all are little-endian, as in WAV. */
export type SampleFormat = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64' | 'mulaw' | 'alaw';

export const BYTES_PER_SAMPLE: Readonly<Record<SampleFormat, number>> = {
  u8: 1,
  s16: 2,
  s24: 3,
  s32: 4,
  f32: 4,
  f64: 8,
  mulaw: 1,
  alaw: 1,
};

/** Float samples may overshoot full scale a little; far beyond it they are integers in the wrong place. */
const MAX_FLOAT_LEVEL = 16;

/**
 * Interleaved bytes to one array per channel, in [-1, 1]. `bytes` holds whole frames only.
 * Float samples that are not finite, or plainly not scaled to 1, are refused naming `field`.
 */
export function decodeFrames(
  format: SampleFormat,
  channels: number,
  bytes: Uint8Array,
  field: string,
): Float32Array[] {
  const width = BYTES_PER_SAMPLE[format];
  const frames = bytes.length / (width * channels);
  if (!Number.isInteger(frames)) throw new RangeError('decodeFrames takes whole frames');
  const read = sampleReader(format, bytes, field);
  const result = Array.from({ length: channels }, () => new Float32Array(frames));
  // In the order of the file, so that a bad sample is the same one however the bytes are cut.
  let offset = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const samples of result) {
      samples[frame] = read(offset);
      offset += width;
    }
  }
  return result;
}

function sampleReader(format: SampleFormat, bytes: Uint8Array, field: string): (offset: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'u8':
      return (offset) => (bytes[offset]! - 128) / 128;
    case 's16':
      return (offset) => view.getInt16(offset, true) / 32_768;
    case 's24':
      return (offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8_388_608;
    case 's32':
      return (offset) => view.getInt32(offset, true) / 2_147_483_648;
    case 'f32':
      return (offset) => checkedFloat(view.getFloat32(offset, true), field);
    case 'f64':
      return (offset) => checkedFloat(view.getFloat64(offset, true), field);
    case 'mulaw':
      return (offset) => MULAW_TO_LINEAR[bytes[offset]!]! / 32_768;
    case 'alaw':
      return (offset) => ALAW_TO_LINEAR[bytes[offset]!]! / 32_768;
  }
}

function checkedFloat(value: number, field: string): number {
  if (!Number.isFinite(value)) {
    throw invalidArgument(field, 'a float sample is NaN or infinite; send finite samples between -1 and 1');
  }
  if (Math.abs(value) > MAX_FLOAT_LEVEL) {
    throw invalidArgument(field, 'float samples are far outside -1 to 1; scale them to full scale = 1');
  }
  return Math.max(-1, Math.min(1, value));
}
