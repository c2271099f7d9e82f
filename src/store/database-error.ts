import type { Dialect, Driver } from 'kysely';
import { ServiceError } from '../domain/service-error.ts';

/** SQLSTATE classes and codes of a server that is away, shutting down, starting or full; retrying makes sense. */
const AWAY = /^(?:08|57P0[123]|53300)/;
/** System errors of a connection, and what pg says without a code. */
const LOST =
  /^(?:ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOENT)|connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable/i;
const RETRY_AFTER_MS = 1000;

/** Errors that say nothing of the SQL but that the server is away become ServiceError `unavailable`. */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ServiceError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!AWAY.test(code) && !LOST.test(code) && !LOST.test(error.message)) return error;
  return new ServiceError('unavailable', 'the database cannot be reached; try again', {
    cause: error,
    detail: { retryAfterMs: RETRY_AFTER_MS },
  });
}

/** The same dialect, whose driver rejects with `databaseError`. */
export function translateErrors(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => translating(dialect.createDriver()),
  };
}

function translating(driver: Driver): Driver {
  const seen = new WeakSet<object>();
  return new Proxy(driver, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        try {
          const result = await member.apply(target, args);
          if (name === 'acquireConnection' && !seen.has(result)) {
            seen.add(result);
            const execute = result.executeQuery.bind(result);
            // In place: the driver knows its connections by identity.
            result.executeQuery = (query: unknown) =>
              execute(query).catch((error: unknown) => Promise.reject(databaseError(error)));
          }
          return result;
        } catch (error) {
          throw databaseError(error);
        }
      };
    },
  });
}
