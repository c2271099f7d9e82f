/**
 * Memory of the server, its engine process included: idle, and over hundreds of calls.
 *
 *     npx node bench/memory.ts [--calls 500] [--at-once 4] [--check]
 *
 * Each call streams a piece of a demo call as fast as the server takes it. Memory is proportional set size, summed over the
 * server's processes. Bars: under 700 MB idle; growth under 5 % from the 50th call to the last.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, DEMO_RATE_HZ, type DemoCall, loadDemoCalls } from './demo-calls.ts';
import { liveConfig } from './live-config.ts';
import { EMBEDDED_MODELS, report } from './result.ts';
import { startServerProcess } from './server-process.ts';

const WARM_UP_CALLS = 50;
const SAMPLE_EVERY_CALLS = 25;
const CALL_SECONDS = 8;
const PIECE_BYTES = 3200;
const BARS = { idleBytes: 700e6, growth: 0.05 };

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '500' },
    'at-once': { type: 'string', default: '4' },
    check: { type: 'boolean', default: false },
  },
});

await using server = await startServerProcess({
  SOTTO_SERVER_MAX_CALLS: '64',
  SOTTO_SERVER_CAPACITY: '1000000',
});
const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
const demoCalls = loadDemoCalls(['nl', 'en']);
const idleBytes = server.residentBytes();

const total = Number(options.calls);
const samples: { calls: number; gateway: number; engine: number }[] = [];
let started = 0;
let ended = 0;
await Promise.all(Array.from({ length: Number(options['at-once']) }, worker));
client.close();

const warm = samples.find(({ calls }) => calls >= WARM_UP_CALLS)!;
const last = samples.at(-1)!;
const growth = sum(last) / sum(warm) - 1;
report({
  name: 'memory',
  table: { idle: row(0, idleBytes), warm: row(warm.calls, warm), end: row(last.calls, last) },
  figures: { idleBytes, samples, growth },
  models: EMBEDDED_MODELS,
  chart: {
    title: 'Memory of the server while calls come and go',
    x: { label: 'Calls ended', min: 0 },
    y: { label: 'Proportional set size, MB', min: 0 },
    series: (['gateway', 'engine'] as const).map((name) => ({
      name,
      points: samples.map((sample) => [sample.calls, sample[name] / 1e6]),
    })),
  },
});
console.log(`growth from call ${warm.calls} to ${last.calls}: ${(growth * 100).toFixed(1)} %`);
if (options.check && (sum(idleBytes) > BARS.idleBytes || growth > BARS.growth)) process.exitCode = 1;

interface Resident {
  readonly gateway: number;
  readonly engine: number;
}

function sum({ gateway, engine }: Resident): number {
  return gateway + engine;
}

function row(calls: number, resident: Resident) {
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const { gateway, engine } = resident;
  return { calls, MB: megabytes(sum(resident)), gateway: megabytes(gateway), engine: megabytes(engine) };
}

async function worker(): Promise<void> {
  while (started < total) {
    const number = started++;
    await shortCall(demoCalls[number % demoCalls.length]!, number);
    if (++ended % SAMPLE_EVERY_CALLS === 0) samples.push({ calls: ended, ...server.residentBytes() });
  }
}

/** `CALL_SECONDS` of a demo call, from a place that differs from call to call. */
async function shortCall(demo: DemoCall, number: number): Promise<void> {
  const bytesPerSecond = DEMO_RATE_HZ * DEMO_CHANNELS;
  const seconds = demo.audio.length / bytesPerSecond - CALL_SECONDS;
  const from = Math.floor((number * 2.7) % seconds) * bytesPerSecond;
  const call = client.streamTranscribe();
  const end = once(call, 'end');
  call.resume();
  call.write(liveConfig(demo.language, { interimResults: false, endpointMs: 500 }));
  for (let at = from; at < from + CALL_SECONDS * bytesPerSecond; at += PIECE_BYTES) {
    call.write({ message: { $case: 'audio', value: demo.audio.subarray(at, at + PIECE_BYTES) } });
  }
  call.end();
  await end;
}
