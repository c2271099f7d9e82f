import { invalidArgument } from '../domain/service-error.ts';
import type { SampleFormat } from './sample-format.ts';

/** What a WAV file says about itself before its audio begins. */
export interface WavHeader {
  /** Absent for codecs that are not decoded here (ADPCM, GSM, MP3 in WAV). */
  readonly format?: SampleFormat;
  /** Microsoft's number for the codec; of an extensible header, that of its sub-format. */
  readonly formatTag: number;
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly frameBytes: number;
  /** The body of the format chunk as it stands in the file. */
  readonly formatChunk: Uint8Array;
  /** Absent when the writer did not know: then the audio reaches to the end of the stream. */
  readonly dataBytes?: number;
}

export const MAX_WAV_CHANNELS = 8;
const MIN_RATE_HZ = 8_000;
const MAX_RATE_HZ = 192_000;

const TAG_PCM = 0x0001;
const TAG_FLOAT = 0x0003;
const TAG_ALAW = 0x0006;
const TAG_MULAW = 0x0007;
const TAG_EXTENSIBLE = 0xfffe;
/** Bytes 2 to 15 of a sub-format GUID that holds a plain format tag (mmreg.h). */
const WAVE_GUID_TAIL = '000000001000800000aa00389b71';

/** A format chunk has 16, 18 or 40 bytes; some codecs add tables. */
const MAX_FORMAT_CHUNK_BYTES = 4096;
/** Streaming writers put 0xffffffff (ffmpeg) or just below 2 GiB (sox) where they cannot know the length. */
const UNKNOWN_LENGTH_FROM = 0x7fff_f000;

/**
 * Reads a RIFF/WAVE header (Microsoft "Multimedia Programming Interface", 1991; RF64: EBU Tech 3306) from
 * bytes in pieces of any length. Chunks before the audio are skipped, not stored; no length field is
 * trusted with memory.
 */
export class WavHeaderParser {
  readonly #field: string;
  #pending: Uint8Array = new Uint8Array(0);
  #skip = 0;
  #skippedChunk = '';
  #riffSeen = false;
  #rf64 = false;
  /** What the RIFF header says of the whole, and where we are in it. */
  #riffBytes = 0;
  #consumed = 0;
  #longDataBytes: number | undefined;
  #format: Omit<WavHeader, 'dataBytes'> | undefined;

  /** `field` is the request field that errors name. */
  constructor(field: string) {
    this.#field = field;
  }

  /** The format chunk, as soon as it is read. */
  get format(): Omit<WavHeader, 'dataBytes'> | undefined {
    return this.#format;
  }

