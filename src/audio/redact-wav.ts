/**
 * A copy of a recording in which spans are muted or covered by a tone. All other audio is copied byte for byte, so
 * a WAV keeps its container, codec, rate and channels (PCM, float, mu-law, A-law); other kinds become WAV of 16 bits.
 *
 * Only the format and the audio are written: other chunks (LIST, bext, id3) may name the parties.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { PIPELINE_RATE_HZ } from '../domain/audio.ts';
import { invalidArgument } from '../domain/service-error.ts';
import { throwIfAborted } from '../stream/index.ts';
import { type DecodeOptions, openWavBytes, type RecordingSource } from './decode-file.ts';
import { FrameCutter } from './frame-cutter.ts';
import type { SampleFormat } from './sample-format.ts';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';
import { encodeFrames } from './wav-writer.ts';

/** A range [start, end) of one channel on the call's clock, in samples at `PIPELINE_RATE_HZ`. */
export interface AudioSpan {
  readonly channel: number;
  readonly startSample: number;
  readonly endSample: number;
}

export interface RedactAudioOptions extends DecodeOptions {
  readonly cover: 'mute' | 'beep';
  /** Covered before and after each span; word times are not exact to the sample. */
  readonly marginMs: number;
}

/** A sine of 1 kHz at -20 dB of full scale: plainly heard, never loud. */
const BEEP_HZ = 1000;
const BEEP_LEVEL = 0.1;
/** What a 32-bit length can say, with room for the header and for what readers do with the last values. */
const MAX_RIFF_AUDIO_BYTES = 0xffff_0000;

/**
 * Writes the redacted copy of `source` to `path` while it is read; make the file appear under its final name
 * afterwards (`writeFileAtomically`). Throws what decoding throws.
 */
export async function redactRecording(
  source: RecordingSource,
  path: string,
  spans: readonly AudioSpan[],
  options: RedactAudioOptions,
): Promise<void> {
  const field = options.field ?? 'audio';
  const wav = await openWavBytes(source, options);
  await using file = await open(path, 'wx', 0o600);
  try {
    const parser = new WavHeaderParser(field);
    let copy: AudioCopy | undefined;
    for await (const bytes of wav) {
      throwIfAborted(options.signal);
      if (copy === undefined) {
        const start = parser.push(bytes);
        if (start === undefined) continue;
        copy = new AudioCopy(file, start.header, spans, options);
        await copy.begin();
        await copy.write(start.audio);
      } else await copy.write(bytes);
      if (copy.complete) break;
    }
    if (copy === undefined) throw parser.endedEarly();
    await copy.end(field);
    await file.sync();
  } finally {
    await wav.return();
  }
}

class AudioCopy {
  readonly #file: FileHandle;
  readonly #header: WavHeader;
  readonly #format: SampleFormat;
  readonly #cutter: FrameCutter;
  /** By channel, in frames of this file, sorted and disjoint. */
  readonly #covered: readonly FrameRange[][];
  readonly #cover: RedactAudioOptions['cover'];
  readonly #rf64: boolean;
  #bytesLeft: number;
  #bytesWritten = 0;

