/**
 * Moves what is kept from one database to another: embedded to server, or back. The keys of calls and the heads of the
 * audit log lie in `dataDir` wherever the database is, so rows are all there is to copy.
 */
import { ServiceError } from '../domain/service-error.ts';
import { liveWorkers } from './archive/archive-worker.ts';
import type { Database, SqlExecutor } from './database.ts';

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

/** Rows under way at once: parts of recordings may have a megabyte. */
const BATCH = 200;
/** Says who works; those who will are others. The queue is filled again from the items. */
const NOT_COPIED = ['archive_worker', 'sotto_migration', 'sotto_migration_lock'];

/**
 * Copies every row in one transaction of `to`, which must be empty, and compares both before it commits. Nobody may
 * work on either meanwhile. Throws `failed-precondition`.
 */
export async function copyStore(
  from: Database,
  to: Database,
  onTable: (copied: CopiedTable) => void = () => {},
): Promise<readonly CopiedTable[]> {
  const workers = [...(await liveWorkers(from)), ...(await liveWorkers(to))];
  if (workers.length > 0) {
    const names = workers.map(({ name }) => name).join(', ');
    const message = `servers or workers are at work (${names}); stop them, and try again half a minute later`;
    throw new ServiceError('failed-precondition', message);
  }
  return from.transaction((source) =>
    to.transaction(async (target) => {
      for (const each of [source, target]) await each.executeSql("set local timezone = 'UTC'");
      await source.executeSql('set transaction isolation level repeatable read');
      const tables = await tablesOf(source);
      await mustBeEmpty(target, tables);
      const copied: CopiedTable[] = [];
      for (const table of tables) {
        await copyTable(source, target, table);
        const [before, after] = [await digestOf(source, table), await digestOf(target, table)];
        if (before.digest !== after.digest || before.rows !== after.rows) {
          throw new ServiceError('internal', `the copy of table ${table} differs; nothing was copied`);
        }
        copied.push({ table, rows: after.rows });
        onTable({ table, rows: after.rows });
      }
      // What was with a worker or in the queue waits again.
      await target.executeSql(
        `update archive_item set state = 'pending', delivery = null, starts = 0 where state = 'queued'`,
      );
      return copied;
    }),
  );
}

/** Those that others refer to come first. */
async function tablesOf(db: SqlExecutor): Promise<string[]> {
  const { rows } = await db.executeSql(
    `with recursive tables as (
        select oid, relname::text as name from pg_class
          where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname <> all($1)),
      deep as (
        select oid, name, 0 as depth from tables
        union
        select t.oid, t.name, d.depth + 1 from deep d
          join pg_constraint c on c.confrelid = d.oid and c.contype = 'f' and c.conrelid <> c.confrelid
          join tables t on t.oid = c.conrelid)
      select name from deep group by name order by max(depth), name`,
    [NOT_COPIED],
  );
  return rows.map(({ name }) => name);
}

async function mustBeEmpty(db: SqlExecutor, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await db.executeSql(`select 1 from ${table} limit 1`);
    if (rows.length === 0) continue;
    const message = `the database to copy to is not empty (table ${table}); give it an empty one`;
    throw new ServiceError('failed-precondition', message);
  }
}

/** As JSON text, which holds every type that we have to the last digit, and is read by the databases alone. */
async function copyTable(source: SqlExecutor, target: SqlExecutor, table: string): Promise<void> {
  await source.executeSql(`declare copied cursor for select to_jsonb(t)::text as row from ${table} t`);
  for (;;) {
    const { rows } = await source.executeSql(`fetch ${BATCH} from copied`);
    if (rows.length === 0) break;
    await target.executeSql(
      `insert into ${table} select r.* from jsonb_populate_recordset(null::${table}, $1::jsonb) r`,
      [`[${rows.map(({ row }) => row).join(',')}]`],
    );
  }
  await source.executeSql('close copied');
}

/** Of all rows, in whatever order they lie. */
async function digestOf(db: SqlExecutor, table: string): Promise<{ rows: number; digest: string }> {
  const { rows } = await db.executeSql(
    `select count(*)::int as rows, coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0)::text as digest
      from ${table} t`,
  );
  return rows[0];
}
