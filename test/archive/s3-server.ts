/**
 * An S3 server of the test's own: moto (https://docs.getmoto.org), which speaks Amazon's protocol over HTTP. Where it is
 * not installed, `S3_MISSING` says so.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const BINARY = 'moto_server';

export const S3_MISSING =
  spawnSync('sh', ['-c', `command -v ${BINARY}`]).status === 0
    ? undefined
    : "moto is not installed (pip install 'moto[s3,server]')";

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly port: number;
  put(key: string, content: string | Uint8Array): Promise<void>;
}

/** With one bucket, to which `put` writes. */
export async function startS3Server(bucket: string): Promise<S3Server> {
  const server = spawn(BINARY, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(server, 'exit');
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  createInterface({ input: server.stderr }).on('line', (line) => {
    const match = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
    if (match) resolve(Number(match[1]));
  });
  server.once('exit', () => reject(new Error('moto ended')));
  const port = await promise;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    endpoint,
    port,
    put: async (Key, Body) => void (await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))),
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.kill();
      await exited;
    },
  };
}

/** A connection to `port` that breaks whenever so many bytes have come back, as networks do. */
export async function startBreakingProxy(port: number, breakAfterBytes: number) {
  const sockets = new Set<Socket>();
  const seen = { breaks: 0 };
  const proxy = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let bytes = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (data) => {
      bytes += data.length;
      client.write(data);
      if (bytes <= breakAfterBytes) return;
      seen.breaks++;
      client.end();
      upstream.destroy();
    });
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => proxy.close(done));
    },
  };
}
