import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceError as GrpcError, Metadata, status } from '@grpc/grpc-js';
import type { StreamTranscribeResponse } from '../gen/sotto/v1/transcription.ts';
import { AudioJournal, type Written } from './audio-journal.ts';
import { CallStream, type Duplex } from './call-stream.ts';
import { Continuity } from './continuity.ts';
import type { CallEvent } from './events.ts';
import { callEventOf } from './from-proto.ts';
import type { Control, StreamOptions } from './options.ts';
import {
  DEFAULT_BUFFER_MS,
  DEFAULT_GIVE_UP_MS,
  isWorthAnotherTry,
  MIN_BUFFER_MS,
  retryDelayMs,
} from './resume-policy.ts';
import { SottoError } from './sotto-error.ts';
import { audioMessage, configMessage, controlMessage, frameBytesOf } from './to-proto.ts';

/**
 * One running call. Write audio as it comes and read events at the same time; leaving the iteration early, or
 * `await using`, cancels the call. Awaiting each `write` is what keeps a slow server from filling this process.
 *
 * Should its connection or its server go, the call goes on in another stream: what is not decided yet is kept here
 * and sent again, and what comes twice is shown once. It is the iteration that goes on, so keep reading.
 */
export class LiveCall implements AsyncIterable<CallEvent>, AsyncDisposable {
  readonly #open: () => Duplex;
  readonly #options: StreamOptions;
  readonly #journal: AudioJournal;
  readonly #maxBufferBytes: number;
  readonly #giveUpAfterMs: number;
  readonly #continuity = new Continuity();
  readonly #onAbort = () => this.cancel();
  /** Fires when the call is over, however it ended. */
  readonly #over = new AbortController();
  readonly #closed = Promise.withResolvers<undefined>();
  #stream: CallStream;
  /** Next entry of the journal to be sent in this stream, and bytes of it that are not. */
  #next = 0;
  #skipBytes = 0;
  #halfClosed = false;
  #room = Promise.withResolvers<void>();
  /** Whether the call can go on in another stream. */
  #isResumable: boolean;
  /** The newest checkpoint; undefined before the first. */
  #checkpoint: { readonly token: Buffer; readonly sample: number } | undefined;
  #cancelled = false;
  #ended = false;
  #failure: unknown;
  /** Since when no stream has answered, and how many have failed. */
  #brokenSinceMs: number | undefined;
  #failures = 0;

