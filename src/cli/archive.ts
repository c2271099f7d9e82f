/** `sotto archive …`: jobs over recordings, on a running server. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  ARCHIVE_EXPORT_FORMATS,
  type ArchiveExportFormat,
  type ArchiveItem,
  type ArchiveJob,
  type ArchiveSource,
  type SottoClient,
} from '../client/index.ts';
import { jobProgress, summaryTable } from './archive-progress.ts';
import type { CliContext } from './cli-context.ts';
import { ReportedFailure, UsageError } from './failure.ts';
import { table, writeLine } from './output.ts';
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
  type OperatorOptions,
  type ServerOptions,
} from './shared-options.ts';

type CommonOptions = GlobalOptions & ServerOptions;

interface SubmitOptions extends CommonOptions, LanguageOptions, OperatorOptions, DeclarationOptions {
  readonly watch?: boolean;
  readonly sentiment: boolean;
  readonly hotWord: readonly string[];
  readonly priority: string;
  readonly between?: string;
  readonly timeZone?: string;
  readonly redactedAudio?: string;
  readonly cover: 'mute' | 'beep';
  readonly reprocess?: boolean;
  readonly requestId?: string;
}

const DEFAULT_SERVER = 'localhost:50051';

export function archiveCommand(context: CliContext): Command {
  const archive = new Command('archive').description(
    'Jobs over recordings you already have: submit, watch, pause, resume, cancel, retry, export.',
  );
  archive.addCommand(submitCommand(context));
  const forJob = (name: string, description: string, act: JobAction) =>
    archive.addCommand(jobCommand(context, name, description, act));
  forJob('watch <job>', 'Progress until the job has ended, then a summary.', async (client, jobId) => {
    await watch(client, jobId, context);
  });
  forJob('show <job>', 'The job as it stands, and its failed items.', async (client, jobId) => {
    await writeSummary(await client.archive.get(jobId, context.signal), client, context);
  });
  forJob('pause <job>', 'Start no more items of the job.', async (client, jobId) => {
    await writeState(await client.archive.pause(jobId, context.signal), context);
  });
  forJob('resume <job>', 'Go on with a paused job.', async (client, jobId) => {
    await writeState(await client.archive.resume(jobId, context.signal), context);
  });
  forJob('cancel <job>', 'Cancel what has not ended; results stay.', async (client, jobId) => {
    await writeState(await client.archive.cancel(jobId, context.signal), context);
  });
  archive.addCommand(retryCommand(context));
  archive.addCommand(exportCommand(context));
  archive.addCommand(listCommand(context));
  return archive;
}

function submitCommand(context: CliContext): Command {
  const command = new Command('submit')
    .description(
      'Transcribe and redact recordings: folders, files, patterns, s3://bucket/key, or a manifest (.csv, .jsonl).',
    )
    .argument('<sources...>', 'as the server sees them, within its archive.roots and archive.s3.prefixes')
    .addOption(languageOption())
    .option('--watch', 'show progress until the job has ended')
    .option('--no-sentiment', 'do not score sentiment')
    .option('--hot-word <text>', 'a name or term that is likely to occur; may be repeated', collect, [])
    .option('--priority <number>', 'jobs of a higher number go first, -100 to 100', '0')
    .option('--between <20:00-06:00>', 'work only at this time of the day')
    .option('--time-zone <name>', 'of --between, such as Europe/Amsterdam (default: of this machine)')
    .option('--redacted-audio <folder>', 'write redacted copies there, within archive.outputRoots')
    .addOption(
      new Option('--cover <how>', 'what is heard instead of an entity')
        .choices(['mute', 'beep'])
        .default('mute'),
    )
    .option('--reprocess', 'do recordings again that were done before')
    .option(
      '--request-id <id>',
      'the same id makes the same job, however often you submit (default: a new one)',
    );
  addOperatorOptions(command);
  addServerOptions(command);
  addDeclarationOptions(command, 'quality-assurance');
  return command.action(async (sources: string[], _options: object, self: Command) => {
    const options = self.optsWithGlobals<SubmitOptions>();
    await using client = clientFor(options);
    const job = await client.archive.create({
      requestId: options.requestId ?? randomUUID(),
      sources: sources.map(sourceOf),
      declaration: declarationOf(options),
      languages: options.language,
      redaction: { defaultOperator: options.defaultOperator, operators: options.operator },
      sentiment: options.sentiment,
      hotWords: options.hotWord,
      priority: priorityOf(options.priority),
      ...(options.between && { window: windowOf(options.between, options.timeZone) }),
      ...(options.redactedAudio && {
        redactedAudio: { folder: resolve(options.redactedAudio), cover: options.cover },
      }),
      reprocess: options.reprocess ?? false,
      signal: context.signal,
    });
    await writeLine(context.stdout, job.jobId);
    if (options.watch) await watch(client, job.jobId, context);
    else await writeLine(context.stderr, `sotto archive watch ${job.jobId} shows how far it is`);
  });
}

function retryCommand(context: CliContext): Command {
  const command = new Command('retry')
    .description('Put failed items back to be done again.')
    .argument('<job>')
    .option('--failure <name>', 'only items that failed for this; may be repeated', collect, []);
  addServerOptions(command);
  return command.action(async (jobId: string, _options: object, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & { readonly failure: readonly string[] }>();
    await using client = clientFor(options);
    const { job, items } = await usage(() => client.archive.retry(jobId, options.failure, context.signal));
    await writeLine(context.stderr, `${items} items are done again`);
    await writeState(job, context);
  });
}

function exportCommand(context: CliContext): Command {
  const command = new Command('export')
    .description('Write the transcripts of a job to files: each appears whole or not at all.')
    .argument('<job>')
    .requiredOption('--to <folder>', 'an existing folder')
    .addOption(new Option('--format <name>').choices(ARCHIVE_EXPORT_FORMATS).default('jsonl'));
  addServerOptions(command);
  return command.action(async (jobId: string, _options: object, self: Command) => {
    const options = self.optsWithGlobals<
      CommonOptions & { readonly to: string; readonly format: ArchiveExportFormat }
    >();
    await using client = clientFor(options);
    await exportTo(options.to, client, jobId, options.format, context);
  });
}

function listCommand(context: CliContext): Command {
  const command = new Command('list').description('All jobs, newest first.');
  addServerOptions(command);
  return command.action(async (_options: object, self: Command) => {
    await using client = clientFor(self.optsWithGlobals<CommonOptions>());
    const rows = [['JOB', 'STATE', 'DONE', 'FAILED', 'ITEMS', 'PURPOSE', 'CREATED']];
    for await (const { jobId, state, items, purpose, createdAt } of client.archive.list(context.signal)) {
      const created = createdAt.toISOString().slice(0, 16).replace('T', ' ');
      rows.push([jobId, state, `${items.done}`, `${items.failed}`, `${items.total}`, purpose, created]);
    }
    for (const line of table(rows)) await writeLine(context.stdout, line, context.signal);
  });
}

type JobAction = (client: SottoClient, jobId: string) => Promise<void>;

function jobCommand(context: CliContext, usageLine: string, description: string, act: JobAction): Command {
  const command = new Command(usageLine.split(' ')[0]!).description(description).argument('<job>');
  addServerOptions(command);
  return command.action(async (jobId: string, _options: object, self: Command) => {
    await using client = clientFor(self.optsWithGlobals<CommonOptions>());
    await act(client, jobId);
    if (context.signal.aborted) throw context.signal.reason;
  });
}

function clientFor(options: ServerOptions): SottoClient {
  return clientOf({ ...options, server: options.server ?? DEFAULT_SERVER });
}

/** Fails, for scripts, if an item or the job has failed. */
async function watch(client: SottoClient, jobId: string, context: CliContext): Promise<void> {
  let last: ArchiveJob | undefined;
  {
    using bar = jobProgress(context);
    for await (const job of client.archive.watch(jobId, context.signal)) {
      last = job;
      bar.show(job);
    }
  }
  if (last === undefined) return;
  await writeSummary(last, client, context);
  if (last.state === 'failed' || last.items.failed > 0) throw new ReportedFailure();
}

