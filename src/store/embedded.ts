/**
 * PGlite (PostgreSQL compiled to WebAssembly) in a folder of this machine: one process, one connection. As it comes,
 * it neither calls fsync nor keeps a second process out; here it does both.
 */
import { rmSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { lockDataDir } from './data-dir-lock.ts';
import type { OpenedDatabase } from './database.ts';
import { DurableFiles, syncFolder, syncTree } from './durable-files.ts';
import { observing, type QueryObservation } from './query-log.ts';
import type { Tables } from './tables.ts';

export async function openEmbedded(
  dataDir: string,
  onQuery: (query: QueryObservation) => void = () => {},
): Promise<OpenedDatabase> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await using resources = new AsyncDisposableStack();
  resources.use(await lockDataDir(dataDir));
  const cluster = join(dataDir, 'postgres');
  if (!(await exists(cluster))) await createCluster(cluster);
  const pglite = resources.adopt(await start(cluster), (started) => started.close());
  const query = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }), log: observing(onQuery) });
  const owned = resources.move();
  return {
    kind: 'embedded',
    query,
    executeSql: async (text, values) => {
      if (values?.length) return pglite.query(text, values);
      // A script with its own BEGIN that fails half-way must not leave the only connection in its transaction.
      const results = /^\s*BEGIN\b/i.test(text)
        ? await pglite.transaction((transaction) => transaction.exec(text))
        : await pglite.exec(text);
      return { rows: results.flatMap(({ rows }) => rows) };
    },
    close: () => owned.disposeAsync(),
  };
}

/** Appears under its name only when it is whole and on disk, so that a crash leaves nothing half made. */
async function createCluster(cluster: string): Promise<void> {
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await (await start(unfinished)).close();
  syncTree(unfinished);
  await rename(unfinished, cluster);
  syncFolder(join(cluster, '..'));
}

function start(folder: string): Promise<PGlite> {
  return PGlite.create({
    fs: new DurableFiles(folder),
    // The defaults hold -F, which turns fsync off. fdatasync does nothing under emscripten.
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
      '-c',
      'wal_sync_method=fsync',
    ],
    // int8 as a number, as the server's pool gives it.
    parsers: { [types.INT8]: Number },
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
