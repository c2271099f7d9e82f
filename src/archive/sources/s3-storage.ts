/**
 * Recordings in object storage that speaks S3, by Amazon's own client. Where it is comes from the configuration and
 * from nowhere else; who we are comes from the environment, as every program of Amazon's looks for it (variables, files,
 * the role of the machine or pod).
 */
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { badRecording, ServiceError } from '../../domain/service-error.ts';
import { isRecordingName } from './list-recordings.ts';
import { readInParts } from './read-in-parts.ts';
import { AllowedPrefixes, parseS3Uri, type S3Uri, s3UriText } from './s3-uri.ts';

export interface S3Settings {
  /** `s3://bucket` or `s3://bucket/prefix`. */
  readonly prefixes: readonly string[];
  /** Of a server other than Amazon's. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Bucket as first part of the path and not of the host name. Default: with an endpoint, yes. */
  readonly pathStyle?: boolean;
}

/** An object as it was when it was opened; every read gives the same bytes, or throws. */
export interface S3Object {
  readonly bytes: number;
  read(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>;
}

const CONNECT_MS = 5_000;
/** Until the head of an answer, and between two pieces of its body. */
const ANSWER_MS = 30_000;
/** What matches more than its own letters in a key. */
const WILDCARD = /[*?[{]/;

export class S3Storage implements Disposable {
  readonly #client: S3Client;
  readonly #allowed: AllowedPrefixes;

  constructor({ prefixes, endpoint, region, pathStyle = endpoint !== undefined }: S3Settings) {
    this.#allowed = new AllowedPrefixes(prefixes);
    this.#client = new S3Client({
      ...(endpoint !== undefined && { endpoint }),
      // Other servers take any, but a signature needs one.
      ...((region ?? endpoint) !== undefined && { region: region ?? 'us-east-1' }),
      forcePathStyle: pathStyle,
      // A part of an object has no checksum of its own; length and ETag are checked here.
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
    });
  }

  /** Where `text` is. Throws `invalid-argument` or `permission-denied`. */
  locate(text: string, field: string): S3Uri {
    const uri = parseS3Uri(text, field);
    const wildcard = uri.key.search(WILDCARD);
    const folder = wildcard < 0 ? uri.key : uri.key.slice(0, uri.key.lastIndexOf('/', wildcard) + 1);
    this.#allowed.check({ ...uri, key: folder }, field);
    return uri;
  }

  /**
   * The objects of `s3://bucket/key`: that object, or every recording below `key/`, or what matches a pattern (*, ?,
   * [..], {a,b} and ** as in a shell). Hidden ones are passed by.
   */
  async *list(text: string, field: string, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
    const { bucket, key } = this.locate(text, field);
    const wildcard = key.search(WILDCARD);
    if (wildcard >= 0) {
      for await (const found of this.#keys({ bucket, key: key.slice(0, wildcard) }, field, signal)) {
        if (!found.endsWith('/') && posix.matchesGlob(found, key)) yield s3UriText({ bucket, key: found });
      }
      return;
    }
    const folder = key === '' || key.endsWith('/') ? key : `${key}/`;
    if (folder !== key && (await this.#exists({ bucket, key }, field, signal))) {
      yield s3UriText({ bucket, key });
      return;
    }
    for await (const found of this.#keys({ bucket, key: folder }, field, signal)) {
      const isHidden = /(?:^|\/)\./.test(found.slice(folder.length));
      if (!isHidden && isRecordingName(found)) yield s3UriText({ bucket, key: found });
    }
  }

  /** Throws what can be told of a place at once: no such bucket, no right to it, no answer. */
  async probe(text: string, field: string): Promise<void> {
    const { bucket, key } = this.locate(text, field);
    const [literal = ''] = key.split(WILDCARD);
    await this.#exists({ bucket, key: literal }, field);
  }

  /** Throws `not-found`, `permission-denied` or `unavailable`. */
  async open(text: string, field: string, signal?: AbortSignal): Promise<S3Object> {
    const uri = this.locate(text, field);
    const input = { Bucket: uri.bucket, Key: uri.key };
    const { ContentLength: bytes, ETag: etag } = await this.#asking(field, signal, () =>
      this.#client.send(new HeadObjectCommand(input), { abortSignal: signal }),
    );
    if (bytes === undefined || etag === undefined) {
      throw unavailable(field, new Error('the answer has no length or no ETag'));
    }
    const read = (reading: AbortSignal) =>
      readInParts(
        bytes,
        async (from) => {
          const part = { ...input, IfMatch: etag, ...(from > 0 && { Range: `bytes=${from}-` }) };
          const answer = await this.#asking(field, reading, () =>
            this.#client.send(new GetObjectCommand(part), { abortSignal: reading }),
          );
          // Not every server knows If-Match and ranges.
          if (answer.ETag !== etag) throw changed(field);
          if (from > 0 && !answer.ContentRange?.startsWith(`bytes ${from}-`)) {
            throw unavailable(field, new Error('the server does not give parts of objects'));
          }
          return answer.Body as Readable;
        },
        { signal: reading, stallMs: ANSWER_MS, failed: (cause) => unavailable(field, cause) },
      );
    return { bytes, read };
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  /** Sorts by key, so an object comes before those below it. */
  async #exists({ bucket, key }: S3Uri, field: string, signal?: AbortSignal): Promise<boolean> {
    const input = { Bucket: bucket, Prefix: key, MaxKeys: 1 };
    const { Contents: [first] = [] } = await this.#asking(field, signal, () =>
      this.#client.send(new ListObjectsV2Command(input), { abortSignal: signal }),
    );
    return first?.Key === key;
  }

  async *#keys({ bucket, key }: S3Uri, field: string, signal?: AbortSignal) {
    let token: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: key, ContinuationToken: token };
      const page = await this.#asking(field, signal, () =>
        this.#client.send(new ListObjectsV2Command(input), { abortSignal: signal }),
      );
      for (const { Key: found } of page.Contents ?? []) if (found !== undefined) yield found;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** Maps what the client throws after its own retries. */
  async #asking<T>(field: string, signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      signal?.throwIfAborted();
      throw serviceErrorOf(error as S3Failure, field);
    }
  }
}

