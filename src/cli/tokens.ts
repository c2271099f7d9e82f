/** `sotto tokens`: bearer tokens for clients that have no certificate and no identity provider. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ACCESS_ROLES, type AccessRole, createAccessToken } from '../policy/index.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

const MS_PER_DAY = 24 * 60 * 60 * 1000;

interface CreateOptions extends GlobalOptions {
  readonly file?: string;
  readonly tenant: string;
  readonly role: readonly AccessRole[];
  readonly name: string;
  readonly days: number;
}

export function tokensCommand(context: CliContext): Command {
  return new Command('tokens')
    .description('Bearer tokens of clients; docs/policy.md.')
    .addCommand(createCommand(context));
}

function createCommand(context: CliContext): Command {
  return new Command('create')
    .description(
      'Make a token and print it, once; the file keeps its hash. A running server sees it within seconds.',
    )
    .option('--file <file>', 'tokens file; left out, access.tokensFile of the configuration')
    .option('--tenant <name>', 'tenant that the client belongs to', 'default')
    .addOption(
      new Option('--role <names>', `with commas between: ${ACCESS_ROLES.join(', ')}`)
        .argParser(rolesOf)
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'of the client, for the audit log')
    .option('--days <number>', 'the token expires after so many days', daysOf, 365)
    .addHelpText(
      'after',
      '\nTo revoke a token, delete its line, which starts with the id between the underscores.',
    )
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<CreateOptions>();
      const file = options.file ?? context.loadConfig(options.config).access.tokensFile;
      if (file === undefined) throw new UsageError('name the tokens file: --file, or access.tokensFile');
      const { tenant, role: roles, name } = options;
      const expires = new Date(Date.now() + options.days * MS_PER_DAY);
      const token = createAccessToken(file, { tenant, roles, name }, expires);
      await writeLine(context.stderr, `written to ${file}; expires ${expires.toISOString()}`);
      await writeLine(context.stdout, token);
    });
}

function rolesOf(text: string): AccessRole[] {
  return text.split(',').map((name) => {
    const role = ACCESS_ROLES.find((each) => each === name.trim());
    if (role === undefined) throw new InvalidArgumentError(`Roles: ${ACCESS_ROLES.join(', ')}.`);
    return role;
  });
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new InvalidArgumentError('A whole number from 1 to 3650.');
}
