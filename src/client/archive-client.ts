/** Jobs over recordings that a company already has, in plain values. */
import type { ClientReadableStream } from '@grpc/grpc-js';
import {
  type ArchiveServiceClient,
  AudioCover,
  CreateJobRequest,
  ExportFormat as ExportFormatMessage,
  type ExportResultsResponse,
  ItemFailure as ItemFailureMessage,
  type Item as ItemMessage,
  ItemState as ItemStateMessage,
  type Job as JobMessage,
  JobState as JobStateMessage,
  type ListItemsResponse,
  type ListJobsResponse,
  ManifestFormat,
  type RetryFailedResponse,
  type Source as SourceMessage,
  type WatchJobResponse,
} from '../gen/sotto/v1/archive.ts';
import { dateOf, msOf } from './from-proto.ts';
import type { RecognitionOptions } from './options.ts';
import { sottoErrorOf } from './sotto-error.ts';
import { declarationMessage, durationOf, recognitionConfig } from './to-proto.ts';
import { unary } from './unary.ts';

/** Paths are those of the server and its workers. */
export type ArchiveSource =
  | { readonly path: string }
  | { readonly pattern: string }
  | { readonly s3Uri: string }
  | { readonly manifest: string | Uint8Array; readonly format: 'csv' | 'jsonl' };

export interface ArchiveJobOptions extends Omit<RecognitionOptions, 'wordInfo'> {
  /** Unique for the job: with the same id and content, the same job is returned. */
  readonly requestId: string;
  readonly sources: readonly ArchiveSource[];
  readonly priority?: number;
  readonly window?: { readonly start: string; readonly end: string; readonly timeZone?: string };
  readonly redactedAudio?: {
    readonly folder: string;
    readonly cover?: 'mute' | 'beep';
    readonly marginMs?: number;
  };
  readonly reprocess?: boolean;
}

export type ArchiveJobState = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
export type ArchiveItemState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

export interface ArchiveJob {
  readonly jobId: string;
  readonly requestId: string;
  readonly state: ArchiveJobState;
  /** Whether all sources have been listed. */
  readonly listed: boolean;
  readonly purpose: string;
  readonly priority: number;
  readonly createdAt: Date;
  readonly endedAt?: Date;
  readonly items: Readonly<Record<ArchiveItemState, number>> & { readonly total: number };
  readonly audioMs: number;
  /** Audio done in a second, in the last minutes. */
  readonly speed: number;
  readonly expectedEnd?: Date;
  /** Failed items by reason: `file-missing`, `damaged` and so on. */
  readonly failures: Readonly<Record<string, number>>;
  /** Why the job as a whole failed. */
  readonly failure?: string;
}

export interface ArchiveItem {
  readonly item: number;
  readonly location: string;
  readonly state: ArchiveItemState;
  readonly attempts: number;
  readonly audioMs?: number;
  readonly failure?: string;
  readonly message?: string;
  readonly duplicate: boolean;
}

export const ARCHIVE_EXPORT_FORMATS = ['jsonl', 'vtt', 'srt', 'txt'] as const;
export type ArchiveExportFormat = (typeof ARCHIVE_EXPORT_FORMATS)[number];

export type ArchiveExport =
  | { readonly type: 'file'; readonly name: string; readonly content: Uint8Array }
  | { readonly type: 'summary'; readonly transcripts: number; readonly expired: number };

export class ArchiveClient {
  readonly #service: ArchiveServiceClient;

  constructor(service: ArchiveServiceClient) {
    this.#service = service;
  }