/** What we read of the errors of Amazon's client. */
interface S3Failure {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function serviceErrorOf(error: S3Failure, field: string): ServiceError {
  const status = error.$metadata?.httpStatusCode;
  const detail = { field };
  if (error.name === 'InvalidObjectState') {
    const message = `${field}: the object is in cold storage; restore it, then retry`;
    return new ServiceError('failed-precondition', message, { cause: error, detail });
  }
  if (status === 412) return changed(field, error);
  if (status === 404) {
    return new ServiceError('not-found', `${field}: no such object or bucket`, { cause: error, detail });
  }
  if (status === 400 || status === 401 || status === 403 || error.name === 'CredentialsProviderError') {
    const message =
      `${field}: object storage does not let this server read it; look at the credentials in its environment, ` +
      'the policy of the bucket (s3:ListBucket, s3:GetObject) and archive.s3.region';
    return new ServiceError('permission-denied', message, { cause: error, detail });
  }
  // The client gives this one no name of its own.
  const hasNoRegion = /^Region (?:is missing|not accepted)/.test(error.message ?? '');
  if (status === 301 || status === 307 || hasNoRegion) {
    const message = hasNoRegion
      ? `${field}: the region of the bucket is not known; set archive.s3.region or AWS_REGION`
      : `${field}: the bucket is in another region; correct archive.s3.region`;
    return new ServiceError('failed-precondition', message, { cause: error, detail });
  }
  return unavailable(field, error);
}

function unavailable(field: string, cause: unknown): ServiceError {
  return new ServiceError('unavailable', `${field}: object storage does not answer as it should; try again`, {
    cause,
    detail: { field },
  });
}

function changed(field: string, cause?: unknown): ServiceError {
  return badRecording('changed', field, 'it was replaced while it was read; retry it', cause);
}
