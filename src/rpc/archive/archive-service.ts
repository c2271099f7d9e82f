/** Jobs over recordings, over gRPC. */
import { once } from 'node:events';
import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { type ArchiveJobs, exportTranscript, type JobStatus, type Transcript } from '../../archive/index.ts';
import { invalidArgument, ServiceError } from '../../domain/service-error.ts';
import type * as messages from '../../gen/sotto/v1/archive.ts';
import type { Sentiment as SentimentMessage } from '../../gen/sotto/v1/transcription.ts';
import type { Principal } from '../../policy/index.ts';
import { principalOf } from '../access/index.ts';
import { callSignal } from '../call-context.ts';
import { toResult, toSentiment } from '../response-messages.ts';
import { requestLimits, type ServiceContext } from '../service-context.ts';
import { toItem, toJob } from './archive-messages.ts';
import { createJob, exportFormat, failuresOf, itemStates, pageSize } from './archive-request.ts';

type Call<Request> = ServerUnaryCall<Request, unknown>;

export async function createJobHandler(
  call: Call<messages.CreateJobRequest>,
  context: ServiceContext,
): Promise<messages.CreateJobResponse> {
  const limits = requestLimits(call, context);
  return { job: toJob(await archiveOf(context).create(limits.principal, createJob(call.request, limits))) };
}

/** The methods that name a job and answer with it. */
export function jobHandler(act: (jobs: ArchiveJobs, owner: Principal, jobId: string) => Promise<JobStatus>) {
  return async (
    call: Call<{ jobId: string }>,
    context: ServiceContext,
  ): Promise<{ readonly job: messages.Job }> => ({
    job: toJob(await act(archiveOf(context), principalOf(call), call.request.jobId)),
  });
}

export async function listJobsHandler(
  call: Call<messages.ListJobsRequest>,
  context: ServiceContext,
): Promise<messages.ListJobsResponse> {
  const limit = pageSize(call.request.pageSize);
  const after = jobPageStart(call.request.pageToken);
  const statuses = await archiveOf(context).list(principalOf(call), limit, after);
  const last = statuses.at(-1)?.job;
  const isFull = statuses.length === limit && last !== undefined;
  return {
    jobs: statuses.map((status) => toJob(status)),
    nextPageToken: isFull ? `${last.createdAt.toISOString()}/${last.jobId}` : '',
  };
}

export async function retryFailedHandler(
  call: Call<messages.RetryFailedRequest>,
  context: ServiceContext,
): Promise<messages.RetryFailedResponse> {
  const { jobId, reasons } = call.request;
  const { status, items } = await archiveOf(context).retry(principalOf(call), jobId, failuresOf(reasons));
  return { job: toJob(status), items };
}

export async function listItemsHandler(
  call: Call<messages.ListItemsRequest>,
  context: ServiceContext,
): Promise<messages.ListItemsResponse> {
  const { jobId, states, pageToken } = call.request;
  const limit = pageSize(call.request.pageSize);
  if (!/^\d{0,10}$/.test(pageToken)) throw invalidArgument('page_token', 'is none that ListItems gave');
  const items = await archiveOf(context).items(principalOf(call), jobId, {
    afterItem: Number(pageToken),
    limit,
    ...(states.length > 0 && { states: itemStates(states)! }),
  });
  return { items: items.map(toItem), nextPageToken: items.length === limit ? `${items.at(-1)!.item}` : '' };
}

export async function getTranscriptHandler(
  call: Call<messages.GetTranscriptRequest>,
  context: ServiceContext,
): Promise<messages.GetTranscriptResponse> {
  const { jobId, item: number } = call.request;
  const { item, transcript } = await archiveOf(context).transcript(principalOf(call), jobId, number);
  return {
    item: toItem(item),
    results: transcript.segments.map((segment) => toResult(segment, segment.sentiment, true)),
    sentiment: sentimentOf(transcript),
  };
}

export async function watchJobHandler(
  call: ServerWritableStream<messages.WatchJobRequest, messages.WatchJobResponse>,
  context: ServiceContext,
): Promise<void> {
  const signal = callSignal(call, context.shutdown);
  const jobs = archiveOf(context).watch(principalOf(call), call.request.jobId, signal);
  for await (const status of jobs) await write(call, { job: toJob(status) }, signal);
}

export async function exportResultsHandler(
  call: ServerWritableStream<messages.ExportResultsRequest, messages.ExportResultsResponse>,
  context: ServiceContext,
): Promise<void> {
  const { jobId, format: formatMessage } = call.request;
  const format = exportFormat(formatMessage);
  const signal = callSignal(call, context.shutdown);
  const summary = { transcripts: 0, expired: 0 };
  for await (const { item, transcript } of archiveOf(context).results(principalOf(call), jobId)) {
    if (transcript === undefined) {
      summary.expired++;
      continue;
    }
    summary.transcripts++;
    const name = format === 'jsonl' ? `${jobId}.jsonl` : `${`${item.item}`.padStart(7, '0')}.${format}`;
    const recordedAt = item.recordedAt && { recordedAt: item.recordedAt };
    const content = exportTranscript({ item: item.item, ...recordedAt, transcript }, format);
    const value = { name, content: Buffer.from(content, 'utf8') };
    await write(call, { part: { $case: 'file', value } }, signal);
  }
  await write(call, { part: { $case: 'summary', value: summary } }, signal);
}

function archiveOf({ archive }: ServiceContext): ArchiveJobs {
  if (archive !== undefined) return archive;
  throw new ServiceError(
    'failed-precondition',
    'this server has no archive; its operator must name folders of recordings under archive.roots, or ' +
      'buckets under archive.s3.prefixes',
  );
}

function jobPageStart(token: string): { createdAt: Date; jobId: string } | undefined {
  if (token === '') return undefined;
  const [time = '', jobId = ''] = token.split('/');
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || !/^[0-9a-f-]{36}$/.test(jobId)) {
    throw invalidArgument('page_token', 'is none that ListJobs gave');
  }
  return { createdAt, jobId };
}

function sentimentOf({ sentiment }: Transcript): SentimentMessage | undefined {
  return sentiment && toSentiment(sentiment);
}

/** Waits for a client that reads slowly. */
async function write<Response>(
  call: ServerWritableStream<unknown, Response>,
  message: Response,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (!call.write(message)) await once(call, 'drain', { signal });
}
