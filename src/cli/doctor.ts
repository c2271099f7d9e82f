import { once } from 'node:events';
import { createServer } from 'node:net';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { Command } from 'commander';
import { findFfmpeg } from '../audio/index.ts';
import type { Config } from '../config.ts';
import { missingCudaLibraries } from '../main.ts';
import type { CliContext } from './cli-context.ts';
import { failureLine, ReportedFailure } from './failure.ts';
import { checkIntegrity, type InstalledModel, installedModels } from './installed-models.ts';
import { table, writeLine } from './output.ts';
import type { GlobalOptions } from './shared-options.ts';

interface Options extends GlobalOptions {
  readonly json?: boolean;
  readonly load: boolean;
}

interface Finding {
  /** `warn`: works, with a limit that is named. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  /** What was found, and where it is not well the remedy. */
  readonly detail: string;
}

const MIN_NODE_MAJOR = 24;
/** The server with embedded models, and room for calls. */
const MIN_FREE_BYTES = 1e9;

export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description(
      'What works on this machine, and what to do about the rest. Exit 1 if calls could not be served.',
    )
    .option('--json', 'as JSON')
    .option('--no-load', 'do not load the models')
    .action(async (_options: object, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const findings = await examine(context, options);
      if (options.json) await writeLine(context.stdout, JSON.stringify(findings));
      else {
        const rows = findings.map(({ state, what, detail }) => [state.padEnd(4), what, detail]);
        for (const line of table(rows)) await writeLine(context.stdout, line);
      }
      if (findings.some(({ state }) => state === 'fail')) throw new ReportedFailure('findings');
    });
}

async function examine(context: CliContext, options: Options): Promise<Finding[]> {
  let config: Config;
  try {
    config = context.loadConfig(options.config);
  } catch (error) {
    return [...machine(), { state: 'fail', what: 'configuration', detail: reasonOf(error) }];
  }
  const models = await installedModels(config);
  const findings = [
    ...machine(),
    { state: 'ok' as const, what: 'configuration', detail: options.config ?? 'defaults and environment' },
    ...(await cuda(config)),
    ...(await Promise.all(models.filter((model) => isWanted(model, config)).map(modelFinding))),
  ];
  if (options.load) findings.push(...(await loading(context, config)));
  findings.push(await ffmpeg(config));
  findings.push(await portFinding('gRPC port', config.server.host, config.server.port));
  if (config.metrics.enabled) {
    findings.push(await portFinding('metrics port', config.metrics.host, config.metrics.port));
  }
  return findings;
}

function machine(): Finding[] {
  const major = Number(process.versions.node.split('.')[0]);
  const free = freemem();
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return [
    major >= MIN_NODE_MAJOR
      ? { state: 'ok', what: 'Node', detail: process.versions.node }
      : {
          state: 'fail',
          what: 'Node',
          detail: `${process.versions.node}; ${MIN_NODE_MAJOR} is needed: use \`npm run -s sotto -- …\`, which brings it`,
        },
    { state: 'ok', what: 'processor', detail: `${availableParallelism()} threads, ${process.arch}` },
    {
      state: free >= MIN_FREE_BYTES ? 'ok' : 'warn',
      what: 'memory',
      detail: `${gigabytes(free)} free of ${gigabytes(totalmem())}${free >= MIN_FREE_BYTES ? '' : '; 1 GB should be free'}`,
    },
  ];
}

function isWanted({ task }: InstalledModel, config: Config): boolean {
  return task !== 'sentiment' || config.sentiment.enabled;
}

async function modelFinding({ task, folder, architecture, files }: InstalledModel): Promise<Finding> {
  const what = `model ${task}`;
  if (files.length === 0) {
    return { state: 'fail', what, detail: `${folder} is missing or empty; set models.${task}Dir` };
  }
  const pointer = files.find((file) => file.path.endsWith('.onnx') && file.bytes < 1024);
  if (pointer)
    return {
      state: 'fail',
      what,
      detail: `${pointer.path} is a stub of ${pointer.bytes} bytes; copy it anew`,
    };
  const megabytes = files.reduce((sum, file) => sum + file.bytes, 0) / 1e6;
  const found = `${architecture ?? 'no config.json'}, ${megabytes.toFixed(1)} MB`;
  const integrity = await checkIntegrity(folder);
  if (integrity === undefined) return { state: 'ok', what, detail: `${found}, no digests to compare with` };
  if (integrity.wrong.length > 0) {
    return {
      state: 'fail',
      what,
      detail: `${integrity.wrong.join(', ')} differ from SHA256SUMS; copy them anew`,
    };
  }
  return { state: 'ok', what, detail: `${found}, ${integrity.checked} digests right` };
}

/** Loading proves more than looking: graphs, providers, labels and gates are all checked on the way. */
async function loading(context: CliContext, config: Config): Promise<Finding[]> {
  const started = performance.now();
  const providers = config.engine.executionProviders.join(', ');
  try {
    await using runtime = await context.createRuntime(config, {
      withSpeech: true,
      withRedaction: true,
      withSentiment: config.sentiment.enabled,
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const { languages } = runtime.stages.engine;
    const missing = config.recognition.languages.filter((language) => !languages.includes(language));
    return [
      { state: 'ok', what: 'models load', detail: `in ${seconds} s, recogniser on ${providers}` },
      missing.length === 0
        ? { state: 'ok', what: 'languages', detail: languages.join(', ') }
        : {
            state: 'warn',
            what: 'languages',
            detail: `${languages.join(', ')}; not ${missing.join(', ')}: another model is needed`,
          },
    ];
  } catch (error) {
    return [{ state: 'fail', what: 'models load', detail: reasonOf(error) }];
  }
}

async function cuda({ engine }: Config): Promise<Finding[]> {
  if (!engine.executionProviders.includes('cuda')) return [];
  const missing = await missingCudaLibraries();
  if (missing.length === 0)
    return [{ state: 'ok', what: 'cuda', detail: 'provider, CUDA, cuDNN and driver are there' }];
  return missing.map(({ file, remedy }) => ({
    state: 'fail',
    what: 'cuda',
    detail: `${file} is missing: ${remedy}`,
  }));
}

async function ffmpeg(config: Config): Promise<Finding> {
  const found = await findFfmpeg(config.audio.ffmpegBin);
  if (found) return { state: 'ok', what: 'ffmpeg', detail: `${found.version} (${found.path})` };
  const detail = config.audio.ffmpegBin
    ? `${config.audio.ffmpegBin} does not run; correct audio.ffmpegBin or FFMPEG_BIN`
    : 'none: only WAV is taken; install it (`apt-get install ffmpeg`) or set FFMPEG_BIN';
  return { state: 'warn', what: 'ffmpeg', detail };
}

async function portFinding(what: string, host: string, port: number): Promise<Finding> {
  if (port === 0) return { state: 'ok', what, detail: 'any free one' };
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return { state: 'ok', what, detail: `${host}:${port} is free` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'EADDRINUSE' ? 'is taken (by a running sotto?)' : `cannot be listened on (${code})`;
    return { state: 'warn', what, detail: `${host}:${port} ${why}` };
  } finally {
    probe.close();
  }
}

function reasonOf(error: unknown): string {
  return (failureLine(error, { debug: false }) ?? 'unknown').replace(/^sotto: /, '');
}
