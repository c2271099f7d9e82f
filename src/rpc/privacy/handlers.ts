/** PrivacyService: each handler checks its request, asks the store, and answers; the rules are the store's. */
import { once } from 'node:events';
import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { invalidArgument, ServiceError } from '../../domain/service-error.ts';
import type {
  DpiaInputsRequest,
  DpiaInputsResponse,
  EraseRequest,
  EraseResponse,
  ExportRequest,
  ExportResponse,
  FindSubjectRequest,
  FindSubjectResponse,
  ListAuditRequest,
  ListAuditResponse,
  ProcessingRecordRequest,
  ProcessingRecordResponse,
  ReadTranscriptRequest,
  ReadTranscriptResponse,
  RestrictRequest,
  RestrictResponse,
  RevealRequest,
  RevealResponse,
  VerifyAuditRequest,
  VerifyAuditResponse,
} from '../../gen/sotto/v1/privacy.ts';
import { SubjectExportFormat } from '../../gen/sotto/v1/privacy.ts';
import { purposeFor } from '../../policy/index.ts';
import type { Store } from '../../store/index.ts';
import { principalOf } from '../access/index.ts';
import { callSignal } from '../call-context.ts';
import type { ServiceContext } from '../service-context.ts';
import { dpiaInputs } from './dpia-inputs.ts';
import { exportDocument } from './export-document.ts';
import { toAuditEntry, toKeptCall, toReceipt, toTimestamp, toTranscriptSegment } from './messages.ts';
import { processingRecord } from './processing-record.ts';
import { subjectIdentifier } from './subject-message.ts';

type Call<Request, Response> = ServerUnaryCall<Request, Response>;

const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;
const MAX_REASON_LENGTH = 1000;

export async function findSubject(
  call: Call<FindSubjectRequest, FindSubjectResponse>,
  context: ServiceContext,
): Promise<FindSubjectResponse> {
  const calls = await storeOf(context).rights.find(principalOf(call), subjectOf(call.request));
  return { calls: calls.map(toKeptCall) };
}

/** The document in pieces, as fast as the client takes them. */
export async function exportSubject(
  call: ServerWritableStream<ExportRequest, ExportResponse>,
  context: ServiceContext,
): Promise<void> {
  const signal = callSignal(call, context.shutdown);
  const { format, includeOriginals } = call.request;
  const form = FORMATS.get(format);
  if (form === undefined) {
    throw invalidArgument('format', 'must be SUBJECT_EXPORT_FORMAT_JSON or SUBJECT_EXPORT_FORMAT_HTML');
  }
  const calls = storeOf(context).rights.export(principalOf(call), subjectOf(call.request), includeOriginals);
  for await (const piece of exportDocument(calls, form, new Date())) {
    signal.throwIfAborted();
    if (!call.write({ content: Buffer.from(piece) })) await once(call, 'drain', { signal });
  }
}

const FORMATS = new Map<SubjectExportFormat, 'json' | 'html'>([
  [SubjectExportFormat.SUBJECT_EXPORT_FORMAT_UNSPECIFIED, 'json'],
  [SubjectExportFormat.SUBJECT_EXPORT_FORMAT_JSON, 'json'],
  [SubjectExportFormat.SUBJECT_EXPORT_FORMAT_HTML, 'html'],
]);

export async function erase(
  call: Call<EraseRequest, EraseResponse>,
  context: ServiceContext,
): Promise<EraseResponse> {
  const reason = reasonOf(call.request);
  const receipt = await storeOf(context).rights.erase(principalOf(call), subjectOf(call.request), reason);
  return { receipt: toReceipt(receipt), calls: receipt.detail.calls ?? 0 };
}

export async function restrict(
  call: Call<RestrictRequest, RestrictResponse>,
  context: ServiceContext,
): Promise<RestrictResponse> {
  const reason = reasonOf(call.request);
  const { rights } = storeOf(context);
  return {
    calls: await rights.restrict(principalOf(call), subjectOf(call.request), !call.request.lift, reason),
  };
}

