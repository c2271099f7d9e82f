import type { Logger } from 'kysely';

/** A statement that the database is done with; what it said and about whom stays here. */
export interface QueryObservation {
  readonly operation: 'select' | 'insert' | 'update' | 'delete' | 'other';
  readonly failed: boolean;
  readonly ms: number;
}

const OPERATIONS: Readonly<Record<string, QueryObservation['operation']>> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
};

/** Kysely's log as observations. */
export function observing(observe: (query: QueryObservation) => void): Logger {
  return ({ level, query, queryDurationMillis }) =>
    observe({
      operation: OPERATIONS[query.query.kind] ?? 'other',
      failed: level === 'error',
      ms: queryDurationMillis,
    });
}
