import { createReadStream } from 'node:fs';
import { type AudioChunk, msToSamples } from '../domain/audio.ts';
import { badRecording, ServiceError } from '../domain/service-error.ts';
import { abortable, throwIfAborted } from '../stream/index.ts';
import { ChannelAssembler } from './channel-assembler.ts';
import { CONTAINER_NAMES, type Container, MP4, SNIFF_BYTES, sniffContainer, WAV } from './container.ts';
import { ffmpegMissing, findFfmpeg, transcodeToWav } from './ffmpeg.ts';
import { readableFromPipe } from './mp4-faststart.ts';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';
import { WavReader } from './wav-reader.ts';

export type RecordingSource = Uint8Array | { readonly path: string } | AsyncIterable<Uint8Array>;

export interface DecodeOptions {
  /** The request field that errors name. */
  readonly field?: string;
  readonly maxDurationMs?: number;
  readonly maxBytes?: number;
  readonly maxChannels?: number;
  /** See `WavReaderOptions`. */
  readonly acceptTruncated?: boolean;
  /** FFMPEG_BIN, if set; else one is looked for. */
  readonly ffmpegPath?: string;
  readonly stallTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULTS = {
  field: 'audio',
  maxDurationMs: 10 * 60_000,
  maxBytes: 256 * 1024 * 1024,
  maxChannels: 2,
  acceptTruncated: false,
  stallTimeoutMs: 30_000,
};

type Settings = typeof DEFAULTS & Pick<DecodeOptions, 'ffmpegPath' | 'signal'>;

export interface Recording extends AsyncDisposable {
  /** "WAV", "MP3" and so on. */
  readonly container: string;
  /** Of the file; the chunks are at the pipeline's rate. */
  readonly sampleRateHz: number;
  readonly channels: number;
  /** One chunk per channel at a time. Can be read once; throws where the file turns out damaged or too long. */
  readonly chunks: AsyncIterable<AudioChunk[]>;
}

/** Small enough for a smooth flow, large enough that ffmpeg is not kept waiting. */
const PIECE_BYTES = 32 * 1024;
/** Held in memory whole (`mp4-faststart.ts`); four hours at 128 kbit/s. */
const MAX_MP4_BYTES = 256 * 1024 * 1024;
/** A WAV's format chunk lies within this, or the file is taken to be one that we decode ourselves. */
const HEAD_BYTES = 4096;

/**
 * Decodes a recording of any kind while it is read. It resolves once the header is known. Dispose of the
 * result (`await using`), or read `chunks` to its end: a child process may stand behind it.
 */
export async function decodeRecording(
  source: RecordingSource,
  options: DecodeOptions = {},
): Promise<Recording> {
  const settings: Settings = { ...DEFAULTS, ...withoutUndefined(options) };
  const { container, wav } = await wavBytes(source, settings);
  return openWav(container, wav, settings);
}

/** The recording as WAV: its own bytes where we read its codec, else what ffmpeg makes of it (16 bits). */
export async function openWavBytes(
  source: RecordingSource,
  options: DecodeOptions = {},
): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
  const { wav } = await wavBytes(source, { ...DEFAULTS, ...withoutUndefined(options) });
  return wav;
}

async function wavBytes(
  source: RecordingSource,
  settings: Settings,
): Promise<{ readonly container: Container; readonly wav: AsyncGenerator<Uint8Array, void, undefined> }> {
  const { field, signal } = settings;
  const input = limitBytes(piecesOf(source), settings);
  const head = await readHead(input);
  if (head.length === 0) throw badRecording('empty', field, 'the recording is empty');
  const container = sniffContainer(head.subarray(0, SNIFF_BYTES));
  if (!container) {
    throw badRecording(
      'codec-unknown',
      field,
      `this is no recording of a known kind; use one of ${CONTAINER_NAMES}`,
    );
  }
  const bytes = chain(head, input);
  if (container === WAV && isDecodedHere(head)) return { container, wav: bytes };

  const ffmpeg = await findFfmpeg(settings.ffmpegPath);
  if (!ffmpeg) throw ffmpegMissing(container, field);
  const readable = container === MP4 ? from(readableFromPipe(await readWhole(bytes, field), field)) : bytes;
  const wav = transcodeToWav(readable, {
    ffmpegPath: ffmpeg.path,
    container,
    field,
    // Half a second more than allowed, so that a longer file is refused and not cut.
    maxDurationMs: settings.maxDurationMs + 500,
    stallTimeoutMs: settings.stallTimeoutMs,
    signal,
  });
  return { container, wav };
}

