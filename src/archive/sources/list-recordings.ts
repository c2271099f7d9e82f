import { glob, opendir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ServiceError } from '../../domain/service-error.ts';
import type { AllowedRoots } from './allowed-roots.ts';
import type { RecordingEntry } from './recording-entry.ts';

/** What counts as a recording in a folder; a file that is named itself, or matches a pattern, is always taken. */
const EXTENSIONS = new Set(
  'wav wave mp3 ogg oga opus flac m4a mp4 3gp webm mka mkv amr gsm aac au snd aif aiff'.split(' '),
);

/** A file, or every recording in a folder and the folders below it. Hidden ones and links to folders are passed by. */
export async function* listPath(
  path: string,
  roots: AllowedRoots,
  field: string,
): AsyncGenerator<RecordingEntry, void, undefined> {
  const real = await roots.resolve(path, field);
  if (!(await stat(real)).isDirectory()) {
    yield { location: real };
    return;
  }
  const pending = [real];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for await (const entry of await opened(folder, field)) {
      if (entry.name.startsWith('.')) continue;
      const at = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(at);
      else if (isRecordingName(entry.name) && (await isInside(at, entry, roots))) yield { location: at };
    }
  }
}

/** What a pattern matches below the roots: *, ?, [..], {a,b} and ** as in a shell. */
export async function* listPattern(
  pattern: string,
  roots: AllowedRoots,
  field: string,
): AsyncGenerator<RecordingEntry, void, undefined> {
  // Matches come folder by folder: most have the parent of the one before.
  let lastParent = '';
  let parentInside = false;
  for (const absolute of roots.patterns(pattern, field)) {
    for await (const entry of glob(absolute, { withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      if (entry.parentPath !== lastParent) {
        lastParent = entry.parentPath;
        parentInside = roots.contains(await realpath(lastParent));
      }
      const at = join(entry.parentPath, entry.name);
      if (parentInside && (await isInside(at, entry, roots))) yield { location: at };
    }
  }
}

export function isRecordingName(name: string): boolean {
  return EXTENSIONS.has(extname(name).slice(1).toLowerCase());
}

/** Ordinary files are; links are if what they lead to is a file within the roots. */
async function isInside(
  path: string,
  entry: { isFile(): boolean; isSymbolicLink(): boolean },
  roots: AllowedRoots,
): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const real = await realpath(path).catch(() => undefined);
  return real !== undefined && roots.contains(real) && (await stat(real)).isFile();
}

async function opened(folder: string, field: string) {
  try {
    return await opendir(folder, { bufferSize: 256 });
  } catch (cause) {
    throw new ServiceError('permission-denied', `${field}: a folder in it may not be read`, {
      cause,
      detail: { field },
    });
  }
}
