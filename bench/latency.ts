/**
 * Latency of live calls: N two-channel calls stream in real time, in packets of 20 ms, into a server of its own
 * process on this machine.
 *
 *     npx node bench/latency.ts [--calls 1,4] [--seconds 60] [--languages nl,en] [--check]
 *
 * First partial: from the packet with a turn's first word to the first result of that turn.
 * Final: from the packet in which the configured silence after a turn ends, to the turn's final.
 * The turns' times are those of the synthesizer. Bars: p95 of 1.0 s and 0.7 s at 4 calls on 2 cores.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { Role } from '../src/gen/sotto/v1/party.ts';
import {
  type StreamingResult,
  type StreamTranscribeResponse,
  TranscriptionServiceClient,
} from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, DEMO_RATE_HZ, type DemoCall, type DemoTurn, loadDemoCalls } from './demo-calls.ts';
import { liveConfig } from './live-config.ts';
import { type Summary, summarize, writeResult } from './result.ts';
import { startServerProcess } from './server-process.ts';

const PACKET_MS = 20;
const PACKET_BYTES = (PACKET_MS * DEMO_RATE_HZ * DEMO_CHANNELS) / 1000;
const ENDPOINT_MS = 500;
/** A final belongs to a turn if it ends this near to it; padding and soft endings blur the border. */
const SAME_END_MS = 600;
const BARS = { calls: 4, firstPartialP95Ms: 1000, finalP95Ms: 700 };

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '1,4' },
    seconds: { type: 'string', default: '60' },
    languages: { type: 'string', default: 'nl,en' },
    check: { type: 'boolean', default: false },
  },
});

await using server = await startServerProcess();
const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
const demoCalls = loadDemoCalls(options.languages.split(','));

const rows: Record<string, { firstPartialMs: Summary; finalMs: Summary; lateClientMs: Summary }> = {};
for (const count of options.calls.split(',').map(Number)) {
  const calls = await Promise.all(
    Array.from({ length: count }, (_, i) => streamCall(demoCalls[i % demoCalls.length]!, (i * 7130) % 9000)),
  );
  rows[`${count} calls`] = {
    firstPartialMs: summarize(calls.flatMap((call) => call.firstPartialMs)),
    finalMs: summarize(calls.flatMap((call) => call.finalMs)),
    lateClientMs: summarize(calls.flatMap((call) => call.lateClientMs)),
  };
}
client.close();

console.table(
  Object.fromEntries(
    Object.entries(rows).map(([name, { firstPartialMs, finalMs, lateClientMs }]) => [
      name,
      {
        turns: finalMs.count,
        'first partial p50': Math.round(firstPartialMs.p50),
        'first partial p95': Math.round(firstPartialMs.p95),
        'final p50': Math.round(finalMs.p50),
        'final p95': Math.round(finalMs.p95),
        'final max': Math.round(finalMs.max),
        'client late p99': Math.round(lateClientMs.p99),
      },
    ]),
  ),
);
writeResult('latency', { unit: 'ms', endpointMs: ENDPOINT_MS, packetMs: PACKET_MS, rows });
const atBar = rows[`${BARS.calls} calls`];
if (options.check && atBar) {
  const held = atBar.firstPartialMs.p95 <= BARS.firstPartialP95Ms && atBar.finalMs.p95 <= BARS.finalP95Ms;
  console.log(held ? 'bars held' : 'bars missed');
  if (!held) process.exitCode = 1;
}

interface CallLatency {
  readonly firstPartialMs: number[];
  readonly finalMs: number[];
  /** How late our own packets left: above a packet or two, the client is the bottleneck. */
  readonly lateClientMs: number[];
}

async function streamCall(demo: DemoCall, delayMs: number): Promise<CallLatency> {
  await sleep(delayMs);
  const call = client.streamTranscribe();
  const events: { result: StreamingResult; atMs: number }[] = [];
  call.on('data', ({ event }: StreamTranscribeResponse) => {
    if (event?.$case === 'result') events.push({ result: event.value, atMs: performance.now() });
  });
  const ended = once(call, 'end');
  call.write(liveConfig(demo.language, { interimResults: true, endpointMs: ENDPOINT_MS }));

  const startedMs = performance.now();
  const lateClientMs: number[] = [];
  const packets = Math.min(
    Math.floor(demo.audio.length / PACKET_BYTES),
    (Number(options.seconds) * 1000) / PACKET_MS,
  );
  for (let packet = 0; packet < packets; packet++) {
    // A packet leaves when its last sample has been spoken.
    const dueMs = startedMs + (packet + 1) * PACKET_MS;
    await sleep(dueMs - performance.now());
    lateClientMs.push(performance.now() - dueMs);
    const value = demo.audio.subarray(packet * PACKET_BYTES, (packet + 1) * PACKET_BYTES);
    call.write({ message: { $case: 'audio', value } });
  }
  call.end();
  await ended;
  const lastMs = packets * PACKET_MS;
  const turns = demo.turns.filter((turn) => turn.endMs + ENDPOINT_MS < lastMs);
  return { ...latencies(turns, events, startedMs), lateClientMs };
}

function latencies(
  turns: readonly DemoTurn[],
  events: readonly { result: StreamingResult; atMs: number }[],
  startedMs: number,
): Pick<CallLatency, 'firstPartialMs' | 'finalMs'> {
  const firstPartialMs: number[] = [];
  const finalMs: number[] = [];
  for (const turn of turns) {
    const role = turn.speaker === 'caller' ? Role.ROLE_CALLER : Role.ROLE_AGENT;
    const own = events.filter(
      ({ result }) => result.role === role && startMs(result) < turn.endMs && endMs(result) > turn.startMs,
    );
    const first = own[0];
    if (first !== undefined) firstPartialMs.push(first.atMs - startedMs - turn.startMs);
    const final = own.findLast(
      ({ result }) => result.isFinal && Math.abs(endMs(result) - turn.endMs) <= SAME_END_MS,
    );
    if (final !== undefined) finalMs.push(final.atMs - startedMs - turn.endMs - ENDPOINT_MS);
  }
  return { firstPartialMs, finalMs };
}

function startMs({ resultStartOffset: offset }: StreamingResult): number {
  return (offset?.seconds ?? 0) * 1000 + (offset?.nanos ?? 0) / 1e6;
}

function endMs({ resultEndOffset: offset }: StreamingResult): number {
  return (offset?.seconds ?? 0) * 1000 + (offset?.nanos ?? 0) / 1e6;
}

function sleep(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
