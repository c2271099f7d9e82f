import { randomUUID } from 'node:crypto';
import { type ChannelCredentials, credentials, InterceptingCall, type Interceptor } from '@grpc/grpc-js';
import { ArchiveServiceClient } from '../gen/sotto/v1/archive.ts';
import { PrivacyServiceClient } from '../gen/sotto/v1/privacy.ts';
import { RedactionServiceClient, type RedactResponse } from '../gen/sotto/v1/redaction.ts';
import { type TranscribeResponse, TranscriptionServiceClient } from '../gen/sotto/v1/transcription.ts';
import { ArchiveClient } from './archive-client.ts';
import type { CallEvent, RedactedTurn, Transcript } from './events.ts';
import { redactedTurnsOf, transcriptOf } from './from-proto.ts';
import { LiveCall } from './live-call.ts';
import type { Control, RedactOptions, StreamOptions, TranscribeOptions, Turn } from './options.ts';
import { PrivacyClient } from './privacy-client.ts';
import { redactRequest, transcribeRequest } from './to-proto.ts';
import { unary } from './unary.ts';

export interface SottoClientOptions {
  /** `host:port`; a server on this machine listens on `localhost:50051`. */
  readonly address: string;
  /** Needed for every server that is not on this machine: PEM contents. */
  readonly tls?: {
    /** Authority of the server's certificate; left out, those that Node trusts. */
    readonly ca?: Uint8Array;
    /** Certificate and key to show, for servers that ask for one. */
    readonly cert?: Uint8Array;
    readonly key?: Uint8Array;
  };
  /** Bearer token, of `sotto tokens create` or of your identity provider; over TLS, or to this machine. */
  readonly token?: string;
}

/** Transcripts of ten minutes with word times stay far below. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** A peer that vanished without a word is noticed, and one that is back is tried soon: live calls wait. */
const LIVENESS = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.min_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
};

/**
 * A connection to a Sotto server; make one and share it between calls. It connects on the first call and again
 * after a break. All methods throw SottoError.
 *
 *     await using client = new SottoClient({ address: 'localhost:50051' });
 *     const { segments } = await client.transcribe(await readFile('voicemail.wav'), {
 *       declaration: { purpose: 'voicemail', lawfulBasis: 'consent', notice: 'announced' },
 *     });
 */
export class SottoClient implements AsyncDisposable {
  readonly #transcription: TranscriptionServiceClient;
  readonly #redaction: RedactionServiceClient;
  readonly #archive: ArchiveServiceClient;
  readonly #privacy: PrivacyServiceClient;
  /** Jobs over recordings that are on the server. */
  readonly archive: ArchiveClient;
  /** The rights of data subjects; for privacy officers. */
  readonly privacy: PrivacyClient;

  constructor({ address, tls, token }: SottoClientOptions) {
    if (token !== undefined && !tls && !/^(?:localhost|127\.[\d.]+|\[::1\]):/.test(address)) {
      throw new Error('a token must not cross the network in clear: set `tls`');
    }
    const channelCredentials = credentialsOf(tls);
    const interceptors = token === undefined ? [] : [bearer(token)];
    const options = { 'grpc.max_receive_message_length': MAX_RESPONSE_BYTES, ...LIVENESS, interceptors };
    this.#transcription = new TranscriptionServiceClient(address, channelCredentials, options);
    // On the same connection.
    this.#redaction = new RedactionServiceClient(address, channelCredentials, {
      channelOverride: this.#transcription.getChannel(),
      interceptors,
    });
    this.#archive = new ArchiveServiceClient(address, channelCredentials, {
      ...options,
      channelOverride: this.#transcription.getChannel(),
    });
    this.archive = new ArchiveClient(this.#archive);
    this.#privacy = new PrivacyServiceClient(address, channelCredentials, {
      ...options,
      channelOverride: this.#transcription.getChannel(),
    });
    this.privacy = new PrivacyClient(this.#privacy);
  }

  /** A recording of up to 10 minutes, as a whole file. */
  async transcribe(recording: Uint8Array, options: TranscribeOptions): Promise<Transcript> {
    const response = await unary<TranscribeResponse>(options, (metadata, callOptions, done) =>
      this.#transcription.transcribe(transcribeRequest(recording, options), metadata, callOptions, done),
    );
    return transcriptOf(response);
  }

  /**
   * Opens a live call, for audio that arrives by callback: `write` it, and iterate over the call's events. It
   * survives its connection and its server (`options.resume`); an id of the call, needed for that where the call is
   * kept, is made if you declare none.
   */
  open(options: StreamOptions): LiveCall {
    const declaration = { ...options.declaration, callId: options.declaration.callId || randomUUID() };
    return new LiveCall(() => this.#transcription.streamTranscribe(), { ...options, declaration });
  }

  /**
   * A live call whose audio is an async iterable; controls may stand between the audio. Audio is pulled only as
   * fast as the server takes it, and events are pulled by the caller.
   *
   *     for await (const event of client.stream(microphone(), options)) ...
   */
  async *stream(
    audio: AsyncIterable<Uint8Array | Control>,
    options: StreamOptions,
  ): AsyncGenerator<CallEvent, void, undefined> {
    await using call = this.open(options);
    void feed(call, audio);
    yield* call;
  }

  /** Redacts text that did not come from a call; the turns share context and pseudonyms. */
  async redact(turns: readonly Turn[], options: RedactOptions): Promise<RedactedTurn[]> {
    const response = await unary<RedactResponse>(options, (metadata, callOptions, done) =>
      this.#redaction.redact(redactRequest(turns, options), metadata, callOptions, done),
    );
    return redactedTurnsOf(response);
  }

  /** Waits until the server can be reached, for `timeoutMs` at most. */
  async waitForReady(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#transcription.waitForReady(Date.now() + timeoutMs, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Closes the connection; running calls go on to their end. */
  close(): void {
    this.#redaction.close();
    this.#archive.close();
    this.#privacy.close();
    this.#transcription.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

/** Never rejects: that the call is over is told by its iteration, and a failure of the source ends the call. */
async function feed(call: LiveCall, audio: AsyncIterable<Uint8Array | Control>): Promise<void> {
  const source = audio[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await Promise.race([source.next(), call.closed]);
      // Not awaited: a source that waits for audio answers only when some comes.
      if (next === undefined) return void source.return?.().catch(() => {});
      if (next.done) return call.end();
      if (next.value instanceof Uint8Array) await call.write(next.value);
      else await call.control(next.value);
    }
  } catch (error) {
    call.cancel(error);
    source.return?.().catch(() => {});
  }
}

/** Credentials of grpc-js would add it too, but over TLS only. */
function bearer(token: string): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, listener, next) => {
        metadata.set('authorization', `Bearer ${token}`);
        next(metadata, listener);
      },
    });
}

function credentialsOf(tls: SottoClientOptions['tls']): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const buffer = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes) : null);
  return credentials.createSsl(buffer(tls.ca), buffer(tls.key), buffer(tls.cert));
}
