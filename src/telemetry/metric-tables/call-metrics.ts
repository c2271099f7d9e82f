/** Calls, and how long their callers wait. */
import type { ServiceErrorKind } from '../../domain/service-error.ts';
import { LATENCY_BUCKETS, type MetricDefinitions } from './metric-definition.ts';

const KIND = ['stream', 'recording'] as const;

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

export const CALL_METRICS = {
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
    help: 'Live audio up to which new calls are taken: the part `server.targetLoad` of the capacity, as admission has measured it.',
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
} as const satisfies MetricDefinitions;
