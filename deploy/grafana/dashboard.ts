/**
 * The Grafana dashboard as a table: `npm run -s docs` writes deploy/grafana/sotto.json from it, and
 * bench/dashboard.ts runs every query against a real Prometheus and a server under load.
 */

export interface Panel {
  readonly title: string;
  /** Of Grafana: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit */
  readonly unit: 's' | 'short' | 'percentunit' | 'bytes' | 'ops';
  readonly description?: string;
  readonly queries: readonly Query[];
  /** A line that should not be crossed. */
  readonly threshold?: number;
  readonly row: string;
}

export interface Query {
  readonly expr: string;
  /** With `{{label}}`. */
  readonly legend: string;
}

const SELECT = 'job=~"$job",instance=~"$instance"';
const RATE = '[$__rate_interval]';

/** p50, p95 and p99 of a histogram. */
function quantiles(metric: string, labels = ''): Query[] {
  return [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le) (rate(${metric}_bucket{${SELECT}${labels}}${RATE})))`,
    legend: `p${quantile * 100}`,
  }));
}

function rate(metric: string, by: string, legend = `{{${by}}}`, labels = ''): Query {
  return { expr: `sum by (${by}) (rate(${metric}{${SELECT}${labels}}${RATE}))`, legend };
}

function gauge(metric: string, by: string, legend = `{{${by}}}`, labels = ''): Query {
  return { expr: `sum by (${by}) (${metric}{${SELECT}${labels}})`, legend };
}

export const PANELS: readonly Panel[] = [
  {
    row: 'Do callers get their text in time?',
    title: 'Finals later than 1 s',
    description: 'Promise: at most 1 % over 30 days.',
    unit: 'percentunit',
    threshold: 0.01,
    queries: [
      {
        expr: `1 - sum(rate(sotto_final_latency_seconds_bucket{${SELECT},pace="real-time",le=~"1(\\\\.0)?"}${RATE})) / sum(rate(sotto_final_latency_seconds_count{${SELECT},pace="real-time"}${RATE}))`,
        legend: 'late',
      },
    ],
  },
  {
    row: 'Do callers get their text in time?',
    title: 'Failed calls',
    description: 'Promise: at most 0.1 % over 30 days.',
    unit: 'percentunit',
    threshold: 0.001,
    queries: [
      {
        expr: `sum(rate(sotto_calls_ended_total{${SELECT},outcome="failed"}${RATE})) / sum(rate(sotto_calls_ended_total{${SELECT},outcome=~"completed|drained|failed"}${RATE}))`,
        legend: 'failed',
      },
    ],
  },
  {
    row: 'Do callers get their text in time?',
    title: 'Final latency',
    unit: 's',
    threshold: 1,
    queries: quantiles('sotto_final_latency_seconds', ',pace="real-time"'),
  },
  {
    row: 'Do callers get their text in time?',
    title: 'First partial latency',
    unit: 's',
    queries: quantiles('sotto_first_partial_latency_seconds', ',pace="real-time"'),
  },
  {
    row: 'Do callers get their text in time?',
    title: 'Partial lag',
    unit: 's',
    queries: quantiles('sotto_partial_lag_seconds', ',pace="real-time"'),
  },
  {
    row: 'Calls and capacity',
    title: 'Active calls',
    unit: 'short',
    queries: [gauge('sotto_active_calls', 'kind')],
  },
  {
    row: 'Calls and capacity',
    title: 'Capacity taken',
    description: 'Of what new calls may fill; at 1 they are refused. Resumed calls may go beyond.',
    unit: 'percentunit',
    threshold: 0.9,
    queries: [
      {
        expr: `sum by (instance) (sotto_admitted_audio_seconds_per_second{${SELECT}}) / sum by (instance) (sotto_capacity_audio_seconds_per_second{${SELECT}})`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    row: 'Calls and capacity',
    title: 'Calls that end',
    unit: 'ops',
    queries: [rate('sotto_calls_ended_total', 'outcome')],
  },
  {
    row: 'Calls and capacity',
    title: 'Refusals',
    unit: 'ops',
    queries: [rate('sotto_calls_refused_total', 'reason')],
  },
  {
    row: 'Calls and capacity',
    title: 'Audio in and acknowledged',
    description: 'Seconds of audio per second.',
    unit: 'short',
    queries: [
      { expr: `sum(rate(sotto_audio_received_seconds_total{${SELECT}}${RATE}))`, legend: 'received' },
      { expr: `sum(rate(sotto_audio_acknowledged_seconds_total{${SELECT}}${RATE}))`, legend: 'acknowledged' },
    ],
  },
  {
    row: 'Calls and capacity',
    title: 'Errors by kind',
    unit: 'ops',
    queries: [rate('sotto_failed_requests_total', 'kind')],
  },
  {
    row: 'Calls and capacity',
    title: 'Services',
    description: '1 where gRPC health says SERVING.',
    unit: 'short',
    queries: [
      { expr: `min by (service) (sotto_serving{${SELECT}})`, legend: '{{service}}' },
      { expr: `min(sotto_engine_up{${SELECT}})`, legend: 'engine' },
    ],
  },
  {
    row: 'Engine',
    title: "Where a window's time goes",
    description: '95th percentile of finals.',
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le, stage) (rate(sotto_engine_window_seconds_bucket{${SELECT},priority="live-final"}${RATE})))`,
        legend: '{{stage}}',
      },
    ],
  },
  {
    row: 'Engine',
    title: 'Real-time factor of a window',
    unit: 'percentunit',
    threshold: 1,
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le, priority) (rate(sotto_engine_real_time_factor_ratio_bucket{${SELECT}}${RATE})))`,
        legend: '{{priority}}',
      },
    ],
  },
  {
    row: 'Engine',
    title: 'Windows that wait or run',
    unit: 'short',
    queries: [gauge('sotto_engine_pending_windows', 'priority')],
  },
  {
    row: 'Engine',
    title: 'Windows by outcome',
    unit: 'ops',
    queries: [rate('sotto_engine_windows_total', 'outcome')],
  },
  {
    row: 'Engine',
    title: 'Tokens per second',
    unit: 'ops',
    queries: [{ expr: `sum(rate(sotto_engine_tokens_total{${SELECT}}${RATE}))`, legend: 'tokens' }],
  },
  {
    row: 'Engine',
    title: 'Rows of a batch',
    unit: 'short',
    queries: [
      {
        expr: `sum(rate(sotto_engine_batch_rows_sum{${SELECT}}${RATE})) / sum(rate(sotto_engine_batch_rows_count{${SELECT}}${RATE}))`,
        legend: 'mean',
      },
    ],
  },
  {
    row: 'Engine',
    title: 'Crashes and restarts of the engine',
    unit: 'short',
    queries: [
      { expr: `sum(increase(sotto_engine_crashes_total{${SELECT}}${RATE}))`, legend: 'crashes' },
      { expr: `sum(increase(sotto_engine_restarts_total{${SELECT}}${RATE}))`, legend: 'restarts' },
    ],
  },
  {
    row: 'Redaction and policy',
    title: 'Redaction time',
    unit: 's',
    queries: quantiles('sotto_redaction_seconds', ',final="true"'),
  },
  {
    row: 'Redaction and policy',
    title: 'Sentiment time',
    unit: 's',
    queries: quantiles('sotto_sentiment_seconds'),
  },
  {
    row: 'Redaction and policy',
    title: 'Entities masked',
    unit: 'ops',
    queries: [rate('sotto_entities_total', 'type')],
  },
  {
    row: 'Redaction and policy',
    title: 'Withheld, opted out, refused by design',
    unit: 'ops',
    queries: [
      rate('sotto_withheld_segments_total', 'reason', 'withheld: {{reason}}'),
      { expr: `sum(rate(sotto_opt_outs_total{${SELECT}}${RATE}))`, legend: 'opt-outs' },
      { expr: `sum(rate(sotto_prohibited_requests_total{${SELECT}}${RATE}))`, legend: 'prohibited requests' },
    ],
  },
  {
    row: 'Redaction and policy',
    title: 'Pools',
    description: 'Part of the threads at work, and what waits for one.',
    unit: 'short',
    queries: [
      {
        expr: `sum by (pool) (sotto_pool_busy_threads{${SELECT}}) / sum by (pool) (sotto_pool_threads{${SELECT}})`,
        legend: '{{pool}} busy',
      },
      gauge('sotto_pool_waiting_rows', 'pool', '{{pool}} waiting'),
    ],
  },
  {
    row: 'Process',
    title: 'Memory',
    unit: 'bytes',
    queries: [
      gauge('process_resident_memory_bytes', 'instance', 'server {{instance}}'),
      gauge('sotto_engine_resident_memory_bytes', 'instance', 'engine {{instance}}'),
    ],
  },
  {
    row: 'Process',
    title: 'Event-loop lag',
    unit: 's',
    threshold: 0.02,
    queries: [gauge('nodejs_eventloop_lag_p99_seconds', 'instance', 'p99 {{instance}}')],
  },
  {
    row: 'Process',
    title: 'Processors',
    description: 'Of the server process; the engine is one of its own.',
    unit: 'short',
    queries: [rate('process_cpu_seconds_total', 'instance')],
  },
  {
    row: 'Process',
    title: 'Open file descriptors',
    unit: 'short',
    queries: [gauge('process_open_fds', 'instance')],
  },
  {
    row: 'GPU',
    title: 'GPU memory',
    unit: 'percentunit',
    queries: [
      {
        expr: `sotto_gpu_memory_used_bytes{${SELECT}} / sotto_gpu_memory_total_bytes{${SELECT}}`,
        legend: '{{instance}} {{gpu}}',
      },
    ],
  },
  {
    row: 'GPU',
    title: 'GPU use',
    unit: 'percentunit',
    queries: [{ expr: `sotto_gpu_utilization_ratio{${SELECT}}`, legend: '{{instance}} {{gpu}}' }],
  },
  {
    row: 'Archive and store',
    title: 'Archive items',
    unit: 'short',
    queries: [{ expr: `max by (state) (sotto_archive_items{${SELECT}})`, legend: '{{state}}' }],
  },
  {
    row: 'Archive and store',
    title: 'Archive speed',
    description: 'Seconds of audio per second.',
    unit: 'short',
    queries: [{ expr: `sum(rate(sotto_archive_audio_seconds_total{${SELECT}}${RATE}))`, legend: 'audio' }],
  },
  {
    row: 'Archive and store',
    title: 'Store latency',
    description: '95th percentile.',
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(0.95, sum by (le, operation) (rate(sotto_store_operation_seconds_bucket{${SELECT}}${RATE})))`,
        legend: '{{operation}}',
      },
    ],
  },
  {
    row: 'Archive and store',
    title: 'Retention and audit',
    unit: 'short',
    queries: [
      rate('sotto_retention_deletions_total', 'cause', 'deletions: {{cause}}'),
      { expr: `max(sotto_audit_head_age_seconds{${SELECT}})`, legend: 'age of the last audit record, s' },
    ],
  },
];

