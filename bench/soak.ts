/**
 * The server at 80 % of the load it admits, for an hour or as long as given: does it grow, lag or leak?
 *
 *     npx node bench/soak.ts [--minutes 60] [--load 0.8] [--check]
 *
 * Calls follow each other on as many lines as the load has, in real time. Every 5 s: memory (proportional set size), open file
 * descriptors, timers and event-loop lag from /metrics. The slope of memory is that of a line through the means of
 * minutes after the first tenth, with the 95 % interval of Student's t. Bars: the interval holds zero; lag p99 under
 * 20 ms; no more file descriptors and timers at the end, with no call running, than before the first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { defaultConfig } from '../src/config.ts';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, loadDemoCalls } from './demo-calls.ts';
import { callLive } from './live-caller.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';
import { type Shares, startServerProcess } from './server-process.ts';

const SAMPLE_MS = 5000;
const SETTLE_MS = 15_000;
const ENDPOINT_MS = 500;
const CALL_SECONDS = 80;
const BARS = { lagP99Ms: 20 };

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    load: { type: 'string', default: '0.8' },
    check: { type: 'boolean', default: false },
  },
});
const minutes = Number(options.minutes);

interface Sample {
  readonly minute: number;
  readonly bytes: number;
  readonly openFiles: number;
  readonly timers: number;
  readonly lagP99Ms: number;
}

await using server = await startServerProcess();
const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
const demoCalls = loadDemoCalls(['nl', 'en']);
const admitted = Math.floor((server.audioPerSecond * defaultConfig().server.targetLoad) / DEMO_CHANNELS);
const lines = Math.max(1, Math.floor(admitted * Number(options.load)));

// One call loads what is loaded late; then the state before is that of a server that has worked.
await call(0, 10);
await sleep(SETTLE_MS);
const startedMs = performance.now();
const before = await sample();
const samples: Sample[] = [];
let ended = 0;
let refused = 0;
const endMs = startedMs + minutes * 60_000;
const calls = Promise.all(Array.from({ length: lines }, (_, line) => callsOn(line)));
while (performance.now() < endMs) {
  await sleep(SAMPLE_MS);
  samples.push(await sample());
}
await calls;
await sleep(SETTLE_MS);
const after = await sample();
client.close();

const steady = samples.filter(({ minute }) => minute > minutes / 10);
const slope = slopeOf(meansOfMinutes(steady));
const lag = summarize(steady.map(({ lagP99Ms }) => lagP99Ms));
report({
  name: 'soak',
  table: {
    'lines, calls ended, refused': { value: `${lines}, ${ended}, ${refused}` },
    'memory, MB per hour (95 %)': { value: `${mb(slope.perHour)} (${mb(slope.low)} to ${mb(slope.high)})` },
    'event-loop lag p99, ms: median, worst': { value: `${lag.p50.toFixed(1)}, ${lag.max.toFixed(1)}` },
    'open files, before and after': { value: `${before.openFiles}, ${after.openFiles}` },
    'timers, before and after': { value: `${before.timers}, ${after.timers}` },
  },
  figures: { minutes, lines, ended, refused, slopeBytes: slope, lagP99Ms: lag, before, after, samples },
  models: EMBEDDED_MODELS,
  chart: {
    title: `Memory of the server over ${minutes} minutes at ${options.load} of its load`,
    x: { label: 'Minutes', min: 0 },
    y: { label: 'Proportional set size, MB', min: 0 },
    series: [
      { name: 'server and engine', points: samples.map(({ minute, bytes }) => [minute, bytes / 1e6]) },
    ],
  },
});
const holds =
  slope.low <= 0 &&
  slope.high >= 0 &&
  lag.p50 <= BARS.lagP99Ms &&
  after.openFiles <= before.openFiles &&
  after.timers <= before.timers;
if (options.check && !holds) process.exitCode = 1;

async function callsOn(line: number): Promise<void> {
  for (let number = line; performance.now() < endMs; number += lines) {
    const left = (endMs - performance.now()) / 1000;
    await call(number, Math.min(CALL_SECONDS, left));
  }
}

async function call(number: number, seconds: number): Promise<void> {
  const outcome = await callLive(client, demoCalls[number % demoCalls.length]!, {
    seconds,
    delayMs: (number * 1370) % 3000,
    endpointMs: ENDPOINT_MS,
  });
  if (outcome.refused) refused++;
  else ended++;
}

async function sample(): Promise<Sample> {
  const metrics = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
  const valueIn = (pattern: RegExp) => Number(pattern.exec(metrics)?.[1] ?? 0);
  const total = ({ gateway, engine }: Shares) => gateway + engine;
  return {
    minute: (performance.now() - startedMs) / 60_000,
    bytes: total(server.residentBytes()),
    openFiles: total(server.openFiles()),
    timers: valueIn(/^nodejs_active_resources\{type="Timeout"\} ([\d.]+)/m),
    lagP99Ms: valueIn(/^nodejs_eventloop_lag_p99_seconds ([\d.e-]+)/m) * 1000,
  };
}

/** Neighbouring samples are much alike; means of minutes are nearly independent. */
function meansOfMinutes(all: readonly Sample[]): { minute: number; bytes: number }[] {
  const byMinute = Map.groupBy(all, ({ minute }) => Math.floor(minute));
  return [...byMinute].map(([minute, group]) => ({
    minute,
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0) / group.length,
  }));
}

/** Ordinary least squares. */
function slopeOf(points: readonly { minute: number; bytes: number }[]) {
  const n = points.length;
  if (n < 3) return { perHour: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / n;
  const meanY = points.reduce((sum, { bytes }) => sum + bytes, 0) / n;
  const sxx = points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  const perMinute = points.reduce((sum, p) => sum + (p.minute - meanX) * (p.bytes - meanY), 0) / sxx;
  const residual = points.reduce(
    (sum, p) => sum + (p.bytes - meanY - perMinute * (p.minute - meanX)) ** 2,
    0,
  );
  const halfWidth = studentT975(n - 2) * Math.sqrt(residual / (n - 2) / sxx);
  return {
    perHour: perMinute * 60,
    low: (perMinute - halfWidth) * 60,
    high: (perMinute + halfWidth) * 60,
  };
}

/** 97.5 % point of Student's t: Cornish-Fisher expansion about the normal one (Abramowitz & Stegun 26.7.5). */
function studentT975(degrees: number): number {
  const z = 1.959964;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + g1 / degrees + g2 / degrees ** 2;
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
