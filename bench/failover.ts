/**
 * Live calls while their servers are restarted and killed: three servers behind HAProxy on this machine, calls in real
 * time through the client library, a rolling restart, then kill -9 of random servers.
 *
 *     npx node bench/failover.ts [--calls 12] [--kills 10] [--seconds 80] [--check]
 *
 * Bars: every transcript equals the undisturbed one (same segments, times and words); calls without the library get a status
 * that docs/resume.md says what to do about.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { credentials, type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import { SottoClient, type StreamOptions } from '../src/client/index.ts';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { DEMO_CHANNELS, DEMO_RATE_HZ, type DemoCall, loadDemoCalls } from './demo-calls.ts';
import { type Backend, hasHaproxy, startHaproxy } from './haproxy.ts';
import { liveConfig } from './live-config.ts';
import { EMBEDDED_MODELS, report, summarize } from './result.ts';
import { freePort, type ServerProcess, startServerProcess } from './server-process.ts';

const SERVERS = 3;
const GRACE_MS = 2000;
const PACKET_MS = 20;
const PACKET_BYTES = (PACKET_MS * DEMO_RATE_HZ * DEMO_CHANNELS) / 1000;

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '12' },
    kills: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '80' },
    check: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const kills = Number(options.kills);

if (!hasHaproxy()) throw new Error('haproxy is not installed; `apt-get install haproxy`');
const folder = mkdtempSync(join(tmpdir(), 'sotto-failover-'));
writeFileSync(join(folder, 'resume.key'), randomBytes(32).toString('hex'), { mode: 0o600 });
const demoCalls = loadDemoCalls(['nl', 'en']);
const callsOf = Array.from({ length: Number(options.calls) }, (_, i) => demoCalls[i % demoCalls.length]!);

class Server implements Backend {
  readonly port: number;
  readonly readyPort: number;
  #process: ServerProcess | undefined;

  constructor(port: number, readyPort: number) {
    this.port = port;
    this.readyPort = readyPort;
  }

  get isUp(): boolean {
    return this.#process !== undefined;
  }

  async start(): Promise<void> {
    this.#process = await startServerProcess({
      SOTTO_SERVER_PORT: String(this.port),
      SOTTO_METRICS_PORT: String(this.readyPort),
      SOTTO_SERVER_RESUME_KEY_FILE: join(folder, 'resume.key'),
      SOTTO_SERVER_SHUTDOWN_GRACE_MS: String(GRACE_MS),
      // Admission is not what this is about: what is left of three servers takes all calls.
      SOTTO_SERVER_CAPACITY: '1000000',
    });
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.kill(signal);
  }

  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.stop(signal);
    await this.start();
  }
}

const servers: Server[] = [];
for (let i = 0; i < SERVERS; i++) servers.push(new Server(await freePort(), await freePort()));
for (const server of servers) await server.start();
await using proxy = await startHaproxy(servers);
await using client = new SottoClient({ address: `127.0.0.1:${proxy.port}` });

console.log('undisturbed, as fast as it goes');
const reference = new Map<DemoCall, readonly string[]>();
for (const demo of new Set(callsOf)) reference.set(demo, (await transcript(demo, false)).finals);

console.log(`${callsOf.length} calls in real time: rolling restart, then ${kills} kills`);
const running = Promise.all(callsOf.map((demo) => transcript(demo, true)));
await disturb();
const outcomes = await running;
const equal = outcomes.filter(({ finals }, i) => same(finals, reference.get(callsOf[i]!)!)).length;
const ids = outcomes.map(({ finals }) => finals.map((final) => final.split(' ')[0]));
const repeats = ids.reduce((sum, each) => sum + each.length - new Set(each).size, 0);
const breaks = outcomes.reduce((sum, call) => sum + call.breaks, 0);
const delays = summarize(outcomes.flatMap((call) => call.delaysMs));

console.log('without the library: one server shut down, one killed');
const statuses = await withoutLibrary();
for (const server of servers) await server.stop('SIGKILL');
rmSync(folder, { recursive: true });

report({
  name: 'failover',
  table: {
    'transcripts equal to the undisturbed': { value: `${equal} of ${outcomes.length}` },
    'finals repeated': { value: repeats },
    'breaks survived': { value: breaks },
    'final after its segment, p50 / max, ms': {
      value: `${Math.round(delays.p50)} / ${Math.round(delays.max)}`,
    },
    'statuses without the library': { value: JSON.stringify(statuses) },
  },
  figures: { calls: outcomes.length, kills, seconds, equal, repeats, breaks, delaysMs: delays, statuses },
  models: EMBEDDED_MODELS,
});
const told = Object.keys(statuses).every((name) =>
  ['UNAVAILABLE', 'INTERNAL', 'CANCELLED', 'UNKNOWN'].includes(name),
);
if (options.check && !(equal === outcomes.length && repeats === 0 && told)) process.exitCode = 1;

async function transcript(demo: DemoCall, realTime: boolean) {
  let breaks = 0;
  const streamOptions: StreamOptions = {
    declaration: { purpose: 'live-assistance', lawfulBasis: 'consent', notice: 'announced' },
    encoding: 'MULAW',
    sampleRateHz: DEMO_RATE_HZ,
    channels: ['caller', 'agent'],
    languages: [demo.language],
    interimResults: realTime,
    resume: { giveUpAfterMs: 120_000, onBreak: () => breaks++ },
  };
  const startedMs = performance.now();
  const finals: string[] = [];
  const delaysMs: number[] = [];
  for await (const event of client.stream(packets(demo, realTime, startedMs), streamOptions)) {
    if (event.type !== 'segment' || !event.segment.isFinal || event.segment.text === '') continue;
    const { id, startMs, endMs, text } = event.segment;
    finals.push(`${id} ${startMs} ${endMs} ${text}`);
    if (realTime) delaysMs.push(performance.now() - startedMs - endMs);
  }
  return { finals, breaks, delaysMs };
}

async function* packets(demo: DemoCall, realTime: boolean, startedMs: number): AsyncGenerator<Uint8Array> {
  const count = Math.min(Math.floor(demo.audio.length / PACKET_BYTES), (seconds * 1000) / PACKET_MS);
  for (let packet = 0; packet < count; packet++) {
    const waitMs = startedMs + (packet + 1) * PACKET_MS - performance.now();
    if (realTime && waitMs > 1) await sleep(waitMs);
    yield demo.audio.subarray(packet * PACKET_BYTES, (packet + 1) * PACKET_BYTES);
  }
}

/** All within the time of the calls; one server at least stays up. */
async function disturb(): Promise<void> {
  const endMs = performance.now() + seconds * 1000;
  await sleep(3000);
  for (const server of servers) await server.restart('SIGTERM');
  const restarts: Promise<void>[] = [];
  const pauseMs = Math.max(500, (endMs - performance.now()) / (kills + 2));
  for (let kill = 0; kill < kills; kill++) {
    await sleep(pauseMs);
    let up = servers.filter((server) => server.isUp);
    while (up.length < 2) {
      await sleep(100);
      up = servers.filter((server) => server.isUp);
    }
    restarts.push(up[randomInt(up.length)]!.restart('SIGKILL'));
  }
  await Promise.all(restarts);
}

async function withoutLibrary(): Promise<Record<string, number>> {
  const bare = new TranscriptionServiceClient(`127.0.0.1:${proxy.port}`, credentials.createInsecure());
  const calls = callsOf.map((demo) => {
    const call = bare.streamTranscribe();
    call.resume();
    call.write(liveConfig(demo.language, { interimResults: true, endpointMs: 500 }));
    call.write({ message: { $case: 'audio', value: demo.audio.subarray(0, 100 * PACKET_BYTES) } });
    return new Promise<GrpcError>((resolve) => call.once('error', (error) => resolve(error as GrpcError)));
  });
  await sleep(2000);
  await servers[0]!.stop('SIGKILL');
  await Promise.all(servers.slice(1).map((server) => server.stop('SIGTERM')));
  const counts: Record<string, number> = {};
  for (const { code } of await Promise.all(calls)) {
    const name = status[code] ?? 'none';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  bare.close();
  return counts;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((final, i) => final === b[i]);
}
