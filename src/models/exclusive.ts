import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServiceError } from '../domain/service-error.ts';

export const EXCLUSIVE_FILE = '.in-use';

/**
 * Keeps other processes from changing `folder`. An exclusive SQLite transaction is a lock of the operating
 * system on an empty file: it ends with the process, however that dies, so there is no stale lock to judge, and
 * it holds across containers that share the folder, where process ids mean nothing.
 */
export async function holdExclusively(folder: string): Promise<Disposable> {
  await mkdir(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, EXCLUSIVE_FILE), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new ServiceError(
      'unavailable',
      `${folder} is being changed by another \`sotto models\` command; wait until it has ended`,
      { cause },
    );
  }
  return { [Symbol.dispose]: () => database.close() };
}
