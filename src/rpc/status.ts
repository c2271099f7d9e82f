/** ServiceError to gRPC status, with google.rpc details in the trailer `grpc-status-details-bin` (AIP-193). */
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { assertNever } from '../domain/assert-never.ts';
import { PROHIBITION_SOURCE, type ProhibitedFeature } from '../domain/prohibited-features.ts';
import { ServiceError, type ServiceErrorKind } from '../domain/service-error.ts';
import { BadRequest, ErrorInfo, Help, RetryInfo } from '../gen/google/rpc/error_details.ts';
import { Status } from '../gen/google/rpc/status.ts';
import { durationFromMs } from './durations.ts';

const ERROR_DOMAIN = 'sotto';

/** Anything that is not a ServiceError is ours: the client gets a constant text. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('internal', 'internal error; the server log has the cause', { cause: error });
}

export function toStatus(error: ServiceError): StatusObject {
  const code = codeOf(error.kind);
  const metadata = new Metadata();
  const details = Status.encode({ code, message: error.message, details: detailsOf(error) }).finish();
  metadata.set('grpc-status-details-bin', Buffer.from(details));
  return { code, details: error.message, metadata };
}

function codeOf(kind: ServiceErrorKind): status {
  switch (kind) {
    case 'invalid-argument':
      return status.INVALID_ARGUMENT;
    case 'not-found':
      return status.NOT_FOUND;
    case 'already-exists':
      return status.ALREADY_EXISTS;
    case 'failed-precondition':
      return status.FAILED_PRECONDITION;
    case 'permission-denied':
    case 'prohibited-by-design':
      return status.PERMISSION_DENIED;
    case 'unauthenticated':
      return status.UNAUTHENTICATED;
    case 'resource-exhausted':
      return status.RESOURCE_EXHAUSTED;
    case 'unavailable':
      return status.UNAVAILABLE;
    case 'cancelled':
      return status.CANCELLED;
    case 'deadline-exceeded':
      return status.DEADLINE_EXCEEDED;
    case 'internal':
      return status.INTERNAL;
    default:
      return assertNever(kind);
  }
}

function detailsOf({ kind, message, detail }: ServiceError): Status['details'] {
  const reason = kind.replaceAll('-', '_').toUpperCase();
  const metadata: Record<string, string> = {};
  if (detail.field !== undefined) metadata.field = detail.field;
  if (detail.feature !== undefined) {
    metadata.feature = detail.feature;
    metadata.article = PROHIBITION_SOURCE[detail.feature as ProhibitedFeature];
  }
  const details = [pack('ErrorInfo', ErrorInfo.encode({ reason, domain: ERROR_DOMAIN, metadata }).finish())];
  if (kind === 'invalid-argument' && detail.field !== undefined) {
    const fieldViolations = [{ field: detail.field, description: message }];
    details.push(pack('BadRequest', BadRequest.encode({ fieldViolations }).finish()));
  }
  if (detail.retryAfterMs !== undefined) {
    const retryDelay = durationFromMs(detail.retryAfterMs);
    details.push(pack('RetryInfo', RetryInfo.encode({ retryDelay }).finish()));
  }
  if (kind === 'prohibited-by-design') {
    const links = [{ description: 'Why Sotto cannot analyse voices', url: 'docs/no-emotion.md' }];
    details.push(pack('Help', Help.encode({ links }).finish()));
  }
  return details;
}

function pack(type: string, value: Uint8Array): Status['details'][number] {
  return { typeUrl: `type.googleapis.com/google.rpc.${type}`, value: Buffer.from(value) };
}
