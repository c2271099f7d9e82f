/** A server process at SIGTERM: it ends by itself, whatever its peers and calls do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { freePort } from '../../bench/server-process.ts';

/** RFC 9113, 3.4: the client's preface and an empty SETTINGS frame. */
const HTTP2_PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

const processes: ChildProcess[] = [];
const peers: Socket[] = [];

afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  for (const peer of peers.splice(0)) peer.destroy();
});

it('ends though a peer never closes its side of a connection', { timeout: 60_000 }, async () => {
  const { child, port, readyPort } = await startServer();
  // As one that was stopped, is too busy or has lost its network: grpc-js waits for it for good.
  const spoken = await peerOf(port);
  spoken.write(HTTP2_PREFACE);
  await once(spoken, 'data');
  await peerOf(port);
  await peerOf(readyPort);
  const left = once(spoken.resume(), 'end');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await left;
});

it('is killed when it cannot end', { timeout: 60_000 }, async () => {
  const { child } = await startServer(['stuck']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});

it('ends at once at the second signal', { timeout: 60_000 }, async () => {
  const { child } = await startServer(['stuck']);
  child.kill('SIGTERM');
  await once(child.stdout!, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

async function startServer(options: readonly string[] = []) {
  const [port, readyPort] = [await freePort(), await freePort()];
  const entry = new URL('./scripted-server-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [entry, String(port), String(readyPort), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  await once(child.stdout!, 'data');
  return { child, port, readyPort };
}

/** It keeps its side open when the server closes the other. */
async function peerOf(port: number): Promise<Socket> {
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  peers.push(peer);
  peer.on('error', () => {});
  await once(peer, 'connect');
  return peer;
}
