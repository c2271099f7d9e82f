import { once } from 'node:events';
import { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface Options extends GlobalOptions {
  readonly database?: string;
}

/** After the grace period: for calls that were told to end, connections, the engine's last run, the database. */
const CLOSING_MS = 20_000;

export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .description('Serve gRPC until SIGTERM or Ctrl-C, then let running calls finish.')
    .option('--database <url>', 'postgres://user@host/name (default: store.databaseUrl, else embedded)')
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const config = context.loadConfig(options.config);
      if (options.database) config.store.databaseUrl = options.database;
      const endWithinMs = config.server.shutdownGraceMs + CLOSING_MS;
      context.signal.addEventListener('abort', () => context.endWithin(endWithinMs), { once: true });
      await using server = await context.startServer(config);
      await writeLine(
        context.stderr,
        `sotto listens on ${config.server.host}:${server.port}; Ctrl-C stops it`,
      );
      if (!context.signal.aborted) await once(context.signal, 'abort');
      await writeLine(context.stderr, 'sotto takes no new calls and waits for running ones');
      await server.drain(config.server.shutdownGraceMs);
    });
}
