/**
 * Latency of live calls: N two-channel calls stream in real time, in packets of 20 ms, into a server of its own
 * process on this machine, for each N given, or up to the knee: until finals are late or calls are refused.
 *
 *     npx node bench/latency.ts [--calls 1,4 | --ramp 1] [--seconds 60] [--languages nl,en] [--check]
 *
 * `--ramp 2` goes 2, 4, 6, … calls. What is measured is said in live-caller.ts; the turns' times are those of the
 * synthesizer. Bars: first partial within 1.0 s and final within 0.7 s, p95, at 4 calls on 2 cores.
 */
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { loadDemoCalls } from './demo-calls.ts';
import { callLive, PACKET_MS } from './live-caller.ts';
import { EMBEDDED_MODELS, report, type Summary, summarize } from './result.ts';
import { startServerProcess } from './server-process.ts';

const ENDPOINT_MS = 500;
const BARS = { calls: 4, firstPartialP95Ms: 1000, finalP95Ms: 700 };
/** The promise of docs/runbook.md: beyond it the knee is behind us. */
const FINAL_LIMIT_MS = 1000;
const MAX_RAMP_CALLS = 200;

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '1,4' },
    ramp: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    languages: { type: 'string', default: 'nl,en' },
    check: { type: 'boolean', default: false },
  },
});

interface Step {
  readonly calls: number;
  readonly refused: number;
  readonly firstPartialMs: Summary;
  readonly partialLagMs: Summary;
  readonly finalMs: Summary;
  readonly lateClientMs: Summary;
}

const demoCalls = loadDemoCalls(options.languages.split(','));
const steps: Step[] = [];
{
  await using server = await startServerProcess({
    SOTTO_SERVER_MAX_CALLS: String(MAX_RAMP_CALLS),
    // Where the machine's knee is, not where admission stops before it.
    SOTTO_SERVER_CAPACITY: '1000000',
  });
  const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  for (const calls of counts()) {
    const step = await measure(client, calls);
    steps.push(step);
    if (options.ramp !== undefined && isOverKnee(step)) break;
  }
  client.close();
}

const knee = steps.findLast((step) => !isOverKnee(step))?.calls;
const ms = (value: number) => Math.round(value);
report({
  name: 'latency',
  table: Object.fromEntries(
    steps.map((step) => [
      `${step.calls} calls`,
      {
        refused: step.refused,
        turns: step.finalMs.count,
        'first partial p50': ms(step.firstPartialMs.p50),
        'first partial p95': ms(step.firstPartialMs.p95),
        'partial lag p95': ms(step.partialLagMs.p95),
        'final p50': ms(step.finalMs.p50),
        'final p95': ms(step.finalMs.p95),
        'final max': ms(step.finalMs.max),
        'client late p99': ms(step.lateClientMs.p99),
      },
    ]),
  ),
  figures: {
    unit: 'ms',
    endpointMs: ENDPOINT_MS,
    packetMs: PACKET_MS,
    languages: options.languages,
    knee,
    steps,
  },
  models: EMBEDDED_MODELS,
  chart: {
    title: 'Live latency while calls are added',
    x: { label: 'Two-channel calls at once', min: 0 },
    y: { label: 'Latency, ms', min: 0 },
    series: [
      { name: 'first partial p95', points: steps.map((step) => [step.calls, step.firstPartialMs.p95]) },
      { name: 'final p50', points: steps.map((step) => [step.calls, step.finalMs.p50]) },
      { name: 'final p95', points: steps.map((step) => [step.calls, step.finalMs.p95]) },
    ],
    marks: [{ y: FINAL_LIMIT_MS, label: `promise for finals: ${FINAL_LIMIT_MS} ms` }],
  },
});
const atBar = steps.find(({ calls }) => calls === BARS.calls);
if (options.check && atBar) {
  const held = atBar.firstPartialMs.p95 <= BARS.firstPartialP95Ms && atBar.finalMs.p95 <= BARS.finalP95Ms;
  console.log(held ? 'bars held' : 'bars missed');
  if (!held) process.exitCode = 1;
}

function counts(): number[] {
  if (options.ramp === undefined) return options.calls.split(',').map(Number);
  const by = Number(options.ramp);
  return Array.from({ length: Math.floor(MAX_RAMP_CALLS / by) }, (_, step) => (step + 1) * by);
}

async function measure(client: TranscriptionServiceClient, count: number): Promise<Step> {
  const calls = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      callLive(client, demoCalls[index % demoCalls.length]!, {
        seconds: Number(options.seconds),
        delayMs: (index * 7130) % 9000,
        endpointMs: ENDPOINT_MS,
      }),
    ),
  );
  return {
    calls: count,
    refused: calls.filter(({ refused }) => refused).length,
    firstPartialMs: summarize(calls.flatMap((call) => call.firstPartialMs)),
    partialLagMs: summarize(calls.flatMap((call) => call.partialLagMs)),
    finalMs: summarize(calls.flatMap((call) => call.finalMs)),
    lateClientMs: summarize(calls.flatMap((call) => call.lateClientMs)),
  };
}

function isOverKnee({ refused, finalMs }: Step): boolean {
  return refused > 0 || finalMs.p95 > FINAL_LIMIT_MS;
}