  /** The header and the first bytes of audio, once there; before, undefined. */
  push(bytes: Uint8Array): { readonly header: WavHeader; readonly audio: Uint8Array } | undefined {
    let input = bytes;
    while (true) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, input.length);
        this.#skip -= skipped;
        this.#consumed += skipped;
        input = input.subarray(skipped);
        if (this.#skip > 0) return undefined;
      }
      this.#pending = concat(this.#pending, input);
      input = new Uint8Array(0);
      const needed = this.#bytesNeeded();
      if (this.#pending.length < needed) return undefined;
      const piece = this.#pending.subarray(0, needed);
      const rest = this.#pending.subarray(needed);
      this.#pending = new Uint8Array(0);
      this.#consumed += needed;
      const header = this.#read(piece);
      if (header) return { header, audio: rest };
      input = rest;
    }
  }

  /** The input ended before the audio began. */
  endedEarly(): Error {
    if (!this.#riffSeen) {
      return invalidArgument(this.#field, 'the WAV file ends inside its first 12 bytes; send the whole file');
    }
    const place = this.#skip > 0 ? ` inside its "${this.#skippedChunk}" chunk` : '';
    return invalidArgument(
      `${this.#field}.wav.data`,
      `the WAV file ends${place} before any audio (no "data" chunk); send the whole file`,
    );
  }

  #bytesNeeded(): number {
    if (!this.#riffSeen) return 12;
    if (this.#pending.length < 8) return 8;
    const id = ascii(this.#pending, 0);
    const size = view(this.#pending).getUint32(4, true);
    const isRead = id === 'fmt ' || (id === 'ds64' && this.#rf64);
    if (!isRead) return 8;
    if (size > MAX_FORMAT_CHUNK_BYTES) {
      throw this.#invalid('fmt', `its "${id.trim()}" chunk claims ${size} bytes, where at most 40 are usual`);
    }
    return 8 + size + (size & 1);
  }

  /** One complete piece: the RIFF header, or a chunk. The header is complete at the data chunk. */
  #read(piece: Uint8Array): WavHeader | undefined {
    if (!this.#riffSeen) {
      this.#readRiff(piece);
      return undefined;
    }
    const id = ascii(piece, 0);
    const size = view(piece).getUint32(4, true);
    if (id === 'fmt ') {
      this.#format = this.#readFormat(piece.subarray(8, 8 + size));
    } else if (id === 'ds64' && this.#rf64) {
      if (size < 16) throw this.#invalid('ds64', 'its "ds64" chunk is too short');
      this.#longDataBytes = Number(view(piece).getBigUint64(16, true));
    } else if (id === 'data') {
      if (!this.#format) throw this.#invalid('fmt', 'the "data" chunk comes before the "fmt" chunk');
      return { ...this.#format, dataBytes: this.#dataBytes(size) };
    } else {
      this.#skip = size + (size & 1);
      this.#skippedChunk = /^[\x20-\x7e]{4}$/.test(id) ? id.trim() : '????';
    }
    return undefined;
  }

  #readRiff(piece: Uint8Array): void {
    const id = ascii(piece, 0);
    if ((id !== 'RIFF' && id !== 'RF64') || ascii(piece, 8) !== 'WAVE') {
      throw invalidArgument(this.#field, 'is not a WAV file (it does not begin with RIFF and WAVE)');
    }
    this.#riffSeen = true;
    this.#rf64 = id === 'RF64';
    this.#riffBytes = view(piece).getUint32(4, true);
  }

  #dataBytes(size: number): number | undefined {
    if (this.#rf64 && size === 0xffff_ffff) return this.#longDataBytes;
    if (size >= UNKNOWN_LENGTH_FROM) return undefined;
    if (size > 0) return size;
    // An empty data chunk is real only if the RIFF header, too, counts to a chunk after it.
    const riffEnd = this.#riffBytes >= UNKNOWN_LENGTH_FROM ? 0 : this.#riffBytes + 8;
    return riffEnd > this.#consumed ? 0 : undefined;
  }

  #readFormat(chunk: Uint8Array): Omit<WavHeader, 'dataBytes'> {
    if (chunk.length < 16)
      throw this.#invalid('fmt', `its "fmt" chunk has ${chunk.length} bytes; it needs 16`);
    const fields = view(chunk);
    const channels = fields.getUint16(2, true);
    const sampleRateHz = fields.getUint32(4, true);
    const frameBytes = fields.getUint16(12, true);
    const bitsPerSample = fields.getUint16(14, true);
    const formatTag = this.#formatTag(chunk);

    if (channels < 1 || channels > MAX_WAV_CHANNELS) {
      throw this.#invalid(
        'channels',
        `the header says ${channels}; from 1 to ${MAX_WAV_CHANNELS} are supported`,
      );
    }
    if (sampleRateHz < MIN_RATE_HZ || sampleRateHz > MAX_RATE_HZ) {
      throw this.#invalid(
        'sample_rate_hertz',
        `the header says ${sampleRateHz}; from ${MIN_RATE_HZ} to ${MAX_RATE_HZ} are supported`,
      );
    }
    const format = sampleFormat(formatTag, frameBytes / channels, bitsPerSample);
    if (format === 'inconsistent') {
      throw this.#invalid(
        'block_align',
        `frames of ${frameBytes} bytes do not fit ${channels} channel(s) of ${bitsPerSample} bits ` +
          `(format ${formatTag}); write the file again with a standard header`,
      );
    }
    return { format, formatTag, sampleRateHz, channels, frameBytes, formatChunk: chunk.slice() };
  }

  #formatTag(chunk: Uint8Array): number {
    const tag = view(chunk).getUint16(0, true);
    if (tag !== TAG_EXTENSIBLE) return tag;
    if (chunk.length < 40) throw this.#invalid('fmt', 'its extensible "fmt" chunk is shorter than 40 bytes');
    const tail = Buffer.from(chunk.subarray(26, 40)).toString('hex');
    if (tail !== WAVE_GUID_TAIL) throw this.#invalid('sub_format', 'the sub-format is not a known codec');
    return view(chunk).getUint16(24, true);
  }

  #invalid(part: string, message: string): Error {
    return invalidArgument(`${this.#field}.wav.${part}`, message);
  }
}

function sampleFormat(tag: number, width: number, bits: number): SampleFormat | 'inconsistent' | undefined {
  switch (tag) {
    case TAG_PCM: {
      // Bits that do not fill their bytes are at the top (20 bits in 3 bytes), so the width is what counts.
      const format = ([undefined, 'u8', 's16', 's24', 's32'] as const)[width];
      return format && bits > (width - 1) * 8 && bits <= width * 8 ? format : 'inconsistent';
    }
    case TAG_FLOAT:
      if (width === 4 && bits === 32) return 'f32';
      return width === 8 && bits === 64 ? 'f64' : 'inconsistent';
    case TAG_ALAW:
      return width === 1 ? 'alaw' : 'inconsistent';
    case TAG_MULAW:
      return width === 1 ? 'mulaw' : 'inconsistent';
    default:
      return undefined;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ascii(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
