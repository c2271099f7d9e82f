/**
 * Every metric of the service: docs/metrics.md, what `/metrics` exports and the types of `Metrics` come from this
 * table. Names follow https://prometheus.io/docs/practices/naming: base units, `_total` for counters.
 *
 * Labels are bounded: each has its values here, and any other becomes `other`. So no word, id, address or
 * number of a call can ever be one.
 */
import { ENTITY_TYPES } from '../domain/entity.ts';
import type { ServiceErrorKind } from '../domain/service-error.ts';
import type { DecodePriority } from '../domain/speech-engine.ts';

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly section: MetricSection;
  readonly help: string;
  /** What a value counts: base units of Prometheus, or the things counted. */
  readonly unit: string;
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** Of histograms. */
  readonly buckets?: readonly number[];
  /** Exported only where there is something to measure. */
  readonly onlyWith?: 'NVIDIA GPU' | 'store' | 'archive';
}

export const METRIC_SECTIONS = [
  'Calls',
  'Latency',
  'Redaction and policy',
  'Engine',
  'Text and speech pools',
  'Archive',
  'Store',
  'Process',
] as const;
export type MetricSection = (typeof METRIC_SECTIONS)[number];

const KIND = ['stream', 'recording'] as const;
const PRIORITY = ['live-final', 'live-partial', 'archive'] as const satisfies readonly DecodePriority[];
const POOL = ['vad', 'entities', 'sentiment'] as const;
/** A client that sends faster than real time (catching up, or a recording) waits for itself: see the SLO. */
const PACE = ['real-time', 'faster'] as const;
const ERROR_KIND = [
  'invalid-argument',
  'not-found',
  'failed-precondition',
  'permission-denied',
  'unauthenticated',
  'prohibited-by-design',
  'resource-exhausted',
  'unavailable',
  'cancelled',
  'deadline-exceeded',
  'internal',
] as const satisfies readonly ServiceErrorKind[];
const GPU = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', '15'] as const;
const METHOD = [
  'StreamTranscribe',
  'Transcribe',
  'Redact',
  'CreateJob',
  'GetJob',
  'ListJobs',
  'WatchJob',
  'PauseJob',
  'ResumeJob',
  'CancelJob',
  'RetryFailed',
  'ListItems',
  'GetTranscript',
  'ExportResults',
  'FindSubject',
  'Export',
  'Erase',
  'Restrict',
  'Reveal',
  'ReadTranscript',
  'ListAudit',
  'VerifyAudit',
  'ProcessingRecord',
  'DpiaInputs',
] as const;

export const STORE_OPERATIONS = ['select', 'insert', 'update', 'delete', 'other'] as const;

/** From half a network packet to a stuck server; 1 s is the promise for finals. */
const LATENCY_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 30];
const WORK_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128];

