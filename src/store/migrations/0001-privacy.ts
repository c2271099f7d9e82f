/** Calls that are kept, their sealed content, the blind index to find them by, and the audit log. */
import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the tables as they were, not as the types are now.
export async function up(database: Kysely<any>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(database);
}

const STATEMENTS = [
  // Where the keys of a call lie is all that is known of them here: docs/decisions/0013.
  `create table call (
     id uuid primary key,
     tenant text not null,
     purpose text not null,
     lawful_basis text not null,
     policy_hash text not null,
     source text not null,
     started_at timestamptz not null,
     transcript_key text not null,
     vault_key text,
     transcript_expires_at timestamptz not null,
     vault_expires_at timestamptz,
     restricted_at timestamptz,
     erasing_at timestamptz
   )`,
  'create index call_transcript_expiry on call (transcript_expires_at)',
  'create index call_vault_expiry on call (vault_expires_at) where vault_key is not null',
  'create index call_erasing on call (erasing_at) where erasing_at is not null',
  'create index call_tenant on call (tenant, started_at)',
  `create table segment (
     call_id uuid not null references call on delete cascade,
     sequence int not null,
     channel smallint not null,
     role text not null,
     language text not null,
     start_ms int not null,
     end_ms int not null,
     entity_types text[] not null,
     sealed bytea not null,
     primary key (call_id, sequence)
   )`,
  `create table vault_entry (
     call_id uuid not null references call on delete cascade,
     sequence int not null,
     entity_type text not null,
     sealed bytea not null,
     primary key (call_id, sequence)
   )`,
  `create table subject (
     call_id uuid not null references call on delete cascade,
     kind text not null,
     token bytea not null,
     tenant text not null,
     primary key (tenant, kind, token, call_id)
   )`,
  'create index subject_call on subject (call_id)',
  `create table audit_entry (
     tenant text not null,
     sequence int not null,
     at timestamptz(3) not null,
     action text not null,
     call_id uuid,
     purpose text,
     sealed bytea not null,
     previous_hash bytea not null,
     hash bytea not null,
     primary key (tenant, sequence)
   )`,
  `create table audit_head (
     tenant text primary key,
     sequence int not null,
     hash bytea not null
   )`,
  // Two persons agree before an original is shown, where the configuration asks for it.
  `create table reveal_request (
     id uuid primary key,
     tenant text not null,
     call_id uuid not null references call on delete cascade,
     requested_at timestamptz not null,
     sealed bytea not null
   )`,
];
