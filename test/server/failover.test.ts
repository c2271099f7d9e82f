/**
 * Three server processes behind a load balancer, restarted and killed under live calls. The small form of
 * `bench/failover.ts`, with scripted models.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { credentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasHaproxy, startHaproxy } from '../../bench/haproxy.ts';
import { freePort } from '../../bench/server-process.ts';
import { SottoClient, type StreamOptions } from '../../src/client/index.ts';
import { TranscriptionServiceClient } from '../../src/gen/sotto/v1/transcription.ts';
import { burstsOf } from '../pipeline/resumable-stages.ts';
import { audioMessage, collect, configMessage } from '../rpc/test-server.ts';

const OPTIONS: StreamOptions = {
  declaration: { purpose: 'live-assistance', lawfulBasis: 'contract', notice: 'announced' },
  encoding: 'LINEAR16',
  sampleRateHz: 8000,
  channels: ['caller', 'agent'],
  languages: ['nl', 'en'],
  interimResults: true,
  endpointSilenceMs: 200,
};
const PACKET = 640;
const CALLS = 6;

describe.skipIf(!hasHaproxy())('behind haproxy (skipped where it is not installed)', () => {
  const workers: Worker[] = [];
  let proxy: Awaited<ReturnType<typeof startHaproxy>>;
  let client: SottoClient;

  beforeAll(async () => {
    for (let i = 0; i < 3; i++) workers.push(new Worker(await freePort(), await freePort()));
    await Promise.all(workers.map((worker) => worker.start()));
    proxy = await startHaproxy(workers);
    client = new SottoClient({ address: `127.0.0.1:${proxy.port}` });
  });

  afterAll(async () => {
    client.close();
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    await proxy[Symbol.asyncDispose]();
  });

  it('calls through the client give the undisturbed transcript', { timeout: 240_000 }, async () => {
    const calls = Array.from({ length: CALLS }, (_, call) =>
      burstsOf(
        Array.from({ length: 40 }, (_, i) => [(i + call) % 7 < 4, (i * call) % 11 < 5] as const),
        OPTIONS.sampleRateHz,
      ),
    );
    const undisturbed = await Promise.all(calls.map((audio) => transcriptOf(client, audio)));
    const restart = async (index: number, signal: NodeJS.Signals) => {
      await workers[index]!.stop(signal);
      await workers[index]!.start();
    };
    const gates = new Gates(CALLS, [
      [100, () => restart(0, 'SIGKILL')],
      [200, () => restart(1, 'SIGTERM')],
      [300, () => restart(2, 'SIGKILL')],
      [400, () => restart(0, 'SIGTERM')],
      [500, () => restart(1, 'SIGKILL')],
    ]);
    const disturbed = await Promise.all(calls.map((audio) => transcriptOf(client, audio, gates)));
    expect(disturbed.map(({ finals }) => finals)).toEqual(undisturbed.map(({ finals }) => finals));
    const breaks = disturbed.reduce((sum, call) => sum + call.breaks, 0);
    expect(breaks).toBeGreaterThan(CALLS);
  });

  it('calls without it get a status that says what to do', { timeout: 120_000 }, async () => {
    const bare = new TranscriptionServiceClient(`127.0.0.1:${proxy.port}`, credentials.createInsecure());
    const calls = Array.from({ length: 3 }, () => {
      const call = bare.streamTranscribe();
      const collected = collect(call);
      call.write(configMessage({ resumable: true }));
      call.write(audioMessage(burstsOf([[true, false]], 16_000)));
      return { collected, taken: new Promise((resolve) => call.once('data', resolve)) };
    });
    await Promise.all(calls.map(({ taken }) => taken));
    await workers[0]!.stop('SIGKILL');
    await Promise.all([workers[1]!.stop('SIGTERM'), workers[2]!.stop('SIGTERM')]);
    const errors = await Promise.all(calls.map(async ({ collected }) => (await collected).error!));
    bare.close();
    const told = errors.filter(({ details }) => details.includes('last resume_token of the call'));
    expect(told).toHaveLength(2);
    // Of a server that was killed only the balancer can tell: docs/resume.md says what its codes mean.
    const codes = [status.UNAVAILABLE, status.INTERNAL, status.CANCELLED, status.UNKNOWN];
    for (const { code } of errors) expect(codes).toContain(code);
  });
});

class Worker {
  readonly port: number;
  readonly readyPort: number;
  #child: ChildProcess | undefined;

  constructor(port: number, readyPort: number) {
    this.port = port;
    this.readyPort = readyPort;
  }

  async start(): Promise<void> {
    const entry = new URL('./scripted-server-process.ts', import.meta.url).pathname;
    this.#child = spawn(process.execPath, [entry, String(this.port), String(this.readyPort)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(this.#child.stdout!, 'data');
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

/** Places in the audio at which all calls wait for each other while something happens to the servers. */
class Gates {
  readonly #calls: number;
  readonly #places: Map<
    number,
    { waiting: number; action: () => Promise<void>; open: PromiseWithResolvers<void> }
  >;

  constructor(calls: number, actions: readonly (readonly [number, () => Promise<void>])[]) {
    this.#calls = calls;
    this.#places = new Map(
      actions.map(([packet, action]) => [
        packet,
        { waiting: 0, action, open: Promise.withResolvers<void>() },
      ]),
    );
  }

  async pass(packet: number): Promise<void> {
    const place = this.#places.get(packet);
    if (place === undefined) return;
    if (++place.waiting === this.#calls) place.action().then(place.open.resolve, place.open.reject);
    await place.open.promise;
  }
}

async function transcriptOf(client: SottoClient, audio: Buffer, gates?: Gates) {
  let breaks = 0;
  async function* packets() {
    for (let packet = 0; packet * PACKET < audio.length; packet++) {
      await gates?.pass(packet);
      yield audio.subarray(packet * PACKET, (packet + 1) * PACKET);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const finals: string[] = [];
  const resume = { giveUpAfterMs: 120_000, onBreak: () => breaks++ };
  for await (const event of client.stream(packets(), { ...OPTIONS, resume })) {
    if (event.type !== 'segment' || !event.segment.isFinal || event.segment.text === '') continue;
    const { id, startMs, endMs, text } = event.segment;
    finals.push(`${id} ${startMs} ${endMs} ${text}`);
  }
  return { finals, breaks };
}
