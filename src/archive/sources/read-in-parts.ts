import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../../domain/service-error.ts';

/** Breaks of the connection in a row without one new byte. */
const MAX_BREAKS = 4;
const FIRST_WAIT_MS = 200;

export interface PartsOptions {
  readonly signal: AbortSignal;
  /** A body that gives nothing for so long, while it is waited for, is broken off. */
  readonly stallMs: number;
  /** What to throw when it breaks again and again. */
  readonly failed: (cause: unknown) => Error;
}

/**
 * `bytes` bytes that come over a network, a few at a time as they are read. A connection that breaks is opened again
 * where it broke: `open` gives the bytes from an offset on. Whoever reads slowly may take as long as they like.
 */
export async function* readInParts(
  bytes: number,
  open: (from: number) => Promise<Readable>,
  { signal, stallMs, failed }: PartsOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let breaks = 0;
  for (let at = 0; at < bytes; ) {
    const stall = new AbortController();
    const body = addAbortSignal(AbortSignal.any([signal, stall.signal]), await open(at));
    const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
    try {
      while (true) {
        const timer = setTimeout(() => stall.abort(new Error('stalled')), stallMs);
        const piece = await pieces.next().finally(() => clearTimeout(timer));
        if (piece.done) throw new Error('the body ended early');
        at += piece.value.length;
        breaks = 0;
        if (at > bytes) throw new ServiceError('internal', 'object storage gave more than it announced');
        yield piece.value;
        if (at === bytes) return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ServiceError) throw error;
      if (++breaks > MAX_BREAKS) throw failed(error);
    } finally {
      body.destroy();
    }
    await sleep(FIRST_WAIT_MS * 2 ** (breaks - 1), undefined, { signal });
  }
}
