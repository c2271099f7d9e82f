import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { openEmbedded } from '../../src/store/embedded.ts';
import type { DatabaseLocation } from '../../src/store/index.ts';
import { POSTGRES_MISSING, startPostgres } from './postgres-server.ts';

/** A place for a database, without what was opened there. */
export interface TestPlace extends AsyncDisposable {
  readonly location: DatabaseLocation;
  /** Where the database keeps its files. */
  readonly files: string;
  /** Runs `work` while no process has the files open. What was opened here must be closed. */
  offline(work: () => void): Promise<void>;
}

/** The same cases on PGlite and on a PostgreSQL server; `create` gives an empty database. */
export function describeOnBothDatabases(
  name: string,
  cases: (create: () => Promise<TestPlace>) => void,
): void {
  describe(`${name}, embedded`, () => cases(embeddedPlace));
  const title = `${name}, on a server${POSTGRES_MISSING === undefined ? '' : `: skipped, ${POSTGRES_MISSING}`}`;
  describe.skipIf(POSTGRES_MISSING !== undefined)(title, () => cases(serverPlace));
}

export async function embeddedPlace(): Promise<TestPlace> {
  const dataDir = temporaryFolder();
  await cp(await emptyCluster(), dataDir, { recursive: true });
  return {
    location: { dataDir },
    files: dataDir,
    offline: async (work) => work(),
    async [Symbol.asyncDispose]() {
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function serverPlace(): Promise<TestPlace> {
  const server = await startPostgres();
  const dataDir = temporaryFolder();
  return {
    location: { url: server.url, dataDir },
    files: server.dataDir,
    offline: async (work) => {
      await server.stop('fast');
      work();
      await server.start();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sotto-store-'));
}

/** Made once a machine: initdb takes seconds, copying what it made does not. */
async function emptyCluster(): Promise<string> {
  const template = join(tmpdir(), `sotto-test-pglite-${packageJson.dependencies['@electric-sql/pglite']}`);
  if (existsSync(template)) return template;
  const made = temporaryFolder();
  await (await openEmbedded(made)).close();
  // Another test may have been faster.
  await rename(made, template).catch(() => rmSync(made, { recursive: true }));
  return template;
}
