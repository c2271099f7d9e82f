import { type GenerationGraphSpec, RowState, rowStateWidth, windowDims } from './contract.ts';
import type {
  GenerationRow,
  GraphTensor,
  RowProgress,
  RunGraph,
  SotScores,
  StepOptions,
} from './generation-row.ts';
import type { WindowRows } from './window-stack.ts';

/** A row in a batch. */
interface Slot<Row> {
  readonly row: Row;
  /** Leading columns of the cache that are not the row's. */
  padding: number;
  /** Columns of contract.ts's RowState. */
  state: BigInt64Array;
  /** Fed next: the prompt at first, then the last token. */
  pending: readonly number[];
}

/**
 * Rows that are generated together, one chunk of tokens per call. Between calls rows leave when they are done
 * and others join. Slots keep no order: `progress` names its row.
 */
export class GenerationBatch<Row extends GenerationRow = GenerationRow> {
  readonly #spec: GenerationGraphSpec;
  readonly #run: RunGraph;
  readonly #windows: WindowRows;
  #slots: Slot<Row>[] = [];
  #past: Past;

  /** Use `GenerationGraph.start`. */
  constructor(spec: GenerationGraphSpec, run: RunGraph, rows: readonly Row[], windows: WindowRows) {
    this.#spec = spec;
    this.#run = run;
    this.#windows = windows;
    this.#past = emptyPast(spec);
    for (const row of rows) {
      const state = new BigInt64Array(rowStateWidth);
      state[RowState.last] = -1n;
      state[RowState.penultimate] = -1n;
      state[RowState.lastTimestamp] = -1n;
      state[RowState.limit] = BigInt(row.maxNewTokens);
      state[RowState.timestamps] = row.timestamps ? 1n : 0n;
      this.#slots.push({ row, padding: 0, state, pending: row.prompt });
    }
  }

  get size(): number {
    return this.#slots.length;
  }

  get rows(): Row[] {
    return this.#slots.map((slot) => slot.row);
  }

  /** Generates up to `maxTokens` tokens for every row; fewer if all finish before. */
  async step(options: StepOptions): Promise<RowProgress<Row>[]> {
    return (await this.advance(options)).progress;
  }

