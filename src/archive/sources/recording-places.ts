import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RecordingSource } from '../../audio/index.ts';
import { ServiceError } from '../../domain/service-error.ts';
import { AllowedRoots } from './allowed-roots.ts';
import { type S3Settings, S3Storage } from './s3-storage.ts';
import { isS3Uri } from './s3-uri.ts';

/** A recording that can be read as often as it takes. */
export interface OpenRecording {
  read(signal: AbortSignal): RecordingSource;
}

/** Where recordings may be: folders, and object storage if it is configured. */
export class RecordingPlaces implements Disposable {
  readonly roots: AllowedRoots;
  readonly #storage: S3Storage | undefined;

  private constructor(roots: AllowedRoots, storage: S3Storage | undefined) {
    this.roots = roots;
    this.#storage = storage;
  }

  /** Throws `invalid-argument` that names the key of the configuration. */
  static async open(roots: readonly string[], s3?: S3Settings): Promise<RecordingPlaces> {
    const allowed = await AllowedRoots.open(roots);
    return new RecordingPlaces(allowed, s3 && s3.prefixes.length > 0 ? new S3Storage(s3) : undefined);
  }

  /** Throws `failed-precondition` if this server reads none. */
  storage(field: string): S3Storage {
    if (this.#storage !== undefined) return this.#storage;
    throw new ServiceError(
      'failed-precondition',
      `${field}: this server reads no object storage; its operator must name buckets under archive.s3.prefixes`,
      { detail: { field } },
    );
  }

  /** A path, absolute or relative to a root, or `s3://bucket/key`. Throws ServiceError that names the field. */
  async openRecording(location: string, field: string, signal?: AbortSignal): Promise<OpenRecording> {
    if (isS3Uri(location)) return this.storage(field).open(location, field, signal);
    const path = await this.roots.resolve(location, field);
    if ((await stat(path)).isFile()) return { read: () => ({ path }) };
    throw new ServiceError('not-found', `${field}: is a folder and no file`, { detail: { field } });
  }

  /** The bytes of a manifest, while they are read. */
  async openText(location: string, field: string): Promise<AsyncIterable<Uint8Array>> {
    if (!isS3Uri(location)) return createReadStream(await this.roots.resolve(location, field));
    const object = await this.storage(field).open(location, field);
    return object.read(new AbortController().signal);
  }

  [Symbol.dispose](): void {
    this.#storage?.[Symbol.dispose]();
  }
}
