/** Jobs as their owners see them: made, watched, paused, resumed, cancelled, retried, exported. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { msToSamples } from '../domain/audio.ts';
import { ServiceError } from '../domain/service-error.ts';
import { canonicalSha256, type Principal } from '../policy/index.ts';
import {
  cancelItems,
  countJob,
  type DailyWindow,
  type Database,
  type ItemState,
  insertJob,
  type JobCounts,
  jobById,
  jobOfRequest,
  jobsOfTenant,
  type ListedItem,
  listItems,
  lockJob,
  retryFailed,
  type Store,
  type StoredJob,
  type StoreTransaction,
  setJobState,
} from '../store/index.ts';
import type { ArchiveRequest, ArchiveSource } from './archive-request.ts';
import { callTokenOf } from './call-token.ts';
import type { ItemFailure } from './execution/item-failure.ts';
import type { AllowedRoots } from './sources/allowed-roots.ts';
import { checkSource, listSource } from './sources/list-source.ts';
import { type KeptEntry, keptEntry } from './sources/recording-entry.ts';
import type { RecordingPlaces } from './sources/recording-places.ts';
import { type Transcript, transcriptOf } from './transcript.ts';
import type { TranscriptStore } from './transcript-store.ts';

export interface CreateJob {
  readonly requestId: string;
  readonly purpose: string;
  readonly request: ArchiveRequest;
  readonly priority: number;
  readonly window?: DailyWindow;
}

/** A job and how far it is. */
export interface JobStatus {
  readonly job: StoredJob;
  readonly counts: JobCounts;
}

/** How often a watched job is looked at; less often if counting takes long, so that watching costs little. */
const WATCH_MS = 1000;
const WATCH_SHARE = 20;

export class ArchiveJobs {
  readonly #database: Database;
  readonly #store: Store;
  readonly #places: RecordingPlaces;
  readonly #outputRoots: AllowedRoots;
  readonly #transcripts: TranscriptStore;
  readonly #mayRead: (reader: Principal, purpose: string) => boolean;

  constructor(
    store: Store,
    options: {
      readonly places: RecordingPlaces;
      readonly outputRoots: AllowedRoots;
      readonly transcripts: TranscriptStore;
      /** Whether what was made for a purpose may be read; to others it does not exist. */
      readonly mayRead: (reader: Principal, purpose: string) => boolean;
    },
  ) {
    this.#store = store;
    this.#database = store.database;
    this.#places = options.places;
    this.#outputRoots = options.outputRoots;
    this.#transcripts = options.transcripts;
    this.#mayRead = options.mayRead;
  }

