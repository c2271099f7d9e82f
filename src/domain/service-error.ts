/** What went wrong, in the words of the caller; `rpc/` maps each kind to one gRPC status. */
export type ServiceErrorKind =
  | 'invalid-argument'
  | 'not-found'
  | 'already-exists'
  | 'failed-precondition'
  | 'permission-denied'
  | 'unauthenticated'
  | 'prohibited-by-design'
  | 'resource-exhausted'
  | 'unavailable'
  | 'cancelled'
  | 'deadline-exceeded'
  | 'internal';

export interface ServiceErrorDetail {
  /** The request field at fault, in proto notation: `config.audio.sample_rate_hertz`. */
  field?: string;
  /** For `unavailable` and `resource-exhausted`: when it is worth trying again. */
  retryAfterMs?: number;
  /** What is wrong with a recording, where an archive tells it apart; else it is damaged. */
  recordingFault?: 'empty' | 'codec-unknown' | 'too-long' | 'channels' | 'changed';
  /** For `prohibited-by-design`: the feature asked for, as named in docs/no-emotion.md. */
  feature?: string;
  /** For `unavailable`: this server is shutting down, others go on. */
  draining?: true;
  /** For a call that was refused at its start. */
  refusal?: 'draining' | 'slots' | 'capacity' | 'tenant-limit';
}

/**
 * The one error that crosses stage borders. `message` is safe to show to any client: it names the field
 * and the remedy and never holds words of a call. `cause` is for our logs, where only its class and code
 * are written.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly kind: ServiceErrorKind;
  readonly detail: ServiceErrorDetail;

  constructor(
    kind: ServiceErrorKind,
    message: string,
    options: { cause?: unknown; detail?: ServiceErrorDetail } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.detail = options.detail ?? {};
  }
}

/** Bad input at `field`; the message should say what was expected and what to do. */
export function invalidArgument(field: string, message: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid-argument', `${field}: ${message}`, { detail: { field }, cause });
}

/** A recording that cannot be taken. */
export function badRecording(
  recordingFault: NonNullable<ServiceErrorDetail['recordingFault']>,
  field: string,
  message: string,
  cause?: unknown,
): ServiceError {
  return new ServiceError('invalid-argument', `${field}: ${message}`, {
    cause,
    detail: { field, recordingFault },
  });
}