  /** `step`, with what was read at start-of-transcript; means something in the first call only. */
  async advance(options: StepOptions): Promise<{ progress: RowProgress<Row>[]; sot: SotScores[] }> {
    const spec = this.#spec;
    const slots = this.#slots;
    if (slots.length === 0) return { progress: [], sot: [] };
    const presentNames = this.#past.tensors.map((_, i) => `present.${pastSuffix(i)}`);
    const outputs = await this.#run(this.#feeds(options), [
      'tokens',
      'log_probabilities',
      ...(options.alignment ? ['alignment'] : []),
      'sot_log_probabilities',
      'next_row_state',
      ...presentNames,
    ]);
    const before = slots.map((slot) => Number(slot.state[RowState.generated]));
    const tokens = outputs.tokens!.data as BigInt64Array;
    const logProbabilities = outputs.log_probabilities!.data as Float32Array;
    const alignment = outputs.alignment?.data as Float32Array | undefined;
    const states = outputs.next_row_state!.data as BigInt64Array;
    const sotScores = outputs.sot_log_probabilities!.data as Float32Array;
    const scoreCount = 1 + spec.languageTokens.length;
    const present = presentNames.map((name) => outputs[name]!);
    this.#past = {
      length: present[0]!.dims[2]!,
      tensors: present.map((tensor) => tensor.data as Float32Array),
    };

    const alignmentSize = alignment ? spec.alignmentHeads.length * outputs.alignment!.dims[3]! : 0;
    const progress = slots.map((slot, b): RowProgress<Row> => {
      slot.state = states.slice(b * rowStateWidth, (b + 1) * rowStateWidth);
      const steps = Array.from(
        { length: Number(slot.state[RowState.generated]) - before[b]! },
        (_, k) => k * slots.length + b,
      );
      slot.pending = [Number(tokens[tokens.length - slots.length + b])];
      return {
        row: slot.row,
        tokens: steps.map((at) => Number(tokens[at])),
        logProbabilities: steps.map((at) => logProbabilities[at]!),
        alignment: alignment
          ? steps.map((at) => alignment.slice(at * alignmentSize, (at + 1) * alignmentSize))
          : [],
        finished: slot.state[RowState.finished] === 1n,
      };
    });
    const sot = slots.map((_, b) => ({
      noSpeechProbability: Math.exp(sotScores[b * scoreCount]!),
      languageLogProbabilities: sotScores.slice(b * scoreCount + 1, (b + 1) * scoreCount),
    }));
    return { progress, sot };
  }

  /** Takes the rows of `other` over, which must have been started and is empty afterwards. */
  join(other: GenerationBatch<Row>): void {
    if (other === this) return;
    const parts: [GenerationBatch<Row>, number][] = [
      ...this.#slots.map((_, b): [GenerationBatch<Row>, number] => [this, b]),
      ...other.#slots.map((_, b): [GenerationBatch<Row>, number] => [other, b]),
    ];
    this.#repack(parts);
    this.#windows.absorb(other.#windows);
    other.#slots = [];
    other.#past = emptyPast(this.#spec);
  }

  /** For `GenerationGraph.start`. */
  besideWindows(): WindowRows {
    return this.#windows.beside();
  }

  /** Gives up what is held for the rows left, if any. */
  release(): void {
    this.#windows.release();
    this.#slots = [];
    this.#past = emptyPast(this.#spec);
  }

  /** Lets rows go: those that finished, or whose call was cancelled. */
  leave(gone: (row: Row) => boolean): void {
    const kept: number[] = [];
    // The last row fills each gap, here and in the stacks of windows.
    const order = this.#slots.map((_, b) => b);
    for (let b = 0; b < order.length; ) {
      if (gone(this.#slots[order[b]!]!.row)) {
        this.#windows.removeAt(b);
        const moved = order.pop()!;
        if (b < order.length) order[b] = moved;
      } else {
        kept.push(order[b]!);
        b++;
      }
    }
    if (kept.length < this.#slots.length) this.#repack(kept.map((b) => [this, b]));
  }

  #feeds({ maxTokens }: StepOptions): Record<string, GraphTensor> {
    const spec = this.#spec;
    const slots = this.#slots;
    const batch = slots.length;
    const fed = Math.max(...slots.map((slot) => slot.pending.length));
    const starting = fed > 1;
    const tokenIds = new BigInt64Array(batch * fed).fill(BigInt(spec.endOfText));
    const readColumns = new BigInt64Array(batch * (starting ? 2 : 1));
    const uniform = new Float32Array(batch * maxTokens);
    const state = new BigInt64Array(batch * rowStateWidth);
    for (const [b, slot] of slots.entries()) {
      const blank = fed - slot.pending.length;
      slot.pending.forEach((token, i) => {
        tokenIds[b * fed + blank + i] = BigInt(token);
      });
      if (starting) {
        slot.padding += blank;
        readColumns[b * 2] = BigInt(blank + slot.row.sotIndex);
        readColumns[b * 2 + 1] = BigInt(fed - 1);
      }
      state.set(slot.state, b * rowStateWidth);
      if (slot.row.temperature > 0) {
        const random = slot.row.random ?? Math.random;
        for (let k = 0; k < maxTokens; k++) uniform[b * maxTokens + k] = random();
      }
    }
    const feeds: Record<string, GraphTensor> = {
      max_tokens: int64(BigInt64Array.of(BigInt(maxTokens)), []),
      token_ids: int64(tokenIds, [batch, fed]),
      padding: int64(
        BigInt64Array.from(slots, (slot) => BigInt(slot.padding)),
        [batch],
      ),
      read_columns: int64(readColumns, [batch, readColumns.length / batch]),
      row_state: int64(state, [batch, rowStateWidth]),
      temperature: float32(
        Float32Array.from(slots, (slot) => slot.row.temperature),
        [batch],
      ),
      uniform: float32(uniform, [batch, maxTokens]),
    };
    this.#past.tensors.forEach((data, i) => {
      feeds[`past.${pastSuffix(i)}`] = float32(data, [batch, spec.heads, this.#past.length, spec.headSize]);
    });
    const positions = slots[0]!.row.encoded.length / spec.hiddenSize;
    for (const [name, data] of this.#windows.tensors())
      feeds[name] = float32(data, windowDims(spec, name, batch, positions));
    return feeds;
  }

  /** Rebuilds slots and cache from rows of this and other batches, aligned right, without columns of nobody. */
  #repack(parts: readonly (readonly [GenerationBatch<Row>, number])[]): void {
    const { heads, headSize, layers } = this.#spec;
    const lengths = parts.map(([from, b]) => from.#past.length - from.#slots[b]!.padding);
    const length = Math.max(0, ...lengths);
    const tensors = Array.from({ length: 2 * layers }, (_, i) => {
      const target = new Float32Array(parts.length * heads * length * headSize);
      for (const [at, [from, b]] of parts.entries()) {
        const source = from.#past.tensors[i]!;
        const own = lengths[at]!;
        for (let head = 0; head < heads; head++) {
          const end = (b * heads + head + 1) * from.#past.length * headSize;
          target.set(
            source.subarray(end - own * headSize, end),
            ((at * heads + head + 1) * length - own) * headSize,
          );
        }
      }
      return target;
    });
    const slots = parts.map(([from, b], at) => ({ ...from.#slots[b]!, padding: length - lengths[at]! }));
    this.#past = { length, tensors };
    this.#slots = slots;
  }
}

/** The self-attention cache of a batch: keys and values of each layer, [B, H, length, D]. */
interface Past {
  readonly length: number;
  readonly tensors: readonly Float32Array[];
}

function emptyPast(spec: GenerationGraphSpec): Past {
  return { length: 0, tensors: Array.from({ length: 2 * spec.layers }, () => new Float32Array(0)) };
}

function pastSuffix(index: number): string {
  return `${index >> 1}.${index % 2 === 0 ? 'key' : 'value'}`;
}

function float32(data: Float32Array, dims: readonly number[]): GraphTensor {
  return { type: 'float32', data, dims };
}

function int64(data: BigInt64Array, dims: readonly number[]): GraphTensor {
  return { type: 'int64', data, dims };
}
