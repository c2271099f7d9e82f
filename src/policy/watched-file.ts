import { type StatsListener, unwatchFile, watchFile } from 'node:fs';

/** Told what became of a changed file. */
export interface ReloadObserver {
  applied(path: string): void;
  /** The value before stays in force. */
  rejected(path: string, error: unknown): void;
}

/** Polling sees what events miss: files replaced by rename, and the links of Kubernetes' mounted volumes. */
const POLL_MS = 1000;

/** A file that is read anew when it changes, or when told to; one that cannot be read changes nothing. */
export class WatchedFile<T> implements Disposable {
  readonly #path: string;
  readonly #load: (path: string) => T;
  readonly #observer: ReloadObserver;
  readonly #onStat: StatsListener = () => this.reload();
  #current: T;

  /** Throws what `load` throws: without a first value there is nothing to fall back on. */
  constructor(path: string, load: (path: string) => T, observer: ReloadObserver) {
    this.#path = path;
    this.#load = load;
    this.#observer = observer;
    this.#current = load(path);
    watchFile(path, { interval: POLL_MS, persistent: false }, this.#onStat);
  }

  get current(): T {
    return this.#current;
  }

  reload(): void {
    try {
      this.#current = this.#load(this.#path);
    } catch (error) {
      this.#observer.rejected(this.#path, error);
      return;
    }
    this.#observer.applied(this.#path);
  }

  [Symbol.dispose](): void {
    unwatchFile(this.#path, this.#onStat);
  }
}
