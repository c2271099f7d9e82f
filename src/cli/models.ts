/** `sotto models`: what can be installed and what is, installing it, checking it, removing it. */
import { setGlobalProxyFromEnv } from 'node:http';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { defaultConfig, PACKAGE_ROOT } from '../config.ts';
import { ServiceError } from '../domain/service-error.ts';
import {
  type Catalog,
  type CatalogModel,
  DEFAULT_TRANSFER,
  DEVICES,
  type Device,
  findModel,
  isDownloadable,
  type ModelState,
  modelStates,
  type Origin,
  type Profile,
  PUBLISHED_AT,
  type PullObserver,
  pullModel,
  readCatalog,
  removeModel,
  verifyModels,
} from '../models/index.ts';
import type { CliContext } from './cli-context.ts';
import { ReportedFailure, UsageError } from './failure.ts';
import { type InstalledModel, installedModels } from './installed-models.ts';
import { type Progress, progress, table, writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface FolderOptions extends GlobalOptions {
  readonly into: string;
  readonly catalog: string;
}

interface PullCommandOptions extends FolderOptions {
  readonly profile?: Profile;
  readonly device?: Device;
  readonly mirror: string;
  readonly fromFolder?: string;
  readonly compile: boolean;
}

export function modelsCommand(context: CliContext): Command {
  return new Command('models')
    .description('Models: what can be installed and what is; docs/models.md.')
    .addCommand(listCommand(context))
    .addCommand(pullCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(removeCommand(context));
}

function withFolders(command: Command): Command {
  return command
    .option('--into <folder>', 'where installed models lie', join(PACKAGE_ROOT, 'models/installed'))
    .option('--catalog <file>', 'another catalogue', join(PACKAGE_ROOT, 'models/catalog.json'));
}

function listCommand(context: CliContext): Command {
  return withFolders(new Command('list'))
    .description('The models that the configuration names, and those of the catalogue.')
    .option('--json', 'as JSON, with every file')
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<FolderOptions & { json?: boolean }>();
      const catalog = await readCatalog(options.catalog);
      const configured = await installedModels(context.loadConfig(options.config));
      const states = await modelStates(catalog, foldersOf(options));
      const stateOf = (id: string) => states.find((state) => state.id === id)!;
      if (options.json) {
        const models = catalog.models.map((model) => ({ ...model, ...stateOf(model.id) }));
        await writeLine(context.stdout, JSON.stringify({ configured, models }));
        return;
      }
      const lines = [
        'In use:',
        ...table(configured.map(configuredRow)),
        '',
        'Catalogue:',
        ...table([
          ['model', 'task', 'state', 'size', 'languages', 'licence', 'profiles', 'from'],
          ...catalog.models.map((model) => catalogRow(model, stateOf(model.id), catalog)),
        ]),
      ];
      for (const line of lines) await writeLine(context.stdout, line);
    });
}

function configuredRow({ task, architecture, files, folder }: InstalledModel): string[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [task, architecture ?? 'missing', megabytes(bytes), folder];
}

function catalogRow(model: CatalogModel, state: ModelState, { profiles }: Catalog): string[] {
  const states = {
    installed: `installed (${state.devices.join(', ')})`,
    embedded: 'embedded',
    partly: 'partly',
    absent: '-',
  };
  return [
    model.id,
    model.task,
    states[state.state],
    state.bytes > 0 ? megabytes(state.bytes) : sizeToFetch(model),
    model.languages.join(' '),
    model.licence,
    Object.entries(profiles)
      .filter(([, { models }]) => models.includes(model.id))
      .map(([name]) => name)
      .join(' ') || '-',
    model.source.type === 'repository' ? model.source.repository : model.source.folder,
  ];
}

/** For the processor; unknown if one file's is. */
function sizeToFetch({ files }: CatalogModel): string {
  let sum = 0;
  for (const { bytes, device } of files) {
    if (device === 'cuda') continue;
    if (bytes === null) return '?';
    sum += bytes;
  }
  return megabytes(sum);
}

