/**
 * A manifest: a list of recordings with what is known of each, as CSV (RFC 4180, with a header row) or as JSON
 * lines, in UTF-8. Columns, or keys: `file` (required), `call_id`, `channels`, `roles`, `language`, `time`.
 *
 *     file,call_id,channels,roles,language,time
 *     2024/a.wav,7f1c,2,caller;agent,nl,2024-05-01T09:30:00+02:00
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { SpeakerRole } from '../../domain/audio.ts';
import { isLanguage, LANGUAGES, type Language } from '../../domain/language.ts';
import { invalidArgument } from '../../domain/service-error.ts';
import { checkCallId } from '../../policy/index.ts';
import type { RecordingEntry } from './recording-entry.ts';

const COLUMNS = ['file', 'call_id', 'channels', 'roles', 'language', 'time'] as const;
type Column = (typeof COLUMNS)[number];
type Row = Readonly<Partial<Record<Column, string>>>;

export type ManifestFormat = 'csv' | 'jsonl';

/** A path, an address and an id have their place in this; what is longer is no line of a manifest. */
const MAX_LINE_BYTES = 16 * 1024;
const MAX_CHANNELS = 2;

/**
 * The recordings in a manifest, in its order, while it is read. Throws `invalid-argument` that names line and
 * column; empty lines are passed by.
 */
export async function* readManifest(
  bytes: AsyncIterable<Uint8Array>,
  format: ManifestFormat,
  field: string,
): AsyncGenerator<RecordingEntry, void, undefined> {
  let count = 0;
  const rows = format === 'csv' ? csvRows(bytes, field) : jsonRows(bytes, field);
  for await (const { line, row } of rows) {
    count++;
    yield entryOf(row, (column, problem) => lineError(field, line, problem, column));
  }
  if (count === 0) throw invalidArgument(field, 'names no recording');
}

interface NumberedRow {
  readonly line: number;
  readonly row: Row;
}

async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
  field: string,
): AsyncGenerator<NumberedRow, void, undefined> {
  const parser = Readable.from(bytes).pipe(
    parse({
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: MAX_LINE_BYTES,
    }),
  );
  let columns: readonly Column[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (columns === undefined) {
        columns = checkedColumns(record, (problem) => lineError(field, info.lines, problem));
        continue;
      }
      if (record.length !== columns.length) {
        const problem = `has ${record.length} columns, the header has ${columns.length}`;
        throw lineError(field, info.lines, problem);
      }
      yield { line: info.lines, row: Object.fromEntries(columns.map((name, at) => [name, record[at]])) };
    }
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    if (!code?.startsWith('CSV_')) throw error;
    const problem =
      code === 'CSV_MAX_RECORD_SIZE'
        ? `is longer than ${MAX_LINE_BYTES} bytes`
        : 'is not CSV: a quote is open or misplaced';
    throw lineError(field, lines ?? 0, problem);
  }
}

async function* jsonRows(
  bytes: AsyncIterable<Uint8Array>,
  field: string,
): AsyncGenerator<NumberedRow, void, undefined> {
  let line = 0;
  for await (const text of createInterface({
    input: Readable.from(bytes),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++;
    const bare = text.replace(/^\ufeff/, '').trim();
    if (bare === '') continue;
    if (bare.length > MAX_LINE_BYTES) throw lineError(field, line, `is longer than ${MAX_LINE_BYTES} bytes`);
    yield { line, row: jsonRow(bare, (problem, column) => lineError(field, line, problem, column)) };
  }
}

function jsonRow(text: string, wrong: (problem: string, column?: string) => Error): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('is not a JSON object');
  checkedColumns(Object.keys(value), wrong);
  return Object.fromEntries(
    Object.entries(value).map(([name, cell]) => {
      if (cell === null) return [name, undefined];
      if (Array.isArray(cell)) return [name, cell.join(';')];
      if (typeof cell === 'string' || typeof cell === 'number') return [name, `${cell}`];
      throw wrong('must be text, a number or a list', name);
    }),
  );
}

function checkedColumns(names: readonly string[], wrong: (problem: string) => Error): Column[] {
  const unknown = names.find((name) => !COLUMNS.includes(name as Column));
  // The name may be data: a file without header row would show a path, or a number.
  if (unknown !== undefined) throw wrong(`has a column that is none of ${COLUMNS.join(', ')}`);
  if (!names.includes('file')) throw wrong('has no column "file"');
  if (new Set(names).size !== names.length) throw wrong('names a column twice');
  return names as Column[];
}

function entryOf(row: Row, wrong: (column: Column, problem: string) => Error): RecordingEntry {
  const { file, call_id: callId, channels, roles, language, time } = row;
  if (!file) throw wrong('file', 'is empty');
  if (callId) checkedCallId(callId, wrong);
  const named = roles ? rolesOf(roles, wrong) : undefined;
  const roleList = channels ? rolesOfChannels(channels, named, wrong) : named;
  return {
    location: file,
    ...(callId && { callId }),
    ...(roleList && { roles: roleList }),
    ...(language && { languages: languagesOf(language, wrong) }),
    ...(time && { recordedAt: timeOf(time, wrong) }),
  };
}

function checkedCallId(callId: string, wrong: (column: Column, problem: string) => Error): void {
  try {
    checkCallId(callId, 'call_id');
  } catch (error) {
    throw wrong('call_id', (error as Error).message.replace(/^call_id: /, ''));
  }
}

function rolesOf(text: string, wrong: (column: Column, problem: string) => Error): SpeakerRole[] {
  const roles = text.split(/[;|]/).map((role) => role.trim());
  if (roles.length > MAX_CHANNELS) throw wrong('roles', `names more than ${MAX_CHANNELS} channels`);
  for (const role of roles) {
    if (role !== 'caller' && role !== 'agent') {
      throw wrong('roles', 'must be caller or agent for each channel, with ; between them');
    }
  }
  return roles as SpeakerRole[];
}

/** The roles that are usual for so many channels, unless they are named. */
function rolesOfChannels(
  text: string,
  named: SpeakerRole[] | undefined,
  wrong: (column: Column, problem: string) => Error,
): SpeakerRole[] {
  const channels = Number(text);
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    throw wrong('channels', `must be from 1 to ${MAX_CHANNELS}`);
  }
  if (named && named.length !== channels) {
    throw wrong('channels', `is ${channels}, but roles names ${named.length}`);
  }
  return named ?? (channels === 1 ? ['caller'] : ['caller', 'agent']);
}

function languagesOf(text: string, wrong: (column: Column, problem: string) => Error): Language[] {
  return text.split(/[;|]/).map((part) => {
    const code = part.trim();
    if (isLanguage(code)) return code;
    throw wrong('language', `must be ${LANGUAGES.join(', ')}, or several with ; between them`);
  });
}

/** ISO 8601 with an offset: a time without one would be another hour on another server. */
function timeOf(text: string, wrong: (column: Column, problem: string) => Error): Date {
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
    ? new Date(text)
    : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw wrong('time', 'must be like 2024-05-01T09:30:00+02:00 or 2024-05-01');
  }
  return time;
}

function lineError(field: string, line: number, problem: string, column?: string): Error {
  const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return invalidArgument(field, `${place}: ${problem}`);
}