export const METRICS = {
  sotto_active_calls: {
    type: 'gauge',
    section: 'Calls',
    unit: 'calls',
    labels: { kind: KIND },
    help: 'Calls that run now.',
  },
  sotto_calls_admitted_total: {
    type: 'counter',
    section: 'Calls',
    unit: 'calls',
    labels: { kind: KIND },
    help: 'Calls that were let in.',
  },
  sotto_calls_refused_total: {
    type: 'counter',
    section: 'Calls',
    unit: 'calls',
    labels: { reason: ['draining', 'slots', 'capacity', 'tenant-limit'] },
    help: 'Calls that were refused at their start.',
  },
  sotto_calls_ended_total: {
    type: 'counter',
    section: 'Calls',
    unit: 'calls',
    labels: { kind: KIND, outcome: ['completed', 'client-left', 'client-error', 'drained', 'failed'] },
    help: 'Calls that were let in and have ended. Only `failed` is our fault; `drained` calls go on elsewhere.',
  },
  sotto_failed_requests_total: {
    type: 'counter',
    section: 'Calls',
    unit: 'requests',
    labels: { method: METHOD, kind: ERROR_KIND },
    help: 'Requests that ended in an error, by the kind of it.',
  },
  sotto_audio_received_seconds_total: {
    type: 'counter',
    section: 'Calls',
    unit: 'seconds',
    labels: { kind: KIND },
    help: 'Audio taken from clients, summed over channels.',
  },
  sotto_audio_acknowledged_seconds_total: {
    type: 'counter',
    section: 'Calls',
    unit: 'seconds',
    labels: { kind: KIND },
    help: 'Audio whose text is final and sent, summed over channels.',
  },
  sotto_capacity_audio_seconds_per_second: {
    type: 'gauge',
    section: 'Calls',
    unit: 'seconds per second',
    help: 'Live audio that this server can take in a second, as admission has measured it; new calls fill a part of it.',
  },
  sotto_admitted_audio_seconds_per_second: {
    type: 'gauge',
    section: 'Calls',
    unit: 'seconds per second',
    help: 'Audio that the running calls may bring in a second.',
  },
  sotto_serving: {
    type: 'gauge',
    section: 'Calls',
    unit: '1 or 0',
    labels: { service: ['transcription', 'redaction', 'archive', 'privacy'] },
    help: 'Whether the service takes requests, as its gRPC health says.',
  },

  sotto_final_latency_seconds: {
    type: 'histogram',
    section: 'Latency',
    unit: 'seconds',
    buckets: LATENCY_BUCKETS,
    labels: { pace: PACE },
    help: 'From the arrival of the audio that ends a segment to its redacted final.',
  },
  sotto_first_partial_latency_seconds: {
    type: 'histogram',
    section: 'Latency',
    unit: 'seconds',
    buckets: LATENCY_BUCKETS,
    labels: { pace: PACE },
    help: 'From the arrival of the first audio of a segment to its first redacted partial.',
  },
  sotto_partial_lag_seconds: {
    type: 'histogram',
    section: 'Latency',
    unit: 'seconds',
    buckets: LATENCY_BUCKETS,
    labels: { pace: PACE },
    help: 'From the arrival of the last audio that a partial covers to the partial.',
  },

  sotto_segments_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'segments',
    labels: { final: ['true', 'false'] },
    help: 'Partials and finals sent.',
  },
  sotto_redaction_seconds: {
    type: 'histogram',
    section: 'Redaction and policy',
    unit: 'seconds',
    buckets: WORK_BUCKETS,
    labels: { final: ['true', 'false'] },
    help: 'Time that the redaction of a segment took, entity model included.',
  },
  sotto_withheld_segments_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'segments',
    labels: { reason: ['redactor-failed', 'redactor-timeout', 'policy'] },
    help: 'Segments whose text was withheld.',
  },
  sotto_entities_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'entities',
    labels: { type: ENTITY_TYPES },
    help: 'Spans masked in finals.',
  },
  sotto_sentiment_seconds: {
    type: 'histogram',
    section: 'Redaction and policy',
    unit: 'seconds',
    buckets: WORK_BUCKETS,
    help: 'Time that the sentiment of a redacted final took.',
  },
  sotto_sentiment_failures_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'segments',
    help: 'Finals that went out without the sentiment asked for.',
  },
  sotto_prohibited_requests_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'requests',
    labels: {
      feature: [
        'emotion',
        'prosody',
        'stress',
        'arousal',
        'voice-biometrics',
        'speaker-identification',
        'voice-diarization',
        'accent',
        'age',
        'gender',
        'health-from-voice',
        'deception',
      ],
    },
    help: 'Requests for features that are refused by design.',
  },
  sotto_file_reloads_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'files',
    labels: { file: ['policy', 'access', 'tokens'], outcome: ['applied', 'rejected'] },
    help: 'Changed policy, access and token files: applied, or rejected so that the one before stays in force.',
  },
  sotto_opt_outs_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'calls',
    help: 'Calls in which a party opted out.',
  },

  sotto_engine_up: {
    type: 'gauge',
    section: 'Engine',
    unit: '1 or 0',
    help: 'Whether the engine process runs; 0 while it restarts.',
  },
  sotto_engine_crashes_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'crashes',
    help: 'Times that the engine process ended unasked; its windows are sent again.',
  },
  sotto_engine_restarts_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'starts',
    help: 'Times that the engine process was back in service after a crash.',
  },
  sotto_engine_pending_windows: {
    type: 'gauge',
    section: 'Engine',
    unit: 'windows',
    labels: { priority: PRIORITY },
    help: 'Windows of speech that calls wait for, queued or at work.',
  },
  sotto_engine_windows_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'windows',
    labels: { priority: PRIORITY, outcome: ['done', 'failed', 'cancelled', 'superseded'] },
    help: 'Windows of speech that the engine is done with. `superseded` partials made way for newer ones.',
  },
  sotto_engine_audio_seconds_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'seconds',
    labels: { priority: PRIORITY },
    help: 'Speech in the windows given to the engine; partials give the same speech again and again.',
  },
  sotto_engine_window_seconds: {
    type: 'histogram',
    section: 'Engine',
    unit: 'seconds',
    buckets: WORK_BUCKETS,
    labels: { priority: PRIORITY, stage: ['queue', 'encode', 'decode'] },
    help: 'Time of a window in a stage of the engine; windows of a batch share its time.',
  },
  sotto_engine_real_time_factor_ratio: {
    type: 'histogram',
    section: 'Engine',
    unit: 'ratio',
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 5],
    labels: { priority: PRIORITY },
    help: 'Time from asking for a window to its text, by the length of its speech: below 1 keeps up.',
  },
  sotto_engine_tokens_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'tokens',
    help: 'Tokens decoded; its rate is tokens per second.',
  },
  sotto_engine_batch_rows: {
    type: 'histogram',
    section: 'Engine',
    unit: 'rows',
    buckets: BATCH_BUCKETS,
    help: 'Rows of the largest decoder batch that a window was part of.',
  },
  sotto_engine_resident_memory_bytes: {
    type: 'gauge',
    section: 'Engine',
    unit: 'bytes',
    help: 'Resident memory of the engine process; 0 while it restarts.',
  },

  sotto_pool_threads: {
    type: 'gauge',
    section: 'Text and speech pools',
    unit: 'threads',
    labels: { pool: POOL },
    help: 'Threads of a pool.',
  },
  sotto_pool_busy_threads: {
    type: 'gauge',
    section: 'Text and speech pools',
    unit: 'threads',
    labels: { pool: POOL },
    help: 'Threads of a pool that are at work.',
  },
  sotto_pool_waiting_rows: {
    type: 'gauge',
    section: 'Text and speech pools',
    unit: 'rows',
    labels: { pool: POOL },
    help: 'Texts or windows that wait for a thread of a pool.',
  },

  sotto_archive_jobs: {
    type: 'gauge',
    section: 'Archive',
    unit: 'jobs',
    onlyWith: 'archive',
    labels: { state: ['running', 'paused', 'completed', 'cancelled', 'failed'] },
    help: 'Archive jobs by state.',
  },
  sotto_archive_items: {
    type: 'gauge',
    section: 'Archive',
    unit: 'items',
    onlyWith: 'archive',
    labels: { state: ['waiting', 'paused', 'running', 'done', 'failed', 'cancelled'] },
    help: 'Items of archive jobs by state: `paused` wait for their job, `running` are in the queue or with a worker.',
  },
  sotto_archive_item_seconds: {
    type: 'histogram',
    section: 'Archive',
    unit: 'seconds',
    onlyWith: 'archive',
    buckets: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800],
    labels: { outcome: ['done', 'failed', 'cancelled'] },
    help: 'Time that a worker spent on an item.',
  },
  sotto_archive_audio_seconds_total: {
    type: 'counter',
    section: 'Archive',
    unit: 'seconds',
    onlyWith: 'archive',
    help: 'Audio of items that are done, summed over channels.',
  },
  sotto_archive_lease_losses_total: {
    type: 'counter',
    section: 'Archive',
    unit: 'items',
    onlyWith: 'archive',
    help: 'Items whose worker stopped its heartbeat or came too late to finish them; others take them over.',
  },

  sotto_store_operation_seconds: {
    type: 'histogram',
    section: 'Store',
    unit: 'seconds',
    onlyWith: 'store',
    buckets: WORK_BUCKETS,
    labels: {
      operation: STORE_OPERATIONS,
      outcome: ['done', 'failed'],
    },
    help: 'Time of a statement of the store.',
  },
  sotto_retention_deletions_total: {
    type: 'counter',
    section: 'Store',
    unit: 'calls',
    onlyWith: 'store',
    labels: { cause: ['expired', 'opt-out', 'erasure'] },
    help: 'Calls of which something was deleted.',
  },
  sotto_audit_head_age_seconds: {
    type: 'gauge',
    section: 'Store',
    unit: 'seconds',
    onlyWith: 'store',
    help: 'Age of the last record of the audit log.',
  },

  sotto_gpu_memory_used_bytes: {
    type: 'gauge',
    section: 'Process',
    unit: 'bytes',
    onlyWith: 'NVIDIA GPU',
    labels: { gpu: GPU },
    help: 'Memory in use on a GPU, by all processes, as nvidia-smi says.',
  },
  sotto_gpu_memory_total_bytes: {
    type: 'gauge',
    section: 'Process',
    unit: 'bytes',
    onlyWith: 'NVIDIA GPU',
    labels: { gpu: GPU },
    help: 'Memory of a GPU.',
  },
  sotto_gpu_utilization_ratio: {
    type: 'gauge',
    section: 'Process',
    unit: 'ratio',
    onlyWith: 'NVIDIA GPU',
    labels: { gpu: GPU },
    help: 'Part of the time in which a GPU was at work, as nvidia-smi says.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;

/** Of the process, from prom-client; those that our dashboard, rules or people on call use. */
export const PROCESS_METRICS: Readonly<Record<string, Pick<MetricDefinition, 'type' | 'unit' | 'help'>>> = {
  nodejs_eventloop_lag_p99_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Event-loop lag of the server, 99th percentile since the last scrape.',
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