function pullCommand(context: CliContext): Command {
  return withFolders(new Command('pull'))
    .description('Download, verify and prepare models; interrupted, the next call goes on where it stopped.')
    .argument('[models...]', 'names of the catalogue')
    .addOption(new Option('--profile <name>', 'all models of a profile').choices(['embedded', 'cpu', 'gpu']))
    .addOption(new Option('--device <name>', 'whose precision: cpu quantized, cuda fp16').choices(DEVICES))
    .addOption(
      new Option('--mirror <url>', 'a server with the same paths')
        .env('SOTTO_MODEL_MIRROR')
        .default(PUBLISHED_AT),
    )
    .option('--from-folder <folder>', 'copy from here instead, without a network')
    .option('--no-compile', 'leave the generation graph to the first start')
    .action(async (names: string[], _options: object, self: Command) => {
      const options = self.optsWithGlobals<PullCommandOptions>();
      const catalog = await readCatalog(options.catalog);
      const models = chosenModels(catalog, names, options);
      const device = options.device ?? (options.profile ? catalog.profiles[options.profile].device : 'cpu');
      const origin = originOf(options, models.filter(isDownloadable).length);
      // HTTPS_PROXY, HTTP_PROXY and NO_PROXY, for fetch; Node reads them.
      if (origin.type === 'mirror') setGlobalProxyFromEnv();
      for (const model of models) await pullOne(context, model, { options, device, origin });
    });
}

function chosenModels(
  catalog: Catalog,
  names: readonly string[],
  { profile }: PullCommandOptions,
): CatalogModel[] {
  const ids = [...new Set([...(profile ? catalog.profiles[profile].models : []), ...names])];
  if (ids.length === 0) {
    throw new UsageError('name a model of `sotto models list`, or --profile embedded, cpu or gpu');
  }
  return ids.map((id) => findModel(catalog, id));
}

function originOf({ fromFolder, mirror }: PullCommandOptions, models: number): Origin {
  if (fromFolder !== undefined)
    return { type: 'folder', folder: resolve(fromFolder), anyLayout: models === 1 };
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if ((url?.protocol !== 'https:' && url?.protocol !== 'http:') || url.username || url.search || url.hash) {
    throw new UsageError(
      '--mirror (SOTTO_MODEL_MIRROR): expected an address such as https://mirror.example/models, without user or query',
    );
  }
  return { type: 'mirror', url: mirror };
}

interface PullChoice {
  readonly options: PullCommandOptions;
  readonly device: Device;
  readonly origin: Origin;
}

async function pullOne(context: CliContext, model: CatalogModel, choice: PullChoice): Promise<void> {
  const { options, device, origin } = choice;
  if (!isDownloadable(model)) {
    await writeLine(context.stdout, `${model.id}: part of Sotto, nothing to download`);
    return;
  }
  await writeLine(context.stderr, `${model.id}: licence ${model.licence}. ${model.note}`.trim());
  const into = resolve(options.into);
  using observer = pullObserver(context, model.id);
  const folder = await pullModel(model, {
    into,
    device,
    origin,
    transfer: DEFAULT_TRANSFER,
    signal: context.signal,
    observer,
  });
  if (model.task === 'asr' && options.compile) await compile(context, model.id, { folder, into, device });
  await writeLine(context.stdout, `${model.id}: installed; use it with models.${model.task}Dir: ${folder}`);
}