export async function reveal(
  call: Call<RevealRequest, RevealResponse>,
  context: ServiceContext,
): Promise<RevealResponse> {
  const { callId, replacements, requestId } = call.request;
  const result = await storeOf(context).reveal.reveal(principalOf(call), {
    callId: required(callId, 'call_id'),
    replacements,
    reason: reasonOf(call.request),
    requestId: requestId || undefined,
  });
  return result.type === 'revealed'
    ? { originals: [...result.mappings], requestId: '', requestExpireTime: undefined }
    : { originals: [], requestId: result.requestId, requestExpireTime: toTimestamp(result.expiresAt) };
}

export async function readTranscript(
  call: Call<ReadTranscriptRequest, ReadTranscriptResponse>,
  context: ServiceContext,
): Promise<ReadTranscriptResponse> {
  const principal = principalOf(call);
  const callId = required(call.request.callId, 'call_id');
  const purpose = purposeFor(call.request.purpose, context.policies.current, principal, 'purpose');
  const { segments, ...kept } = await storeOf(context).rights.read(principal, callId, purpose.name);
  return { call: toKeptCall(kept), segments: segments.map(toTranscriptSegment) };
}

export async function listAudit(
  call: Call<ListAuditRequest, ListAuditResponse>,
  context: ServiceContext,
): Promise<ListAuditResponse> {
  const { pageSize, beforeSequence } = call.request;
  if (pageSize < 0 || pageSize > MAX_PAGE) {
    throw invalidArgument('page_size', `must be from 1 to ${MAX_PAGE}, or 0 for ${DEFAULT_PAGE}`);
  }
  if (beforeSequence < 0) throw invalidArgument('before_sequence', 'must not be negative');
  const before = beforeSequence || undefined;
  const entries = await storeOf(context).rights.listAudit(
    principalOf(call),
    pageSize || DEFAULT_PAGE,
    before,
  );
  return { entries: entries.map(toAuditEntry) };
}

export async function verifyAudit(
  call: Call<VerifyAuditRequest, VerifyAuditResponse>,
  context: ServiceContext,
): Promise<VerifyAuditResponse> {
  const verdict = await storeOf(context).rights.verifyAudit(principalOf(call), call.request.receipt);
  return {
    intact: verdict.intact,
    entries: verdict.entries,
    brokenAt: verdict.brokenAt ?? 0,
    problem: verdict.problem ?? '',
    headHash: verdict.head?.hash ?? '',
  };
}

export async function processingRecordOf(
  _call: Call<ProcessingRecordRequest, ProcessingRecordResponse>,
  context: ServiceContext,
): Promise<ProcessingRecordResponse> {
  return { markdown: processingRecord(context.policies.current, context.facts, new Date()) };
}

export async function dpiaInputsOf(
  _call: Call<DpiaInputsRequest, DpiaInputsResponse>,
  context: ServiceContext,
): Promise<DpiaInputsResponse> {
  return { markdown: dpiaInputs(context.policies.current, context.facts, new Date()) };
}

function storeOf({ store }: ServiceContext): Store {
  if (store !== undefined) return store;
  throw new ServiceError(
    'failed-precondition',
    'this server keeps nothing, so there is nothing to find; set store.dataDir to keep what the policy allows',
  );
}

function subjectOf({ subject }: Pick<FindSubjectRequest, 'subject'>) {
  return { identifier: subjectIdentifier(subject, 'subject'), field: 'subject' };
}

function reasonOf({ reason }: { readonly reason: string }): string {
  if (reason.length > MAX_REASON_LENGTH) {
    throw invalidArgument('reason', `is longer than ${MAX_REASON_LENGTH} characters`);
  }
  return required(reason.trim(), 'reason');
}

function required(text: string, field: string): string {
  if (text === '') throw invalidArgument(field, 'is required');
  return text;
}
