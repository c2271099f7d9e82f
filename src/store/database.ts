/**
 * One database, two places: a PostgreSQL server, or PGlite in a data directory of this machine. Both get the same
 * SQL and the same migrations, which run when the database is opened.
 */
import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrations/index.ts';
import type { QueryObservation } from './query-log.ts';
import { openServer } from './server.ts';
import type { Tables } from './tables.ts';

export interface DatabaseLocation {
  /** `postgres://user@host:port/name`. Left out, the database is embedded in `dataDir`. */
  readonly url?: string;
  /** Folder of the embedded database, made if it is missing; one process at a time. */
  readonly dataDir: string;
  /** Connections to a server; the embedded database has one. */
  readonly maxConnections?: number;
  /** An idle connection to the server broke; the pool makes new ones. For the log. */
  readonly onConnectionLost?: (error: Error) => void;
  /** Told of every typed statement, for metrics. */
  readonly onQuery?: (query: QueryObservation) => void;
}

/** Plain SQL with `$1` placeholders; what pg-boss takes as its `db`. */
export interface SqlExecutor {
  /** Outside a transaction and without `values`, the text may hold several statements; their rows are joined. */
  // biome-ignore lint/suspicious/noExplicitAny: the rows are whatever the text selects.
  executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }>;
}

/**
 * Whatever needs the database rejects with ServiceError `unavailable` while the server is away or starting; other
 * errors of SQL come as the driver's, with `code` the SQLSTATE.
 */
export interface Database extends SqlExecutor, AsyncDisposable {
  readonly kind: 'server' | 'embedded';
  /** Queries outside a transaction. */
  readonly query: Kysely<Tables>;
  /**
   * Commits when `work` resolves, rolls back when it rejects. Once this has resolved, the rows are on disk.
   * Inside, use only what `work` is given: the embedded database has one connection, and anything else would wait
   * for the end of this transaction.
   */
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
}

/** One transaction for typed queries and for plain SQL: `boss.complete(queue, id, data, { db: transaction })`. */
export interface StoreTransaction extends SqlExecutor {
  readonly query: Transaction<Tables>;
}

/** What the two kinds of place bring. */
export interface OpenedDatabase extends SqlExecutor {
  readonly kind: Database['kind'];
  readonly query: Kysely<Tables>;
  close(): Promise<void>;
}

/** Throws ServiceError: `failed-precondition` if another process holds the data directory, `unavailable`. */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  const opened =
    location.url === undefined
      ? await openEmbedded(location.dataDir, location.onQuery)
      : openServer(location.url, location.maxConnections, location.onConnectionLost, location.onQuery);
  try {
    await migrate(opened.query);
  } catch (error) {
    await opened.close();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    kind: opened.kind,
    query: opened.query,
    executeSql: (text, values) => opened.executeSql(text, values),
    transaction: (work) =>
      opened.query.transaction().execute((query) => work({ query, executeSql: plainSql(query) })),
    [Symbol.asyncDispose]: () => {
      closed ??= opened.close();
      return closed;
    },
  };
}

function plainSql(transaction: Transaction<Tables>): SqlExecutor['executeSql'] {
  return async (text, values = []) => {
    const { rows } = await transaction.executeQuery(CompiledQuery.raw(text, values));
    return { rows: [...rows] };
  };
}
