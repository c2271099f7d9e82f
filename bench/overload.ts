/**
 * More calls than the server takes: steps from half of what it admits to twice as many, each for some time in real
 * time. Calls that are admitted must not notice, and those that are refused must know at once.
 *
 *     npx node bench/overload.ts [--seconds 60] [--languages nl,en] [--check]
 *
 * Half load runs twice, for as many finals as at full load. The machine must be quiet; the table says how many of its cores others
 * took. Bars: p95 of final latency at every step within 1.2 times of that at half load; refusals within 50 ms; no audio
 * of an admitted call lost.
 */
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { defaultConfig } from '../src/config.ts';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, loadDemoCalls } from './demo-calls.ts';
import { type CallLatency, callLive } from './live-caller.ts';
import { otherCores } from './other-load.ts';
import { EMBEDDED_MODELS, report, type Summary, summarize } from './result.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const ENDPOINT_MS = 500;
const STEPS = [0.5, 1, 1.25, 1.5, 2];
const BARS = { ratio: 1.2, refusalMs: 50 };

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    languages: { type: 'string', default: 'nl,en' },
    check: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);

interface Step {
  readonly load: number;
  readonly offered: number;
  readonly admitted: number;
  readonly finalMs: Summary;
  readonly refusalMs: Summary;
  readonly lostAudioMs: number;
  readonly lateClientMs: Summary;
  /** Cores that neither the server nor its callers took. */
  readonly otherCores: number;
}

const demoCalls = loadDemoCalls(options.languages.split(','));
const steps: Step[] = [];
let admittedCalls: number;
let audioPerSecond: number;
{
  await using server = await startServerProcess();
  ({ audioPerSecond } = server);
  const { targetLoad } = defaultConfig().server;
  admittedCalls = Math.max(1, Math.floor((audioPerSecond * targetLoad) / DEMO_CHANNELS));
  const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  for (const load of STEPS) steps.push(await measure(server, client, load));
  client.close();
}

const half = steps[0]!.finalMs.p95;
const worst = Math.max(...steps.map((step) => step.finalMs.p95)) / half;
const refusals = summarize(steps.flatMap((step) => (step.refusalMs.count > 0 ? [step.refusalMs.max] : [])));
const lostAudioMs = steps.reduce((sum, step) => sum + step.lostAudioMs, 0);
const ms = (value: number) => Math.round(value);
report({
  name: 'overload',
  table: Object.fromEntries(
    steps.map((step) => [
      `${step.load} x`,
      {
        offered: step.offered,
        admitted: step.admitted,
        finals: step.finalMs.count,
        'final p50': ms(step.finalMs.p50),
        'final p95': ms(step.finalMs.p95),
        'of half load': (step.finalMs.p95 / half).toFixed(2),
        'refusal max': ms(step.refusalMs.max),
        'audio lost': ms(step.lostAudioMs),
        'client late p99': ms(step.lateClientMs.p99),
        'cores of others': step.otherCores.toFixed(2),
      },
    ]),
  ),
  figures: { unit: 'ms', endpointMs: ENDPOINT_MS, seconds, audioPerSecond, admittedCalls, steps },
  models: EMBEDDED_MODELS,
  chart: {
    title: 'Final latency of admitted calls while more and more are offered',
    x: { label: 'Calls offered at once', min: 0 },
    y: { label: 'Final latency, ms', min: 0 },
    series: (['p50', 'p95'] as const).map((name) => ({
      name,
      points: steps.map((step) => [step.offered, step.finalMs[name]]),
    })),
    marks: [
      { y: BARS.ratio * half, label: '1.2 times p95 at half load' },
      { x: admittedCalls, label: 'admitted at most' },
    ],
  },
});
console.log(
  `worst p95: ${worst.toFixed(2)} times half load; slowest refusal: ${ms(refusals.max)} ms; lost: ${ms(lostAudioMs)} ms`,
);
const held = worst <= BARS.ratio && !(refusals.max > BARS.refusalMs) && lostAudioMs === 0;
if (options.check && !held) process.exitCode = 1;

/** Calls begin over the first tenth of the time, as people do. */
async function measure(
  server: ServerProcess,
  client: TranscriptionServiceClient,
  load: number,
): Promise<Step> {
  const offered = Math.max(1, Math.round(load * admittedCalls));
  const spreadMs = seconds * 100;
  const rounds = load < 1 ? 2 : 1;
  const others = otherCores(server);
  const calls: CallLatency[] = [];
  for (let round = 0; round < rounds; round++) {
    const ofRound = Array.from({ length: offered }, (_, i) =>
      callLive(client, demoCalls[(round + i) % demoCalls.length]!, {
        seconds,
        delayMs: (i * spreadMs) / offered,
        endpointMs: ENDPOINT_MS,
      }),
    );
    calls.push(...(await Promise.all(ofRound)));
  }
  const admitted = calls.filter(({ refused }) => !refused);
  return {
    load,
    offered,
    admitted: admitted.length / rounds,
    finalMs: summarize(admitted.flatMap((call) => call.finalMs)),
    refusalMs: summarize(calls.flatMap(({ refusedAfterMs }) => refusedAfterMs ?? [])),
    lostAudioMs: admitted.reduce((sum, call) => sum + call.lostAudioMs, 0),
    lateClientMs: summarize(calls.flatMap((call) => call.lateClientMs)),
    otherCores: others(),
  };
}
