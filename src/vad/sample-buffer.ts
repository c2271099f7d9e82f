/** The last part of a channel's audio, addressed by position in the call. */
export class SampleBuffer {
  #data = new Float32Array(16_384);
  /** Position in the call of `#data[0]`. */
  #start: number;
  #length = 0;

  constructor(start = 0) {
    this.#start = start;
  }

  /** Position after the last sample. */
  get end(): number {
    return this.#start + this.#length;
  }

  append(samples: Float32Array): void {
    const needed = this.#length + samples.length;
    if (needed > this.#data.length) {
      const grown = new Float32Array(Math.max(needed, this.#data.length * 2));
      grown.set(this.#data.subarray(0, this.#length));
      this.#data = grown;
    }
    this.#data.set(samples, this.#length);
    this.#length = needed;
  }

  /** A copy of the samples from `from` to before `to`, which the buffer must still hold. */
  slice(from: number, to: number): Float32Array {
    if (from < this.#start || to > this.end) throw new RangeError('that audio is not in the buffer');
    return this.#data.slice(from - this.#start, to - this.#start);
  }

  discardBefore(position: number): void {
    const dropped = Math.min(position, this.end) - this.#start;
    if (dropped <= 0) return;
    this.#data.copyWithin(0, dropped, this.#length);
    this.#start += dropped;
    this.#length -= dropped;
  }
}
