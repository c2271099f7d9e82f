import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PGlite } from '@electric-sql/pglite';
import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DurableFiles } from '../../src/store/durable-files.ts';
import { type Database, openDatabase } from '../../src/store/index.ts';
import { describeOnBothDatabases, embeddedPlace, type TestPlace } from './both-databases.ts';
import { POSTGRES_MISSING, startPostgres } from './postgres-server.ts';

describeOnBothDatabases('a database', (create) => {
  let place: TestPlace;
  let database: Database;
  beforeAll(async () => {
    place = await create();
    database = await openDatabase(place.location);
    await database.executeSql('create table item (id int primary key, body bytea, at timestamptz)');
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await place?.[Symbol.asyncDispose]();
  });

  it('gives back what was written, in the same types', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const body = new Uint8Array([0, 1, 255]);
    await database.executeSql('insert into item values ($1, $2, $3)', [1, body, at]);
    const { rows } = await database.executeSql(
      'select *, count(*) over () as n, array[id] as ids, true as yes from item where id = 1',
    );
    expect(rows).toEqual([{ id: 1, body: expect.anything(), at, n: 1, ids: [1], yes: true }]);
    expect(new Uint8Array(rows[0].body)).toEqual(body);
  });

  it('rolls a transaction back when its work fails', async () => {
    const failed = database.transaction(async (transaction) => {
      await transaction.executeSql('insert into item (id) values (2)');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect((await database.executeSql('select id from item where id = 2')).rows).toEqual([]);
  });

  it('stays usable after a script that fails within its own transaction', async () => {
    const script = 'BEGIN; insert into item (id) values (3); select 1 / 0; COMMIT;';
    await expect(database.executeSql(script)).rejects.toMatchObject({ code: '22012' });
    expect((await database.executeSql('select 1 as one; select id from item where id = 3')).rows).toEqual([
      { one: 1 },
    ]);
  });

  it('commits a row and the completion of its job together, or neither', async () => {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => database.executeSql(text, values) },
      ...(database.kind === 'embedded' ? { backend: 'pglite' } : {}),
      supervise: false,
      schedule: false,
    });
    await boss.start();
    await boss.createQueue('items');
    await boss.send('items', {});
    const [job] = await boss.fetch('items');
    const finish = (fail: boolean) =>
      database.transaction(async (transaction) => {
        await transaction.executeSql('insert into item (id) values (4)');
        await boss.complete('items', job!.id, {}, { db: transaction });
        if (fail) throw new Error('no');
      });
    const state = async () => (await boss.findJobs('items', { id: job!.id }))[0]!.state;
    await expect(finish(true)).rejects.toThrow('no');
    expect(await state()).toBe('active');
    await finish(false);
    expect(await state()).toBe('completed');
    await boss.stop({ graceful: false });
  });

  it('opens again at the same place, and with migrations that only a newer version knows', async () => {
    await database.executeSql(
      `insert into sotto_migration (name, timestamp) values ('9999-from-the-future', '2030-01-01')`,
    );
    await database[Symbol.asyncDispose]();
    database = await openDatabase(place.location);
    expect((await database.executeSql('select id from item where id = 1')).rows).toHaveLength(1);
  });
});

describe('the embedded database', () => {
  it('refuses a second process and names the first', async () => {
    await using place = await embeddedPlace();
    await using _database = await openDatabase(place.location);
    await expect(openDatabase(place.location)).rejects.toMatchObject({
      kind: 'failed-precondition',
      message: expect.stringContaining(`in use by process ${process.pid};`),
    });
  });

  it('loses nothing that was committed when its process is killed, and its lock goes with it', async () => {
    await using place = await embeddedPlace();
    const script = new URL('./write-until-killed.ts', import.meta.url).pathname;
    let acknowledged = 0;
    for (let round = 1; round <= 2; round++) {
      const child = spawn(process.execPath, [script, place.location.dataDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      for await (const line of createInterface(child.stdout)) {
        acknowledged = Number(line);
        if (acknowledged % 20 === 0) child.kill('SIGKILL');
      }
      await exited;
    }
    expect(acknowledged).toBeGreaterThanOrEqual(40);
    await using database = await openDatabase(place.location);
    const { rows } = await database.executeSql('select count(*) as kept from written where number <= $1', [
      acknowledged,
    ]);
    expect(rows).toEqual([{ kept: acknowledged }]);
  }, 240_000);

  it('calls fsync on the write-ahead log before a commit is acknowledged', async () => {
    await using place = await embeddedPlace();
    const synced: string[] = [];
    const files = new DurableFiles(join(place.files, 'postgres'), (descriptor) => {
      synced.push(readlinkSync(`/proc/self/fd/${descriptor}`));
    });
    const startParams = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
    await using pglite = await PGlite.create({
      fs: files,
      startParams: [...startParams, '-c', 'wal_sync_method=fsync'],
    });
    await pglite.exec('create table item (id int)');
    synced.length = 0;
    await pglite.query('insert into item values (1)');
    expect(synced).toEqual([expect.stringContaining('/pg_wal/')]);
  });
});

describe.skipIf(POSTGRES_MISSING !== undefined)(`a server (${POSTGRES_MISSING ?? 'installed'})`, () => {
  it('that is away is reported as unavailable, and serves again when it is back', async () => {
    await using server = await startPostgres();
    await using database = await openDatabase({ url: server.url, dataDir: tmpdir() });
    for (const mode of ['fast', 'immediate', 'kill'] as const) {
      const sleeping = database.transaction((transaction) => transaction.executeSql('select pg_sleep(60)'));
      const refused = expect(sleeping).rejects.toMatchObject({ kind: 'unavailable' });
      await expect
        .poll(
          async () =>
            (await database.executeSql("select from pg_stat_activity where query ~ '^select pg_sleep'")).rows
              .length,
        )
        .toBe(1);
      await server.stop(mode);
      await refused;
      await expect(database.executeSql('select 1')).rejects.toMatchObject({ kind: 'unavailable' });
      await server.start();
      expect((await database.executeSql('select 1 as one')).rows).toEqual([{ one: 1 }]);
    }
  });

  it('is migrated once by processes that open it together', async () => {
    await using server = await startPostgres();
    const open = () => openDatabase({ url: server.url, dataDir: tmpdir() });
    const databases = await Promise.all([open(), open(), open()]);
    for (const database of databases) await database[Symbol.asyncDispose]();
  });
});
