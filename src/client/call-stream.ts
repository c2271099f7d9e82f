import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { StreamTranscribeRequest, StreamTranscribeResponse } from '../gen/sotto/v1/transcription.ts';
import { sottoErrorOf } from './sotto-error.ts';

export type Duplex = ClientDuplexStream<StreamTranscribeRequest, StreamTranscribeResponse>;

/** One stream of a call: from its config to its status. */
export class CallStream {
  readonly #duplex: Duplex;
  readonly #ended = Promise.withResolvers<unknown>();
  #failure: unknown;
  #isOver = false;
  #accepts = true;

  /** `onRoom` is called when more may be written after `accepts` was false. */
  constructor(duplex: Duplex, onRoom: () => void) {
    this.#duplex = duplex;
    // Without a listener Node would end the process.
    duplex.on('error', (error) => {
      this.#failure ??= sottoErrorOf(error);
    });
    duplex.on('status', () => {
      this.#isOver = true;
      this.#ended.resolve(this.#failure);
    });
    duplex.on('drain', () => {
      this.#accepts = true;
      onRoom();
    });
  }

  /** Resolves when the stream is over: with its error, or with undefined if it ended well. */
  get ended(): Promise<unknown> {
    return this.#ended.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get accepts(): boolean {
    return this.#accepts && !this.#isOver;
  }

  write(message: StreamTranscribeRequest): void {
    this.#accepts = this.#duplex.write(message) && this.#accepts;
  }

  end(): void {
    this.#duplex.end();
  }

  cancel(): void {
    this.#duplex.cancel();
  }

  /** Until the stream ends, however it does: `ended` says how. */
  async *messages(): AsyncGenerator<StreamTranscribeResponse, void, undefined> {
    try {
      yield* this.#duplex as AsyncIterable<StreamTranscribeResponse>;
    } catch (error) {
      this.#failure ??= sottoErrorOf(error);
    }
  }
}
