/** Rows of equal size, contiguous as a batch needs them; adding and removing copies only the rows concerned. */
export class RowStack {
  readonly #rowSize: number;
  #rows = 0;
  #buffer: Float32Array = new Float32Array(0);

  constructor(rowSize: number) {
    this.#rowSize = rowSize;
  }

  get data(): Float32Array {
    return this.#buffer.subarray(0, this.#rows * this.#rowSize);
  }

  push(row: Float32Array): void {
    if (row.length !== this.#rowSize)
      throw new RangeError(`a row of ${row.length}, expected ${this.#rowSize}`);
    const end = this.#rows * this.#rowSize;
    if (this.#rows++ === 0) {
      // A single row is used where it is; a second one makes a buffer of our own.
      this.#buffer = row;
      return;
    }
    if (end + this.#rowSize > this.#buffer.length) {
      const grown = new Float32Array(2 * this.#buffer.length);
      grown.set(this.#buffer.subarray(0, end));
      this.#buffer = grown;
    }
    this.#buffer.set(row, end);
  }

  /** The last row takes the place of the one removed. */
  removeAt(index: number): void {
    this.#rows--;
    const last = this.#rows * this.#rowSize;
    if (index < this.#rows) this.#buffer.copyWithin(index * this.#rowSize, last, last + this.#rowSize);
  }
}
