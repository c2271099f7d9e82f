/** `sotto keys`: the keys under which the keys of calls are wrapped. */
import { Command } from 'commander';
import {
  EMPTY_KEY_RING,
  keyRingOf,
  rotateTenantKeys,
  withNewKey,
  withoutOldKeys,
  writeKeyRing,
} from '../store/index.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface Options extends GlobalOptions {
  readonly file?: string;
  readonly tenant: string;
  readonly forgetOld?: boolean;
}

export function keysCommand(context: CliContext): Command {
  return new Command('keys')
    .description('Keys of tenants, under which what is kept of their calls is encrypted.')
    .addCommand(createCommand(context))
    .addCommand(rotateCommand(context));
}

function createCommand(context: CliContext): Command {
  return addKeyOptions(new Command('create'))
    .description('Make the first key of a tenant. Without its file, what is kept cannot be read: back it up.')
    .action(async (_: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const file = fileOf(context, options);
      const ring = (await keyRingOf(file)) ?? EMPTY_KEY_RING;
      if (Object.hasOwn(ring.tenants, options.tenant)) {
        throw new UsageError(
          `${file}: tenant ${options.tenant} has keys; \`sotto keys rotate\` makes a new one`,
        );
      }
      await writeKeyRing(file, withNewKey(ring, options.tenant, new Date()));
      await writeLine(context.stderr, `keys of tenant ${options.tenant} written to ${file}`);
    });
}

function rotateCommand(context: CliContext): Command {
  return addKeyOptions(new Command('rotate'))
    .description(
      'Make a new key and wrap the keys of all calls under it. Stop a server with an embedded database first; ' +
        'one with PostgreSQL must be started anew with the file before old keys are forgotten.',
    )
    .option('--forget-old', 'afterwards, remove the older keys from the file')
    .action(async (_: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const file = fileOf(context, options);
      const { tenant } = options;
      const before = await keyRingOf(file);
      if (before === undefined || !Object.hasOwn(before.tenants, tenant)) {
        throw new UsageError(`${file}: tenant ${tenant} has no keys; \`sotto keys create\` makes the first`);
      }
      const ring = withNewKey(before, tenant, new Date());
      // First the file: what is wrapped under a key that was never written is lost.
      await writeKeyRing(file, ring);
      const config = context.loadConfig(options.config);
      await using store = await context.openStore({
        ...config,
        store: { ...config.store, tenantKeysFile: file },
      });
      const calls = await rotateTenantKeys(store, tenant, { actor: 'sotto keys rotate' });
      if (options.forgetOld) await writeKeyRing(file, withoutOldKeys(ring, tenant));
      await writeLine(
        context.stderr,
        `keys of ${calls} calls wrapped under ${ring.tenants[tenant]!.current}`,
      );
    });
}

function addKeyOptions(command: Command): Command {
  return command
    .option('--file <file>', 'keys file; left out, store.tenantKeysFile of the configuration')
    .option('--tenant <name>', 'whose', 'default');
}

function fileOf(context: CliContext, { file, config }: Options): string {
  const named = file ?? context.loadConfig(config).store.tenantKeysFile;
  if (named === undefined) throw new UsageError('name the keys file: --file, or store.tenantKeysFile');
  return named;
}
