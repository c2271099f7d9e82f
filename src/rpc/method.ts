/** From handlers that are async functions to what grpc-js takes; failures become statuses in one place. */
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import type { ServiceContext } from './service-context.ts';
import { toServiceError, toStatus } from './status.ts';

export function unary<Request, Response>(
  method: string,
  handle: (call: ServerUnaryCall<Request, Response>, context: ServiceContext) => Promise<Response>,
  context: ServiceContext,
) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    handle(call, context).then(
      (response) => callback(null, response),
      (reason: unknown) => {
        const error = toServiceError(reason);
        context.telemetry.failed(method, error);
        callback(toStatus(error));
      },
    );
  };
}

type WritingCall = ServerDuplexStream<unknown, unknown> | ServerWritableStream<unknown, unknown>;

/** `handle` writes the responses; when it resolves, the stream ends. */
export function streaming<Call>(
  method: string,
  handle: (call: Call, context: ServiceContext) => Promise<void>,
  context: ServiceContext,
) {
  return (call: Call): void => {
    const stream = call as unknown as WritingCall;
    // A client that resets its connection raises `error` here as well as `cancelled`, which we act on.
    stream.on('error', () => {});
    handle(call, context).then(
      () => stream.end(),
      (reason: unknown) => {
        const error = toServiceError(reason);
        context.telemetry.failed(method, error);
        whenWritten(stream, () => stream.emit('error', toStatus(error)));
      },
    );
  };
}

/** How often it is looked whether the client has taken what was written, and how long it may take. */
const WRITTEN = { checkMs: 5, limitMs: 1000 };

/**
 * grpc-js sends the status when all that was written before it is on its way. But the error that carries the status
 * ends the iterator over the requests, which destroys the stream, and with it a status that still waits: the client
 * would hear nothing at all.
 */
function whenWritten(stream: WritingCall, then: () => void, waitedMs = 0): void {
  if (stream.writableLength === 0 || stream.destroyed || waitedMs >= WRITTEN.limitMs) then();
  else setTimeout(() => whenWritten(stream, then, waitedMs + WRITTEN.checkMs), WRITTEN.checkMs);
}
