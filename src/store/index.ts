/**
 * Everything that is kept, and all SQL. `openDatabase` is the one way in; what it returns is the same for a
 * PostgreSQL server and for the embedded PGlite.
 */
export { type Database, type DatabaseLocation, openDatabase, type SqlExecutor } from './database.ts';
