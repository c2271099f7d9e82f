/** Child of database.test.ts: commits numbers to the embedded database and prints each once it is committed. */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/store/index.ts';

await using database = await openDatabase({ dataDir: process.argv[2]! });
await database.executeSql('create table if not exists written (number int primary key)');
const { rows } = await database.executeSql('select coalesce(max(number), 0) as last from written');
for (let number = rows[0].last + 1; ; number++) {
  await database.transaction((tx) => tx.executeSql('insert into written values ($1)', [number]));
  writeSync(1, `${number}\n`);
}
