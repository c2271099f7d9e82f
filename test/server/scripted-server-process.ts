/** A server process with scripted models, for tests that kill it: PORT READY_PORT. */

import { ResumeTokens } from '../../src/rpc/index.ts';
import { startMetricsServer } from '../../src/telemetry/index.ts';
import { resumableStages } from '../pipeline/resumable-stages.ts';
import { startTestServer } from '../rpc/test-server.ts';

const [port, readyPort] = process.argv.slice(2).map(Number);
const server = await startTestServer({
  server: { port: port! },
  stages: resumableStages(),
  // Calls wait for each other while servers start again, which takes its time on a busy machine.
  limits: { idleTimeoutMs: 300_000 },
  resumeTokens: new ResumeTokens({
    secrets: [Buffer.from('a secret that all workers share, 32+')],
    ttlMs: 60_000,
  }),
});
let ready = true;
const metrics = await startMetricsServer(
  { host: '127.0.0.1', port: readyPort! },
  server.telemetry.metrics,
  () => ready,
);
process.once('SIGTERM', async () => {
  ready = false;
  await server.server.drain(50);
  await server[Symbol.asyncDispose]();
  await metrics[Symbol.asyncDispose]();
  process.exit(0);
});
process.stdout.write('ready\n');
