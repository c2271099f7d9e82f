/**
 * What a call costs: one that is open and says nothing, and one that is spoken on.
 *
 *     npx node bench/idle-calls.ts [--idle 500] [--active 4] [--seconds 30] [--check]
 *
 * Memory is proportional set size, processor time that of the kernel's accounts; both of the server and its engine.
 * Bar: 500 idle open streams under 100 MB.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { loadDemoCalls } from './demo-calls.ts';
import { callLive } from './live-caller.ts';
import { liveConfig } from './live-config.ts';
import { EMBEDDED_MODELS, report } from './result.ts';
import { type Shares, startServerProcess } from './server-process.ts';

const SETTLE_MS = 3000;
const ENDPOINT_MS = 500;
const BARS = { idleStreams: 500, bytes: 100e6 };

const { values: options } = parseArgs({
  options: {
    idle: { type: 'string', default: '500' },
    active: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '30' },
    check: { type: 'boolean', default: false },
  },
});
const [idle, active, seconds] = [options.idle, options.active, options.seconds].map(Number) as [
  number,
  number,
  number,
];

await using server = await startServerProcess({
  SOTTO_SERVER_MAX_CALLS: '10000',
  SOTTO_SERVER_CAPACITY: '1000000',
  SOTTO_SERVER_IDLE_TIMEOUT_MS: '3600000',
});
const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
const demoCalls = loadDemoCalls(['nl', 'en']);

// The first calls load code and grow the heap once for all: they are not what a call costs.
await streamed(2, 5);
await sleep(SETTLE_MS);
const before = server.residentBytes();
const streams = Array.from({ length: idle }, () => {
  const stream = client.streamTranscribe();
  stream.on('error', () => {});
  stream.resume();
  stream.write(liveConfig('nl', { interimResults: true, endpointMs: ENDPOINT_MS }));
  return stream;
});
await sleep(SETTLE_MS);
const idleBytes = total(server.residentBytes()) - total(before);
const idleFrom = server.processorMs();
await sleep(SETTLE_MS);
const idleMs = total(server.processorMs()) - total(idleFrom);
for (const stream of streams) stream.cancel();
await sleep(SETTLE_MS);

const activeFrom = server.processorMs();
const activeBefore = total(server.residentBytes());
let peakBytes = 0;
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, total(server.residentBytes()));
}, 1000);
await streamed(active, seconds);
clearInterval(watch);
const spent = server.processorMs();
client.close();

const activeShare = (part: keyof Shares) => (spent[part] - activeFrom[part]) / active / seconds;
const figures = {
  idle: {
    streams: idle,
    bytes: idleBytes,
    bytesPerStream: idleBytes / idle,
    processorMsPerSecond: idleMs / (SETTLE_MS / 1000),
  },
  active: {
    calls: active,
    seconds,
    bytesPerCall: Math.max(0, peakBytes - activeBefore) / active,
    processorMsPerSecond: { gateway: activeShare('gateway'), engine: activeShare('engine') },
  },
};
report({
  name: 'idle-calls',
  table: {
    [`${idle} idle streams, MB`]: { value: (idleBytes / 1e6).toFixed(1) },
    'an idle stream, kB': { value: (figures.idle.bytesPerStream / 1e3).toFixed(1) },
    'all idle streams, ms of a core per second': { value: figures.idle.processorMsPerSecond.toFixed(1) },
    'an active call, MB above idle': { value: (figures.active.bytesPerCall / 1e6).toFixed(1) },
    'an active call, ms of a core per second: server': {
      value: figures.active.processorMsPerSecond.gateway.toFixed(1),
    },
    'an active call, ms of a core per second: engine': {
      value: figures.active.processorMsPerSecond.engine.toFixed(1),
    },
  },
  figures,
  models: EMBEDDED_MODELS,
});
if (options.check && idleBytes > (BARS.bytes * idle) / BARS.idleStreams) process.exitCode = 1;

async function streamed(calls: number, callSeconds: number): Promise<void> {
  await Promise.all(
    Array.from({ length: calls }, (_, i) =>
      callLive(client, demoCalls[i % demoCalls.length]!, {
        seconds: callSeconds,
        delayMs: i * 50,
        endpointMs: ENDPOINT_MS,
      }),
    ),
  );
}

function total({ gateway, engine }: Shares): number {
  return gateway + engine;
}
