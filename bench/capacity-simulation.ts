/**
 * npx node bench/capacity-simulation.ts --speed 20 [--live-calls 4] [--transcript-kb 60] [--database-tps 2000]
 *
 * What 1e6 and 1e7 calls a day need, simulated call by call over the busiest hour and counted over a day. It is as good
 * as what it is fed: `--speed` is the audio that one worker does in a second (bench/archive-throughput.ts, with the model
 * and the machine that you mean to use), `--live-calls` how many two-channel calls it takes at once (bench/latency.ts
 * --ramp), `--transcript-kb` what one call adds to the database, `--database-tps` the commits a second that the
 * PostgreSQL server does with fsync (pgbench).
 */
import { parseArgs } from 'node:util';
import { report } from './result.ts';

const { values } = parseArgs({
  options: {
    speed: { type: 'string' },
    'live-calls': { type: 'string', default: '4' },
    'transcript-kb': { type: 'string', default: '60' },
    'database-tps': { type: 'string', default: '2000' },
    'mean-seconds': { type: 'string', default: '300' },
  },
});
if (values.speed === undefined)
  throw new Error('--speed is missing: measure it with bench/archive-throughput.ts');
const SPEED = Number(values.speed);
const LIVE_CALLS = Number(values['live-calls']);
const TRANSCRIPT_KB = Number(values['transcript-kb']);
const DATABASE_TPS = Number(values['database-tps']);
const MEAN_SECONDS = Number(values['mean-seconds']);
/** Contact centres plan with about an eighth of the day's calls in its busiest hour. */
const PEAK_SHARE = 0.125;
/** Lengths of calls are near to log-normal (Brown et al., JASA 100:469, 2005). */
const SIGMA = 1;
/** Queue filled, item begun, item ended. */
const COMMITS_PER_ITEM = 3;
const MAX_WAIT_SECONDS = 60;
const RETENTION_DAYS = 30;

const table: Record<string, object> = {};
for (const callsPerDay of [1e6, 1e7]) {
  const concurrent = peakConcurrency(callsPerDay);
  const during = workersDuringTheDay(callsPerDay);
  const byNight = Math.ceil((callsPerDay * MEAN_SECONDS) / SPEED / (10 * 3600));
  const commits = (callsPerDay * PEAK_SHARE * COMMITS_PER_ITEM) / 3600;
  table[callsPerDay.toExponential(0)] = {
    'live calls at once, p99.9': concurrent,
    'workers for them': Math.ceil(concurrent / LIVE_CALLS),
    'archive workers, p95 begun in a minute': during.workers,
    'archive workers, nights only': byNight,
    'commits/s in the busiest hour': Math.round(commits),
    'PostgreSQL servers for them': Math.max(1, Math.ceil(commits / (0.5 * DATABASE_TPS))),
    [`storage of ${RETENTION_DAYS} days, TB`]: (callsPerDay * TRANSCRIPT_KB * RETENTION_DAYS) / 1e9,
  };
}
const inputs = { SPEED, LIVE_CALLS, TRANSCRIPT_KB, DATABASE_TPS, MEAN_SECONDS, PEAK_SHARE, COMMITS_PER_ITEM };
report({ name: 'capacity-simulation', table, figures: { inputs, table } });

/** Calls at once in the busiest hour, not passed in 99.9 % of its seconds. */
function peakConcurrency(callsPerDay: number): number {
  const random = generator(1);
  const perSecond = (callsPerDay * PEAK_SHARE) / 3600;
  const warmUp = 3 * MEAN_SECONDS;
  const changes = new Float64Array(warmUp + 3600 + 2);
  for (let at = 0; at < warmUp + 3600; ) {
    at += -Math.log(1 - random()) / perSecond;
    const end = at + lengthOfCall(random);
    if (at >= changes.length) break;
    changes[Math.floor(at)]! += 1;
    if (end < changes.length) changes[Math.floor(end)]! -= 1;
  }
  let running = 0;
  const levels: number[] = [];
  for (const [second, change] of changes.entries()) {
    running += change;
    if (second >= warmUp) levels.push(running);
  }
  levels.sort((a, b) => a - b);
  return levels[Math.floor(0.999 * levels.length)]!;
}

/** The fewest workers with which, in the busiest hour, 95 % of the calls that end are begun within a minute. */
function workersDuringTheDay(callsPerDay: number): { workers: number } {
  const offered = (callsPerDay * PEAK_SHARE * MEAN_SECONDS) / SPEED / 3600;
  let low = Math.max(1, Math.floor(offered));
  let high = Math.ceil(offered * 1.5) + 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (waitP95(callsPerDay, middle) <= MAX_WAIT_SECONDS) high = middle;
    else low = middle + 1;
  }
  return { workers: low };
}

/** First come, first served, by whichever worker is free. */
function waitP95(callsPerDay: number, workers: number): number {
  const random = generator(2);
  const perSecond = (callsPerDay * PEAK_SHARE) / 3600;
  const free = new Float64Array(workers);
  const waits: number[] = [];
  for (let at = 0; at < 3600; ) {
    at += -Math.log(1 - random()) / perSecond;
    const wait = Math.max(0, free[0]! - at);
    waits.push(wait);
    sink(free, at + wait + lengthOfCall(random) / SPEED);
  }
  waits.sort((a, b) => a - b);
  return waits[Math.floor(0.95 * waits.length)]!;
}

/** Replaces the least of a binary heap. */
function sink(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}

function lengthOfCall(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return MEAN_SECONDS * Math.exp(SIGMA * normal - SIGMA ** 2 / 2);
}

/** Mulberry32: the same calls in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
