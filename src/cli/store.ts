/** `sotto store`: the database of what is kept. */
import { join } from 'node:path';
import { Command } from 'commander';
import { copyStore, openDatabase } from '../store/index.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { table, writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface CopyOptions extends GlobalOptions {
  readonly to?: string;
  readonly from?: string;
}

export function storeCommand(context: CliContext): Command {
  return new Command('store')
    .description('The database of what is kept: calls, archive jobs, the audit log.')
    .addCommand(copyCommand(context));
}

function copyCommand(context: CliContext): Command {
  return new Command('copy')
    .description(
      'Copy all of the embedded database (store.dataDir) to an empty PostgreSQL server, or back. Stop servers and ' +
        'workers first. Whole or not at all; what is copied stays where it was.',
    )
    .option('--to <url>', 'postgres://user@host/name')
    .option('--from <url>', 'the other way: from this server into the embedded database')
    .action(async (_: object, self: Command) => {
      const { config, to, from } = self.optsWithGlobals<CopyOptions>();
      const url = to ?? from;
      if (url === undefined || (to !== undefined && from !== undefined)) {
        throw new UsageError('name the server: --to URL, or --from URL');
      }
      const { dataDir, tenantKeysFile } = context.loadConfig(config).store;
      await using embedded = await openDatabase({ dataDir });
      await using server = await openDatabase({ dataDir, url });
      const copied = await (to === undefined ? copyStore(server, embedded) : copyStore(embedded, server));
      const rows = copied.map((each) => [each.table, `${each.rows}`]);
      for (const line of table([['table', 'rows'], ...rows])) await writeLine(context.stdout, line);
      const keys = tenantKeysFile ?? join(dataDir, 'tenant-keys.json');
      await writeLine(
        context.stderr,
        to === undefined
          ? `copied; leave out store.databaseUrl from now on. Keys stay in ${dataDir}`
          : `copied; now set store.databaseUrl, and store.tenantKeysFile to ${keys}. Keep ${dataDir}: keys of calls ` +
              `lie there. ${join(dataDir, 'postgres')} may go once the server works`,
      );
    });
}
