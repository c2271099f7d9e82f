/** A running server takes renewed certificates: for new handshakes, beside calls that go on. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import { TranscriptionServiceClient } from '../../src/gen/sotto/v1/transcription.ts';
import { TlsFiles } from '../../src/wiring/tls-files.ts';
import { hasOpenssl, makeCertificates } from '../rpc/certificates.ts';
import { configMessage, converse, startTestServer } from '../rpc/test-server.ts';

const NAMES = ['server.crt', 'server.key', 'ca.crt'];

describe.skipIf(!hasOpenssl())('renewed certificates (skipped without the openssl program)', () => {
  let folder: string;
  let told: string[];
  const made = (generation: string, name: string) => join(folder, generation, name);
  const inUse = (name: string) => join(folder, name);
  const take = (generation: string, ...names: string[]) => {
    for (const name of names) copyFileSync(made(generation, name), inUse(name));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sotto-renewed-'));
    told = [];
    for (const generation of ['old', 'new']) {
      mkdirSync(join(folder, generation));
      makeCertificates(join(folder, generation));
    }
    take('old', ...NAMES);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const watch = () =>
    new TlsFiles(
      { certFile: inUse('server.crt'), keyFile: inUse('server.key'), clientCaFile: inUse('ca.crt') },
      {
        applied: () => told.push('applied'),
        rejected: (_path, error) => told.push((error as Error).message),
      },
    );

  it('serve new handshakes, while running calls go on, with TLS 1.3 still and no mix of old and new', async () => {
    using files = watch();
    await using started = await startTestServer({ server: { tls: files.current } });
    const { server } = started;
    files.onRenewed((material) => server.renewTls(material));
    const client = (generation: string) =>
      new TranscriptionServiceClient(
        `localhost:${server.port}`,
        credentials.createSsl(
          readFileSync(made(generation, 'ca.crt')),
          readFileSync(made(generation, 'client.key')),
          readFileSync(made(generation, 'client.crt')),
        ),
        { 'grpc.use_local_subchannel_pool': 1 },
      );
    const errorOf = async (of: TranscriptionServiceClient) =>
      (await converse(of, [configMessage()])).error?.code;

    const connected = client('old');
    expect(await errorOf(connected)).toBeUndefined();
    const running = connected.streamTranscribe();
    const ended = new Promise((resolve) => running.on('status', resolve).on('error', () => {}));
    running.on('data', () => {});
    running.write(configMessage());

    take('new', 'server.crt');
    files.reload();
    expect(told.at(-1)).toMatch(/^server\.tls\.keyFile: .* is not the key of the certificate in /);
    const old = client('old');
    expect(await errorOf(old)).toBeUndefined();
    old.close();

    take('new', ...NAMES);
    files.reload();
    expect(told.at(-1)).toBe('applied');
    const renewed = client('new');
    expect(await errorOf(renewed)).toBeUndefined();
    renewed.close();
    const stranger = client('old');
    expect(await errorOf(stranger)).toBeDefined();
    stranger.close();
    expect(await protocolOf(server.port, made('new', ''), 'TLSv1.2')).toBeUndefined();
    expect(await protocolOf(server.port, made('new', ''), 'TLSv1.3')).toBe('TLSv1.3');

    running.end();
    expect(await ended).toMatchObject({ code: 0 });
    connected.close();
  });

  it('are seen without being told of', { timeout: 30_000 }, async () => {
    using files = watch();
    const renewed: Buffer[] = [];
    files.onRenewed(({ cert }) => renewed.push(cert));
    take('new', ...NAMES);
    const cert = readFileSync(made('new', 'server.crt'));
    await expect.poll(() => renewed.some((each) => each.equals(cert)), { timeout: 20_000 }).toBe(true);
  });

  it('that cannot be used keep a server from starting, with the key of the configuration', () => {
    take('new', 'server.key');
    expect(watch).toThrow(ServiceError);
    expect(watch).toThrow(/^server\.tls\.keyFile: /);
    rmSync(inUse('ca.crt'));
    expect(watch).toThrow(/^server\.tls\.clientCaFile: .* cannot be read/);
  });
});

/** What is spoken with a client of at most this version; undefined if nothing is. */
async function protocolOf(
  port: number,
  folder: string,
  maxVersion: 'TLSv1.2' | 'TLSv1.3',
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({
    port,
    host: 'localhost',
    maxVersion,
    ca: readFileSync(join(folder, 'ca.crt')),
    key: readFileSync(join(folder, 'client.key')),
    cert: readFileSync(join(folder, 'client.crt')),
    ALPNProtocols: ['h2'],
  });
  socket.on('secureConnect', () => resolve(socket.getProtocol() ?? undefined));
  socket.on('error', () => resolve(undefined));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
