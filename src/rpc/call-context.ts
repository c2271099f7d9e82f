/** What every handler needs of grpc-js's server calls: one signal for all ways to end, one way to fail. */
import type { Deadline, Metadata } from '@grpc/grpc-js';
import { ServiceError } from '../domain/service-error.ts';

/** A call of any kind. */
interface ServerCall {
  readonly cancelled: boolean;
  readonly metadata: Metadata;
  getDeadline(): Deadline;
  once(event: 'cancelled', listener: () => void): unknown;
}

/** Fires when the client leaves, its deadline passes or `shutdown` fires; its reason is a ServiceError. */
export function callSignal(call: ServerCall, shutdown: AbortSignal): AbortSignal {
  const abort = new AbortController();
  const onCancelled = () => {
    const late = Date.now() >= deadlineMs(call.getDeadline());
    abort.abort(
      late
        ? new ServiceError('deadline-exceeded', 'the deadline that the client set has passed')
        : new ServiceError('cancelled', 'the client has left'),
    );
  };
  if (call.cancelled) onCancelled();
  else call.once('cancelled', onCancelled);
  return AbortSignal.any([abort.signal, shutdown]);
}

/** The W3C trace context that the client sent, if it did. */
export function traceparentOf(call: ServerCall): string | undefined {
  return call.metadata.get('traceparent')[0]?.toString();
}

function deadlineMs(deadline: Deadline): number {
  return deadline instanceof Date ? deadline.getTime() : deadline;
}
