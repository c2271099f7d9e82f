/**
 * What all benches share. A bench measures, then hands over what it found: `report` prints the table, writes
 * `bench/results/<name>.json` with commit, machine, versions and model hashes, and draws the chart, if there is one.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { type LineChart, lineChart } from './chart.ts';

export interface BenchReport {
  /** Of the files; kebab-case. */
  readonly name: string;
  /** What the terminal shows: rows by name. */
  readonly table?: Readonly<Record<string, object>> | readonly object[];
  /** What the JSON file holds beside the circumstances. */
  readonly figures: object;
  /** Folders of the models that took part; the record names each by its digest. */
  readonly models?: readonly string[];
  /** Written to docs/charts/<name>.svg. */
  readonly chart?: LineChart;
}

/** What a server started without configuration loads. */
export const EMBEDDED_MODELS = ['models/embedded/asr', 'models/embedded/ner', 'models/embedded/sentiment'];

const ROOT = new URL('..', import.meta.url);
const RESULTS = new URL('./results/', import.meta.url);
const CHARTS = new URL('./docs/charts/', ROOT);

export function report({ name, table, figures, models = [], chart }: BenchReport): void {
  if (table !== undefined) console.table(table);
  mkdirSync(RESULTS, { recursive: true });
  const record = { bench: name, ...circumstances(models), ...figures };
  writeFileSync(new URL(`${name}.json`, RESULTS), `${JSON.stringify(record, null, 2)}\n`);
  if (chart !== undefined) writeChart(name, lineChart(chart));
}

/** Writes docs/charts/<name>.svg. */
export function writeChart(name: string, svg: string): void {
  mkdirSync(CHARTS, { recursive: true });
  writeFileSync(new URL(`${name}.svg`, CHARTS), svg);
}

/** Without a table and a chart: the record alone. */
export function writeResult(name: string, figures: object): void {
  report({ name, figures });
}

export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest-rank percentiles; NaN for an empty sample. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** On what, with what: everything that a figure depends on beside the bench itself. */
export function circumstances(models: readonly string[]): object {
  return {
    commit: git('rev-parse', 'HEAD'),
    uncommittedChanges:
      git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'models', 'test') !== '',
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      platform: `${platform()} ${arch()}`,
      ...gpus(),
    },
    versions: {
      node: process.version,
      sotto: packageVersion('../package.json'),
      'onnxruntime-node': packageVersion('onnxruntime-node/package.json'),
    },
    models: Object.fromEntries(models.map((folder) => [folder, modelDigest(folder)])),
  };
}

/** SHA-256 over the files of a model folder, their names included, in the order of their names. */
export function modelDigest(folder: string): string {
  const digest = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = createHash('sha256').update(readFileSync(file)).digest('hex');
    digest.update(`${content}  ${file.slice(folder.length)}\n`);
  }
  return digest.digest('hex');
}

function gpus(): { gpus?: string[] } {
  try {
    const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
    const answer = execFileSync('nvidia-smi', query, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { gpus: answer.trim().split('\n') };
  } catch {
    return {};
  }
}

function packageVersion(specifier: string): string {
  return createRequire(import.meta.url)(specifier).version;
}

/** `unknown` in a copy without its history: bench/gpu/run.ts runs in one. */
function git(...args: string[]): string {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
