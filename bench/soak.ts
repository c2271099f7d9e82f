/**
 * The server at 80 % of the load it admits, for an hour or as long as given: does it grow, lag or leak?
 *
 *     npx node bench/soak.ts [--minutes 60] [--load 0.8] [--check]
 *
 * Calls follow each other on as many lines as the load has, in real time. Every 5 s: memory (proportional set size), open file
 * descriptors, timers and event-loop lag from /metrics. The slope of memory is that of a line through the means of
 * minutes after the first tenth, with the 95 % interval of Student's t for minutes that are alike. Bars: the interval holds zero; at most 1 % of the
 * turns of the event loop were late by 20 ms or more; no more file descriptors and timers at the end, with no call
 * running, than before the first.
 *
 * Under `taskset` server, engine and callers share the cores given, and the load is that of these cores; the record says how
 * many there were. Every five minutes the results so far are printed and written, and so they are at SIGINT and SIGTERM.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { defaultConfig } from '../src/config.ts';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, loadDemoCalls } from './demo-calls.ts';
import { callLive } from './live-caller.ts';
import { otherCores } from './other-load.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';
import { type Shares, startServerProcess } from './server-process.ts';

const SAMPLE_MS = 5000;
const INTERIM_MS = 300_000;
const SETTLE_MS = 15_000;
const ENDPOINT_MS = 500;
const CALL_SECONDS = 80;
const BARS = { lagMs: 20, slowTurns: 0.01 };
/** Node's histogram holds the time from one turn to the next: of a loop without any lag, this interval of its sampling timer. */
const LAG_SAMPLING_MS = 10;

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
  /** How late the event loop was for its turns since the sample before. */
  readonly lagMs: { readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

await using server = await startServerProcess();
const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
const demoCalls = loadDemoCalls(['nl', 'en']);
const admitted = Math.floor((server.audioPerSecond * defaultConfig().server.targetLoad) / DEMO_CHANNELS);
const lines = Math.max(1, Math.floor(admitted * Number(options.load)));
const counts = { ended: 0, refused: 0, failed: 0 };
const finalMs: number[] = [];

// One call loads what is loaded late; then the state before is that of a server that has worked.
await call(0, 10);
await sleep(SETTLE_MS);
const startedMs = performance.now();
const before = await sample();
const samples: Sample[] = [];
const endMs = startedMs + minutes * 60_000;
const others = otherCores(server);
const calls = Promise.all(Array.from({ length: lines }, (_, line) => callsOn(line)));
for (let interimMs = startedMs + INTERIM_MS; performance.now() < endMs && !stop.signal.aborted; ) {
  await sleep(SAMPLE_MS, undefined, { signal: stop.signal }).catch(() => {});
  samples.push(await sample());
  if (performance.now() < interimMs) continue;
  interimMs += INTERIM_MS;
  results();
}
if (stop.signal.aborted) {
  results();
  console.log('stopped before its time');
  process.exitCode = 1;
} else {
  await calls;
  await sleep(SETTLE_MS);
  const holds = results(await sample());
  if (options.check && !holds) process.exitCode = 1;
}
client.close();

/** Prints and writes what is known so far; `after`: with no call running any more. Returns whether the bars hold. */
function results(after?: Sample): boolean {
  const steady = samples.filter(({ minute }) => minute > minutes / 10);
  const slope = slopeOf(meansOfMinutes(steady));
  const lagP99 = summarize(steady.map(({ lagMs }) => lagMs.p99));
  const slowTurns = steady.reduce((sum, { lagMs }) => sum + slowShare(lagMs), 0) / steady.length;
  const final = summarize(finalMs);
  const ran = (performance.now() - startedMs) / 60_000;
  const cores = availableParallelism();
  report({
    name: 'soak',
    table: {
      'minutes, of': { value: `${ran.toFixed(1)} of ${minutes}` },
      'lines on cores, cores of others': { value: `${lines} on ${cores}, ${others().toFixed(2)}` },
      'calls ended, refused, failed': { value: `${counts.ended}, ${counts.refused}, ${counts.failed}` },
      'memory, MB per hour (95 %)': { value: `${mb(slope.perHour)} (${mb(slope.low)} to ${mb(slope.high)})` },
      'event-loop lag p99 of 5 s, ms: median, p99': {
        value: `${lagP99.p50.toFixed(1)}, ${lagP99.p99.toFixed(1)}`,
      },
      'turns late by 20 ms or more, at most': { value: `${(slowTurns * 100).toFixed(2)} %` },
      'final latency p50, p95, ms': { value: `${final.p50.toFixed(0)}, ${final.p95.toFixed(0)}` },
      'open files, before and after': { value: `${before.openFiles}, ${after?.openFiles ?? 'not yet'}` },
      'timers, before and after': { value: `${before.timers}, ${after?.timers ?? 'not yet'}` },
    },
    figures: {
      minutes: { planned: minutes, ran },
      cores,
      otherCores: others(),
      lines,
      ...counts,
      slopeBytes: slope,
      lagP99Ms: lagP99,
      slowTurns,
      finalMs: final,
      before,
      after,
      samples,
    },
    models: EMBEDDED_MODELS,
    chart: {
      title: `Memory of the server over ${ran.toFixed(0)} minutes at ${options.load} of its load`,
      x: { label: 'Minutes', min: 0 },
      y: { label: 'Proportional set size, MB', min: 0 },
      series: [
        { name: 'server and engine', points: samples.map(({ minute, bytes }) => [minute, bytes / 1e6]) },
      ],
    },
  });
  return (
    slope.low <= 0 &&
    slope.high >= 0 &&
    slowTurns <= BARS.slowTurns &&
    counts.failed === 0 &&
    after !== undefined &&
    after.openFiles <= before.openFiles &&
    after.timers <= before.timers
  );
}

async function callsOn(line: number): Promise<void> {
  for (let number = line; performance.now() < endMs && !stop.signal.aborted; number += lines) {
    const left = (endMs - performance.now()) / 1000;
    await call(number, Math.min(CALL_SECONDS, left));
  }
}

async function call(number: number, seconds: number): Promise<void> {
  try {
    const outcome = await callLive(client, demoCalls[number % demoCalls.length]!, {
      seconds,
      delayMs: (number * 1370) % 3000,
      endpointMs: ENDPOINT_MS,
    });
    if (outcome.refused) counts.refused++;
    else counts.ended++;
    finalMs.push(...outcome.finalMs);
  } catch (error) {
    // An hour is not thrown away for one call; the bar is that there is none.
    if (stop.signal.aborted) return;
    counts.failed++;
    console.error(error);
  }
}

async function sample(): Promise<Sample> {
  const metrics = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
  const figure = (name: string) =>
    Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1] ?? Number.NaN,
    );
  const lag = (part: string) =>
    Math.max(0, figure(`nodejs_eventloop_lag_${part}_seconds`) * 1000 - LAG_SAMPLING_MS);
  const total = ({ gateway, engine }: Shares) => gateway + engine;
  return {
    minute: (performance.now() - startedMs) / 60_000,
    bytes: total(server.residentBytes()),
    openFiles: total(server.openFiles()),
    // Kinds of which there is none are not listed.
    timers: figure('nodejs_active_resources{type="Timeout"}') || 0,
    lagMs: { p50: lag('p50'), p90: lag('p90'), p99: lag('p99'), max: lag('max') },
  };
}

