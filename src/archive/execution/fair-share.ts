import type { FeedableJob } from '../../store/index.ts';

/**
 * How many items of each job go into the queue next, `room` in all. Tenants share alike whatever they have waiting;
 * within a tenant jobs of a higher priority go first, and those of one priority share alike. What is in the queue
 * already counts, so a tenant whose items take long gets no more of the workers than others.
 */
export function shareRoom(jobs: readonly FeedableJob[], room: number): ReadonlyMap<string, number> {
  const tenants = new Map<string, Share[]>();
  for (const job of jobs) {
    const shares = tenants.get(job.tenant) ?? [];
    shares.push({ jobId: job.jobId, priority: job.priority, queued: job.queued, taken: 0 });
    tenants.set(job.tenant, shares);
  }
  const groups = [...tenants.values()];
  for (let left = room; left > 0 && groups.length > 0; left--) {
    const group = least(groups, (shares) => shares.reduce((total, { queued }) => total + queued, 0));
    const highest = Math.max(...group.map(({ priority }) => priority));
    const share = least(
      group.filter(({ priority }) => priority === highest),
      ({ queued }) => queued,
    );
    share.queued++;
    share.taken++;
  }
  return new Map(
    [...groups.flat()].filter(({ taken }) => taken > 0).map(({ jobId, taken }) => [jobId, taken]),
  );
}

interface Share {
  readonly jobId: string;
  readonly priority: number;
  queued: number;
  taken: number;
}

/** The first of those with the least. */
function least<T>(items: readonly T[], of: (item: T) => number): T {
  return items.reduce((best, item) => (of(item) < of(best) ? item : best));
}
