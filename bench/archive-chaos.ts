/**
 * npx node bench/archive-chaos.ts [--recordings 2000] [--workers 3] [--kills 20] [--database-kills 3] [--zombies 2]
 * npx node bench/archive-chaos.ts --embedded
 *
 * Every item must end exactly once through kill -9 of workers, kills of the database and workers that were stopped and
 * come back. Fails if a promise was broken, or if an item of a killed worker began again later than 15 s.
 */
import { parseArgs } from 'node:util';
import { runChaos } from './archive/chaos-run.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';

const { values } = parseArgs({
  options: {
    recordings: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '3' },
    kills: { type: 'string', default: '20' },
    'database-kills': { type: 'string', default: '3' },
    zombies: { type: 'string', default: '2' },
    'kill-every-ms': { type: 'string', default: '5000' },
    embedded: { type: 'boolean', default: false },
  },
});

const MAX_RESTART_MS = 15_000;
const { embedded } = values;
const result = await runChaos({
  recordings: Number(values.recordings),
  workers: embedded ? 0 : Number(values.workers),
  kills: Number(values.kills),
  databaseKills: embedded ? 0 : Number(values['database-kills']),
  zombies: embedded ? 0 : Number(values.zombies),
  killEveryMs: Number(values['kill-every-ms']),
  log: (line) => console.error(line),
});
const restarts = summarize(result.restarts);
const late = result.restarts.filter((ms) => ms > MAX_RESTART_MS).length;
const { violations, items, ...fire } = result;
report({
  name: embedded ? 'archive-chaos-embedded' : 'archive-chaos',
  models: EMBEDDED_MODELS,
  table: {
    recordings: { value: items.total },
    done: { value: items.done },
    'failed for the right reason': { value: items.failed },
    'broken promises': { value: violations.length },
    'workers killed': { value: fire.kills },
    'database killed': { value: fire.databaseKills },
    'workers stopped and woken': { value: fire.zombies },
    'items begun again': { value: restarts.count },
    'longest wait of those, s': { value: restarts.max / 1000 },
    'later than 15 s': { value: late },
    'time, s': { value: result.seconds },
  },
  figures: { ...fire, items, restarts, later: late, violations },
});
for (const violation of violations.slice(0, 20)) console.error(violation);
if (violations.length > 0 || late > 0 || fire.kills < Number(values.kills)) process.exitCode = 1;
