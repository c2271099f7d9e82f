/**
 * Every query of the dashboard against a real Prometheus that scrapes a server under load: live calls that are kept for a
 * minute, an archive job beside them, and retention that ends what has expired.
 *
 *     npx node bench/dashboard.ts [--calls 2] [--seconds 80] [--check]
 *
 * Needs the `prometheus` binary (Debian's package). Panels of GPUs are left out where there is none. Draws
 * docs/charts/dashboard.svg: the panels as Grafana would show them, in our own lines.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { PANELS, type Panel } from '../deploy/grafana/dashboard.ts';
import { SottoClient } from '../src/client/index.ts';
import { TranscriptionServiceClient } from '../src/gen/sotto/v1/transcription.ts';
import { METRICS, type MetricDefinition } from '../src/telemetry/metric-table.ts';
import { chartGrid, type LineChart, type Series } from './chart.ts';
import { loadDemoCalls } from './demo-calls.ts';
import { callLive } from './live-caller.ts';
import { report, writeChart } from './result.ts';
import { freePort, startServerProcess } from './server-process.ts';

const SCRAPE_SECONDS = 1;
/** What Grafana puts for $__rate_interval: four scrapes, and some for a short run. */
const RATE_INTERVAL = '15s';

const UNITS = {
  s: 'seconds',
  short: '',
  percentunit: 'part of 1',
  bytes: 'bytes',
  ops: 'per second',
} as const;

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '80' },
    check: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'sotto-dashboard-'));
await using server = await startServerProcess({ SOTTO_CONFIG: configuration() });
await using prometheus = await startPrometheus(server.metricsPort);
const exported = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
const started = Date.now() / 1000;
await load();
// The last scrape behind the last call.
await sleep(2000 * SCRAPE_SECONDS);

const results = [];
for (const panel of PANELS) {
  const absent = onlyWith(panel).find((feature) => !isExported(feature));
  const series = absent === undefined ? await seriesOf(panel) : [];
  results.push({ panel, absent, series });
}
report({
  name: 'dashboard',
  table: Object.fromEntries(
    results.map(({ panel, absent, series }) => [
      panel.title,
      { series: series.length, points: pointsOf(series), ...(absent && { 'left out': `no ${absent}` }) },
    ]),
  ),
  figures: {
    calls: Number(options.calls),
    seconds: Number(options.seconds),
    panels: results.map(({ panel, absent, series }) => ({
      title: panel.title,
      leftOut: absent,
      points: pointsOf(series),
    })),
  },
});
const drawn = results.filter(({ absent }) => absent === undefined);
writeChart('dashboard', chartGrid('Sotto: the dashboard under load', drawn.map(chartOf)));
const empty = drawn.filter(({ series }) => pointsOf(series) === 0).map(({ panel }) => panel.title);
console.log(empty.length === 0 ? 'every panel has data' : `without data: ${empty.join(', ')}`);
if (options.check && empty.length > 0) process.exitCode = 1;
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Of a server that keeps live calls and recordings for a minute; returns its file. */
function configuration(): string {
  const recordings = join(folder, 'recordings');
  cpSync(new URL('../demo/calls', import.meta.url), recordings, { recursive: true });
  const purpose = '{ lawfulBases: [consent], sentiment: true, retention: { transcript: 1m } }';
  const policy = `version: 1\npurposes:\n  live-assistance: ${purpose}\n  quality-assurance: ${purpose}\n`;
  writeFileSync(join(folder, 'policy.yaml'), policy);
  const config = {
    store: { dataDir: join(folder, 'data'), sweepIntervalMs: 1000 },
    archive: { roots: [recordings], capacity: 1 },
    policy: { file: join(folder, 'policy.yaml') },
  };
  const file = join(folder, 'sotto.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** A job over the demo recordings, beside calls in real time. */
async function load(): Promise<void> {
  await using archivist = new SottoClient({ address: `127.0.0.1:${server.port}` });
  await archivist.archive.create({
    requestId: 'dashboard',
    sources: [{ pattern: join(folder, 'recordings', '*.wav') }],
    declaration: { purpose: 'quality-assurance', lawfulBasis: 'consent', notice: 'announced' },
    languages: ['nl'],
  });
  const client = new TranscriptionServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  const demos = loadDemoCalls(['nl']);
  const seconds = Number(options.seconds);
  await Promise.all(
    Array.from({ length: Number(options.calls) }, (_, index) =>
      callLive(client, demos[index % demos.length]!, { seconds, delayMs: index * 1500, endpointMs: 500 }),
    ),
  );
  client.close();
}

async function seriesOf(panel: Panel): Promise<Series[]> {
  const answers = await Promise.all(
    panel.queries.map(async ({ expr, legend }) => {
      const query = expr
        .replaceAll('$__rate_interval', RATE_INTERVAL)
        .replaceAll('$job', 'sotto')
        .replaceAll('$instance', '.*');
      const range = { query, start: String(started), end: String(Date.now() / 1000), step: '1' };
      const url = `http://127.0.0.1:${prometheus.port}/api/v1/query_range?${new URLSearchParams(range)}`;
      const answer = (await (await fetch(url)).json()) as RangeAnswer;
      if (answer.status !== 'success') throw new Error(`${panel.title}: ${answer.error}`);
      return answer.data.result.map(
        ({ metric, values }): Series => ({
          name: legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
          points: values.map(([at, value]) => [at - started, Number(value)]),
        }),
      );
    }),
  );
  return answers.flat();
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

/** A division by a rate of zero is NaN: no data. */
function pointsOf(series: readonly Series[]): number {
  return series.flatMap(({ points }) => points).filter(([, value]) => Number.isFinite(value)).length;
}

function chartOf({ panel, series }: { panel: Panel; series: readonly Series[] }): LineChart {
  const most = [...series].sort((a, b) => largest(b) - largest(a)).slice(0, 5);
  return {
    title: panel.title,
    x: { label: 's', min: 0 },
    y: { label: UNITS[panel.unit], min: 0 },
    series: most,
    marks: panel.threshold === undefined ? [] : [{ y: panel.threshold, label: '' }],
  };
}

function largest({ points }: Series): number {
  return Math.max(0, ...points.map(([, value]) => value).filter(Number.isFinite));
}

function onlyWith({ queries }: Panel): string[] {
  return Object.entries<MetricDefinition>(METRICS).flatMap(([name, { onlyWith }]) =>
    onlyWith !== undefined && queries.some(({ expr }) => expr.includes(name)) ? [onlyWith] : [],
  );
}

function isExported(feature: string): boolean {
  return Object.entries<MetricDefinition>(METRICS).some(
    ([name, { onlyWith }]) => onlyWith === feature && exported.includes(`\n${name}`),
  );
}

async function startPrometheus(metricsPort: number): Promise<{ port: number } & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-prometheus-'));
  const port = await freePort();
  const config = [
    `global: { scrape_interval: ${SCRAPE_SECONDS}s, scrape_timeout: ${SCRAPE_SECONDS}s }`,
    'scrape_configs:',
    `  - { job_name: sotto, static_configs: [{ targets: ['127.0.0.1:${metricsPort}'] }] }`,
  ].join('\n');
  writeFileSync(join(folder, 'prometheus.yaml'), config);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await Promise.race([answers(`http://127.0.0.1:${port}/-/ready`), ended(child)]);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function ended(child: ReturnType<typeof spawn>): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`prometheus ended with code ${code}; is the package prometheus installed?`);
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isOk = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isOk) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer`);
}