  constructor(open: () => Duplex, options: StreamOptions) {
    const { resume = {}, signal } = options;
    const { maxBufferMs = DEFAULT_BUFFER_MS, giveUpAfterMs = DEFAULT_GIVE_UP_MS } = resume || {};
    const bufferMs = Math.max(MIN_BUFFER_MS, maxBufferMs);
    this.#open = open;
    this.#options = options;
    this.#journal = new AudioJournal(frameBytesOf(options));
    this.#maxBufferBytes = (bufferMs / 1000) * options.sampleRateHz * frameBytesOf(options);
    this.#giveUpAfterMs = giveUpAfterMs;
    this.#isResumable = resume !== false;
    this.#stream = this.#start();
    if (signal?.aborted) this.cancel();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Any number of bytes; resolves when there is room for more. Rejects with the reason if the call is over. */
  async write(audio: Uint8Array): Promise<void> {
    await this.#send(() => this.#journal.audio(audio));
  }

  /** Takes effect behind the audio written so far. */
  async control(control: Control): Promise<void> {
    await this.#send(() => {
      if (control === 'opt-out') this.#journal.forgetAudio();
      this.#journal.control(control);
    });
  }

  /** No more audio: the server sends what is left, then the summary. */
  end(): void {
    this.#ended = true;
    this.#pump();
  }

  /** Ends the call at once; the iteration throws `reason`, or without one SottoError CANCELLED. */
  cancel(reason?: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#cancelled = true;
    this.#failure ??= reason;
    if (this.#stream.isOver) this.#finish(cancelledError());
    else this.#stream.cancel();
  }

  /** Resolves when the call is over, however it ended. */
  get closed(): Promise<undefined> {
    return this.#closed.promise;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CallEvent, void, undefined> {
    try {
      while (true) {
        for await (const message of this.#stream.messages()) yield* this.#eventsOf(message);
        const failure = await this.#stream.ended;
        if (failure === undefined) return;
        await this.#goOn(failure);
      }
    } finally {
      this.cancel();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#closed.promise;
  }

  /** Opens the next stream of the call, from the newest checkpoint on. */
  #start(): CallStream {
    const stream = new CallStream(this.#open(), () => this.#pump());
    const { token, sample } = this.#checkpoint ?? { sample: 0 };
    const resume = token && { token, firstSample: sample };
    ({ number: this.#next, skipBytes: this.#skipBytes } = this.#journal.seek(sample));
    this.#halfClosed = false;
    stream.write(configMessage(this.#options, this.#isResumable, resume));
    void stream.ended.then((failure) => {
      if (failure === undefined || !this.#canGoOn(failure)) this.#finish(failure);
      else this.#wake();
    });
    return stream;
  }

  #canGoOn(failure: unknown): boolean {
    const hasStarted = this.#checkpoint !== undefined;
    return this.#isResumable && !this.#cancelled && isWorthAnotherTry(failure, hasStarted);
  }

  /** Waits, then opens the next stream; throws when the call is over. */
  async #goOn(failure: unknown): Promise<void> {
    if (this.#over.signal.aborted || !this.#canGoOn(failure)) throw this.#failure ?? failure;
    const now = performance.now();
    this.#brokenSinceMs ??= now;
    const delayMs = retryDelayMs(this.#failures++, failure);
    if (now + delayMs - this.#brokenSinceMs > this.#giveUpAfterMs) {
      this.#finish(gaveUp(failure, this.#giveUpAfterMs));
      throw this.#failure;
    }
    const { resume } = this.#options;
    if (resume) resume.onBreak?.(failure);
    await sleep(delayMs, undefined, { signal: this.#over.signal }).catch(() => {
      throw this.#failure ?? failure;
    });
    this.#continuity.streamBroke();
    this.#stream = this.#start();
    this.#pump();
  }

  #eventsOf(message: StreamTranscribeResponse): CallEvent[] {
    this.#brokenSinceMs = undefined;
    this.#failures = 0;
    if (message.event?.$case === 'checkpoint') {
      const { resumeToken: token, resumeSample: sample } = message.event.value;
      this.#isResumable &&= token.length > 0;
      this.#checkpoint = { token, sample };
      this.#journal.decidedBefore(sample);
      this.#wake();
      return [];
    }
    const event = callEventOf(message);
    return event ? this.#continuity.pass(event) : [];
  }

  async #send(write: () => void): Promise<void> {
    if (this.#over.signal.aborted) throw this.#failure ?? new Error('the call is over');
    write();
    this.#pump();
    while (!this.#hasRoom) {
      await this.#room.promise;
      if (this.#over.signal.aborted) throw this.#failure ?? new Error('the call is over');
    }
  }

  /** While there is no stream, audio is kept; while there is one, it sets the pace. */
  get #hasRoom(): boolean {
    if (this.#isResumable && this.#journal.keptBytes > this.#maxBufferBytes) return false;
    return this.#stream.isOver || (this.#stream.accepts && this.#next >= this.#journal.end);
  }

  /** Sends what the stream takes. */
  #pump(): void {
    while (this.#stream.accepts) {
      const entry = this.#journal.get(this.#next);
      if (entry === undefined) break;
      this.#stream.write(messageOf(entry, this.#skipBytes));
      this.#next++;
      this.#skipBytes = 0;
    }
    this.#stopKeepingIfInVain();
    const isAllSent = this.#next >= this.#journal.end;
    if (this.#ended && isAllSent && !this.#halfClosed && !this.#stream.isOver) {
      this.#halfClosed = true;
      this.#stream.end();
    }
    this.#wake();
  }

  /** A server that has taken a whole buffer without a checkpoint knows none: then nothing is kept for it. */
  #stopKeepingIfInVain(): void {
    const isFull = this.#journal.keptBytes > this.#maxBufferBytes;
    if (isFull && this.#checkpoint === undefined && this.#stream.accepts) this.#isResumable = false;
    if (!this.#isResumable) this.#journal.forgetBefore(this.#next);
  }

  #wake(): void {
    const { resolve } = this.#room;
    this.#room = Promise.withResolvers<void>();
    resolve();
  }

  #finish(failure: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#failure ??= failure;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#over.abort();
    this.#closed.resolve(undefined);
    this.#wake();
  }
}

function messageOf(entry: Written, skipBytes: number) {
  return entry.type === 'audio'
    ? audioMessage(entry.bytes.subarray(skipBytes))
    : controlMessage(entry.control);
}

function gaveUp(failure: unknown, afterMs: number): SottoError {
  const last = failure instanceof Error ? failure.message : String(failure);
  return clientError(
    status.UNAVAILABLE,
    `the call broke and could not go on anywhere for ${afterMs / 1000} s; the last answer was: ${last}`,
  );
}

function cancelledError(): SottoError {
  return clientError(status.CANCELLED, 'the call was cancelled');
}

function clientError(code: status, details: string): SottoError {
  const error: GrpcError = Object.assign(new Error(details), { code, details, metadata: new Metadata() });
  return new SottoError(error);
}
