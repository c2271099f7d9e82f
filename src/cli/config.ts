import { Command } from 'commander';
import { stringify } from 'yaml';
import { configReference } from '../config.ts';
import type { CliContext } from './cli-context.ts';
import { writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface Options extends GlobalOptions {
  readonly reference?: boolean;
}

export function configCommand(context: CliContext): Command {
  return new Command('config')
    .description('Print the configuration in force, as YAML; refuses a wrong one.')
    .option('--reference', 'print the reference of all keys instead, as Markdown')
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const text = options.reference ? configReference() : stringify(context.loadConfig(options.config));
      await writeLine(context.stdout, text.trimEnd());
    });
}
