import { type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo } from '../gen/google/rpc/error_details.ts';
import { Status } from '../gen/google/rpc/status.ts';

export type StatusName = keyof typeof status;

/** A call that the server refused, or that did not get through. */
export class SottoError extends Error {
  override readonly name = 'SottoError';
  /** gRPC status, for example INVALID_ARGUMENT. */
  readonly status: StatusName;
  /** The request field at fault: `config.audio.sample_rate_hertz`. */
  readonly field?: string;
  /** When it is worth trying again. */
  readonly retryAfterMs?: number;
  /** Machine-readable, for example PROHIBITED_BY_DESIGN. */
  readonly reason?: string;

  constructor(error: GrpcError) {
    super(error.details || error.message, { cause: error });
    this.status = (status[error.code] as StatusName | undefined) ?? 'UNKNOWN';
    for (const { typeUrl, value } of detailsOf(error)) {
      switch (typeUrl.slice(typeUrl.lastIndexOf('/') + 1)) {
        case 'google.rpc.BadRequest':
          this.field = BadRequest.decode(value).fieldViolations[0]?.field;
          break;
        case 'google.rpc.RetryInfo': {
          const delay = RetryInfo.decode(value).retryDelay;
          if (delay) this.retryAfterMs = delay.seconds * 1000 + delay.nanos / 1e6;
          break;
        }
        case 'google.rpc.ErrorInfo':
          this.reason = ErrorInfo.decode(value).reason;
          break;
      }
    }
  }
}

/** Errors of grpc-js as ours; anything else unchanged. */
export function sottoErrorOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error && 'metadata' in error
    ? new SottoError(error as GrpcError)
    : error;
}

function detailsOf(error: GrpcError): Status['details'] {
  const [packed] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!(packed instanceof Buffer)) return [];
  try {
    return Status.decode(packed).details;
  } catch {
    // A proxy may put its own bytes there; the status and text are still good.
    return [];
  }
}