/**
 * The greatest part of the turns that can have been as late as the bar, given the percentiles: means of it bound the
 * part in all the time, which percentiles of percentiles do not.
 */
function slowShare({ p50, p90, p99, max }: Sample['lagMs']): number {
  if (max < BARS.lagMs) return 0;
  if (p99 < BARS.lagMs) return 0.01;
  if (p90 < BARS.lagMs) return 0.1;
  return p50 < BARS.lagMs ? 0.5 : 1;
}

function meansOfMinutes(all: readonly Sample[]): { minute: number; bytes: number }[] {
  const byMinute = Map.groupBy(all, ({ minute }) => Math.floor(minute));
  return [...byMinute].map(([minute, group]) => ({
    minute,
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0) / group.length,
  }));
}

/**
 * Ordinary least squares. Memory goes up and down with garbage collection over many minutes, so neighbours are alike and count
 * for fewer than they are: n(1-r)/(1+r), r their correlation (Santer et al., J. Geophys. Res. 105:7337, 2000).
 */
function slopeOf(points: readonly { minute: number; bytes: number }[]) {
  const n = points.length;
  if (n < 3) return { perHour: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / n;
  const meanY = points.reduce((sum, { bytes }) => sum + bytes, 0) / n;
  const sxx = points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  const perMinute = points.reduce((sum, p) => sum + (p.minute - meanX) * (p.bytes - meanY), 0) / sxx;
  const residuals = points.map((p) => p.bytes - meanY - perMinute * (p.minute - meanX));
  const squares = residuals.reduce((sum, each) => sum + each ** 2, 0);
  const correlation = residuals.slice(1).reduce((sum, each, i) => sum + each * residuals[i]!, 0) / squares;
  const effective = Math.min(n, Math.max(3, (n * (1 - correlation)) / (1 + correlation)));
  const halfWidth = studentT975(effective - 2) * Math.sqrt(squares / (effective - 2) / sxx);
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
