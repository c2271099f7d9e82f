import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { PACKAGE_ROOT } from '../config.ts';
import { isLanguage, LANGUAGES, type Language } from '../domain/language.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { transcribeFile } from './local-transcript.ts';
import { writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';
import { writeTranscript } from './transcript-lines.ts';

interface Options extends GlobalOptions {
  readonly language: string;
  readonly all?: boolean;
}

interface DemoCall {
  readonly path: string;
  readonly language: Language;
}

export function demoCommand(context: CliContext): Command {
  return new Command('demo')
    .description('Hear a recorded call of two channels and show its redacted transcript.')
    .option('--language <code>', `whose call: ${LANGUAGES.join(', ')}`, 'nl')
    .option('--all', 'the calls of every language')
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const calls = chosen(demoCalls(join(PACKAGE_ROOT, 'demo/calls')), options);
      const config = context.loadConfig(options.config);
      const sentiment = config.sentiment.enabled;
      await writeLine(context.stderr, 'loading the models …');
      await using runtime = await context.createRuntime(config, {
        withSpeech: true,
        withRedaction: true,
        withSentiment: sentiment,
      });
      const { defaultOperator, operators } = config.redaction;
      for (const { path, language } of calls) {
        await writeLine(context.stdout, `== ${basename(path)} (${language})`);
        const local = {
          languages: [language],
          redaction: { defaultOperator, operators },
          sentiment,
          wordInfo: false,
          hotWords: [],
        };
        await writeTranscript(transcribeFile(path, local, runtime.stages, config, context.signal), context);
      }
      await writeLine(
        context.stdout,
        'Heard, redacted and scored on this machine. What the embedded models are good for: README.md',
      );
    });
}

/** Calls are named after their language: `nl-energy.wav`. */
function demoCalls(folder: string): DemoCall[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`the demo calls are missing (${folder}); get a complete copy of the repository`, {
      cause: error,
    });
  }
  return names
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .flatMap((name) => {
      const language = name.slice(0, 2);
      return isLanguage(language) ? [{ path: join(folder, name), language }] : [];
    });
}

function chosen(calls: readonly DemoCall[], { language, all }: Options): readonly DemoCall[] {
  if (all) return calls;
  const ofLanguage = calls.filter((call) => call.language === language);
  if (ofLanguage.length > 0) return ofLanguage;
  const known = [...new Set(calls.map((call) => call.language))].join(', ');
  throw new UsageError(`--language ${language}: there are demo calls in ${known}`);
}