  async create(options: ArchiveJobOptions): Promise<ArchiveJob> {
    const { redactedAudio, window, signal } = options;
    const request = CreateJobRequest.fromPartial({
      requestId: options.requestId,
      sources: options.sources.map(sourceMessage),
      declaration: declarationMessage(options.declaration),
      recognition: recognitionConfig(options),
      priority: options.priority ?? 0,
      reprocess: options.reprocess ?? false,
      ...(window && { window: { timeZone: '', ...window } }),
      ...(redactedAudio && {
        redactedAudio: {
          folder: redactedAudio.folder,
          cover: redactedAudio.cover === 'beep' ? AudioCover.AUDIO_COVER_BEEP : AudioCover.AUDIO_COVER_MUTE,
          margin: durationOf(redactedAudio.marginMs),
        },
      }),
    });
    return jobOf(await unary<JobAnswer>({ signal }, (...rest) => this.#service.createJob(request, ...rest)));
  }

  async get(jobId: string, signal?: AbortSignal): Promise<ArchiveJob> {
    return jobOf(await unary<JobAnswer>({ signal }, (...rest) => this.#service.getJob({ jobId }, ...rest)));
  }

  async pause(jobId: string, signal?: AbortSignal): Promise<ArchiveJob> {
    return jobOf(await unary<JobAnswer>({ signal }, (...rest) => this.#service.pauseJob({ jobId }, ...rest)));
  }

  async resume(jobId: string, signal?: AbortSignal): Promise<ArchiveJob> {
    return jobOf(
      await unary<JobAnswer>({ signal }, (...rest) => this.#service.resumeJob({ jobId }, ...rest)),
    );
  }

  async cancel(jobId: string, signal?: AbortSignal): Promise<ArchiveJob> {
    return jobOf(
      await unary<JobAnswer>({ signal }, (...rest) => this.#service.cancelJob({ jobId }, ...rest)),
    );
  }

  /** Puts failed items back; `failures` are reasons, left out all. */
  async retry(
    jobId: string,
    failures: readonly string[] = [],
    signal?: AbortSignal,
  ): Promise<{ readonly job: ArchiveJob; readonly items: number }> {
    const reasons = failures.map((failure) => failureMessage(failure));
    const answer = await unary<RetryFailedResponse>({ signal }, (...rest) =>
      this.#service.retryFailed({ jobId, reasons }, ...rest),
    );
    return { job: jobOf(answer), items: answer.items };
  }

  /** All jobs, newest first. */
  async *list(signal?: AbortSignal): AsyncGenerator<ArchiveJob, void, undefined> {
    for (let pageToken = ''; ; ) {
      const page = await unary<ListJobsResponse>({ signal }, (...rest) =>
        this.#service.listJobs({ pageSize: 0, pageToken }, ...rest),
      );
      for (const job of page.jobs) yield jobOf({ job });
      pageToken = page.nextPageToken;
      if (pageToken === '') return;
    }
  }

  async *items(
    jobId: string,
    options: { readonly states?: readonly ArchiveItemState[]; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<ArchiveItem, void, undefined> {
    const states = (options.states ?? []).map((state) => ITEM_STATES.indexOf(state) as ItemStateMessage);
    for (let pageToken = ''; ; ) {
      const page = await unary<ListItemsResponse>({ signal: options.signal }, (...rest) =>
        this.#service.listItems({ jobId, states, pageSize: 1000, pageToken }, ...rest),
      );
      for (const item of page.items) yield itemOf(item);
      pageToken = page.nextPageToken;
      if (pageToken === '') return;
    }
  }

  /** The job now, and whenever it has changed, until it has ended. */
  async *watch(jobId: string, signal?: AbortSignal): AsyncGenerator<ArchiveJob, void, undefined> {
    const stream = this.#service.watchJob({ jobId });
    for await (const answer of messagesOf<WatchJobResponse>(stream, signal)) yield jobOf(answer);
  }

  /** Transcripts as parts of files, then a summary: without it, the export is not complete. */
  async *export(
    jobId: string,
    format: ArchiveExportFormat,
    signal?: AbortSignal,
  ): AsyncGenerator<ArchiveExport, void, undefined> {
    const stream = this.#service.exportResults({ jobId, format: EXPORT_FORMATS[format] });
    for await (const { part } of messagesOf<ExportResultsResponse>(stream, signal)) {
      if (part?.$case === 'file') yield { type: 'file', ...part.value };
      if (part?.$case === 'summary') yield { type: 'summary', ...part.value };
    }
  }
}

interface JobAnswer {
  readonly job?: JobMessage | undefined;
}

/** By number in the proto, in the words of the API without prefix. */
const JOB_STATES: readonly ArchiveJobState[] = enumNames(JobStateMessage, 'JOB_STATE_') as ArchiveJobState[];
const ITEM_STATES: readonly ArchiveItemState[] = enumNames(
  ItemStateMessage,
  'ITEM_STATE_',
) as ArchiveItemState[];
export const ARCHIVE_FAILURES: readonly string[] = enumNames(ItemFailureMessage, 'ITEM_FAILURE_');

const EXPORT_FORMATS: Readonly<Record<ArchiveExportFormat, ExportFormatMessage>> = {
  jsonl: ExportFormatMessage.EXPORT_FORMAT_JSONL,
  vtt: ExportFormatMessage.EXPORT_FORMAT_WEBVTT,
  srt: ExportFormatMessage.EXPORT_FORMAT_SRT,
  txt: ExportFormatMessage.EXPORT_FORMAT_TEXT,
};

function enumNames(names: Readonly<Record<string, number>>, prefix: string): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(names)) {
    if (value >= 0) found[value] = name.slice(prefix.length).toLowerCase().replaceAll('_', '-');
  }
  return found;
}

function failureMessage(failure: string): ItemFailureMessage {
  const at = ARCHIVE_FAILURES.indexOf(failure);
  if (at > 0) return at as ItemFailureMessage;
  throw new TypeError(`${failure} is no reason of a failure: ${ARCHIVE_FAILURES.slice(1).join(', ')}`);
}

function sourceMessage(source: ArchiveSource): SourceMessage {
  if ('path' in source) return { kind: { $case: 'path', value: source.path } };
  if ('pattern' in source) return { kind: { $case: 'pattern', value: source.pattern } };
  if ('s3Uri' in source) return { kind: { $case: 's3Uri', value: source.s3Uri } };
  const format =
    source.format === 'csv' ? ManifestFormat.MANIFEST_FORMAT_CSV : ManifestFormat.MANIFEST_FORMAT_JSONL;
  const { manifest } = source;
  const place =
    typeof manifest === 'string'
      ? ({ $case: 'path', value: manifest } as const)
      : ({ $case: 'content', value: Buffer.from(manifest) } as const);
  return { kind: { $case: 'manifest', value: { place, format } } };
}

function jobOf({ job }: JobAnswer): ArchiveJob {
  if (job === undefined) throw new TypeError('the server answered without a job');
  const { progress } = job;
  const endedAt = dateOf(job.endTime);
  const expectedEnd = dateOf(progress?.expectedEndTime);
  return {
    jobId: job.jobId,
    requestId: job.requestId,
    state: JOB_STATES[job.state] ?? 'running',
    listed: job.listed,
    purpose: job.purpose,
    priority: job.priority,
    createdAt: dateOf(job.createTime) ?? new Date(0),
    ...(endedAt && { endedAt }),
    items: {
      total: progress?.items ?? 0,
      pending: progress?.pending ?? 0,
      running: progress?.running ?? 0,
      done: progress?.done ?? 0,
      failed: progress?.failed ?? 0,
      cancelled: progress?.cancelled ?? 0,
    },
    audioMs: msOf(progress?.audioDuration),
    speed: progress?.speed ?? 0,
    ...(expectedEnd && { expectedEnd }),
    failures: Object.fromEntries(
      (progress?.failures ?? []).map(({ reason, items }) => [ARCHIVE_FAILURES[reason] ?? 'internal', items]),
    ),
    ...(job.failure !== '' && { failure: job.failure }),
  };
}

function itemOf(message: ItemMessage): ArchiveItem {
  return {
    item: message.item,
    location: message.location,
    state: ITEM_STATES[message.state] ?? 'pending',
    attempts: message.attempts,
    ...(message.audioDuration && { audioMs: msOf(message.audioDuration) }),
    ...(message.failure !== 0 && { failure: ARCHIVE_FAILURES[message.failure] ?? 'internal' }),
    ...(message.failureMessage !== '' && { message: message.failureMessage }),
    duplicate: message.duplicate,
  };
}

async function* messagesOf<T>(
  stream: ClientReadableStream<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const cancel = () => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const message of stream as AsyncIterable<T>) yield message;
  } catch (error) {
    throw sottoErrorOf(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
    stream.cancel();
  }
}