  constructor(file: FileHandle, header: WavHeader, spans: readonly AudioSpan[], options: RedactAudioOptions) {
    if (header.format === undefined) throw new Error('ffmpeg decodes what we do not');
    this.#file = file;
    this.#header = header;
    this.#format = header.format;
    this.#cutter = new FrameCutter(header.frameBytes);
    this.#cover = options.cover;
    this.#covered = Array.from({ length: header.channels }, (_, channel) =>
      frameRanges(
        spans.filter((span) => span.channel === channel),
        header.sampleRateHz,
        options.marginMs,
      ),
    );
    this.#bytesLeft = header.dataBytes ?? Number.POSITIVE_INFINITY;
    this.#rf64 = (header.dataBytes ?? 0) > MAX_RIFF_AUDIO_BYTES;
  }

  get complete(): boolean {
    return this.#bytesLeft === 0;
  }

  async begin(): Promise<void> {
    await this.#file.write(this.#headerBytes());
  }

  async write(bytes: Uint8Array): Promise<void> {
    const taken = bytes.subarray(0, Math.min(bytes.length, this.#bytesLeft));
    this.#bytesLeft -= taken.length;
    const frames = this.#cutter.push(taken);
    if (frames.length === 0) return;
    await this.#file.write(this.#redacted(frames));
    this.#bytesWritten += frames.length;
  }

  /** A file that was cut off is copied as far as it goes: its length is set to what is there. */
  async end(field: string): Promise<void> {
    if (!this.#rf64 && this.#bytesWritten > MAX_RIFF_AUDIO_BYTES) {
      throw invalidArgument(field, 'has more audio than a WAV of unknown length can hold (4 GB); split it');
    }
    if (this.#bytesWritten & 1) await this.#file.write(new Uint8Array(1));
    const header = this.#headerBytes();
    await this.#file.write(header, 0, header.length, 0);
  }

  #redacted(frames: Uint8Array): Uint8Array {
    const { frameBytes, channels } = this.#header;
    const width = frameBytes / channels;
    const first = this.#bytesWritten / frameBytes;
    const behind = first + frames.length / frameBytes;
    let copy = frames;
    for (const [channel, ranges] of this.#covered.entries()) {
      for (const range of ranges) {
        const start = Math.max(first, range.start);
        const end = Math.min(behind, range.end);
        if (start >= end) continue;
        // The piece may share memory with what somebody else reads.
        if (copy === frames) copy = frames.slice();
        const cover = encodeFrames(this.#format, [this.#coverSamples(start, end)]);
        for (let frame = start; frame < end; frame++) {
          const at = (frame - first) * frameBytes + channel * width;
          copy.set(cover.subarray((frame - start) * width, (frame - start + 1) * width), at);
        }
      }
    }
    return copy;
  }

  #coverSamples(start: number, end: number): Float32Array {
    const samples = new Float32Array(end - start);
    if (this.#cover === 'mute') return samples;
    const step = (2 * Math.PI * BEEP_HZ) / this.#header.sampleRateHz;
    return samples.map((_, n) => BEEP_LEVEL * Math.sin(step * (start + n)));
  }

  /** RIFF, or RF64 (EBU Tech 3306) where 32 bits do not hold the length. */
  #headerBytes(): Uint8Array {
    const { formatChunk, frameBytes } = this.#header;
    const sizes = Buffer.alloc(this.#rf64 ? 36 : 0);
    const headerBytes = 12 + sizes.length + 8 + formatChunk.length + 8;
    const riffBytes = headerBytes - 8 + this.#bytesWritten + (this.#bytesWritten & 1);
    if (this.#rf64) {
      sizes.write('ds64', 0, 'latin1');
      sizes.writeUInt32LE(28, 4);
      sizes.writeBigUInt64LE(BigInt(riffBytes), 8);
      sizes.writeBigUInt64LE(BigInt(this.#bytesWritten), 16);
      sizes.writeBigUInt64LE(BigInt(this.#bytesWritten / frameBytes), 24);
    }
    const limited = (bytes: number) => uint32(this.#rf64 ? 0xffff_ffff : Math.min(bytes, 0xffff_ffff));
    return Buffer.concat([
      Buffer.from(this.#rf64 ? 'RF64' : 'RIFF', 'latin1'),
      limited(riffBytes),
      Buffer.from('WAVE', 'latin1'),
      sizes,
      Buffer.from('fmt ', 'latin1'),
      uint32(formatChunk.length),
      formatChunk,
      Buffer.from('data', 'latin1'),
      limited(this.#bytesWritten),
    ]);
  }
}

/** Frames of a file, half-open. */
interface FrameRange {
  readonly start: number;
  readonly end: number;
}

function frameRanges(spans: readonly AudioSpan[], sampleRateHz: number, marginMs: number): FrameRange[] {
  const margin = Math.floor((marginMs * sampleRateHz) / 1000);
  const merged: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.startSample - b.startSample)) {
    const start = Math.max(0, Math.floor((span.startSample * sampleRateHz) / PIPELINE_RATE_HZ) - margin);
    const end = Math.ceil((span.endSample * sampleRateHz) / PIPELINE_RATE_HZ) + margin;
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
