import { assertNever } from '../../domain/assert-never.ts';
import type { ArchiveSource } from '../archive-request.ts';
import { listPath, listPattern } from './list-recordings.ts';
import { readManifest } from './manifest.ts';
import { type RecordingEntry, recordingEntry } from './recording-entry.ts';
import type { RecordingPlaces } from './recording-places.ts';

/** Every recording that a source names. Throws ServiceError that names the field. */
export async function* listSource(
  source: ArchiveSource,
  places: RecordingPlaces,
  field: string,
): AsyncGenerator<RecordingEntry, void, undefined> {
  switch (source.type) {
    case 'path':
      return yield* listPath(source.path, places.roots, `${field}.path`);
    case 'pattern':
      return yield* listPattern(source.pattern, places.roots, `${field}.pattern`);
    case 'manifest': {
      const place = `${field}.manifest.path`;
      return yield* readManifest(await places.openText(source.path, place), source.format, place);
    }
    case 'manifest-content': {
      const bytes = Buffer.from(source.content, 'utf8');
      return yield* readManifest(pieces(bytes), source.format, `${field}.manifest.content`);
    }
    case 'entries':
      return yield* source.entries.map(recordingEntry);
    case 's3': {
      const place = `${field}.s3_uri`;
      for await (const location of places.storage(place).list(source.uri, place)) yield { location };
      return;
    }
    default:
      return assertNever(source);
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

/** Throws at once what can be told of a source without listing it; a manifest is read to its end. */
export async function checkSource(
  source: ArchiveSource,
  places: RecordingPlaces,
  field: string,
): Promise<void> {
  switch (source.type) {
    case 'path':
      await places.roots.resolve(source.path, `${field}.path`);
      return;
    case 'pattern':
      places.roots.patterns(source.pattern, `${field}.pattern`);
      return;
    case 'manifest':
    case 'manifest-content':
    case 'entries':
      for await (const _ of listSource(source, places, field));
      return;
    case 's3':
      await places.storage(`${field}.s3_uri`).probe(source.uri, `${field}.s3_uri`);
      return;
    default:
      assertNever(source);
  }
}
