/** Tensors of one window, by name: each a row of a tensor of the batch. */
export type WindowTensors = ReadonlyMap<string, Float32Array>;

/**
 * What the decoder knows of the windows of a batch, tensor by tensor, contiguous as the graph needs it. Windows are large
 * (18 MB for whisper-tiny), and memory that was never written to costs ten times what copying costs: so buffers are kept, rows are
 * made in their place, and a batch that joins another is started behind it.
 *
 * A stack holds ranges of rows: that of a running batch and those of batches about to join it.
 */
class WindowStack {
  readonly #rowSizes: ReadonlyMap<string, number>;
  readonly #buffers = new Map<string, Float32Array>();
  readonly ranges: WindowRows[] = [];
  #capacity = 0;

  constructor(rowSizes: ReadonlyMap<string, number>) {
    this.#rowSizes = rowSizes;
  }

  /** Behind all ranges. */
  get end(): number {
    const last = this.ranges.at(-1);
    return last === undefined ? 0 : last.first + last.count;
  }

  names(): Iterable<string> {
    return this.#rowSizes.keys();
  }

  /** Makes room for `rows` in all. */
  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    const capacity = Math.max(rows, 2 * this.#capacity);
    const end = this.end;
    for (const [name, size] of this.#rowSizes) {
      const grown = new Float32Array(capacity * size);
      const before = this.#buffers.get(name);
      if (before !== undefined) grown.set(before.subarray(0, end * size));
      this.#buffers.set(name, grown);
    }
    this.#capacity = capacity;
  }

  rows(name: string, first: number, count: number): Float32Array {
    const size = this.#rowSizes.get(name)!;
    return this.#buffers.get(name)!.subarray(first * size, (first + count) * size);
  }
}

/** The windows of one batch. `release` them, and its memory serves the next. */
export class WindowRows {
  readonly #pool: WindowPool;
  readonly #stack: WindowStack;
  readonly first: number;
  count = 0;

  /** Use `WindowPool.open` or `beside`. */
  constructor(pool: WindowPool, stack: WindowStack) {
    this.#pool = pool;
    this.#stack = stack;
    this.first = stack.end;
    stack.ranges.push(this);
  }

  /** No rows yet, behind these. */
  beside(): WindowRows {
    return new WindowRows(this.#pool, this.#stack);
  }

  /** The tensors of the whole batch. */
  tensors(): WindowTensors {
    return this.#tensorsOf(0, this.count);
  }

  row(index: number): WindowTensors {
    return this.#tensorsOf(index, 1);
  }

  /** Makes room for so many rows, which spares `add` from moving what is there. */
  reserve(rows: number): void {
    this.#stack.reserve(this.first + rows);
  }

  /** Adds a row for somebody to write to. The rows got before may have moved. */
  add(): WindowTensors {
    if (this.#stack.ranges.at(-1) !== this) throw new Error('windows of another batch are behind these');
    this.reserve(this.count + 1);
    return this.row(this.count++);
  }

  /** The last row takes the place of the one removed. */
  removeAt(index: number): void {
    const last = this.count - 1;
    if (index < last) copy(this.row(last), this.row(index));
    this.count = last;
  }

  /** Takes over the rows of a batch; where they lie behind these nothing is copied. */
  absorb(other: WindowRows): void {
    const { count } = other;
    const adjacent = other.#stack === this.#stack && other.first === this.first + this.count;
    const rows = Array.from({ length: count }, (_, index) => other.row(index));
    other.release();
    if (adjacent) this.count += count;
    else for (const row of rows) copy(row, this.add());
  }

  /** Gives the rows up. Idempotent. */
  release(): void {
    const { ranges } = this.#stack;
    const at = ranges.indexOf(this);
    if (at < 0) return;
    ranges.splice(at, 1);
    this.count = 0;
    if (ranges.length === 0) this.#pool.takeBack(this.#stack);
  }

  #tensorsOf(index: number, count: number): WindowTensors {
    return new Map(
      Array.from(this.#stack.names(), (name) => [name, this.#stack.rows(name, this.first + index, count)]),
    );
  }
}

/** Stacks in no use: live and archive batches have one each. */
const MAX_FREE_STACKS = 2;

/** The memory of the windows of one model. */
export class WindowPool {
  readonly #rowSizes: ReadonlyMap<string, number>;
  readonly #free: WindowStack[] = [];

  /** `rowSizes`: values of one window in each tensor. */
  constructor(rowSizes: ReadonlyMap<string, number>) {
    this.#rowSizes = rowSizes;
  }

  open(): WindowRows {
    return new WindowRows(this, this.#free.pop() ?? new WindowStack(this.#rowSizes));
  }

  takeBack(stack: WindowStack): void {
    if (this.#free.length < MAX_FREE_STACKS) this.#free.push(stack);
  }
}

function copy(from: WindowTensors, to: WindowTensors): void {
  for (const [name, data] of from) to.get(name)!.set(data);
}
