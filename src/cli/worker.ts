import { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import type { GlobalOptions } from './shared-options.ts';

/** Recordings under way are left at the next window, and begun again elsewhere. Kubernetes gives 30 s. */
const CLOSING_MS = 25_000;

interface Options extends GlobalOptions {
  readonly database?: string;
  readonly capacity?: string;
}

export function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .description(
      'Work on archive jobs of a shared database until SIGTERM or Ctrl-C; start as many as you like.',
    )
    .option('--database <url>', 'postgres://user@host/name (default: store.databaseUrl)')
    .option('--capacity <count>', 'recordings at once (default: archive.capacity)')
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const config = context.loadConfig(options.config);
      if (options.database) config.store.databaseUrl = options.database;
      if (options.capacity) config.archive.capacity = capacityOf(options.capacity);
      if (config.store.databaseUrl === undefined) {
        throw new UsageError(
          '--database is missing: workers share a PostgreSQL server; with the embedded database `sotto serve` does the work',
        );
      }
      if (config.archive.capacity === 0)
        throw new UsageError('archive.capacity is 0: the worker would do nothing');
      const { capacity } = config.archive;
      context.signal.addEventListener('abort', () => context.endWithin(CLOSING_MS), { once: true });
      await context.runArchiveWorker(config, context.signal, () => {
        context.stderr.write(`sotto works on archives, ${capacity} recordings at once; Ctrl-C stops it\n`);
      });
    });
}

function capacityOf(text: string): number {
  const capacity = Number(text);
  if (Number.isInteger(capacity) && capacity >= 1 && capacity <= 256) return capacity;
  throw new UsageError('--capacity: expected a whole number from 1 to 256');
}