/** So many failed items are shown one by one. */
const MAX_SHOWN_FAILURES = 20;

async function writeSummary(job: ArchiveJob, client: SottoClient, context: CliContext): Promise<void> {
  for (const line of summaryTable(job)) await writeLine(context.stdout, line, context.signal);
  if (job.items.failed === 0) return;
  const failed: ArchiveItem[] = [];
  for await (const item of client.archive.items(job.jobId, { states: ['failed'], signal: context.signal })) {
    if (failed.push(item) >= MAX_SHOWN_FAILURES) break;
  }
  await writeLine(context.stdout, '');
  const rows = failed.map(({ item, failure, location, message }) => [
    `${item}`,
    failure ?? '',
    basename(location),
    message ?? '',
  ]);
  for (const line of table([['ITEM', 'FAILURE', 'FILE', 'WHAT TO DO'], ...rows])) {
    await writeLine(context.stdout, line, context.signal);
  }
  if (job.items.failed > failed.length) {
    await writeLine(context.stdout, `and ${job.items.failed - failed.length} more`, context.signal);
  }
}

async function writeState(job: ArchiveJob, context: CliContext): Promise<void> {
  await writeLine(context.stdout, `${job.jobId} ${job.state}`, context.signal);
}

async function exportTo(
  folder: string,
  client: SottoClient,
  jobId: string,
  format: ArchiveExportFormat,
  context: CliContext,
): Promise<void> {
  let complete = false;
  let draft: Draft | undefined;
  try {
    for await (const part of client.archive.export(jobId, format, context.signal)) {
      if (part.type === 'summary') {
        complete = true;
        await draft?.finish();
        draft = undefined;
        const expired = part.expired > 0 ? `; ${part.expired} are not kept any more` : '';
        await writeLine(context.stderr, `${part.transcripts} transcripts in ${folder}${expired}`);
        continue;
      }
      if (draft?.name !== part.name) {
        await draft?.finish();
        draft = await Draft.open(folder, part.name);
      }
      await draft.append(part.content);
    }
    if (!complete) throw new UsageError('the server ended the export early; try again');
  } finally {
    await draft?.drop();
  }
}

