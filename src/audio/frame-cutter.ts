/** Cuts bytes that arrive in pieces of any length into whole frames (one sample of every channel). */
export class FrameCutter {
  readonly frameBytes: number;
  readonly #rest: Uint8Array;
  #restLength = 0;

  constructor(frameBytes: number) {
    this.frameBytes = frameBytes;
    this.#rest = new Uint8Array(frameBytes);
  }

  /** Bytes that wait for the rest of their frame. */
  get leftOver(): number {
    return this.#restLength;
  }

  /** All frames complete by now. The result may share memory with `bytes`. */
  push(bytes: Uint8Array): Uint8Array {
    const total = this.#restLength + bytes.length;
    const wholeBytes = total - (total % this.frameBytes);
    if (wholeBytes === 0) {
      this.#rest.set(bytes, this.#restLength);
      this.#restLength = total;
      return new Uint8Array(0);
    }
    const taken = wholeBytes - this.#restLength;
    let frames = bytes.subarray(0, taken);
    if (this.#restLength > 0) {
      frames = new Uint8Array(wholeBytes);
      frames.set(this.#rest.subarray(0, this.#restLength));
      frames.set(bytes.subarray(0, taken), this.#restLength);
    }
    this.#rest.set(bytes.subarray(taken));
    this.#restLength = total - wholeBytes;
    return frames;
  }
}
