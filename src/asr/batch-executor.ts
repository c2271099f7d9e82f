/**
 * Runs the graphs for all calls, one run at a time, most urgent first.
 *
 * Work comes as single windows to encode and single rows to decode; each turn of the loop makes one batch of
 * what waits. Rows advance in chunks; between chunks rows join and leave, and more urgent work goes first.
 * Finals, partials and archive rows are never in one batch, so that none slows a more urgent one by more than a run;
 * archive rows that have waited longer than a bound get the next turn.
 */
import { ServiceError } from '../domain/service-error.ts';
import type { Decoder, DecoderBatch, DecoderRow, StartProbabilities } from './decoder.ts';

/** Lower is more urgent. */
export const Urgency = { liveFinal: 0, livePartial: 1, archive: 2 } as const;
export type Urgency = (typeof Urgency)[keyof typeof Urgency];

/** Whose work it is; `aborted` is looked at between runs. */
export interface Ticket {
  readonly urgency: Urgency;
  readonly signal: AbortSignal;
  readonly timings: StageTimings;
}

/** Filled in as a window's work is done. */
export interface StageTimings {
  /** Milliseconds in runs of the encoder and decoder that this window was part of. */
  encodeMs: number;
  decodeMs: number;
  /** Tokens generated, over all attempts. */
  tokens: number;
  /** Rows of the largest decoder batch it was in. */
  batchSize: number;
}

export interface ExecutorOptions {
  /** Windows per encoder run. */
  readonly encodeBatch: number;
  /** Rows per decoder run. */
  readonly decodeBatch: number;
  /** Tokens between two chances to join, leave or give way: 16 to 32. */
  readonly chunkTokens: number;
  /** The same for partials: a final that comes while they are decoded waits for the end of their chunk. */
  readonly partialChunkTokens: number;
  /** Archive work waits at most about so long for a turn while live work goes on. */
  readonly maxArchiveWaitMs: number;
  readonly now: () => number;
}

export interface DecodedRow {
  readonly tokens: readonly number[];
  readonly logProbabilities: readonly number[];
  /** Per token, [heads, sourcePositions]; empty if not asked for or not available. */
  readonly alignment: readonly Float32Array[];
  readonly start: StartProbabilities;
  /** False if it was stopped by `stopEarly` or its token limit. */
  readonly endedByItself: boolean;
}

export interface RowTask {
  readonly row: DecoderRow;
  readonly alignment: boolean;
  /** Looked at between chunks: true ends the row. */
  readonly stopEarly: (tokens: readonly number[]) => boolean;
}

interface Waiting<Task, Result> {
  readonly ticket: Ticket;
  readonly task: Task;
  readonly since: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

type WaitingWindow = Waiting<Float32Array, Float32Array>;
type WaitingRow = Waiting<RowTask, DecodedRow>;

interface ActiveRow {
  readonly waiting: WaitingRow;
  readonly tokens: number[];
  readonly logProbabilities: number[];
  readonly alignment: Float32Array[];
}

/** Rows that are decoded together, all of one urgency. */
interface Cohort {
  readonly batch: DecoderBatch;
  readonly rows: readonly ActiveRow[];
  readonly urgency: Urgency;
}

/** What the executor needs of the encoder. */
export interface WindowEncoder {
  encode(features: readonly Float32Array[]): Promise<Float32Array[]>;
}

export class BatchExecutor {
  readonly #encoder: WindowEncoder;
  readonly #decoder: Decoder;
  readonly #endOfText: number;
  readonly #options: ExecutorOptions;
  #windows: WaitingWindow[] = [];
  #rows: WaitingRow[] = [];
  #cohorts: Cohort[] = [];
  #archiveTurnAt: number;
  #loop: Promise<void> | undefined;

  constructor(encoder: WindowEncoder, decoder: Decoder, endOfText: number, options: ExecutorOptions) {
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#endOfText = endOfText;
    this.#options = options;
    this.#archiveTurnAt = options.now();
  }

  /** Encoder output of one window of features. Rejects as `cancelled` when the ticket's signal fires. */
  encode(features: Float32Array, ticket: Ticket): Promise<Float32Array> {
    return this.#enqueue(this.#windows, features, ticket);
  }

  /** Decodes one row to its end. Rejects as `cancelled` when the ticket's signal fires. */
  decode(task: RowTask, ticket: Ticket): Promise<DecodedRow> {
    return this.#enqueue(this.#rows, task, ticket);
  }

  /** Resolves when nothing runs or waits any more. */
  async idle(): Promise<void> {
    await this.#loop;
  }

