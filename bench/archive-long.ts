/**
 * npx node bench/archive-long.ts [--hours 6] [--kills 5] [--spoken 1]
 *
 * One recording of six hours (mu-law, 8 kHz) by a worker on PostgreSQL that is killed on the way. Bars: memory grows by
 * less than 300 MB; each kill costs one chunk at most. `--spoken 0.25`: somebody speaks for a quarter of each minute, the
 * rest is silence, for machines on which six hours of speech take too long.
 */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { encodeFrames, encodeWavHeader } from '../src/audio/wav-writer.ts';
import { SottoClient } from '../src/client/index.ts';
import { startPostgres } from '../test/store/postgres-server.ts';
import { ChaosProcess } from './archive/chaos-process.ts';
import { demoSamples } from './archive/demo-samples.ts';
import { archiveEnvironment, DECLARATION } from './archive/environment.ts';
import { EMBEDDED_MODELS, report } from './result.ts';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '6' },
    kills: { type: 'string', default: '5' },
    spoken: { type: 'string', default: '1' },
  },
});
const HOURS = Number(values.hours);
const KILLS = Number(values.kills);
const SPOKEN = Number(values.spoken);
const LOOK_MS = 200;
const MAX_GROWTH_MB = 300;

const folder = mkdtempSync(join(tmpdir(), 'sotto-long-'));
try {
  const root = join(folder, 'calls');
  mkdirSync(root);
  await writeLongRecording(join(root, 'long.wav'));
  await using postgres = await startPostgres();
  const { variables } = archiveEnvironment(folder, root, postgres.url);
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const serverVariables = { ...variables, SOTTO_SERVER_PORT: `${port}`, SOTTO_ARCHIVE_CAPACITY: '0' };
  await using server = new ChaosProcess(['serve'], serverVariables, /listens on/);
  await using worker = new ChaosProcess(['worker', '--capacity', '1'], variables, /works on archives/);
  server.start();
  worker.start();
  await Promise.all([server.ready(), worker.ready()]);
  await using client = new SottoClient({ address: `localhost:${port}` });
  await client.archive.create({
    requestId: 'long',
    sources: [{ path: root }],
    declaration: DECLARATION,
    languages: ['nl'],
  });
  const database = new pg.Client({ connectionString: postgres.url });
  await database.connect();

  const started = performance.now();
  const cuts: { chunk: number; endSample: number }[] = [];
  const growths: number[] = [];
  let kills = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  let lost = 0;
  for (;;) {
    const { rows } = await database.query(
      'select chunk, end_sample::float8 as end_sample from archive_chunk order by chunk',
    );
    const { rows: results } = await database.query('select outcome, failure from archive_result');
    const bytes = residentBytes(worker.pid);
    if (bytes > 0) {
      least = Math.min(least, bytes);
      most = Math.max(most, bytes);
    }
    for (const { chunk, end_sample: endSample } of rows) {
      if (cuts.some((cut) => cut.chunk === chunk && cut.endSample === endSample)) continue;
      // A chunk that was kept must never come again, or come to another end.
      if (cuts.some((cut) => cut.chunk === chunk)) lost++;
      cuts.push({ chunk, endSample });
      console.error(
        `chunk ${chunk} at ${(endSample / 16_000 / 60).toFixed(1)} min, ${Math.round(most / 1e6)} MB`,
      );
    }
    if (results.length > 0) {
      growths.push(most - least);
      const seconds = (performance.now() - started) / 1000;
      const growthMb = Math.max(...growths) / 1e6;
      report({
        name: 'archive-long',
        models: EMBEDDED_MODELS,
        table: {
          'audio, hours': { value: HOURS },
          'spoken, %': { value: 100 * SPOKEN },
          outcome: { value: results[0].outcome },
          kills: { value: kills },
          'chunks kept before the last': { value: cuts.length },
          'chunks done again after they were kept': { value: lost },
          'growth of memory, MB': { value: growthMb },
          'real time': { value: (HOURS * 3600) / seconds },
        },
        figures: { hours: HOURS, spoken: SPOKEN, kills, lost, growthMb, seconds, cuts },
      });
      if (results[0].outcome !== 'done' || lost > 0 || kills < KILLS || growthMb > MAX_GROWTH_MB)
        process.exitCode = 1;
      break;
    }
    const dueAt = ((kills + 1) * HOURS * 6) / (KILLS + 1);
    if (kills < KILLS && cuts.length >= dueAt) {
      // In the middle of the next chunk, whose work is lost and nothing else.
      await sleep(3000);
      kills++;
      console.error(`kill -9 (${kills})`);
      await worker.kill();
      growths.push(most - least);
      least = Number.POSITIVE_INFINITY;
      most = 0;
      worker.start();
      await worker.ready();
    }
    await sleep(LOOK_MS);
  }
  await database.end();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeLongRecording(path: string): Promise<void> {
  const samples = await demoSamples(60);
  samples.fill(0, SPOKEN * samples.length);
  const minute = encodeFrames('mulaw', [samples]);
  const minutes = Math.round(HOURS * 60);
  const file = openSync(path, 'w');
  writeSync(file, encodeWavHeader('mulaw', 8000, 1, minutes * minute.length));
  for (let n = 0; n < minutes; n++) writeSync(file, minute);
  closeSync(file);
}

/** Of the worker and its engine, from when its models are loaded; pages that they share count once. */
function residentBytes(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    return familyOf(pid)
      .map((each) => /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1])
      .reduce((sum, kilobytes) => sum + Number(kilobytes ?? 0) * 1024, 0);
  } catch {
    return 0;
  }
}

function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(familyOf)];
}
