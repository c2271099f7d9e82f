import type { SqlExecutor } from '../database.ts';
import type { ItemState } from './archive-item.ts';
import type { JobState } from './archive-job.ts';

/** Jobs and items of all tenants by state; a state that nothing is in is left out. */
export interface ArchiveCounts {
  readonly jobs: ReadonlyMap<JobState, number>;
  /** Items that wait although their job is paused are `paused`. */
  readonly items: ReadonlyMap<ItemState | 'paused', number>;
}

/** Reads every item's state: of millions it takes a second or so. */
export async function countArchive(db: SqlExecutor): Promise<ArchiveCounts> {
  const jobs = await db.executeSql('select state, count(*)::float8 as count from archive_job group by state');
  const items = await db.executeSql(
    `select case when i.state = 'pending' and j.state = 'paused' then 'paused' else i.state end as state,
        count(*)::float8 as count
      from archive_item i join archive_job j using (job_id) group by 1`,
  );
  return { jobs: countsOf(jobs.rows), items: countsOf(items.rows) };
}

function countsOf<State>(rows: readonly { state: State; count: number }[]): Map<State, number> {
  return new Map(rows.map(({ state, count }) => [state, count]));
}
