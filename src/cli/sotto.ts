/** The command line: `npm run -s sotto -- COMMAND`, and the entry point of the container. */
import { Command } from 'commander';
import { archiveCommand } from './archive.ts';
import { type CliContext, processContext } from './cli-context.ts';
import { configCommand } from './config.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { evalCommand } from './eval.ts';
import { EXIT, exitCodeOf, failureLine } from './failure.ts';
import { healthCommand } from './health.ts';
import { keysCommand } from './keys.ts';
import { modelsCommand } from './models.ts';
import { policyCommand } from './policy.ts';
import { privacyCommand } from './privacy.ts';
import { redactCommand } from './redact.ts';
import { sentimentCommand } from './sentiment.ts';
import { serveCommand } from './serve.ts';
import { setupGpuCommand } from './setup-gpu.ts';
import { storeCommand } from './store.ts';
import { streamCommand } from './stream.ts';
import { tokensCommand } from './tokens.ts';
import { transcribeCommand } from './transcribe.ts';
import { workerCommand } from './worker.ts';

/** Runs one command line, without the program's name; returns the exit code. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const program = new Command('sotto')
    .description('Telephone calls to redacted text, on hardware you own.')
    .option('--config <file>', 'configuration (YAML); every key: docs/configuration.md')
    .option('--debug', 'show where an error came from')
    .showHelpAfterError('(sotto --help lists the commands)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  const commands = [
    demoCommand(context),
    transcribeCommand(context),
    serveCommand(context),
    streamCommand(context),
    archiveCommand(context),
    workerCommand(context),
    redactCommand(context),
    sentimentCommand(context),
    evalCommand(context),
    doctorCommand(context),
    modelsCommand(context),
    setupGpuCommand(context),
    policyCommand(context),
    tokensCommand(context),
    keysCommand(context),
    storeCommand(context),
    privacyCommand(context),
    configCommand(context),
    healthCommand(context),
  ];
  for (const command of commands) program.addCommand(inherit(command, program));
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    const line = failureLine(error, { debug: args.includes('--debug') });
    if (line !== undefined) context.stderr.write(`${line}\n`);
    return exitCodeOf(error);
  }
}

/** Commander hands these down to commands made by `command()`, not to those that are added. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, parent);
  return command;
}

if (import.meta.main) {
  // The process ends by itself once all is released: ending it while a model runs would abort it.
  process.exitCode = await runCli(process.argv.slice(2), processContext());
}