  /**
   * The job of this request: a new one, or the one that an earlier call made. Throws what its sources throw, and
   * `already-exists` if the request id was used for something else.
   */
  async create(owner: Principal, create: CreateJob): Promise<JobStatus> {
    const { requestId, purpose, request, priority, window } = create;
    const requestHash = await this.#keyedHash(owner.tenant, {
      purpose,
      request,
      priority,
      window: window ?? {},
    });
    const earlier = await jobOfRequest(this.#database, owner.tenant, requestId);
    if (earlier === undefined) {
      const sources: ArchiveSource[] = [];
      for (const [at, source] of request.sources.entries()) {
        sources.push(await this.#keptSource(owner.tenant, source, `sources[${at}]`));
      }
      if (request.redactedAudio) {
        await this.#outputRoots.resolve(request.redactedAudio.folder, 'redacted_audio.folder');
      }
      const { tenant, name: createdBy } = owner;
      const job = {
        jobId: randomUUID(),
        tenant,
        requestId,
        requestHash,
        createdBy,
        purpose,
        request: { ...request, sources },
        priority,
      };
      await insertJob(this.#database, window === undefined ? job : { ...job, window });
    }
    const job = (await jobOfRequest(this.#database, owner.tenant, requestId))!;
    if (job.requestHash !== requestHash) {
      throw new ServiceError(
        'already-exists',
        'request_id: was used for a job of other content; give a new job a new id',
        { detail: { field: 'request_id' } },
      );
    }
    return this.#status(job);
  }

  async get(owner: Principal, jobId: string): Promise<JobStatus> {
    return this.#status(await this.#jobOf(owner, jobId));
  }

  async list(
    owner: Principal,
    limit: number,
    after?: { readonly createdAt: Date; readonly jobId: string },
  ): Promise<JobStatus[]> {
    const statuses: JobStatus[] = [];
    for (const job of await jobsOfTenant(this.#database, owner.tenant, limit, after)) {
      statuses.push(await this.#status(job));
    }
    return statuses;
  }

  /** The job now, and whenever it has changed, until it has ended. */
  async *watch(
    owner: Principal,
    jobId: string,
    signal: AbortSignal,
  ): AsyncGenerator<JobStatus, void, undefined> {
    let last = '';
    while (true) {
      const start = performance.now();
      const status = await this.get(owner, jobId);
      const tookMs = performance.now() - start;
      const { recent: _, ...counts } = status.counts;
      const now = JSON.stringify([status.job, counts]);
      if (now !== last) yield status;
      last = now;
      if (hasEnded(status.job)) return;
      await sleep(Math.max(WATCH_MS, WATCH_SHARE * tookMs), undefined, { signal });
    }
  }

  pause(owner: Principal, jobId: string): Promise<JobStatus> {
    return this.#change(owner, jobId, async (transaction, job) => {
      if (job.state === 'running') await setJobState(transaction, jobId, 'paused');
      else if (job.state !== 'paused') throw ended(job);
    });
  }

  resume(owner: Principal, jobId: string): Promise<JobStatus> {
    return this.#change(owner, jobId, async (transaction, job) => {
      if (job.state === 'paused') await setJobState(transaction, jobId, 'running');
      else if (job.state !== 'running') throw ended(job);
    });
  }

  async cancel(owner: Principal, jobId: string): Promise<JobStatus> {
    const status = await this.#change(owner, jobId, async (transaction, job) => {
      if (hasEnded(job)) return;
      await setJobState(transaction, jobId, 'cancelled');
      await cancelItems(transaction, jobId);
    });
    await this.#store.itemKeys.destroyEnded();
    return status;
  }

  async retry(
    owner: Principal,
    jobId: string,
    failures?: readonly ItemFailure[],
  ): Promise<{ readonly status: JobStatus; readonly items: number }> {
    let items = 0;
    const status = await this.#change(owner, jobId, async (transaction, job) => {
      if (job.state === 'cancelled' || job.state === 'failed') throw ended(job);
      items = await retryFailed(transaction, jobId, failures);
      if (items > 0 && job.state === 'done') await setJobState(transaction, jobId, 'running');
    });
    return { status, items };
  }

  async items(
    owner: Principal,
    jobId: string,
    page: { readonly afterItem: number; readonly limit: number; readonly states?: readonly ItemState[] },
  ): Promise<ListedItem[]> {
    await this.#readableJob(owner, jobId);
    return listItems(this.#database, jobId, page);
  }

  async transcript(
    owner: Principal,
    jobId: string,
    number: number,
  ): Promise<{ readonly item: ListedItem; readonly transcript: Transcript }> {
    const [item] = await this.items(owner, jobId, { afterItem: number - 1, limit: 1 });
    if (item?.item !== number) throw new ServiceError('not-found', 'item: the job has no such item');
    if (item.callId === undefined) {
      throw new ServiceError('failed-precondition', `item: has no transcript; its state is ${item.state}`);
    }
    const transcript = await this.#transcriptOf(owner, item);
    if (transcript === undefined) {
      throw new ServiceError('not-found', 'item: its transcript is not kept any more');
    }
    return { item, transcript };
  }

  /** Every item that is done, in order; without transcript where that is not kept any more. */
  async *results(
    owner: Principal,
    jobId: string,
  ): AsyncGenerator<
    { readonly item: ListedItem; readonly transcript: Transcript | undefined },
    void,
    undefined
  > {
    await this.#readableJob(owner, jobId);
    const limit = 100;
    for (let afterItem = 0; ; ) {
      const items = await listItems(this.#database, jobId, { afterItem, limit, states: ['done'] });
      for (const item of items) {
        yield { item, transcript: await this.#transcriptOf(owner, item) };
      }
      if (items.length < limit) return;
      afterItem = items.at(-1)!.item;
    }
  }

  async #transcriptOf(
    owner: Principal,
    { callId, audioMs = 0 }: ListedItem,
  ): Promise<Transcript | undefined> {
    const segments = await this.#transcripts.load(owner.tenant, callId!);
    return segments && transcriptOf(segments, msToSamples(audioMs));
  }

  async #change(
    owner: Principal,
    jobId: string,
    change: (transaction: StoreTransaction, job: Pick<StoredJob, 'state'>) => Promise<void>,
  ): Promise<JobStatus> {
    checkJobId(jobId);
    await this.#database.transaction(async (transaction) => {
      const job = await lockJob(transaction, jobId, owner.tenant);
      if (job === undefined) throw unknownJob();
      await change(transaction, job);
    });
    return this.get(owner, jobId);
  }

  async #readableJob(reader: Principal, jobId: string): Promise<void> {
    const { purpose } = await this.#jobOf(reader, jobId);
    if (!this.#mayRead(reader, purpose)) throw unknownJob();
  }

  async #jobOf(owner: Principal, jobId: string): Promise<StoredJob> {
    checkJobId(jobId);
    const job = await jobById(this.#database, jobId, owner.tenant);
    if (job === undefined) throw unknownJob();
    return job;
  }

  /** Checks a source, and leaves nothing of it that the database must not hold. */
  async #keptSource(tenant: string, source: ArchiveSource, field: string): Promise<ArchiveSource> {
    if (source.type !== 'manifest-content') {
      await checkSource(source, this.#places, field);
      return source;
    }
    const entries: KeptEntry[] = [];
    for await (const entry of listSource(source, this.#places, field)) {
      entries.push(await keptEntry(entry, (callId) => callTokenOf(this.#store, tenant, callId)));
    }
    return { type: 'entries', entries };
  }

  /** A request may name calls, so that its plain hash would tell whoever guesses right. */
  async #keyedHash(tenant: string, request: object): Promise<string> {
    const key = await this.#store.tenantKeys.derive(tenant, 'archive');
    return createHmac('sha256', key).update(canonicalSha256(request)).digest('hex');
  }

  async #status(job: StoredJob): Promise<JobStatus> {
    return { job, counts: await countJob(this.#database, job.jobId) };
  }
}

export function hasEnded({ state }: Pick<StoredJob, 'state'>): boolean {
  return state === 'done' || state === 'cancelled' || state === 'failed';
}

function checkJobId(jobId: string): void {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jobId)) throw unknownJob();
}

function unknownJob(): ServiceError {
  return new ServiceError('not-found', 'job_id: no such job', { detail: { field: 'job_id' } });
}

function ended(job: Pick<StoredJob, 'state'>): ServiceError {
  return new ServiceError('failed-precondition', `job_id: the job has ended; its state is ${job.state}`, {
    detail: { field: 'job_id' },
  });
}
