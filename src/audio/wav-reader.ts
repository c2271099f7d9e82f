import { badRecording, invalidArgument } from '../domain/service-error.ts';
import { FrameCutter } from './frame-cutter.ts';
import { decodeFrames } from './sample-format.ts';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';

export interface WavReaderOptions {
  /** The request field that errors name. */
  readonly field: string;
  /** Takes what there is of a file that was cut off, as crashed recorders leave them, instead of refusing it. */
  readonly acceptTruncated?: boolean;
}

/** A WAV file or stream, in pieces of any length, to samples at its own rate. */
export class WavReader {
  readonly #options: WavReaderOptions;
  readonly #headerParser: WavHeaderParser;
  #header: WavHeader | undefined;
  #cutter = new FrameCutter(1);
  #dataBytesLeft = Number.POSITIVE_INFINITY;
  #framesRead = 0;

  constructor(options: WavReaderOptions) {
    this.#options = options;
    this.#headerParser = new WavHeaderParser(options.field);
  }

  /** Undefined until it has been read. */
  get header(): WavHeader | undefined {
    return this.#header;
  }

  /** All audio that the header promises has been read; what follows in the file is not of interest. */
  get complete(): boolean {
    return this.#dataBytesLeft === 0;
  }

  /** One array per channel with the samples complete by now; none while the header is read. */
  push(bytes: Uint8Array): Float32Array[] {
    let audio = bytes;
    if (!this.#header) {
      const start = this.#headerParser.push(bytes);
      if (!start) return [];
      this.#begin(start.header);
      audio = start.audio;
    }
    const header = this.#header!;
    const taken = audio.subarray(0, Math.min(audio.length, this.#dataBytesLeft));
    this.#dataBytesLeft -= taken.length;
    const frames = this.#cutter.push(taken);
    this.#framesRead += frames.length / header.frameBytes;
    return decodeFrames(header.format!, header.channels, frames, this.#options.field);
  }

  /** Call at the end of the input: throws if the file was cut off or holds no audio. */
  end(): void {
    const { field, acceptTruncated } = this.#options;
    if (!this.#header) throw this.#headerParser.endedEarly();
    if (!acceptTruncated && this.#header.dataBytes !== undefined && this.#dataBytesLeft > 0) {
      throw invalidArgument(
        `${field}.wav.data`,
        `the header promises ${this.#header.dataBytes} bytes of audio and ${this.#dataBytesLeft} are missing; ` +
          'the file was cut off: send the whole file (a stream of unknown length says 0xffffffff)',
      );
    }
    if (!acceptTruncated && this.#cutter.leftOver > 0) {
      throw invalidArgument(
        `${field}.wav.data`,
        `the audio ends ${this.#cutter.leftOver} byte(s) into a frame of ${this.#header.frameBytes}; send whole frames`,
      );
    }
    if (this.#framesRead === 0)
      throw badRecording('empty', `${field}.wav.data`, 'the WAV file holds no audio');
  }

  #begin(header: WavHeader): void {
    if (!header.format) {
      throw invalidArgument(
        `${this.#options.field}.wav.format`,
        `codec 0x${header.formatTag.toString(16).padStart(4, '0')} is not supported here; ` +
          'use PCM, float, mu-law or A-law',
      );
    }
    this.#header = header;
    this.#cutter = new FrameCutter(header.frameBytes);
    this.#dataBytesLeft = header.dataBytes ?? Number.POSITIVE_INFINITY;
  }
}
