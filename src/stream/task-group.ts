/**
 * Runs the parts of one call side by side. When one fails, the group's signal fires so that the others stop,
 * and `done` rejects with the first failure once all have ended: nothing outlives the call.
 */
export class TaskGroup {
  readonly #abort = new AbortController();
  readonly #tasks: Promise<void>[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Fires when `outer` does or when a task fails; hand it to every task. */
  readonly signal: AbortSignal;

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.#abort.signal]);
  }

  run(task: () => Promise<void>): void {
    this.#tasks.push(task().catch((error: unknown) => this.stop(error)));
  }

  /** Stops all tasks; the first reason given is the one that `done` rejects with. */
  stop(error: unknown): void {
    this.#failure ??= { error };
    this.#abort.abort(error);
  }

  /** Resolves when all tasks have ended well; tasks may be added until then. */
  async done(): Promise<void> {
    for (let waited = 0; waited < this.#tasks.length; waited++) await this.#tasks[waited];
    if (this.#failure) throw this.#failure.error;
  }
}
