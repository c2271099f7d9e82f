import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { LANGUAGES, type Language } from '../domain/language.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { CallStages } from '../pipeline/index.ts';
import type { CliContext } from './cli-context.ts';
import {
  addErrors,
  characterErrorRate,
  countErrors,
  type ErrorCount,
  NO_ERRORS,
  wordErrorRate,
} from './error-rate.ts';
import { failureLine, ReportedFailure, UsageError } from './failure.ts';
import { readLines } from './json-lines.ts';
import { transcribeFile } from './local-transcript.ts';
import { progress, table, writeLine } from './output.ts';
import { type GlobalOptions, languagesFor } from './shared-options.ts';

const clipLine = z.object({ audio: z.string().min(1), text: z.string(), language: z.enum(LANGUAGES) });
type Clip = z.infer<typeof clipLine>;

interface Options extends GlobalOptions {
  readonly manifest: string;
  readonly json?: boolean;
  readonly jobs: number;
}

export function evalCommand(context: CliContext): Command {
  const wer = new Command('wer')
    .description('Word and character error rate of the recogniser, by language.')
    .requiredOption(
      '--manifest <file>',
      'JSON lines {"audio", "text", "language"}; audio is relative to the manifest',
    )
    .option('--json', 'as JSON')
    .option('--jobs <count>', 'clips at once', positive, 2)
    .addHelpText(
      'after',
      '\nBoth texts are put in lower case and without punctuation. Only counts leave: what was heard is not shown.',
    )
    .action(async (_options: object, self: Command) => evaluate(self.optsWithGlobals<Options>(), context));
  return new Command('eval').description('Measure the recogniser.').addCommand(wer);
}

async function evaluate(options: Options, context: CliContext): Promise<void> {
  const config = context.loadConfig(options.config);
  const clips = await readManifest(options.manifest);
  await using runtime = await context.createRuntime(config, {
    withSpeech: true,
    withRedaction: true,
    withSentiment: false,
  });
  const totals = new Map<Language, ErrorCount>();
  let failed = 0;
  {
    using bar = progress(context, 'evaluating', clips.length);
    const queue = clips.values();
    const work = async () => {
      for (const clip of queue) {
        try {
          const heard = await hear(clip, runtime.stages, config, context.signal);
          const before = totals.get(clip.language) ?? NO_ERRORS;
          totals.set(clip.language, addErrors(before, countErrors(clip.text, heard)));
        } catch (error) {
          if (context.signal.aborted) throw error;
          failed++;
          const line = failureLine(error, options as { debug: boolean });
          if (line) await writeLine(context.stderr, line);
        }
        bar.advance();
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, work));
  }
  await report(totals, options, context);
  if (failed > 0) throw new ReportedFailure(`${failed} clips failed`);
}

/** The recogniser's words before redaction. They are counted here and go nowhere else. */
async function hear(clip: Clip, stages: CallStages, config: Config, signal: AbortSignal): Promise<string> {
  const heard: { startSample: number; text: string }[] = [];
  const listening: CallStages = {
    ...stages,
    createRedactor: (options, memory) => {
      const redactor = stages.createRedactor(options, memory);
      return {
        partial: (segment) => redactor.partial(segment),
        final: (segment) => {
          const text = segment.words.map((word) => word.text).join(' ');
          heard.push({ startSample: segment.startSample, text });
          return redactor.final(segment);
        },
        memory: () => redactor.memory(),
        [Symbol.asyncDispose]: () => redactor[Symbol.asyncDispose](),
      };
    },
  };
  const options = {
    languages: languagesFor([clip.language], config, stages.engine.languages),
    redaction: { defaultOperator: config.redaction.defaultOperator, operators: {} },
    sentiment: false,
    wordInfo: false,
    hotWords: [],
  };
  for await (const _ of transcribeFile(clip.audio, options, listening, config, signal)) {
    // Listened to above.
  }
  return heard
    .sort((a, b) => a.startSample - b.startSample)
    .map(({ text }) => text)
    .join(' ');
}

async function readManifest(path: string): Promise<Clip[]> {
  const clips: Clip[] = [];
  try {
    for await (const { number, bytes } of readLines(createReadStream(path))) {
      const parsed = clipLine.safeParse(parseJson(bytes));
      if (!parsed.success) {
        throw new UsageError(`${path}: line ${number} must be {"audio", "text", "language"}`);
      }
      clips.push({ ...parsed.data, audio: resolve(dirname(path), parsed.data.audio) });
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new ServiceError('not-found', `--manifest ${path}: no such file, or no right to read it`, {
      cause: error,
    });
  }
  if (clips.length === 0) throw new UsageError(`${path}: holds no clips`);
  return clips;
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));
  } catch {
    return undefined;
  }
}

async function report(
  totals: ReadonlyMap<Language, ErrorCount>,
  options: Options,
  context: CliContext,
): Promise<void> {
  const rows = [...totals].sort(([a], [b]) => a.localeCompare(b));
  const total = rows.reduce((sum, [, count]) => addErrors(sum, count), NO_ERRORS);
  if (options.json) {
    const entry = (count: ErrorCount) => ({
      wer: wordErrorRate(count),
      cer: characterErrorRate(count),
      ...count,
    });
    const languages = Object.fromEntries(rows.map(([language, count]) => [language, entry(count)]));
    await writeLine(context.stdout, JSON.stringify({ languages, total: entry(total) }));
    return;
  }
  const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;
  const row = (name: string, count: ErrorCount) => [
    name,
    String(count.clips),
    String(count.words),
    percent(wordErrorRate(count)),
    percent(characterErrorRate(count)),
  ];
  const lines = table([
    ['language', 'clips', 'words', 'WER', 'CER'],
    ...rows.map(([language, count]) => row(language, count)),
    ...(rows.length > 1 ? [row('all', total)] : []),
  ]);
  for (const line of lines) await writeLine(context.stdout, line);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Use a whole number from 1 on.');
  return value;
}
