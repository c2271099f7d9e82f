/**
 * sotto-models.lock.json, beside the installed models: the bytes that were accepted first. The catalogue need
 * not know a hash for later downloads to be held to it.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ServiceError } from '../domain/service-error.ts';

export const LOCK_FILE = 'sotto-models.lock.json';

const lockedFile = z.strictObject({
  sha256: z.string().regex(/^[\da-f]{64}$/),
  bytes: z.int().nonnegative(),
  /** False: the catalogue had no hash, so the first bytes that came were trusted. */
  fromCatalog: z.boolean(),
  acceptedAt: z.iso.datetime(),
});
const lockedModel = z.strictObject({
  repository: z.string(),
  revision: z.string(),
  files: z.record(z.string(), lockedFile),
});
const schema = z.strictObject({ version: z.literal(1), models: z.record(z.string(), lockedModel) });

export type Lock = z.output<typeof schema>;
export type LockedModel = z.output<typeof lockedModel>;
export type LockedFile = z.output<typeof lockedFile>;

/** Empty if there is none; a damaged one is refused, as without it anything would be accepted. */
export async function readLock(folder: string): Promise<Lock> {
  const path = join(folder, LOCK_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, models: {} };
    throw new ServiceError('failed-precondition', `${path} cannot be read`, { cause: error });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ServiceError(
      'failed-precondition',
      `${path} is damaged: restore it from your backup, or delete it to trust the next downloads anew`,
      { cause },
    );
  }
}

/** All of it or nothing, also through a crash. */
export async function writeLock(folder: string, lock: Lock): Promise<void> {
  const path = join(folder, LOCK_FILE);
  await writeDurably(`${path}.new`, `${JSON.stringify(lock, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}
