/** `sotto serve` with scripted models, for tests that stop and kill it: PORT READY_PORT [stuck]. */
import { processContext } from '../../src/cli/cli-context.ts';
import { runCli } from '../../src/cli/sotto.ts';
import { defaultConfig } from '../../src/config.ts';
import { ResumeTokens } from '../../src/rpc/index.ts';
import { startMetricsServer } from '../../src/telemetry/index.ts';
import { resumableStages } from '../pipeline/resumable-stages.ts';
import { startTestServer } from '../rpc/test-server.ts';

const [port, readyPort, stuck] = process.argv.slice(2);
const context = processContext();
const config = defaultConfig();

process.exitCode = await runCli(['serve'], {
  ...context,
  stderr: process.stdout,
  loadConfig: () => ({ ...config, server: { ...config.server, shutdownGraceMs: 50 } }),
  startServer: async () => {
    const { server, telemetry, ...owned } = await startTestServer({
      server: { port: Number(port) },
      stages: resumableStages(),
      // Calls wait for each other while servers start again, which takes its time on a busy machine.
      limits: { idleTimeoutMs: 300_000 },
      resumeTokens: new ResumeTokens({
        secrets: [Buffer.from('a secret that all workers share, 32+')],
        ttlMs: 60_000,
      }),
    });
    const address = { host: '127.0.0.1', port: Number(readyPort) };
    const metrics = await startMetricsServer(address, telemetry.metrics, () => server.isServing);
    return {
      port: server.port,
      drain: (graceMs) => (stuck ? new Promise(() => {}) : server.drain(graceMs)),
      async [Symbol.asyncDispose]() {
        await owned[Symbol.asyncDispose]();
        await metrics[Symbol.asyncDispose]();
      },
    };
  },
  // A test need not wait as long as an operator.
  endWithin: (ms) => context.endWithin(ms / 10),
});
