import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  credentials,
  loadPackageDefinition,
  makeClientConstructor,
  type ServiceClientConstructor,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { service as healthDefinition } from 'grpc-health-check';
import { describe, expect, it } from 'vitest';
import { TranscriptionServiceClient } from '../../src/gen/sotto/v1/transcription.ts';
import { DEFAULT_POLICY, Sampler } from '../../src/policy/index.ts';
import { Capacity, ResumeTokens, startGrpcServer } from '../../src/rpc/index.ts';
import { createLogger, startMetricsServer, Telemetry } from '../../src/telemetry/index.ts';
import { scriptedStages } from '../pipeline/scripted-stages.ts';
import { hasOpenssl, makeCertificates } from './certificates.ts';
import { configMessage, converse, FACTS, LIMITS, startTestServer } from './test-server.ts';

describe('standard services', () => {
  it('say SERVING per service, and NOT_SERVING while draining', async () => {
    await using server = await startTestServer();
    const Health = makeClientConstructor(healthDefinition, 'health');
    const client = new Health(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
    const check = (service: string) =>
      new Promise<string>((resolve, reject) => {
        client.check!({ service }, (error: Error | null, response: { status: string }) =>
          error ? reject(error) : resolve(response.status),
        );
      });
    expect(await check('')).toBe('SERVING');
    expect(await check('sotto.v1.TranscriptionService')).toBe('SERVING');
    await expect(check('sotto.v1.Nothing')).rejects.toMatchObject({ code: status.NOT_FOUND });

    const running = server.client.streamTranscribe();
    running.on('error', () => {});
    running.write(configMessage());
    await expect.poll(() => server.server.runningCalls).toBe(1);
    const drained = server.server.drain(60_000);
    expect(await check('sotto.v1.TranscriptionService')).toBe('NOT_SERVING');
    client.close();
    running.resume();
    running.end();
    await drained;
  });

  it('say NOT_SERVING of a part that is away, and of the whole, while the rest serves', async () => {
    await using server = await startTestServer();
    const Health = makeClientConstructor(healthDefinition, 'health');
    const client = new Health(`127.0.0.1:${server.server.port}`, credentials.createInsecure());
    const check = (service: string) =>
      new Promise<string>((resolve, reject) => {
        client.check!({ service }, (error: Error | null, response: { status: string }) =>
          error ? reject(error) : resolve(response.status),
        );
      });
    const all = () =>
      Promise.all(['', 'sotto.v1.TranscriptionService', 'sotto.v1.RedactionService'].map(check));
    server.server.setServing('transcription', false);
    expect(await all()).toEqual(['NOT_SERVING', 'NOT_SERVING', 'SERVING']);
    expect(server.server.isServing).toBe(false);
    expect(await server.telemetry.metrics.page()).toContain('sotto_serving{service="transcription"} 0');
    server.server.setServing('transcription', true);
    expect(await all()).toEqual(['SERVING', 'SERVING', 'SERVING']);
    expect(await server.telemetry.metrics.page()).toContain('sotto_serving{service="transcription"} 1');
    client.close();
  });

  it('list themselves by reflection', async () => {
    await using server = await startTestServer();
    const reflection = loadPackageDefinition(
      loadSync(join(import.meta.dirname, 'reflection.proto'), { longs: Number }),
    ) as unknown as { grpc: { reflection: { v1: { ServerReflection: ServiceClientConstructor } } } };
    const client = new reflection.grpc.reflection.v1.ServerReflection(
      `127.0.0.1:${server.server.port}`,
      credentials.createInsecure(),
    );
    const call = client.serverReflectionInfo!();
    const answer = new Promise<{ listServicesResponse: { service: { name: string }[] } }>((resolve) =>
      call.once('data', resolve),
    );
    call.write({ listServices: '*' });
    const names = (await answer).listServicesResponse.service.map(({ name }) => name);
    call.end();
    client.close();
    expect(names).toEqual(
      expect.arrayContaining(['sotto.v1.TranscriptionService', 'sotto.v1.RedactionService']),
    );
  });
});

describe('the metrics server', () => {
  it('serves metrics and probes, and nothing else', async () => {
    const telemetry = new Telemetry(createLogger('silent'));
    let ready = false;
    await using metrics = await startMetricsServer(
      { host: '127.0.0.1', port: 0 },
      telemetry.metrics,
      () => ready,
    );
    const get = (path: string) => fetch(`http://127.0.0.1:${metrics.port}${path}`);
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    ready = true;
    expect((await get('/readyz')).status).toBe(200);
    expect(await (await get('/metrics')).text()).toContain('sotto_active_calls');
    expect((await get('/')).status).toBe(404);
  });
});

describe.skipIf(!hasOpenssl())(
  'TLS (skipped without the openssl program, which makes the test certificates)',
  () => {
    it('serves clients that show a certificate of the authority, and no others', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sotto-tls-'));
      try {
        makeCertificates(folder);
        const read = (name: string) => readFileSync(join(folder, name));
        const stages = scriptedStages();
        await using server = await startGrpcServer(
          {
            host: '127.0.0.1',
            port: 0,
            reflection: false,
            tls: { cert: read('server.crt'), key: read('server.key'), clientCa: read('ca.crt') },
          },
          {
            stages,
            redactConversation: async () => [],
            telemetry: new Telemetry(createLogger('silent')),
            sampler: new Sampler(),
            policies: { current: DEFAULT_POLICY },
            languages: stages.engine.languages,
            endpointSilenceMs: 500,
            defaultOperator: 'pseudonym',
            limits: LIMITS,
            recordings: { maxDurationMs: 600_000 },
            facts: FACTS,
            capacity: new Capacity(),
            resumeTokens: new ResumeTokens({ ttlMs: 600_000 }),
          },
        );
        const address = `localhost:${server.port}`;
        const known = credentials.createSsl(read('ca.crt'), read('client.key'), read('client.crt'));
        for (const [channel, code] of [
          [known, undefined],
          [credentials.createSsl(read('ca.crt')), status.UNAVAILABLE],
          [credentials.createInsecure(), status.UNAVAILABLE],
        ] as const) {
          const client = new TranscriptionServiceClient(address, channel);
          const { error } = await converse(client, [configMessage()]);
          expect(error?.code).toBe(code);
          client.close();
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);
