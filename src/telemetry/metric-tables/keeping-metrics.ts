/** The archive and the store. */
import { type MetricDefinitions, WORK_BUCKETS } from './metric-definition.ts';

export const STORE_OPERATIONS = ['select', 'insert', 'update', 'delete', 'other'] as const;

export const KEEPING_METRICS = {
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
} as const satisfies MetricDefinitions;