const COLUMNS = 3;
const WIDTH = 8;
const HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** The dashboard in Grafana's JSON model. */
export function dashboard(): object {
  return {
    uid: 'sotto',
    title: 'Sotto',
    description: 'Written by `npm run -s docs` from deploy/grafana/dashboard.ts.',
    tags: ['sotto'],
    timezone: 'browser',
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    schemaVersion: 39,
    version: 1,
    templating: {
      list: [
        datasource(),
        variable('job', 'sotto_active_calls'),
        variable('instance', 'sotto_active_calls{job=~"$job"}'),
      ],
    },
    panels: layout(),
  };
}

function layout(): object[] {
  const panels: object[] = [];
  let y = 0;
  let column = 0;
  let row: string | undefined;
  for (const panel of PANELS) {
    if (panel.row !== row) {
      if (row !== undefined) y += HEIGHT;
      row = panel.row;
      column = 0;
      panels.push({
        id: panels.length + 1,
        type: 'row',
        title: row,
        collapsed: false,
        panels: [],
        gridPos: { x: 0, y: y++, w: 24, h: 1 },
      });
    } else if (column === COLUMNS) {
      column = 0;
      y += HEIGHT;
    }
    panels.push(timeSeries(panel, panels.length + 1, { x: column++ * WIDTH, y, w: WIDTH, h: HEIGHT }));
  }
  return panels;
}

function timeSeries(
  { title, description, unit, threshold, queries }: Panel,
  id: number,
  gridPos: object,
): object {
  const steps = [
    { color: 'green', value: null },
    ...(threshold === undefined ? [] : [{ color: 'red', value: threshold }]),
  ];
  return {
    id,
    type: 'timeseries',
    title,
    description,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        custom: { thresholdsStyle: { mode: threshold === undefined ? 'off' : 'dashed' } },
        thresholds: { mode: 'absolute', steps },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      exemplar: expr.includes('_bucket'),
    })),
  };
}

function datasource(): object {
  return { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' };
}

function variable(name: string, metric: string): object {
  return {
    name,
    type: 'query',
    datasource: DATASOURCE,
    query: { query: `label_values(${metric}, ${name})`, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    current: { text: 'All', value: '$__all' },
  };
}
