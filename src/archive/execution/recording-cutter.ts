/**
 * Cuts a recording of any length into chunks that are transcribed one after another, so that hours of audio take the
 * memory of minutes, and what is interrupted goes on at the last finished chunk.
 *
 * A chunk ends in the middle of the quietest half second of its last minute, on all channels together: the cut depends
 * on the audio alone, so a second run cuts at the same samples.
 */
import { type AudioChunk, msToSamples } from '../../domain/audio.ts';

export interface CutOptions {
  /** No chunk is longer. Most calls are one chunk. */
  readonly maxChunkMs: number;
  /** The end of a chunk in which its cut is looked for. */
  readonly searchMs: number;
}

export const DEFAULT_CUT: CutOptions = { maxChunkMs: 600_000, searchMs: 60_000 };
/** As long as a pause between two sentences. */
const QUIET_MS = 500;
const HOP_MS = 20;

/** One array of samples per channel, of equal length. */
type Piece = readonly Float32Array[];

export interface RecordingChunk {
  /** Where the chunk begins on the call's clock. */
  readonly startSample: number;
  /** Positions count from `startSample`. Must be read to its end before the next chunk. */
  readonly audio: AsyncIterable<AudioChunk[]>;
  /** How far the recording has been read, on the call's clock. */
  readonly position: number;
  /** Where the chunk ends; undefined until `audio` has been read to its end. */
  readonly end: { readonly endSample: number; readonly isLast: boolean } | undefined;
}

/** Chunks of a decoded recording from `resumeSample` on, which is 0 or the end of an earlier chunk. */
export async function* cutRecording(
  decoded: AsyncIterable<AudioChunk[]>,
  resumeSample: number,
  options: CutOptions = DEFAULT_CUT,
): AsyncGenerator<RecordingChunk, void, undefined> {
  const reader = new PieceReader(decoded);
  try {
    await reader.skipTo(resumeSample);
    for (let startSample = resumeSample; ; ) {
      const chunk = new Chunk(reader, startSample, options);
      yield chunk;
      if (chunk.end === undefined || chunk.end.isLast) return;
      startSample = chunk.end.endSample;
    }
  } finally {
    await reader.close();
  }
}

class Chunk implements RecordingChunk {
  readonly startSample: number;
  readonly #reader: PieceReader;
  readonly #options: CutOptions;
  #end: RecordingChunk['end'] | undefined;

  constructor(reader: PieceReader, startSample: number, options: CutOptions) {
    this.startSample = startSample;
    this.#reader = reader;
    this.#options = options;
  }

  get audio(): AsyncIterable<AudioChunk[]> {
    return this.#read();
  }

  get end(): RecordingChunk['end'] {
    return this.#end;
  }

  get position(): number {
    return this.#reader.position;
  }

  async *#read(): AsyncGenerator<AudioChunk[], void, undefined> {
    let position = 0;
    const placed = (piece: Piece): AudioChunk[] => {
      const chunks = piece.map((samples, channel) => ({ channel, startSample: position, samples }));
      position += lengthOf([piece]);
      return chunks;
    };
    const searchFrom = this.startSample + msToSamples(this.#options.maxChunkMs - this.#options.searchMs);
    while (this.#reader.position < searchFrom) {
      const piece = await this.#reader.next(searchFrom - this.#reader.position);
      if (piece === undefined) return this.#finish(true);
      yield placed(piece);
    }
    const search = await this.#readAhead(msToSamples(this.#options.searchMs));
    if (search.isLast) {
      for (const piece of search.pieces) yield placed(piece);
      return this.#finish(true);
    }
    const whole = joined(search.pieces);
    const cut = quietestPlace(whole);
    this.#reader.unread(whole.map((samples) => samples.subarray(cut)));
    yield placed(whole.map((samples) => samples.subarray(0, cut)));
    this.#finish(false);
  }

  #finish(isLast: boolean): void {
    this.#end = { endSample: this.#reader.position, isLast };
  }

  async #readAhead(samples: number): Promise<{ pieces: Piece[]; isLast: boolean }> {
    const pieces: Piece[] = [];
    for (let left = samples; left > 0; ) {
      const piece = await this.#reader.next(left);
      if (piece === undefined) return { pieces, isLast: true };
      left -= lengthOf([piece]);
      pieces.push(piece);
    }
    return { pieces, isLast: false };
  }
}

/** The decoded recording in pieces as long as are asked for, with room to put one back. */
class PieceReader {
  readonly #source: AsyncIterator<AudioChunk[]>;
  #rest: Piece | undefined;
  #position = 0;

  constructor(source: AsyncIterable<AudioChunk[]>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Of the next sample. */
  get position(): number {
    return this.#position;
  }

  /** At most `maxSamples`; undefined at the end. */
  async next(maxSamples: number): Promise<Piece | undefined> {
    while (this.#rest === undefined || lengthOf([this.#rest]) === 0) {
      const { value, done } = await this.#source.next();
      if (done) return undefined;
      this.#rest = (value as AudioChunk[]).map(({ samples }) => samples);
    }
    const piece = this.#rest.map((samples) => samples.subarray(0, maxSamples));
    this.#rest = this.#rest.map((samples) => samples.subarray(maxSamples));
    this.#position += lengthOf([piece]);
    return piece;
  }

  async skipTo(sample: number): Promise<void> {
    while (this.#position < sample) {
      if ((await this.next(sample - this.#position)) === undefined) return;
    }
  }

  unread(piece: Piece): void {
    this.#position -= lengthOf([piece]);
    this.#rest = joined(this.#rest === undefined ? [piece] : [piece, this.#rest]);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/** The middle of the quietest `QUIET_MS` of all channels; of equals the last, so that chunks are long. */
function quietestPlace(channels: Piece): number {
  const hop = msToSamples(HOP_MS);
  const hops = Math.floor(lengthOf([channels]) / hop);
  const energies = new Float64Array(hops);
  for (const samples of channels) {
    for (let at = 0; at < hops * hop; at++) energies[Math.floor(at / hop)]! += samples[at]! ** 2;
  }
  const width = Math.min(hops, QUIET_MS / HOP_MS);
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  let best = 0;
  for (let at = 0; at < hops; at++) {
    sum += energies[at]!;
    if (at >= width) sum -= energies[at - width]!;
    if (at >= width - 1 && sum <= least) {
      least = sum;
      best = at - width + 1;
    }
  }
  return (best + Math.floor(width / 2)) * hop;
}

function joined(pieces: readonly Piece[]): Piece {
  const [first = []] = pieces;
  if (pieces.length === 1) return first;
  return first.map((_, channel) => {
    const whole = new Float32Array(lengthOf(pieces));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece[channel]!, at);
      at += piece[channel]!.length;
    }
    return whole;
  });
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((total, piece) => total + (piece[0]?.length ?? 0), 0);
}