/** A file that gets its name when it is whole and on disk. */
class Draft {
  readonly name: string;
  readonly #path: string;
  readonly #folder: string;
  readonly #file: Awaited<ReturnType<typeof open>>;

  private constructor(folder: string, name: string, path: string, file: Awaited<ReturnType<typeof open>>) {
    this.#folder = folder;
    this.name = name;
    this.#path = path;
    this.#file = file;
  }

  static async open(folder: string, name: string): Promise<Draft> {
    if (basename(name) !== name) throw new UsageError('the server names a file outside of the folder');
    const path = join(folder, `.${name}.${randomUUID()}.part`);
    try {
      return new Draft(folder, name, path, await open(path, 'wx'));
    } catch (error) {
      throw new UsageError(`--to ${folder}: cannot be written to`, { cause: error });
    }
  }

  async append(content: Uint8Array): Promise<void> {
    await this.#file.write(content);
  }

  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#path, join(this.#folder, this.name));
  }

  async drop(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}

function sourceOf(text: string): ArchiveSource {
  const format = ({ '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' } as const)[
    extname(text).toLowerCase()
  ];
  const isS3 = text.startsWith('s3://');
  if (format) return { manifest: isS3 ? text : resolve(text), format };
  if (isS3) return { s3Uri: text };
  return /[*?[{]/.test(text) ? { pattern: resolve(text) } : { path: resolve(text) };
}

function priorityOf(text: string): number {
  const priority = Number(text);
  if (Number.isInteger(priority) && Math.abs(priority) <= 100) return priority;
  throw new UsageError('--priority: expected a whole number from -100 to 100');
}

function windowOf(text: string, timeZone: string | undefined) {
  const match = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text);
  if (match === null) throw new UsageError('--between: expected two times of the day, such as 20:00-06:00');
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { start: match[1]!, end: match[2]!, timeZone: zone };
}

async function usage<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`--failure: ${error.message}`);
    throw error;
  }
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
