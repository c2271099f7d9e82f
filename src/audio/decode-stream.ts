import type { AudioChunk } from '../domain/audio.ts';
import { invalidArgument } from '../domain/service-error.ts';
import { ChannelAssembler } from './channel-assembler.ts';
import { FrameCutter } from './frame-cutter.ts';
import { BYTES_PER_SAMPLE, decodeFrames, type SampleFormat } from './sample-format.ts';

/** Encodings of a live stream, named as in Google's API; LINEAR16 is signed little-endian. */
export const STREAM_ENCODINGS = ['LINEAR16', 'MULAW', 'ALAW'] as const;
export type StreamEncoding = (typeof STREAM_ENCODINGS)[number];

export const MIN_STREAM_RATE_HZ = 8_000;
export const MAX_STREAM_RATE_HZ = 48_000;
export const MAX_STREAM_CHANNELS = 8;

export interface StreamFormat {
  readonly encoding: StreamEncoding;
  readonly sampleRateHz: number;
  /** Interleaved, one sample of each channel in turn. */
  readonly channels: number;
}

/** Which request fields errors name. */
export interface StreamFields {
  readonly encoding: string;
  readonly sampleRateHz: string;
  readonly channels: string;
  readonly content: string;
}

const DEFAULT_FIELDS: StreamFields = {
  encoding: 'config.audio.encoding',
  sampleRateHz: 'config.audio.sample_rate_hertz',
  channels: 'config.audio.channels',
  content: 'audio',
};

/**
 * Raw audio of one live call to chunks at the pipeline's rate. Network messages may cut it anywhere, in the
 * middle of a sample too: the result is the same to the bit.
 */
export interface StreamDecoder {
  /** One chunk per channel, or none if no whole sample came out yet. */
  push(bytes: Uint8Array): AudioChunk[];
  /**
   * The last few milliseconds. If bytes are left that are no whole frame, the stream was cut or its format
   * is not what `config` says: refused as invalid-argument naming the audio field.
   */
  end(): AudioChunk[];
}

const SAMPLE_FORMATS: Readonly<Record<StreamEncoding, SampleFormat>> = {
  LINEAR16: 's16',
  MULAW: 'mulaw',
  ALAW: 'alaw',
};

/** `startSample`: where on the call's clock the audio begins, for a call that goes on (`restartPoint`). */
export function createStreamDecoder(
  format: StreamFormat,
  fields: StreamFields = DEFAULT_FIELDS,
  startSample = 0,
): StreamDecoder {
  checkStreamFormat(format, fields);
  const sampleFormat = SAMPLE_FORMATS[format.encoding];
  const frames = new FrameCutter(frameBytes(format));
  const assembler = new ChannelAssembler(format.sampleRateHz, format.channels, startSample);
  return {
    push(bytes) {
      return assembler.push(decodeFrames(sampleFormat, format.channels, frames.push(bytes), fields.content));
    },
    end() {
      if (frames.leftOver > 0) {
        throw invalidArgument(
          fields.content,
          `the audio ends ${frames.leftOver} byte(s) into a frame of ${frames.frameBytes} ` +
            `(${format.encoding}, ${format.channels} channel(s)); send whole frames, and check ` +
            `${fields.encoding} and ${fields.channels}`,
        );
      }
      return assembler.end();
    },
  };
}

/** Bytes of one sample of every channel. */
export function frameBytes({ encoding, channels }: StreamFormat): number {
  return BYTES_PER_SAMPLE[SAMPLE_FORMATS[encoding]] * channels;
}

function checkStreamFormat(format: StreamFormat, fields: StreamFields): void {
  if (!STREAM_ENCODINGS.includes(format.encoding)) {
    throw invalidArgument(fields.encoding, `not supported; use one of ${STREAM_ENCODINGS.join(', ')}`);
  }
  const { sampleRateHz, channels } = format;
  if (
    !Number.isInteger(sampleRateHz) ||
    sampleRateHz < MIN_STREAM_RATE_HZ ||
    sampleRateHz > MAX_STREAM_RATE_HZ
  ) {
    throw invalidArgument(
      fields.sampleRateHz,
      `must be a whole number from ${MIN_STREAM_RATE_HZ} to ${MAX_STREAM_RATE_HZ}; telephone audio has 8000`,
    );
  }
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_STREAM_CHANNELS) {
    throw invalidArgument(fields.channels, `must be from 1 to ${MAX_STREAM_CHANNELS}`);
  }
}
