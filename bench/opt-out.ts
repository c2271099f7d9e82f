/**
 * How soon an opt-out stops a call: calls stream in real time into a server of its own process, and at some moment in
 * their speech the control message `opt_out` follows the audio. Measured is the time from writing it until the event
 * `opted_out` has come back: recognition stopped before that. Anything with words after it is counted, and fails.
 *
 *     npx node bench/opt-out.ts [--calls 4] [--rounds 10] [--check]
 *
 * Bar: every one within 100 ms, with no words after it.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import {
  type StreamTranscribeResponse,
  TranscriptionServiceClient,
} from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, DEMO_RATE_HZ, type DemoCall, loadDemoCalls } from './demo-calls.ts';
import { PACKET_MS } from './live-caller.ts';
import { liveConfig } from './live-config.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';
import { startServerProcess } from './server-process.ts';

const LIMIT_MS = 100;
const PACKET_BYTES = (PACKET_MS * DEMO_RATE_HZ * DEMO_CHANNELS) / 1000;
/** When the party opts out, counted from the start of the call; all of it is within speech or just behind. */
const EARLIEST_MS = 1500;
const LATEST_MS = 6000;

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '10' },
    check: { type: 'boolean', default: false },
  },
});
const calls = Number(options.calls);
const rounds = Number(options.rounds);

interface OptOut {
  readonly stopMs: number;
  readonly wordsAfter: number;
}

const demos = loadDemoCalls(['nl', 'en']);
const results: OptOut[] = [];
{
  await using server = await startServerProcess({
    SOTTO_SERVER_MAX_CALLS: String(calls),
    SOTTO_SERVER_CAPACITY: '1000000', // admission is not what is measured
  });
  const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  for (let round = 0; round < rounds; round++) {
    const running = Array.from({ length: calls }, (_, call) => {
      const part = (round * calls + call) / (rounds * calls);
      const atMs = EARLIEST_MS + (LATEST_MS - EARLIEST_MS) * part;
      return optOut(client, demos[(round + call) % demos.length]!, atMs);
    });
    results.push(...(await Promise.all(running)));
  }
  client.close();
}

const stopMs = summarize(results.map((result) => result.stopMs));
const wordsAfter = results.reduce((sum, result) => sum + result.wordsAfter, 0);
report({
  name: 'opt-out',
  table: [
    {
      'opt-outs': stopMs.count,
      'p50 ms': stopMs.p50.toFixed(1),
      'p95 ms': stopMs.p95.toFixed(1),
      'max ms': stopMs.max.toFixed(1),
      'limit ms': LIMIT_MS,
      'events with words after': wordsAfter,
    },
  ],
  figures: { unit: 'ms', callsAtOnce: calls, limitMs: LIMIT_MS, stopMs, wordsAfter },
  models: EMBEDDED_MODELS,
});
if (options.check && (stopMs.max > LIMIT_MS || wordsAfter > 0)) process.exitCode = 1;

async function optOut(client: TranscriptionServiceClient, demo: DemoCall, atMs: number): Promise<OptOut> {
  const call = client.streamTranscribe();
  let stoppedAtMs: number | undefined;
  let wordsAfter = 0;
  call.on('data', ({ event }: StreamTranscribeResponse) => {
    if (event?.$case === 'optedOut') stoppedAtMs = performance.now();
    else if (stoppedAtMs !== undefined && event?.$case === 'result') wordsAfter++;
  });
  const ended = once(call, 'end');
  call.write(liveConfig(demo.language, { interimResults: true, endpointMs: 500 }));
  const startedMs = performance.now();
  for (let packet = 0; packet * PACKET_MS < atMs; packet++) {
    const waitMs = startedMs + (packet + 1) * PACKET_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const value = demo.audio.subarray(packet * PACKET_BYTES, (packet + 1) * PACKET_BYTES);
    call.write({ message: { $case: 'audio', value } });
  }
  const askedAtMs = performance.now();
  call.write({ message: { $case: 'control', value: { action: { $case: 'optOut', value: {} } } } });
  await ended;
  if (stoppedAtMs === undefined) throw new Error('the call ended without opted_out');
  return { stopMs: stoppedAtMs - askedAtMs, wordsAfter };
}
