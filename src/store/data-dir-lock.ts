import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServiceError } from '../domain/service-error.ts';

/**
 * Keeps a second process out of the data directory: two PGlites on one directory lose rows. An exclusive SQLite
 * transaction is a lock of the operating system on an empty file. It ends with the process, however that dies, so no
 * stale lock has to be judged, and it holds across containers that share the folder, where process ids mean nothing.
 * The process id beside it is for people.
 */
export async function lockDataDir(dataDir: string): Promise<AsyncDisposable> {
  const holderFile = join(dataDir, 'in-use.pid');
  const database = new DatabaseSync(join(dataDir, 'in-use'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const holder = await readFile(holderFile, 'utf8').catch(() => 'unknown');
    throw new ServiceError(
      'failed-precondition',
      `${dataDir} is in use by process ${holder.trim()}; stop it, choose another store.dataDir, or share a ` +
        'PostgreSQL server with store.databaseUrl',
      { cause },
    );
  }
  await writeFile(holderFile, `${process.pid}\n`);
  return {
    async [Symbol.asyncDispose]() {
      await rm(holderFile, { force: true });
      database.close();
    },
  };
}
