import { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { installedModels } from './installed-models.ts';
import { table, writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
}

export function modelsCommand(context: CliContext): Command {
  const list = new Command('list')
    .description('The models that the configuration names.')
    .option('--json', 'as JSON, with every file')
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const models = await installedModels(context.loadConfig(options.config));
      if (options.json) {
        await writeLine(context.stdout, JSON.stringify(models));
        return;
      }
      const rows = models.map(({ task, architecture, files, folder }) => [
        task,
        architecture ?? 'missing',
        megabytes(files.reduce((sum, file) => sum + file.bytes, 0)),
        folder,
      ]);
      for (const line of table([['task', 'model', 'size', 'folder'], ...rows]))
        await writeLine(context.stdout, line);
    });
  return new Command('models').description('Models on this machine.').addCommand(list);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
