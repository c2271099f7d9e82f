import { SingleBar } from 'cli-progress';
import type { ArchiveJob } from '../client/index.ts';
import type { CliContext } from './cli-context.ts';
import { table } from './output.ts';

export interface JobProgress extends Disposable {
  show(job: ArchiveJob): void;
}

/** A bar on a terminal; elsewhere a line whenever something has changed. Both on standard error. */
export function jobProgress(context: CliContext): JobProgress {
  if (!context.isTerminal) {
    return {
      show: (job) => void context.stderr.write(`${progressLine(job)}\n`),
      [Symbol.dispose]: () => {},
    };
  }
  const bar = new SingleBar({
    format: '[{bar}] {percentage}% {line}',
    stream: context.stderr as NodeJS.WritableStream,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0, { line: 'looking for recordings' });
  return {
    show: (job) => {
      bar.setTotal(Math.max(1, job.items.total));
      bar.update(ended(job), { line: progressLine(job) });
    },
    [Symbol.dispose]: () => bar.stop(),
  };
}

function progressLine(job: ArchiveJob): string {
  const { items } = job;
  const total = job.listed ? `${items.total}` : `${items.total}+`;
  const parts = [
    `${ended(job)}/${total} recordings`,
    `${hours(job.audioMs)} of audio`,
    ...(job.speed > 0 ? [`${job.speed.toFixed(1)} x real time`] : []),
    ...(items.failed > 0 ? [`${items.failed} failed`] : []),
    ...(job.state === 'paused' ? ['paused'] : []),
    ...(job.expectedEnd ? [`ends ${job.expectedEnd.toLocaleTimeString()}`] : []),
  ];
  return parts.join(', ');
}

/** What has come of a job. */
export function summaryTable(job: ArchiveJob): string[] {
  const { items } = job;
  const tookMs = (job.endedAt ?? new Date()).getTime() - job.createdAt.getTime();
  const failures = Object.entries(job.failures).map(([reason, count]) => [`  ${reason}`, `${count}`]);
  return table([
    ['job', job.jobId],
    ['state', job.failure === undefined ? job.state : `${job.state}: ${job.failure}`],
    ['recordings', `${items.total}${job.listed ? '' : ' so far'}`],
    ['done', `${items.done}`],
    ['failed', `${items.failed}`],
    ...failures,
    ...(items.cancelled > 0 ? [['cancelled', `${items.cancelled}`]] : []),
    ['audio', hours(job.audioMs)],
    ['time', hours(tookMs)],
    ...(tookMs > 0 ? [['speed', `${(job.audioMs / tookMs).toFixed(1)} x real time`]] : []),
  ]);
}

function ended({ items }: ArchiveJob): number {
  return items.done + items.failed + items.cancelled;
}

function hours(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number) => `${Math.floor(value)}`.padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
