import { once } from 'node:events';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { StreamTranscribeRequest, StreamTranscribeResponse } from '../gen/sotto/v1/transcription.ts';
import type { CallEvent } from './events.ts';
import { callEventOf } from './from-proto.ts';
import type { Control, StreamOptions } from './options.ts';
import { sottoErrorOf } from './sotto-error.ts';
import { audioMessage, configMessage, controlMessage } from './to-proto.ts';

type Duplex = ClientDuplexStream<StreamTranscribeRequest, StreamTranscribeResponse>;

/**
 * One running call. Write audio as it comes and read events at the same time; leaving the iteration early, or
 * `await using`, cancels the call. Awaiting each `write` is what keeps a slow server from filling this process.
 */
export class LiveCall implements AsyncIterable<CallEvent>, AsyncDisposable {
  readonly #duplex: Duplex;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.cancel();
  /** Fires when the call is over, however it ended. */
  readonly #over = new AbortController();
  readonly #closed = Promise.withResolvers<undefined>();
  #failure: unknown;

  constructor(duplex: Duplex, options: StreamOptions) {
    this.#duplex = duplex;
    this.#signal = options.signal;
    // Read by the iteration and by `write`; without a listener Node would end the process.
    duplex.on('error', (error) => {
      this.#failure ??= sottoErrorOf(error);
    });
    duplex.on('status', () => this.#finish());
    duplex.write(configMessage(options));
    if (options.signal?.aborted) this.cancel();
    else options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Any number of bytes; resolves when there is room for more. Rejects with the reason if the call is over. */
  async write(audio: Uint8Array): Promise<void> {
    await this.#send(audioMessage(audio));
  }

  /** Takes effect behind the audio written so far. */
  async control(control: Control): Promise<void> {
    await this.#send(controlMessage(control));
  }

  /** No more audio: the server sends what is left, then the summary. */
  end(): void {
    this.#duplex.end();
  }

  /** Ends the call at once; the iteration throws `reason`, or without one SottoError CANCELLED. */
  cancel(reason?: unknown): void {
    if (!this.#over.signal.aborted) this.#failure ??= reason;
    this.#duplex.cancel();
  }

  /** Resolves when the call is over, however it ended. */
  get closed(): Promise<undefined> {
    return this.#closed.promise;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CallEvent, void, undefined> {
    try {
      for await (const message of this.#duplex as AsyncIterable<StreamTranscribeResponse>) {
        const event = callEventOf(message);
        if (event) yield event;
      }
      // A call that failed before anybody listened ends its stream without a word.
      await this.#closed.promise;
      if (this.#failure) throw this.#failure;
    } catch (error) {
      throw this.#failure ?? sottoErrorOf(error);
    } finally {
      this.cancel();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#closed.promise;
  }

  async #send(message: StreamTranscribeRequest): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#over.signal.aborted) throw new Error('the call is over');
    if (this.#duplex.write(message)) return;
    await once(this.#duplex, 'drain', { signal: this.#over.signal }).catch((error: unknown) => {
      throw this.#failure ?? error;
    });
  }

  #finish(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#over.abort();
    this.#closed.resolve(undefined);
  }
}
