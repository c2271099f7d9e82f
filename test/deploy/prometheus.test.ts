import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboard, PANELS } from '../../deploy/grafana/dashboard.ts';
import { prometheusRule } from '../../deploy/kubernetes/prometheus-rule.ts';
import { METRICS, type MetricDefinition, PROCESS_METRICS } from '../../src/telemetry/metric-table.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity: string };
  readonly annotations?: { readonly summary: string; readonly runbook: string };
}

const RULES = 'deploy/prometheus/sotto-rules.yaml';
const TESTS = 'deploy/prometheus/sotto-rules.test.yaml';
const rules: Rule[] = parse(readFileSync(RULES, 'utf8')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const recorded = rules.flatMap(({ record }) => record ?? []);
const runbook = readFileSync('docs/runbook.md', 'utf8');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** What a query may name: our metrics, those of the process, and `up`. */
const known = new Set([
  'up',
  'process_max_fds',
  ...recorded,
  ...[...Object.entries<Pick<MetricDefinition, 'type'>>(METRICS), ...Object.entries(PROCESS_METRICS)].flatMap(
    ([name, { type }]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
  ),
]);

/** Names of metrics in an expression: what is no function, label, keyword or string. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  const words = bare.replaceAll(/\b(?:by|on)\s*\([^)]*\)/g, '').match(/[a-zA-Z_:][\w:]*(?!\s*\()\b/g) ?? [];
  return words
    .filter((word) => word.includes('_') || word.includes(':') || word === 'up')
    .filter((word) => word !== 'histogram_quantile');
}

describe('the rules', () => {
  it.skipIf(!hasPromtool)('are rules (skipped without promtool, of Debian’s package prometheus)', () => {
    expect(execFileSync('promtool', ['check', 'rules', RULES], { encoding: 'utf8' })).toContain(
      `${rules.length} rules found`,
    );
  });

  it.skipIf(!hasPromtool)(
    'alert when they should, and not when not (skipped without promtool)',
    { timeout: 180_000 },
    () => {
      const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', TESTS], {
        encoding: 'utf8',
      });
      expect(status, stdout + stderr).toBe(0);
    },
  );

  it.each(alerts)('$alert is tried both ways', ({ alert }) => {
    const tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[] = parse(
      readFileSync(TESTS, 'utf8'),
    ).tests;
    const cases = tests
      .flatMap((test) => test.alert_rule_test)
      .filter(({ alertname }) => alertname === alert);
    expect(cases.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
  });

  it.each(alerts)('$alert has its section in the runbook', ({ alert, annotations, labels }) => {
    expect(annotations!.runbook).toBe(`docs/runbook.md#${alert!.toLowerCase()}`);
    expect(['page', 'ticket']).toContain(labels!.severity);
    const [, section = ''] = runbook.split(`\n## ${alert}\n\n`);
    expect(section.split('\n## ')[0]!.trim().length).toBeGreaterThan(150);
  });

  it('leave no section of the runbook without an alert', () => {
    const sections = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(alerts.map(({ alert }) => alert));
  });

  it.each(rules)('$alert$record asks only for metrics that exist', ({ expr }) => {
    const asked = metricsIn(expr);
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('are what Kubernetes gets; `npm run -s docs` writes it', () => {
    expect(readFileSync('deploy/kubernetes/prometheus-rule.yaml', 'utf8')).toBe(prometheusRule());
  });
});

describe('the dashboard', () => {
  it('is what the table of panels says; `npm run -s docs` writes it', () => {
    expect(readFileSync('deploy/grafana/sotto.json', 'utf8')).toBe(
      `${JSON.stringify(dashboard(), null, 2)}\n`,
    );
  });

  it.each(PANELS)('$title asks only for metrics that exist', ({ queries }) => {
    for (const { expr } of queries) {
      const asked = metricsIn(expr);
      expect(asked).not.toEqual([]);
      expect(asked.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('shows every metric of ours somewhere', () => {
    const shown = new Set(PANELS.flatMap(({ queries }) => queries.flatMap(({ expr }) => metricsIn(expr))));
    const hidden = Object.keys(METRICS).filter(
      (name) => ![...shown].some((metric) => metric.startsWith(name)),
    );
    // What is not worth a panel of its own.
    expect(hidden).toEqual([
      'sotto_calls_admitted_total',
      'sotto_segments_total',
      'sotto_sentiment_failures_total',
      'sotto_file_reloads_total',
      'sotto_engine_audio_seconds_total',
      'sotto_archive_jobs',
      'sotto_archive_item_seconds',
      'sotto_archive_lease_losses_total',
    ]);
  });

  it('is referred to by the runbook with titles that exist', () => {
    const titles = new Set<string>(PANELS.map(({ title }) => title));
    const named = [...runbook.matchAll(/\*([A-Z][^*\n]+)\*/g)].map(([, title]) => title!);
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });
});

describe('finding metrics in a query', () => {
  it('finds them among functions, labels and numbers', () => {
    expect(
      metricsIn(
        'histogram_quantile(0.95, sum by (le, job) (rate(a_seconds_bucket{job="x_y"}[5m]))) > 1 and on (instance) b:c',
      ),
    ).toEqual(['a_seconds_bucket', 'b:c']);
  });
});
