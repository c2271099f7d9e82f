import { ServiceError } from '../domain/service-error.ts';

/** One signal that fires when the first of `signals` does: caller, deadline and shutdown of one call. */
export function joinSignals(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const present = signals.filter((signal) => signal !== undefined);
  return present.length === 1 ? present[0]! : AbortSignal.any(present);
}

/**
 * The error of an aborted signal: its reason if that is a ServiceError already, `deadline-exceeded` for
 * `AbortSignal.timeout`, `cancelled` for all else.
 */
export function abortError(signal: AbortSignal): ServiceError {
  const reason: unknown = signal.reason;
  if (reason instanceof ServiceError) return reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new ServiceError('deadline-exceeded', 'the time allowed for this call is over', { cause: reason });
  }
  return new ServiceError('cancelled', 'the call was cancelled', { cause: reason });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/**
 * Settles as `promise` does, or rejects at once when `signal` fires. What `promise` does afterwards is
 * ignored, so hand its work the signal as well.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    if (signal.aborted) {
      promise.catch(() => {});
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Passes `source` on until `signal` fires, then throws and lets the source free what it holds. */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    while (true) {
      const result = await orAborted(iterator.next(), signal);
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } finally {
    // Not awaited after an abort: a source that waits in `next` answers `return` only when that is over.
    const returned = ended ? undefined : iterator.return?.();
    if (signal?.aborted) returned?.catch(() => {});
    else await returned;
  }
}
