import { CommanderError } from 'commander';
import { SottoError } from '../client/index.ts';
import { ServiceError } from '../domain/service-error.ts';

/** Exit codes: what scripts can rely on. */
export const EXIT = {
  ok: 0,
  /** The work, or a part of it, failed. */
  failed: 1,
  /** Options, configuration or the request are wrong: trying again does not help. */
  usage: 2,
  /** The server, or what it needs, is not there now. */
  unavailable: 3,
  /** As shells have it for SIGINT. */
  interrupted: 130,
} as const;

/** What was reported already, line by line: only the exit code is left to set. */
export class ReportedFailure extends Error {
  override readonly name = 'ReportedFailure';
}

/** A wrong option or argument; `message` says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One line that names the remedy; undefined if nothing is to be said. */
export function failureLine(error: unknown, options: { readonly debug: boolean }): string | undefined {
  if (options.debug && error instanceof Error) return `sotto: ${error.stack ?? error.message}`;
  if (error instanceof ReportedFailure || error instanceof CommanderError) return undefined;
  if (isInterruption(error)) return 'sotto: stopped';
  if (error instanceof SottoError)
    return `sotto: the server says ${error.status}: ${error.message}${hintOf(error)}`;
  if (error instanceof ServiceError || error instanceof UsageError) return `sotto: ${error.message}`;
  const name = error instanceof Error ? error.name : typeof error;
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
  return `sotto: unexpected ${name}: ${message} (--debug shows where)`;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) return EXIT.usage;
  if (isInterruption(error)) return EXIT.interrupted;
  if (error instanceof SottoError) return error.status === 'UNAVAILABLE' ? EXIT.unavailable : EXIT.failed;
  if (error instanceof ServiceError) {
    switch (error.kind) {
      case 'invalid-argument':
      case 'prohibited-by-design':
        return EXIT.usage;
      case 'unavailable':
      case 'resource-exhausted':
        return EXIT.unavailable;
      default:
        return EXIT.failed;
    }
  }
  return EXIT.failed;
}

function isInterruption(error: unknown): boolean {
  return (
    (error instanceof Error && error.name === 'AbortError') ||
    (error instanceof ServiceError && error.kind === 'cancelled') ||
    (error instanceof SottoError && error.status === 'CANCELLED')
  );
}

function hintOf(error: SottoError): string {
  if (error.retryAfterMs !== undefined) return `; try again in ${Math.ceil(error.retryAfterMs / 1000)} s`;
  return error.status === 'UNAVAILABLE' ? '; is `sotto serve` running at this address?' : '';
}
