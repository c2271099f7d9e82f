import { createReadStream } from 'node:fs';
import { assertNever } from '../../domain/assert-never.ts';
import { ServiceError } from '../../domain/service-error.ts';
import type { ArchiveSource } from '../archive-request.ts';
import type { AllowedRoots } from './allowed-roots.ts';
import { listPath, listPattern } from './list-recordings.ts';
import { readManifest } from './manifest.ts';
import { type RecordingEntry, recordingEntry } from './recording-entry.ts';

/** Every recording that a source names. Throws ServiceError that names the field. */
export async function* listSource(
  source: ArchiveSource,
  roots: AllowedRoots,
  field: string,
): AsyncGenerator<RecordingEntry, void, undefined> {
  switch (source.type) {
    case 'path':
      return yield* listPath(source.path, roots, `${field}.path`);
    case 'pattern':
      return yield* listPattern(source.pattern, roots, `${field}.pattern`);
    case 'manifest': {
      const place = `${field}.manifest.path`;
      const path = await roots.resolve(source.path, place);
      return yield* readManifest(createReadStream(path), source.format, place);
    }
    case 'manifest-content': {
      const bytes = Buffer.from(source.content, 'utf8');
      return yield* readManifest(pieces(bytes), source.format, `${field}.manifest.content`);
    }
    case 'entries':
      return yield* source.entries.map(recordingEntry);
    case 's3':
      throw noObjectStorage(field);
    default:
      return assertNever(source);
  }
}

function noObjectStorage(field: string): ServiceError {
  return new ServiceError(
    'failed-precondition',
    `${field}.s3_uri: object storage is not read yet; mount the bucket below a folder of archive.roots, or copy it there`,
    { detail: { field: `${field}.s3_uri` } },
  );
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

/** Throws at once what can be told of a source without listing it; a manifest is read to its end. */
export async function checkSource(source: ArchiveSource, roots: AllowedRoots, field: string): Promise<void> {
  switch (source.type) {
    case 'path':
      await roots.resolve(source.path, `${field}.path`);
      return;
    case 'pattern':
      roots.patterns(source.pattern, `${field}.pattern`);
      return;
    case 'manifest':
    case 'manifest-content':
    case 'entries':
      for await (const _ of listSource(source, roots, field));
      return;
    case 's3':
      throw noObjectStorage(field);
    default:
      assertNever(source);
  }
}
