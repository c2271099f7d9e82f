import { readFile, stat } from 'node:fs/promises';
import { Command } from 'commander';
import type { CallEvent, CallSummary, SottoClient, TranscriptSegment } from '../client/index.ts';
import type { Config } from '../config.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { CliContext } from './cli-context.ts';
import { failureLine, ReportedFailure, UsageError } from './failure.ts';
import { transcribeFile } from './local-transcript.ts';
import { progress, writeLine } from './output.ts';
import {
  addDeclarationOptions,
  addOperatorOptions,
  addServerOptions,
  clientOf,
  type DeclarationOptions,
  declarationOf,
  type GlobalOptions,
  type LanguageOptions,
  languageOption,
  languagesFor,
  type OperatorOptions,
  redactionOptions,
  type ServerOptions,
} from './shared-options.ts';
import { writeTranscript } from './transcript-lines.ts';

interface Options extends GlobalOptions, LanguageOptions, OperatorOptions, ServerOptions, DeclarationOptions {
  readonly json?: boolean;
  readonly words?: boolean;
  readonly sentiment: boolean;
  readonly hotWord: readonly string[];
}

export function transcribeCommand(context: CliContext): Command {
  const command = new Command('transcribe')
    .description('Transcribe recordings: here, or by a server (then up to 10 minutes each).')
    .argument('<files...>', 'WAV; with ffmpeg also MP3, Ogg, FLAC, M4A, WebM, AMR, GSM')
    .addOption(languageOption())
    .option('--json', 'one JSON line per file: segments and summary')
    .option('--words', 'words with times and confidence (with --json)')
    .option('--no-sentiment', 'do not score sentiment')
    .option('--hot-word <text>', 'a name or term that is likely to occur; may be repeated', collect, []);
  addOperatorOptions(command);
  addServerOptions(command);
  addDeclarationOptions(command, 'voicemail');
  return command.action(async (files: string[], _options: object, self: Command) => {
    const options = self.optsWithGlobals<Options>();
    const config = context.loadConfig(options.config);
    const failed = options.server
      ? await transcribeByServer(files, options, config, context)
      : await transcribeHere(files, options, config, context);
    if (failed > 0) throw new ReportedFailure();
  });
}

async function transcribeHere(
  files: readonly string[],
  options: Options,
  config: Config,
  context: CliContext,
): Promise<number> {
  const sentiment = options.sentiment && config.sentiment.enabled;
  await using runtime = await context.createRuntime(config, {
    withSpeech: true,
    withRedaction: true,
    withSentiment: sentiment,
  });
  const local = {
    languages: languagesFor(options.language, config, runtime.stages.engine.languages),
    redaction: redactionOptions(config, options),
    sentiment,
    wordInfo: options.words ?? false,
    hotWords: options.hotWord,
  };
  const eventsOf = (path: string) => transcribeFile(path, local, runtime.stages, config, context.signal);
  return await eachFile(files, options, context, eventsOf);
}

async function transcribeByServer(
  files: readonly string[],
  options: Options,
  config: Config,
  context: CliContext,
): Promise<number> {
  await using client = clientOf(options);
  return await eachFile(files, options, context, (path) =>
    serverEvents(path, client, options, config, context),
  );
}

async function* serverEvents(
  path: string,
  client: SottoClient,
  options: Options,
  config: Config,
  context: CliContext,
): AsyncGenerator<CallEvent, void, undefined> {
  const recording = await readRecording(path, config.server.maxRecordingBytes);
  const { segments, summary } = await client.transcribe(recording, {
    declaration: declarationOf(options),
    languages: options.language,
    redaction: { defaultOperator: options.defaultOperator, operators: options.operator },
    sentiment: options.sentiment,
    wordInfo: options.words,
    hotWords: options.hotWord,
    signal: context.signal,
  });
  for (const segment of segments) yield { type: 'segment', segment };
  yield { type: 'summary', summary };
}

/** A file that fails is reported and the others go on; returns how many failed. */
async function eachFile(
  files: readonly string[],
  options: Options,
  context: CliContext,
  eventsOf: (path: string) => AsyncIterable<CallEvent>,
): Promise<number> {
  using bar = files.length > 1 && options.json ? progress(context, 'transcribing', files.length) : undefined;
  let failed = 0;
  for (const file of files) {
    if (files.length > 1 && !options.json) await writeLine(context.stdout, `== ${file}`, context.signal);
    try {
      if (options.json) await writeJson(file, eventsOf(file), context);
      else await writeTranscript(eventsOf(file), context);
    } catch (error) {
      if (context.signal.aborted || error instanceof UsageError || files.length === 1) throw error;
      failed++;
      const line = failureLine(error, options as { debug: boolean });
      if (line) await writeLine(context.stderr, line.includes(file) ? line : `${line} [${file}]`);
    }
    bar?.advance();
  }
  return failed;
}

async function writeJson(file: string, events: AsyncIterable<CallEvent>, context: CliContext): Promise<void> {
  const segments: TranscriptSegment[] = [];
  let summary: CallSummary | undefined;
  for await (const event of events) {
    if (event.type === 'segment') segments.push(event.segment);
    if (event.type === 'summary') summary = event.summary;
  }
  segments.sort((a, b) => a.startMs - b.startMs || a.channel - b.channel);
  await writeLine(context.stdout, JSON.stringify({ file, segments, summary }), context.signal);
}

async function readRecording(path: string, maxBytes: number): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new UsageError(
        `${path}: has ${size} bytes, a server takes ${maxBytes}; transcribe it without --server`,
      );
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new ServiceError('not-found', `${path}: no such file, or no right to read it`, { cause: error });
  }
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
