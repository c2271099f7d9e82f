/** A PostgreSQL server, 14 or newer, through a pool of connections. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { OpenedDatabase } from './database.ts';
import { databaseError, translateErrors } from './database-error.ts';
import { observing, type QueryObservation } from './query-log.ts';
import type { Tables } from './tables.ts';

const CONNECT_TIMEOUT_MS = 10_000;

export function openServer(
  connectionString: string,
  maxConnections = 10,
  onConnectionLost: (error: Error) => void = () => {},
  onQuery: (query: QueryObservation) => void = () => {},
): OpenedDatabase {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'sotto',
    types: { getTypeParser },
  });
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', onConnectionLost);
  // One that breaks while in use also rejects its query; this is the same error once more.
  pool.on('connect', (client) => client.on('error', () => {}));
  const query = new Kysely<Tables>({
    dialect: translateErrors(new PostgresDialect({ pool })),
    log: observing(onQuery),
  });
  return {
    kind: 'server',
    query,
    executeSql: async (text, values) => {
      const result = await pool.query(text, values).catch((error) => Promise.reject(databaseError(error)));
      // Several statements give several results, which the types of pg do not know.
      const results: readonly pg.QueryResult[] = Array.isArray(result) ? result : [result];
      return { rows: results.flatMap(({ rows }) => rows ?? []) };
    },
    close: () => query.destroy(),
  };
}

/** int8 as a number, as PGlite gives it: what we count stays below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
