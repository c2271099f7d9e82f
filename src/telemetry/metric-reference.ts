import { METRIC_SECTIONS, METRICS, type MetricDefinition, PROCESS_METRICS } from './metric-table.ts';

/** docs/metrics.md: every metric with its type, unit, labels and meaning. */
export function metricReference(): string {
  const sections = METRIC_SECTIONS.map((section) => {
    const rows = Object.entries<MetricDefinition>(METRICS)
      .filter(([, metric]) => metric.section === section)
      .map(([name, metric]) => row(name, metric));
    if (section !== 'Process') return page(section, rows);
    const ofTheRuntime = Object.entries(PROCESS_METRICS).map(([name, metric]) => row(name, metric));
    return page(section, [...ofTheRuntime, ...rows]);
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

const INTRODUCTION = `# Metrics

<!-- Generated: \`npm run -s docs\` writes this page from src/telemetry/metric-table.ts. -->

\`/metrics\` on \`metrics.host\`:\`metrics.port\` serves them in the OpenMetrics format. They hold numbers and words from fixed
sets: labels have the values below, anything else would be counted as \`other\`. Counters and histograms begin at zero
for every value of their labels. Where calls are traced, histogram buckets carry the \`trace_id\` of a call that fell into
them as an exemplar (Prometheus keeps them with \`--enable-feature=exemplar-storage\`).

Histograms export \`_bucket\`, \`_sum\` and \`_count\`. What is not measured yet is absent: those of the archive and
the store until they work, those of GPUs where \`nvidia-smi\` finds none. Of the process, prom-client exports more than is
listed here.`;

function page(section: string, rows: readonly string[]): string {
  return [
    `## ${section}`,
    '',
    '| Metric | Type | Unit | Labels | What it says |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function row(
  name: string,
  metric: Pick<MetricDefinition, 'type' | 'unit' | 'help' | 'labels' | 'onlyWith'>,
): string {
  const labels = Object.entries(metric.labels ?? {}).map(
    ([label, values]) => `\`${label}\`: ${shown(values)}`,
  );
  const only = metric.onlyWith === undefined ? '' : ` (${metric.onlyWith} only)`;
  return `| \`${name}\` | ${metric.type} | ${metric.unit} | ${labels.join('; ')} | ${metric.help}${only} |`;
}

/** A run of numbers by its ends. */
function shown(values: readonly string[]): string {
  return values.every((value) => /^\d+$/.test(value))
    ? `${values[0]} to ${values.at(-1)}`
    : values.join(', ');
}