  #enqueue<Task, Result>(queue: Waiting<Task, Result>[], task: Task, ticket: Ticket): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    queue.push({ ticket, task, since: this.#options.now(), resolve, reject });
    this.#loop ??= this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    for (;;) {
      // Lets those whose work was just done hand in their next, and messages from outside come in.
      await new Promise((resolve) => setImmediate(resolve));
      this.#dropAborted();
      const urgency = this.#next();
      if (urgency === undefined) break;
      await this.#turn(urgency);
      if (urgency === Urgency.archive) this.#archiveTurnAt = this.#options.now();
    }
    this.#loop = undefined;
  }

  /** The most urgent there is, but archive work after its bound; undefined if there is no work. */
  #next(): Urgency | undefined {
    const urgencies = [
      ...[...this.#windows, ...this.#rows].map(({ ticket }) => ticket.urgency),
      ...this.#cohorts.map((cohort) => cohort.urgency),
    ];
    if (!urgencies.includes(Urgency.archive)) this.#archiveTurnAt = this.#options.now();
    if (urgencies.length === 0) return undefined;
    const archiveWaits = this.#options.now() - this.#archiveTurnAt;
    return archiveWaits > this.#options.maxArchiveWaitMs
      ? Urgency.archive
      : (Math.min(...urgencies) as Urgency);
  }

  /** One run: encode if a window waits, else advance rows. */
  async #turn(urgency: Urgency): Promise<void> {
    const isOf = (work: { ticket: Ticket }) => work.ticket.urgency === urgency;
    const windows = this.#windows.filter(isOf);
    if (windows.length > 0) {
      await this.#encodeBatch(windows.slice(0, this.#options.encodeBatch));
      return;
    }
    const cohorts = this.#cohorts.filter((cohort) => cohort.urgency === urgency);
    const room = this.#options.decodeBatch - cohorts.reduce((sum, cohort) => sum + cohort.rows.length, 0);
    const joining = this.#rows.filter(isOf).slice(0, Math.max(0, room));
    if (joining.length > 0) await this.#admit(joining, cohorts[0], urgency);
    else await this.#advance(cohorts[0]!, this.#chunkOf(urgency));
  }

  #chunkOf(urgency: Urgency): number {
    return urgency === Urgency.livePartial ? this.#options.partialChunkTokens : this.#options.chunkTokens;
  }

  async #encodeBatch(batch: readonly WaitingWindow[]): Promise<void> {
    this.#windows = this.#windows.filter((window) => !batch.includes(window));
    const start = this.#options.now();
    try {
      const encoded = await this.#encoder.encode(batch.map((window) => window.task));
      const elapsed = this.#options.now() - start;
      batch.forEach((window, index) => {
        window.ticket.timings.encodeMs += elapsed;
        window.resolve(encoded[index]!);
      });
    } catch (error) {
      for (const window of batch) window.reject(error);
    }
  }

  /** Starts rows; where the decoder can merge, after one token they join the rows already under way. */
  async #admit(joining: readonly WaitingRow[], host: Cohort | undefined, urgency: Urgency): Promise<void> {
    this.#rows = this.#rows.filter((row) => !joining.includes(row));
    const merges = host !== undefined && this.#decoder.merge !== undefined;
    const cohort: Cohort = {
      batch: this.#decoder.start(
        joining.map((row) => row.task.row),
        merges ? host.batch : undefined,
      ),
      rows: joining.map((waiting) => ({ waiting, tokens: [], logProbabilities: [], alignment: [] })),
      urgency,
    };
    this.#cohorts.push(cohort);
    const started = await this.#advance(cohort, merges ? 1 : this.#chunkOf(urgency));
    if (!merges || !started || !this.#cohorts.includes(host)) return;
    this.#cohorts = this.#cohorts.filter((each) => each !== host && each !== started);
    this.#cohorts.push({
      batch: this.#decoder.merge!(host.batch, started.batch),
      rows: [...host.rows, ...started.rows],
      urgency,
    });
  }

  /** Returns the cohort as it goes on; undefined if none of its rows does. */
  async #advance(cohort: Cohort, tokens: number): Promise<Cohort | undefined> {
    const { batch, rows } = cohort;
    const start = this.#options.now();
    let going: number[] = [];
    try {
      const progress = await batch.advance(tokens, {
        alignment: this.#decoder.alignment && rows.some((row) => row.waiting.task.alignment),
      });
      const elapsed = this.#options.now() - start;
      going = rows.flatMap((row, index) => {
        const made = progress[index]!;
        row.tokens.push(...made.tokens);
        row.logProbabilities.push(...made.logProbabilities);
        if (row.waiting.task.alignment) row.alignment.push(...made.alignment);
        const { timings } = row.waiting.ticket;
        timings.decodeMs += elapsed;
        timings.tokens += made.tokens.length;
        timings.batchSize = Math.max(timings.batchSize, rows.length);
        if (!made.finished && !row.waiting.task.stopEarly(row.tokens)) return [index];
        row.waiting.resolve({
          tokens: row.tokens,
          logProbabilities: row.logProbabilities,
          alignment: row.alignment,
          start: batch.startProbabilities(index),
          endedByItself: row.tokens.at(-1) === this.#endOfText,
        });
        return [];
      });
    } catch (error) {
      for (const row of rows) row.waiting.reject(error);
    }
    return this.#keepRows(cohort, going);
  }

  #keepRows(cohort: Cohort, going: readonly number[]): Cohort | undefined {
    if (going.length === cohort.rows.length) return cohort;
    this.#cohorts = this.#cohorts.filter((each) => each !== cohort);
    cohort.batch.select(going);
    if (going.length === 0) return undefined;
    const kept = { ...cohort, rows: going.map((row) => cohort.rows[row]!) };
    this.#cohorts.push(kept);
    return kept;
  }

  #dropAborted(): void {
    const isAborted = (work: { ticket: Ticket }) => work.ticket.signal.aborted;
    for (const work of [...this.#windows, ...this.#rows].filter(isAborted)) work.reject(cancelled());
    this.#windows = this.#windows.filter((window) => !isAborted(window));
    this.#rows = this.#rows.filter((row) => !isAborted(row));
    for (const cohort of [...this.#cohorts]) {
      const going = [...cohort.rows.keys()].filter((row) => !isAborted(cohort.rows[row]!.waiting));
      cohort.rows.forEach((row, index) => {
        if (!going.includes(index)) row.waiting.reject(cancelled());
      });
      this.#keepRows(cohort, going);
    }
  }
}

export function cancelled(): ServiceError {
  return new ServiceError('cancelled', 'the recognition was cancelled');
}
