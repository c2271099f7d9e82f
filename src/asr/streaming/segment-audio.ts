/** The audio of a running segment: grows at its end, is read from its start. */
export class SegmentAudio {
  readonly startSample: number;
  #samples = new Float32Array(16_000);
  #length = 0;

  constructor(startSample: number) {
    this.startSample = startSample;
  }

  get endSample(): number {
    return this.startSample + this.#length;
  }

  append(samples: Float32Array): void {
    if (this.#length + samples.length > this.#samples.length) {
      const grown = new Float32Array(Math.max(2 * this.#samples.length, this.#length + samples.length));
      grown.set(this.#samples.subarray(0, this.#length));
      this.#samples = grown;
    }
    this.#samples.set(samples, this.#length);
    this.#length += samples.length;
  }

  /** A copy of the audio up to `endSample` of the call's clock; shorter if less has come. */
  until(endSample: number): Float32Array {
    return this.#samples.slice(0, Math.max(0, Math.min(this.#length, endSample - this.startSample)));
  }
}
