/** Jobs and items to messages of the API. */
import { clockTime, type ItemFailure, type JobStatus } from '../../archive/index.ts';
import type { Timestamp } from '../../gen/google/protobuf/timestamp.ts';
import {
  type Item,
  ItemFailure as ItemFailureMessage,
  ItemState as ItemStateMessage,
  type Job,
  JobState as JobStateMessage,
} from '../../gen/sotto/v1/archive.ts';
import type { ItemState, JobState, ListedItem } from '../../store/index.ts';
import { durationFromMs } from '../durations.ts';

export function toJob({ job, counts }: JobStatus, now = Date.now()): Job {
  const { items, recent } = counts;
  const speed = recent.overMs > 0 ? recent.audioMs / recent.overMs : 0;
  const left = items.pending + items.queued;
  const itemsPerMs = recent.overMs > 0 ? recent.items / recent.overMs : 0;
  const isMoving = job.state === 'running' && job.listed && left > 0 && itemsPerMs > 0;
  return {
    jobId: job.jobId,
    requestId: job.requestId,
    state: JOB_STATES[job.state],
    listed: job.listed,
    purpose: job.purpose,
    priority: job.priority,
    window: job.window && {
      start: clockTime(job.window.startMinute),
      end: clockTime(job.window.endMinute),
      timeZone: job.window.timeZone,
    },
    createTime: timestamp(job.createdAt),
    endTime: job.endedAt && timestamp(job.endedAt),
    progress: {
      items: Object.values(items).reduce((total, count) => total + count, 0),
      pending: items.pending,
      running: items.queued,
      done: items.done,
      failed: items.failed,
      cancelled: items.cancelled,
      audioDuration: durationFromMs(counts.audioMs),
      speed,
      expectedEndTime: isMoving ? timestamp(new Date(now + left / itemsPerMs)) : undefined,
      failures: [...counts.failures].map(([reason, count]) => ({
        reason: FAILURES[reason as ItemFailure] ?? ItemFailureMessage.ITEM_FAILURE_INTERNAL,
        items: count,
      })),
    },
    failure: job.failure ?? '',
  };
}

export function toItem(item: ListedItem): Item {
  return {
    item: item.item,
    location: item.location,
    state: ITEM_STATES[item.state],
    audioDuration: item.audioMs === undefined ? undefined : durationFromMs(item.audioMs),
    attempts: item.attempts,
    failure:
      item.failure === undefined
        ? ItemFailureMessage.ITEM_FAILURE_UNSPECIFIED
        : (FAILURES[item.failure as ItemFailure] ?? ItemFailureMessage.ITEM_FAILURE_INTERNAL),
    failureMessage: item.message ?? '',
    duplicate: item.duplicate,
    endTime: item.endedAt && timestamp(item.endedAt),
  };
}

const JOB_STATES: Readonly<Record<JobState, JobStateMessage>> = {
  running: JobStateMessage.JOB_STATE_RUNNING,
  paused: JobStateMessage.JOB_STATE_PAUSED,
  done: JobStateMessage.JOB_STATE_DONE,
  cancelled: JobStateMessage.JOB_STATE_CANCELLED,
  failed: JobStateMessage.JOB_STATE_FAILED,
};

const ITEM_STATES: Readonly<Record<ItemState, ItemStateMessage>> = {
  pending: ItemStateMessage.ITEM_STATE_PENDING,
  queued: ItemStateMessage.ITEM_STATE_RUNNING,
  done: ItemStateMessage.ITEM_STATE_DONE,
  failed: ItemStateMessage.ITEM_STATE_FAILED,
  cancelled: ItemStateMessage.ITEM_STATE_CANCELLED,
};

export const FAILURES: Readonly<Record<ItemFailure, ItemFailureMessage>> = {
  'file-missing': ItemFailureMessage.ITEM_FAILURE_FILE_MISSING,
  'not-allowed': ItemFailureMessage.ITEM_FAILURE_NOT_ALLOWED,
  empty: ItemFailureMessage.ITEM_FAILURE_EMPTY,
  'codec-unknown': ItemFailureMessage.ITEM_FAILURE_CODEC_UNKNOWN,
  damaged: ItemFailureMessage.ITEM_FAILURE_DAMAGED,
  'too-long': ItemFailureMessage.ITEM_FAILURE_TOO_LONG,
  channels: ItemFailureMessage.ITEM_FAILURE_CHANNELS,
  'no-speech': ItemFailureMessage.ITEM_FAILURE_NO_SPEECH,
  policy: ItemFailureMessage.ITEM_FAILURE_POLICY,
  'worker-lost': ItemFailureMessage.ITEM_FAILURE_WORKER_LOST,
  internal: ItemFailureMessage.ITEM_FAILURE_INTERNAL,
  output: ItemFailureMessage.ITEM_FAILURE_OUTPUT,
  changed: ItemFailureMessage.ITEM_FAILURE_CHANGED,
};

function timestamp(date: Date): Timestamp {
  const ms = date.getTime();
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}
