/** When a call was paused: positions on its clock. */
export class PauseLog {
  /** Ends of the spans that are over, and of their beginnings. */
  readonly #spans: { from: number; to: number }[] = [];
  #pausedSince: number | undefined;
  /** Of spans that are not kept any more. */
  #forgotten: number;

  constructor(start: { readonly paused: boolean; readonly at: number; readonly pausedSamples: number }) {
    this.#forgotten = start.pausedSamples;
    if (start.paused) this.#pausedSince = start.at;
  }

  get isPaused(): boolean {
    return this.#pausedSince !== undefined;
  }

  pause(at: number): void {
    this.#pausedSince ??= at;
  }

  resume(at: number): void {
    if (this.#pausedSince !== undefined) this.#spans.push({ from: this.#pausedSince, to: at });
    this.#pausedSince = undefined;
  }

  wasPausedAt(sample: number): boolean {
    const inSpan = this.#spans.some(({ from, to }) => from <= sample && sample < to);
    return inSpan || (this.#pausedSince !== undefined && this.#pausedSince <= sample);
  }

  /** Paused samples before `sample`, which must not be before one that was forgotten. */
  pausedBefore(sample: number): number {
    const open = this.#pausedSince === undefined ? [] : [{ from: this.#pausedSince, to: sample }];
    return [...this.#spans, ...open].reduce(
      (sum, { from, to }) => sum + Math.max(0, Math.min(to, sample) - from),
      this.#forgotten,
    );
  }

  /** Nothing before `sample` will be asked for. */
  forgetBefore(sample: number): void {
    while (this.#spans[0] !== undefined && this.#spans[0].to <= sample) {
      const { from, to } = this.#spans.shift()!;
      this.#forgotten += to - from;
    }
  }
}
