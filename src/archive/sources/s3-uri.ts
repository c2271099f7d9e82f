import { invalidArgument, ServiceError } from '../../domain/service-error.ts';

/** `s3://bucket/key`; the key may be empty. */
export interface S3Uri {
  readonly bucket: string;
  readonly key: string;
}

export function isS3Uri(location: string): boolean {
  return location.startsWith('s3://');
}

/**
 * Bucket names as Amazon has them: they become part of a host name. `.` and `..` as segments of a key mean nothing to
 * object storage, but may to a proxy before it, so they are refused.
 */
export function parseS3Uri(text: string, field: string): S3Uri {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(text);
  if (match === null) throw invalidArgument(field, 'must be like s3://bucket/key, with a valid bucket name');
  const [, bucket = '', key = ''] = match;
  if (Buffer.byteLength(key) > 1024) throw invalidArgument(field, 'has a key of more than 1024 bytes');
  if (key.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw invalidArgument(field, 'must not contain "." or ".." between slashes');
  }
  return { bucket, key };
}

export function s3UriText({ bucket, key }: S3Uri): string {
  return `s3://${bucket}/${key}`;
}

/** The parts of object storage that archive jobs may read: buckets, or what lies below a prefix of one. */
export class AllowedPrefixes {
  readonly #prefixes: readonly S3Uri[];

  /** Throws `invalid-argument` that names the key of the configuration. */
  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes.map((text, index) => {
      const { bucket, key } = parseS3Uri(text, `archive.s3.prefixes[${index}]`);
      return { bucket, key: key.replace(/\/+$/, '') };
    });
  }

  /** Throws `permission-denied` for what lies outside, in words that tell nothing of what is there. */
  check({ bucket, key }: S3Uri, field: string): void {
    const allowed = this.#prefixes.some(
      (prefix) =>
        prefix.bucket === bucket &&
        (prefix.key === '' || key === prefix.key || key.startsWith(`${prefix.key}/`)),
    );
    if (allowed) return;
    throw new ServiceError(
      'permission-denied',
      `${field}: lies outside of what archives may read of object storage (archive.s3.prefixes): ` +
        this.#prefixes.map(s3UriText).join(', '),
      { detail: { field } },
    );
  }
}
