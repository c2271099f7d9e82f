/** Streams that open and say nothing: clients that leave in the same moment, and floods. */
import { connect, constants } from 'node:http2';
import { setImmediate as immediate } from 'node:timers/promises';
import { credentials, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import {
  TranscriptionServiceClient,
  TranscriptionServiceService,
} from '../../src/gen/sotto/v1/transcription.ts';
import { Openings } from '../../src/rpc/openings.ts';
import { collect, configMessage, converse, startTestServer, type TestServer } from './test-server.ts';

const CALLS = 200;

describe('calls that are cancelled as they open', () => {
  it.each([
    { when: 'at once', moment: () => undefined, sendsConfig: false },
    { when: 'in the next turn', moment: () => immediate(), sendsConfig: false },
    { when: 'in the next turn', moment: () => immediate(), sendsConfig: true },
  ])('$when, config sent: $sendsConfig, hold no slot', async ({ moment, sendsConfig }) => {
    await using server = await startTestServer({ limits: { maxCalls: 8 } });
    const clients = await Promise.all(Array.from({ length: CALLS }, () => readyClient(server.server.port)));
    await Promise.all(
      clients.map(async (client) => {
        const call = client.streamTranscribe();
        const ended = collect(call);
        if (sendsConfig) call.write(configMessage());
        await moment();
        call.cancel();
        expect((await ended).error?.code).toBe(status.CANCELLED);
      }),
    );
    await allSlotsAreFree(server);
    for (const client of clients) client.close();
  });

  // Grpc-js 1.14 sends the config too and never resets: no server can tell such a call from a silent one.
  it('at once, config sent: true, make way for calls that speak', async () => {
    await using server = await startTestServer({ limits: { maxCalls: 8 } });
    const clients = await Promise.all(Array.from({ length: CALLS }, () => readyClient(server.server.port)));
    for (const client of clients) {
      const call = client.streamTranscribe();
      call.on('error', () => {});
      call.write(configMessage());
      call.cancel();
    }
    await expect.poll(() => server.server.runningCalls).toBe(8);
    const served = () =>
      Promise.all(Array.from({ length: 8 }, () => converse(server.client, [configMessage()])));
    await expect
      .poll(async () => (await served()).filter(({ error }) => error).length, { timeout: 2000 })
      .toBe(0);
    for (const client of clients) client.close();
  });

  it('over one connection, by a reset, hold no slot', async () => {
    await using server = await startTestServer({ limits: { maxCalls: 8 } });
    const session = connect(`http://127.0.0.1:${server.server.port}`);
    await Promise.all(
      Array.from({ length: CALLS }, async () => {
        const stream = openSilently(session);
        await immediate();
        stream.close(constants.NGHTTP2_CANCEL);
      }),
    );
    await allSlotsAreFree(server);
    session.destroy();
  });
});

describe('streams that say nothing', () => {
  it('hold no slot either, and a call that begins as it should is served', async () => {
    await using server = await startTestServer({ limits: { maxCalls: 8 } });
    const session = connect(`http://127.0.0.1:${server.server.port}`);
    for (let opened = 0; opened < CALLS; opened++) openSilently(session);
    expect((await converse(server.client, [configMessage()])).error).toBeUndefined();
    session.destroy();
  });

  it('make way, the oldest first, when there are too many', () => {
    const openings = new Openings(2);
    const [first, second] = [openings.enter(), openings.enter()];
    const third = openings.enter();
    expect([first, second, third].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
    expect(first.signal.reason).toMatchObject({ kind: 'resource-exhausted', detail: { field: 'config' } });
    second[Symbol.dispose]();
    openings.enter();
    expect(third.signal.aborted).toBe(false);
  });
});

/** Within two seconds, and to be had. */
async function allSlotsAreFree({ server, client }: TestServer): Promise<void> {
  const served = async () => (await converse(client, [configMessage()])).error;
  await expect.poll(served, { timeout: 2000 }).toBeUndefined();
  await expect.poll(() => server.runningCalls, { timeout: 2000 }).toBe(0);
}

/** A client with a connection of its own, so that a cancelled call is the last thing on it. */
async function readyClient(port: number): Promise<TranscriptionServiceClient> {
  const client = new TranscriptionServiceClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  await new Promise<void>((resolve, reject) => {
    client.waitForReady(Date.now() + 20_000, (error) => (error ? reject(error) : resolve()));
  });
  return client;
}

function openSilently(session: ReturnType<typeof connect>) {
  const stream = session.request({
    ':method': 'POST',
    ':path': TranscriptionServiceService.streamTranscribe.path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => {});
  return stream;
}
