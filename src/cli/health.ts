import { type ChannelCredentials, credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { Command } from 'commander';
import { service } from 'grpc-health-check';
import type { Config } from '../config.ts';
import type { CliContext } from './cli-context.ts';
import { ReportedFailure, UsageError } from './failure.ts';
import { writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

const TIMEOUT_MS = 3000;

interface Options extends GlobalOptions {
  readonly server?: string;
}

/** For the container's health check and for scripts. */
export function healthCommand(context: CliContext): Command {
  return new Command('health')
    .description(
      'Exit 0 if the server takes calls, else 1. Asks the one that this configuration would start.',
    )
    .option('--server <host:port>', 'ask this one instead (grpc.health.v1, without TLS)')
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const config = context.loadConfig(options.config);
      const state = await stateOf(config, options.server);
      await writeLine(context.stdout, state);
      if (state !== 'SERVING') throw new ReportedFailure(state);
    });
}

async function stateOf(config: Config, address: string | undefined): Promise<string> {
  if (address !== undefined) return grpcState(address, credentials.createInsecure());
  const { server, metrics } = config;
  if (server.tls === undefined) {
    return grpcState(`${reachable(server.host)}:${server.port}`, credentials.createInsecure());
  }
  // We hold no client certificate of our own; readiness over HTTP says the same.
  if (!metrics.enabled)
    throw new UsageError('with server.tls, `sotto health` asks the metrics port: set metrics.enabled');
  return httpState(`http://${reachable(metrics.host)}:${metrics.port}/readyz`);
}

/** The service has no generated client: its definition comes with the package that serves it. */
function grpcState(address: string, channelCredentials: ChannelCredentials): Promise<string> {
  const HealthClient = makeGenericClientConstructor(service, 'grpc.health.v1.Health');
  const client = new HealthClient(address, channelCredentials);
  return new Promise<string>((resolve) => {
    const done = (error: Error | null, response?: { status: string }) => {
      client.close();
      resolve(error ? 'UNREACHABLE' : (response?.status ?? 'UNKNOWN'));
    };
    client.Check!({ service: '' }, { deadline: Date.now() + TIMEOUT_MS }, done);
  });
}

async function httpState(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? 'SERVING' : 'NOT_SERVING';
  } catch {
    return 'UNREACHABLE';
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
