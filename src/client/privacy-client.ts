/** The rights of data subjects and the audit log, in plain values; for privacy officers. */
import type { Metadata } from '@grpc/grpc-js';
import type { SubjectIdentifier } from '../gen/sotto/v1/policy.ts';
import {
  type AuditReceipt,
  DpiaInputsRequest,
  EraseRequest,
  type EraseResponse,
  ExportRequest,
  FindSubjectRequest,
  type FindSubjectResponse,
  type PrivacyServiceClient,
  ProcessingRecordRequest,
  type ProcessingRecordResponse,
  SubjectExportFormat,
  VerifyAuditRequest,
  type VerifyAuditResponse,
} from '../gen/sotto/v1/privacy.ts';
import type { Subject } from './options.ts';
import { sottoErrorOf } from './sotto-error.ts';
import { subjectMessage } from './to-proto.ts';
import { unary } from './unary.ts';

/** By what a subject is found: what a call was declared with, or the call's own id. */
export type SubjectQuery = Subject | { readonly type: 'call-id'; readonly value: string };

export interface KeptCall {
  /** The server's id. */
  readonly callId: string;
  readonly purpose: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly restricted: boolean;
  readonly hasOriginals: boolean;
}

/** Keep it: `verifyAudit` proves by it that the erasure is in the chain. */
export interface Receipt {
  readonly sequence: number;
  readonly hash: string;
}

export interface AuditVerdict {
  readonly intact: boolean;
  readonly entries: number;
  readonly headHash: string;
  /** Set unless intact: the first entry at fault, and what is wrong. */
  readonly brokenAt?: number;
  readonly problem?: string;
}

/** All methods throw SottoError. */
export class PrivacyClient {
  readonly #service: PrivacyServiceClient;

  constructor(service: PrivacyServiceClient) {
    this.#service = service;
  }

  async find(subject: SubjectQuery): Promise<KeptCall[]> {
    const request = FindSubjectRequest.fromPartial({ subject: queryMessage(subject) });
    const { calls } = await unary<FindSubjectResponse>({}, (metadata, options, done) =>
      this.#service.findSubject(request, metadata, options, done),
    );
    return calls.map((call) => ({
      callId: call.callId,
      purpose: call.purpose,
      startedAt: dateOf(call.startTime),
      expiresAt: dateOf(call.expireTime),
      restricted: call.restrictTime !== undefined,
      hasOriginals: call.hasOriginals,
    }));
  }

  /** Pieces of one UTF-8 document. */
  async *export(
    subject: SubjectQuery,
    options: { readonly format: 'json' | 'html'; readonly originals?: boolean },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const request = ExportRequest.fromPartial({
      subject: queryMessage(subject),
      format:
        options.format === 'html'
          ? SubjectExportFormat.SUBJECT_EXPORT_FORMAT_HTML
          : SubjectExportFormat.SUBJECT_EXPORT_FORMAT_JSON,
      includeOriginals: options.originals ?? false,
    });
    const stream = this.#service.export(request);
    try {
      for await (const { content } of stream) yield content;
    } catch (error) {
      throw sottoErrorOf(error);
    } finally {
      stream.cancel();
    }
  }

  async erase(subject: SubjectQuery, reason: string): Promise<Receipt & { readonly calls: number }> {
    const request = EraseRequest.fromPartial({ subject: queryMessage(subject), reason });
    const { receipt, calls } = await unary<EraseResponse>({}, (metadata, options, done) =>
      this.#service.erase(request, metadata, options, done),
    );
    return { sequence: receipt!.sequence, hash: receipt!.hash, calls };
  }

  async verifyAudit(receipt?: Receipt): Promise<AuditVerdict> {
    const message: Partial<AuditReceipt> | undefined = receipt;
    const request = VerifyAuditRequest.fromPartial({ ...(message && { receipt: message }) });
    const verdict = await unary<VerifyAuditResponse>({}, (metadata, options, done) =>
      this.#service.verifyAudit(request, metadata, options, done),
    );
    const { intact, entries, headHash, brokenAt, problem } = verdict;
    return { intact, entries, headHash, ...(!intact && { brokenAt, problem }) };
  }

  /** The record of processing activities, GDPR Art. 30, as Markdown. */
  processingRecord(): Promise<string> {
    return this.#markdown((metadata, done) =>
      this.#service.processingRecord(ProcessingRecordRequest.fromPartial({}), metadata, done),
    );
  }

  /** Facts for an impact assessment, GDPR Art. 35, as Markdown. */
  dpiaInputs(): Promise<string> {
    return this.#markdown((metadata, done) =>
      this.#service.dpiaInputs(DpiaInputsRequest.fromPartial({}), metadata, done),
    );
  }

  async #markdown(
    ask: (
      metadata: Metadata,
      done: (error: Error | null, response: ProcessingRecordResponse) => void,
    ) => { cancel(): void },
  ): Promise<string> {
    const { markdown } = await unary<ProcessingRecordResponse>({}, (metadata, _options, done) =>
      ask(metadata, done),
    );
    return markdown;
  }
}

function queryMessage(subject: SubjectQuery): SubjectIdentifier {
  if (subject.type === 'call-id') return { identifier: { $case: 'callId', value: subject.value } };
  return subjectMessage(subject);
}

function dateOf(time: { readonly seconds: number; readonly nanos: number } | undefined): Date {
  return new Date((time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6);
}