/** Loading compiles the generation graph, and checks vocabulary, configuration and graphs on the way. */
async function compile(
  context: CliContext,
  id: string,
  { folder, into, device }: { folder: string; into: string; device: Device },
): Promise<void> {
  await writeLine(context.stderr, `${id}: compiling the generation graph …`);
  const config = defaultConfig({
    models: { asrDir: folder },
    engine: { executionProviders: [device] },
    log: { level: 'error' },
  });
  try {
    const parts = { withSpeech: true, withRedaction: false, withSentiment: false };
    await using _runtime = await context.createRuntime(config, parts);
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'prohibited-by-design') {
      await removeModel(id, into, { forget: true });
      throw error;
    }
    // The machine that pulls for a GPU server need not have a GPU.
    if (device === 'cpu' || !(error instanceof ServiceError)) throw error;
    await writeLine(
      context.stderr,
      `${id}: verified, but not loaded here (${error.message}); it is compiled at its first start`,
    );
  }
}

function pullObserver(context: CliContext, id: string): PullObserver & Disposable {
  let bar: Progress | undefined;
  let shownMegabytes = 0;
  const stop = () => {
    bar?.[Symbol.dispose]();
    bar = undefined;
  };
  return {
    fileStarted: (path, bytes) => {
      stop();
      shownMegabytes = 0;
      if (bytes !== undefined && bytes >= 1e6)
        bar = progress(context, `${id} ${path} MB`, Math.ceil(bytes / 1e6));
    },
    fileProgress: (_path, bytes) => {
      const done = Math.floor(bytes / 1e6);
      if (done > shownMegabytes) {
        bar?.advance(done - shownMegabytes);
        shownMegabytes = done;
      }
    },
    fileDone: (path, outcome, bytes) => {
      stop();
      const words = {
        'already-there': 'already there, verified',
        verified: 'verified',
        'first-accepted': 'accepted on first use, its hash is kept',
      };
      context.stderr.write(`${id} ${path}: ${megabytes(bytes)}, ${words[outcome]}\n`);
    },
    [Symbol.dispose]: stop,
  };
}

function verifyCommand(context: CliContext): Command {
  return withFolders(new Command('verify'))
    .description('Read installed models again and compare every byte with what was accepted.')
    .argument('[models...]', 'names of the catalogue; without, all that are installed')
    .option('--json', 'as JSON')
    .action(async (names: string[], _options: object, self: Command) => {
      const options = self.optsWithGlobals<FolderOptions & { json?: boolean }>();
      const catalog = await readCatalog(options.catalog);
      for (const name of names) findModel(catalog, name);
      const ids = names.length > 0 ? names : undefined;
      const results = await verifyModels(catalog, foldersOf(options), ids, context.signal);
      if (options.json) await writeLine(context.stdout, JSON.stringify(results));
      else {
        const rows = results.map(({ id, path, result }) => [result, id, path || 'all files in place']);
        for (const line of table(rows)) await writeLine(context.stdout, line);
      }
      const bad = new Set(results.filter(({ result }) => result !== 'ok').map(({ id }) => id));
      if (bad.size === 0) return;
      await writeLine(
        context.stderr,
        `sotto: ${[...bad].join(', ')}: not as accepted; sotto models remove, then pull, puts it right`,
      );
      throw new ReportedFailure('models differ');
    });
}

function removeCommand(context: CliContext): Command {
  return withFolders(new Command('remove'))
    .description('Delete the files of installed models.')
    .argument('<models...>', 'names of the catalogue')
    .option('--forget', 'also what was accepted of them: the next download is trusted anew')
    .action(async (names: string[], _options: object, self: Command) => {
      const options = self.optsWithGlobals<FolderOptions & { forget?: boolean }>();
      const catalog = await readCatalog(options.catalog);
      for (const model of names.map((name) => findModel(catalog, name))) {
        if (!isDownloadable(model)) throw new UsageError(`${model.id} is part of Sotto and stays`);
        const removed = await removeModel(model.id, resolve(options.into), {
          forget: options.forget === true,
        });
        await writeLine(context.stdout, `${model.id}: ${removed ? 'removed' : 'was not installed'}`);
      }
    });
}

function foldersOf({ into }: FolderOptions) {
  return { root: PACKAGE_ROOT, into: resolve(into) };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
