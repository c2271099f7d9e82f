/**
 * Every metric of the service: docs/metrics.md, what `/metrics` exports and the types of `Metrics` come from these
 * tables. Names follow https://prometheus.io/docs/practices/naming: base units, `_total` for counters.
 *
 * Labels are bounded: each has its values here, and any other becomes `other`. So no word, id, address or
 * number of a call can ever be one.
 */
import { CALL_METRICS } from './metric-tables/call-metrics.ts';
import { ENGINE_METRICS } from './metric-tables/engine-metrics.ts';
import { KEEPING_METRICS } from './metric-tables/keeping-metrics.ts';
import type { MetricDefinition } from './metric-tables/metric-definition.ts';
import { REDACTION_METRICS } from './metric-tables/redaction-metrics.ts';

export { STORE_OPERATIONS } from './metric-tables/keeping-metrics.ts';
export { METRIC_SECTIONS, type MetricDefinition } from './metric-tables/metric-definition.ts';

export const METRICS = { ...CALL_METRICS, ...REDACTION_METRICS, ...ENGINE_METRICS, ...KEEPING_METRICS };

export type MetricName = keyof typeof METRICS;

/** Of the process, from prom-client; those that our dashboard, rules or people on call use. */
export const PROCESS_METRICS: Readonly<Record<string, Pick<MetricDefinition, 'type' | 'unit' | 'help'>>> = {
  nodejs_eventloop_lag_p99_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Time between turns of the event loop, 99th percentile since the last scrape; 0.01 without any lag.',
  },
  nodejs_eventloop_lag_seconds: { type: 'gauge', unit: 'seconds', help: 'Event-loop lag, at the scrape.' },
  nodejs_heap_size_used_bytes: { type: 'gauge', unit: 'bytes', help: 'JavaScript heap in use.' },
  nodejs_external_memory_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Memory of buffers outside of the heap.',
  },
  nodejs_gc_duration_seconds: { type: 'histogram', unit: 'seconds', help: 'Garbage collection, by kind.' },
  process_resident_memory_bytes: { type: 'gauge', unit: 'bytes', help: 'Resident memory of the server.' },
  process_cpu_seconds_total: { type: 'counter', unit: 'seconds', help: 'Processor time of the server.' },
  process_open_fds: { type: 'gauge', unit: 'descriptors', help: 'Open file descriptors.' },
  process_start_time_seconds: { type: 'gauge', unit: 'seconds', help: 'Start of the server, since 1970.' },
};
