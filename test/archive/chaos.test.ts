import { expect, it } from 'vitest';
import { runChaos } from '../../bench/archive/chaos-run.ts';
import { POSTGRES_MISSING } from '../store/postgres-server.ts';

const title = `every item ends once, for the right reason, while workers and the database are killed${
  POSTGRES_MISSING === undefined ? '' : `: skipped, ${POSTGRES_MISSING}`
}`;

/** A small one; bench/archive-chaos.ts is the same with thousands of recordings. */
it.skipIf(POSTGRES_MISSING !== undefined)(title, { timeout: 600_000 }, async () => {
  const log: string[] = [];
  const { violations, kills, databaseKills } = await runChaos({
    recordings: 24,
    workers: 2,
    kills: 2,
    databaseKills: 1,
    zombies: 0,
    killEveryMs: 1_000,
    log: (line) => log.push(line),
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${log.join('\n')}`);
  });
  expect(violations).toEqual([]);
  expect({ kills, databaseKills }).toEqual({ kills: 2, databaseKills: 1 });
});