/** Reads `wav` up to its header, and the rest as it is asked for. */
async function openWav(
  container: Container,
  wav: AsyncGenerator<Uint8Array, void, undefined>,
  settings: Settings,
): Promise<Recording> {
  const { field, signal, maxChannels } = settings;
  const reader = new WavReader({ field, acceptTruncated: settings.acceptTruncated });
  try {
    let first: Float32Array[] = [];
    while (!reader.header) {
      throwIfAborted(signal);
      const { value, done } = await wav.next();
      if (done) {
        reader.end();
        break;
      }
      first = reader.push(value);
    }
    const header = reader.header!;
    if (header.channels > maxChannels) {
      throw badRecording(
        'channels',
        field,
        `the recording has ${header.channels} channels; at most ${maxChannels} are taken (caller and agent)`,
      );
    }
    const promisedFrames = (header.dataBytes ?? 0) / header.frameBytes;
    if (!settings.acceptTruncated && (promisedFrames * 1000) / header.sampleRateHz > settings.maxDurationMs) {
      throw tooLong(settings);
    }
    return {
      container: container.name,
      sampleRateHz: header.sampleRateHz,
      channels: header.channels,
      chunks: decodeRest(reader, header, first, wav, settings),
      [Symbol.asyncDispose]: async () => {
        await wav.return();
      },
    };
  } catch (error) {
    await wav.return();
    throw error;
  }
}

function tooLong({ field, maxDurationMs }: Settings): Error {
  const message = `the recording is longer than ${maxDurationMs / 1000} s; split it, or use an archive job`;
  return badRecording('too-long', field, message);
}

async function* decodeRest(
  reader: WavReader,
  header: WavHeader,
  first: Float32Array[],
  wav: AsyncGenerator<Uint8Array, void, undefined>,
  settings: Settings,
): AsyncGenerator<AudioChunk[], void, undefined> {
  const assembler = new ChannelAssembler(header.sampleRateHz, header.channels);
  const maxSamples = msToSamples(settings.maxDurationMs);
  const place = (channels: Float32Array[]) => {
    const chunks = channels.length > 0 ? assembler.push(channels) : [];
    if (assembler.position > maxSamples) throw tooLong(settings);
    return chunks;
  };
  try {
    const opening = place(first);
    if (opening.length > 0) yield opening;
    while (!reader.complete) {
      throwIfAborted(settings.signal);
      const { value, done } = await wav.next();
      if (done) break;
      const chunks = place(reader.push(value));
      if (chunks.length > 0) yield chunks;
    }
    reader.end();
    const rest = assembler.end();
    if (rest.length > 0) yield rest;
  } finally {
    await wav.return();
  }
}

/** Whether a WAV's codec is one of ours; if the format chunk is missing, our reader says it best. */
function isDecodedHere(head: Uint8Array): boolean {
  const parser = new WavHeaderParser('');
  try {
    parser.push(head);
  } catch {
    return true;
  }
  return parser.format === undefined || parser.format.format !== undefined;
}

async function* piecesOf(source: RecordingSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += PIECE_BYTES) yield source.subarray(at, at + PIECE_BYTES);
  } else if ('path' in source) {
    try {
      yield* createReadStream(source.path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;
    } catch (error) {
      throw new ServiceError(
        'not-found',
        'the recording cannot be read: no such file, or no right to read it',
        {
          cause: error,
        },
      );
    }
  } else {
    for await (const bytes of source) yield* piecesOf(bytes);
  }
}

async function* limitBytes(
  input: AsyncGenerator<Uint8Array, void, undefined>,
  { maxBytes, field, signal }: Settings,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const bytes of abortable(input, signal)) {
    total += bytes.length;
    if (total > maxBytes) {
      throw badRecording(
        'too-long',
        field,
        `the recording is larger than ${maxBytes} bytes; split it or compress it`,
      );
    }
    yield bytes;
  }
}

async function readHead(input: AsyncGenerator<Uint8Array, void, undefined>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const { value, done } = await input.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  return Buffer.concat(pieces);
}

async function readWhole(input: AsyncIterable<Uint8Array>, field: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of input) {
    length += bytes.length;
    if (length > MAX_MP4_BYTES) {
      throw badRecording(
        'too-long',
        field,
        `an M4A/MP4 file of more than ${MAX_MP4_BYTES} bytes is not taken; convert it to Ogg, FLAC or WAV, or leave its video out`,
      );
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

async function* chain(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* piecesOf(head);
  yield* rest;
}

async function* from(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of pieces) yield* piecesOf(piece);
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
