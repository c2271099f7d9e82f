import { type CallOptions, Metadata } from '@grpc/grpc-js';
import { sottoErrorOf } from './sotto-error.ts';

type UnaryCall<T> = (
  metadata: Metadata,
  options: Partial<CallOptions>,
  done: (error: Error | null, response: T) => void,
) => { cancel(): void };

/** One request, one answer, as a promise that rejects with SottoError. */
export function unary<T>(
  { signal, timeoutMs }: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  start: UnaryCall<T>,
): Promise<T> {
  const options: Partial<CallOptions> = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
  return new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted();
    const call = start(new Metadata(), options, (error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (error) reject(sottoErrorOf(error));
      else resolve(response);
    });
    const cancel = () => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
