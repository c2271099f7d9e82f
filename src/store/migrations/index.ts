/**
 * Forward only: a migration that has landed is never changed or undone, and the code before it must still work
 * after it, so that workers of both versions can run while a cluster is upgraded.
 */
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { ServiceError } from '../../domain/service-error.ts';
import type { Tables } from '../tables.ts';
import * as privacy from './0001-privacy.ts';
import * as archive from './0002-archive.ts';
import * as itemKeys from './0003-item-keys.ts';

/** By number; each runs in a transaction of its own turn, under an advisory lock on a server. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-privacy': privacy,
  '0002-archive': archive,
  '0003-item-keys': itemKeys,
};

const TABLE = 'sotto_migration';

/** Throws ServiceError `failed-precondition`; `unavailable` while the server is away. */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  // Before the migrator takes the connection: the embedded database has no other.
  const migrations = { ...(await newerMigrations(database)), ...MIGRATIONS };
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof ServiceError) throw error;
  throw new ServiceError('failed-precondition', 'the database could not be brought up to date', {
    cause: error,
  });
}

/** What a newer version has done already is fine with this one, and nothing to run. */
async function newerMigrations(database: Kysely<Tables>): Promise<Record<string, Migration>> {
  const { rows: tables } = await sql<{ found: boolean }>`
    select to_regclass(${TABLE}) is not null as found`.execute(database);
  if (!tables[0]?.found) return {};
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(database);
  return Object.fromEntries(rows.map(({ name }) => [name, { up: async () => {} }]));
}
