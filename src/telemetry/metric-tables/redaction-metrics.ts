/** Redaction, sentiment, and what the policy decides. */
import { ENTITY_TYPES } from '../../domain/entity.ts';
import { type MetricDefinitions, WORK_BUCKETS } from './metric-definition.ts';

export const REDACTION_METRICS = {
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
    labels: { file: ['policy', 'access', 'tokens', 'tls'], outcome: ['applied', 'rejected'] },
    help: 'Changed policy, access, token and certificate files: applied, or rejected so that the one before stays in force.',
  },
  sotto_opt_outs_total: {
    type: 'counter',
    section: 'Redaction and policy',
    unit: 'calls',
    help: 'Calls in which a party opted out.',
  },
} as const satisfies MetricDefinitions;
