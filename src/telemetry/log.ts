import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * Structured logs on standard error. Messages are static; values are fields, and of errors only their class,
 * kind and code are written: an error's text may hold what somebody said.
 */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: errorFields } },
    pino.destination(2),
  );
}

interface ErrorFields {
  readonly name: string;
  readonly kind?: string;
  readonly code?: string;
  /** Where in our code, without the message. */
  readonly at?: string;
  readonly cause?: ErrorFields;
}

export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { name: typeof error };
  const { kind, code } = error as { kind?: string; code?: string };
  const at = error.stack
    ?.split('\n')
    .find((line) => line.startsWith('    at '))
    ?.trim();
  return {
    name: error.name,
    kind,
    code,
    at,
    cause: error.cause === undefined ? undefined : errorFields(error.cause),
  };
}
