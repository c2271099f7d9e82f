/** The promise of the client: whatever happens to servers and connections, the application sees one transcript. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type CallEvent, SottoClient, type StreamOptions } from '../../src/client/index.ts';
import { isWorthAnotherTry, retryDelayMs } from '../../src/client/resume-policy.ts';
import { StreamTranscribeResponse } from '../../src/gen/sotto/v1/transcription.ts';
import { ResumeTokens } from '../../src/rpc/index.ts';
import { burstsOf, resumableStages } from '../pipeline/resumable-stages.ts';
import { startTestServer, type TestServer } from '../rpc/test-server.ts';
import { scriptedServer, summaryEvent } from './scripted-server.ts';

const OPTIONS: StreamOptions = {
  declaration: { purpose: 'live-assistance', lawfulBasis: 'contract', notice: 'announced' },
  encoding: 'LINEAR16',
  sampleRateHz: 8000,
  channels: ['caller', 'agent'],
  languages: ['nl', 'en'],
  interimResults: true,
  endpointSilenceMs: 200,
};
const SECRETS = [Buffer.from('a secret that all workers share, 32+')];
const AUDIO = burstsOf(
  Array.from({ length: 60 }, (_, i) => [i % 7 < 4, i % 11 < 5] as const),
  OPTIONS.sampleRateHz,
);
const PACKET = 640;

const resources: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of resources.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

describe('a live call', () => {
  it('is one transcript, however often its connection breaks and wherever', {
    timeout: 240_000,
  }, async () => {
    const proxy = await startProxy(await worker());
    const client = clientOf(proxy.port);
    const whole = await transcriptOf(client, AUDIO);
    expect(whole.finals.length).toBeGreaterThan(8);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        async (packets) => {
          const broken = await transcriptOf(client, AUDIO, async (packet) => {
            if (packets.some((_, i) => packet === packets.slice(0, i + 1).reduce((a, b) => a + b)))
              proxy.cut();
          });
          expect(broken.finals).toEqual(whole.finals);
          expect(broken.breaks).toBeGreaterThan(0);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('moves to another server when its own shuts down', async () => {
    const servers = [await worker(), await worker()];
    const proxy = await startProxy(servers[0]!);
    const client = clientOf(proxy.port);
    const whole = await transcriptOf(client, AUDIO);
    const moved = await transcriptOf(client, AUDIO, async (packet) => {
      if (packet !== 60) return;
      proxy.target = servers[1]!.server.port;
      await servers[0]!.server.drain(0);
    });
    expect(moved.finals).toEqual(whole.finals);
    expect(moved.breaks).toBe(1);
    expect(moved.summary).toMatchObject({ audioMs: 18_000 });
  });

  it('shows a final once that came before the checkpoint behind it was lost', async () => {
    const final = StreamTranscribeResponse.fromPartial({
      event: {
        $case: 'result',
        value: { segmentId: '1-1', channelTag: 1, isFinal: true, text: 'goedemiddag' },
      },
    });
    const checkpoint = StreamTranscribeResponse.fromPartial({
      event: { $case: 'checkpoint', value: { resumeToken: Buffer.from('token') } },
    });
    let streams = 0;
    const server = await scriptedServer({
      stream: (call) => {
        call.write(checkpoint); // the first event of every stream: the call is taken
        call.write(final);
        if (++streams === 1) {
          call.once('data', () => call.emit('error', { code: status.UNAVAILABLE, details: 'going' }));
          return;
        }
        call.write(summaryEvent(1));
        call.end();
      },
    });
    resources.push(server);
    const client = new SottoClient({ address: server.address });
    resources.push(client);
    const { finals } = await transcriptOf(client, AUDIO.subarray(0, PACKET));
    expect(streams).toBe(2);
    expect(finals).toHaveLength(1);
  });

  it('gives up after its time, and says so', async () => {
    const proxy = await startProxy(await worker());
    const client = clientOf(proxy.port);
    const failing = transcriptOf(
      client,
      AUDIO,
      async (packet) => {
        if (packet === 20) await proxy[Symbol.asyncDispose]();
      },
      { giveUpAfterMs: 300 },
    );
    await expect(failing).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      message: expect.stringContaining('could not go on anywhere for 0.3 s'),
    });
  });

  it('fails with its connection where it was told to', async () => {
    const proxy = await startProxy(await worker());
    const failing = transcriptOf(
      clientOf(proxy.port),
      AUDIO,
      async (packet) => {
        if (packet === 20) proxy.cut();
      },
      false,
    );
    await expect(failing).rejects.toMatchObject({ name: 'SottoError' });
  });
});

describe('what is tried again', () => {
  it('comes at once, then ever later, and never all at the same time', () => {
    expect(retryDelayMs(0, undefined, () => 0.99)).toBeLessThan(100);
    const delays = [1, 2, 3, 8].map((failures) => retryDelayMs(failures, undefined, () => 1));
    expect(delays).toEqual([200, 400, 800, 5000]);
    expect(retryDelayMs(8, undefined, () => 0)).toBe(0);
  });

  it('is nothing that the server answered for good', () => {
    expect(isWorthAnotherTry(new Error('ours'), true)).toBe(false);
  });
});

async function worker(): Promise<TestServer> {
  const resumeTokens = new ResumeTokens({ secrets: SECRETS, ttlMs: 60_000 });
  const server = await startTestServer({ stages: resumableStages(), resumeTokens });
  resources.push(server);
  return server;
}

function clientOf(port: number): SottoClient {
  const client = new SottoClient({ address: `127.0.0.1:${port}` });
  resources.push(client);
  return client;
}

async function transcriptOf(
  client: SottoClient,
  audio: Buffer,
  onPacket: (packet: number) => Promise<void> = async () => {},
  resume: { giveUpAfterMs: number } | false = { giveUpAfterMs: 20_000 },
) {
  let breaks = 0;
  const options: StreamOptions = { ...OPTIONS, resume: resume && { ...resume, onBreak: () => breaks++ } };
  async function* packets() {
    for (let packet = 0; packet * PACKET < audio.length; packet++) {
      await onPacket(packet);
      yield audio.subarray(packet * PACKET, (packet + 1) * PACKET);
      // Events come in between, as they do in a call.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const finals: string[] = [];
  const shown = new Set<string>();
  let summary: unknown;
  for await (const event of client.stream(packets(), options)) {
    if (event.type === 'summary') summary = event.summary;
    if (event.type === 'segment') check(event, shown, finals);
  }
  return { finals, breaks, summary };
}

/** One final per segment, no partial behind it. */
function check({ segment }: CallEvent & { type: 'segment' }, shown: Set<string>, finals: string[]): void {
  expect(shown.has(segment.id)).toBe(false);
  if (!segment.isFinal) return;
  shown.add(segment.id);
  const { id, startMs, endMs, language, text } = segment;
  if (text !== '') finals.push(`${id} ${startMs} ${endMs} ${language} ${text}`);
}

/** Stands between client and server, and cuts what passes through it. */
async function startProxy(first: TestServer) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((from) => {
    const to = connect(proxy.target, '127.0.0.1');
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = {
    target: first.server.port,
    port: (server.address() as { port: number }).port,
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async [Symbol.asyncDispose]() {
      proxy.cut();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  resources.push(proxy);
  return proxy;
}
