import { SottoError } from './sotto-error.ts';

/** How a live call survives its connection and its server. */
export interface ResumeOptions {
  /** A call that cannot go on anywhere for so long fails. Default 30,000. */
  readonly giveUpAfterMs?: number;
  /** Audio that is kept for sending again; above it `write` waits. Default 120,000, at least 35,000. */
  readonly maxBufferMs?: number;
  /** Told when the call breaks and is about to go on; for logs. */
  readonly onBreak?: (error: unknown) => void;
}

/** A segment of 28 s may have to be sent again whole, and some time passes until its end is told. */
export const MIN_BUFFER_MS = 35_000;
export const DEFAULT_BUFFER_MS = 120_000;
export const DEFAULT_GIVE_UP_MS = 30_000;

/** The first try comes at once, as a load balancer has another server ready; then ever later. */
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5000;

/** What another server may be spared from: it broke on the way, or the server said so. */
export function isWorthAnotherTry(error: unknown, hasStarted: boolean): boolean {
  if (!(error instanceof SottoError)) return false;
  switch (error.status) {
    case 'UNAVAILABLE':
      return true;
    case 'RESOURCE_EXHAUSTED':
      // At its start a call is refused for good; one that broke waits for room.
      return hasStarted && error.retryAfterMs !== undefined;
    case 'INTERNAL':
    case 'UNKNOWN':
    case 'CANCELLED':
      // Without a reason it is not the server's answer but a connection that was cut off.
      return error.reason === undefined;
    default:
      return false;
  }
}

/** Full jitter (Brooker 2015, "Exponential Backoff And Jitter"): clients of a server that died do not come as one. */
export function retryDelayMs(failures: number, error: unknown, random: () => number = Math.random): number {
  if (failures === 0) return random() * FIRST_DELAY_MS;
  const hint = error instanceof SottoError ? (error.retryAfterMs ?? 0) : 0;
  const most = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return Math.min(hint, MAX_DELAY_MS) + random() * most;
}
