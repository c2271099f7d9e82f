/**
 * What is kept of a recording while it is being worked on gets a key of its own, and an end of its own; the
 * controller's id of its call is a keyed hash from the start. docs/decisions/0019.
 */
import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the tables as they were, not as the types are now.
export async function up(database: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(database);
}

const STATEMENTS = [
  `alter table archive_item
     add column call_token bytea,
     add column progress_key text,
     add column progress_expires_at timestamptz`,
  'create index archive_item_by_call on archive_item (call_token) where call_token is not null',
  'create index archive_item_progress on archive_item (progress_expires_at) where progress_key is not null',
  // Sealed under the tenant's key, which is what must not be: the recordings begin again.
  'delete from archive_chunk',
  'update archive_item set sealed_call_id = null where sealed_call_id is not null',
];
