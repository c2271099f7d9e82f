/**
 * npx node bench/archive-upgrade.ts --from COMMIT [--recordings 200]
 *
 * A rolling upgrade under way: a job is begun by server and workers of an earlier commit, which are replaced one by one
 * by those of this tree, migrations included. Fails unless every item ends exactly once, for the right reason, some by
 * each version.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SottoClient } from '../src/client/index.ts';
import { openDatabase } from '../src/store/index.ts';
import { startPostgres } from '../test/store/postgres-server.ts';
import { ChaosProcess } from './archive/chaos-process.ts';
import { MAX_SECONDS, writeChaosRecordings } from './archive/chaos-recordings.ts';
import { check } from './archive/chaos-run.ts';
import { archiveEnvironment, DECLARATION } from './archive/environment.ts';
import { EMBEDDED_MODELS, report } from './result.ts';

const { values } = parseArgs({
  options: { from: { type: 'string' }, recordings: { type: 'string', default: '200' } },
});
if (values.from === undefined) throw new Error('--from: name the commit of the earlier version');
const HERE = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'sotto-upgrade-'));
const earlier = join(folder, 'earlier');
const git = (...args: string[]) => execFileSync('git', args, { cwd: HERE, encoding: 'utf8' }).trim();
git('worktree', 'add', '--detach', '--quiet', earlier, values.from);
try {
  symlinkSync(join(HERE, 'node_modules'), join(earlier, 'node_modules'));
  await using resources = new AsyncDisposableStack();
  const postgres = resources.use(await startPostgres());
  const root = join(folder, 'calls');
  const recordings = await writeChaosRecordings(root, join(folder, 'elsewhere'), Number(values.recordings));
  const { variables, dataDir } = archiveEnvironment(folder, root, postgres.url);
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const common = { ...variables, SOTTO_ARCHIVE_MAX_RECORDING_HOURS: `${MAX_SECONDS / 3600}` };
  const server = (place: string) =>
    resources.use(
      new ChaosProcess(
        ['serve'],
        { ...common, SOTTO_SERVER_PORT: `${port}`, SOTTO_ARCHIVE_CAPACITY: '0' },
        /listens on/,
        place,
      ),
    );
  const worker = (place: string) =>
    resources.use(new ChaosProcess(['worker', '--capacity', '2'], common, /works on archives/, place));
  const before = { server: server(earlier), workers: [worker(earlier), worker(earlier)] };
  const after = { server: server(HERE), workers: [worker(HERE), worker(HERE)] };
  const names = { before: new Set<number>(), after: new Set<number>() };
  const start = async (process: ChaosProcess, version: 'before' | 'after') => {
    process.start();
    await process.ready();
    names[version].add(process.pid!);
  };
  await start(before.server, 'before');
  await Promise.all(before.workers.map((each) => start(each, 'before')));

  await using client = new SottoClient({ address: `localhost:${port}` });
  const { jobId } = await client.archive.create({
    requestId: 'upgrade',
    sources: [{ manifest: recordings.manifest, format: 'csv' }],
    declaration: DECLARATION,
    languages: ['nl'],
    reprocess: true,
  });
  /** Waits until so much of the job is done. */
  const done = async (share: number) => {
    for (;;) {
      const job = await client.archive.get(jobId).catch(() => undefined);
      const ended = job ? (job.items.done + job.items.failed) / recordings.total : 0;
      if (ended >= share) return;
      await sleep(300);
    }
  };
  const exits: (number | null)[] = [];
  for (const [n, old] of before.workers.entries()) {
    await done(0.2 + 0.2 * n);
    await start(after.workers[n]!, 'after');
    await done(0.3 + 0.2 * n);
    exits.push(await old.terminate());
  }
  await done(0.6);
  exits.push(await before.server.terminate());
  await start(after.server, 'after');
  await done(1);

  await using database = await openDatabase({ dataDir, url: postgres.url });
  const { items, violations } = await check(database, recordings);
  const { rows } = await database.executeSql(
    'select worker, count(*)::int as n from archive_result group by 1',
    [],
  );
  const by = (pids: ReadonlySet<number>) =>
    rows.filter((row) => pids.has(Number(row.worker.split(':').at(-1)))).reduce((sum, row) => sum + row.n, 0);
  const byEarlier = by(names.before);
  const byThis = by(names.after);
  report({
    name: 'archive-upgrade',
    models: EMBEDDED_MODELS,
    table: {
      recordings: { value: items.total },
      'ended by the earlier version': { value: byEarlier },
      'ended by this one': { value: byThis },
      'broken promises': { value: violations.length },
      'processes that did not end in order': { value: exits.filter((code) => code !== 0).length },
    },
    figures: { from: git('rev-parse', values.from), items, byEarlier, byThis, violations, exits },
  });
  for (const violation of violations.slice(0, 20)) console.error(violation);
  if (violations.length > 0 || byEarlier === 0 || byThis === 0 || exits.some((code) => code !== 0)) {
    process.exitCode = 1;
  }
} finally {
  git('worktree', 'remove', '--force', earlier);
  rmSync(folder, { recursive: true, force: true });
}
