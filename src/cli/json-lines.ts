/** JSON Lines in, JSON Lines out: in order, with bounded memory, and without a word of a bad line in any report. */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { CliContext } from './cli-context.ts';
import { ReportedFailure } from './failure.ts';
import { writeLine } from './output.ts';

/** Longest line: a conversation of a few hundred thousand words. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** Lines in work at once. */
const LINES_IN_FLIGHT = 8;

export interface LineOutcome {
  readonly value: object;
  /** Set when the line is answered but not well: reported, and the exit code is 1. */
  readonly problem?: string;
}

/**
 * Answers each line of standard input by one line of standard output. Lines that cannot be read are reported
 * with their number on standard error; at the end ReportedFailure is thrown if there were any.
 */
export async function answerLines<T>(
  context: CliContext,
  schema: z.ZodType<T>,
  answer: (line: T) => Promise<LineOutcome>,
): Promise<void> {
  let problems = 0;
  const write = async ({ number, value, problem }: NumberedOutcome) => {
    if (value !== undefined) await writeLine(context.stdout, JSON.stringify(value), context.signal);
    if (problem === undefined) return;
    problems++;
    await writeLine(context.stderr, `line ${number}: ${problem}`);
  };
  const pending: Promise<NumberedOutcome>[] = [];
  for await (const line of readLines(context.stdin)) {
    context.signal.throwIfAborted();
    const outcome = outcomeOf(line, schema, answer);
    // Awaited in its turn; a failure before that must not end the process.
    outcome.catch(() => {});
    pending.push(outcome);
    if (pending.length >= LINES_IN_FLIGHT) await write(await pending.shift()!);
  }
  for (const outcome of pending) await write(await outcome);
  if (problems > 0) throw new ReportedFailure(`${problems} lines`);
}

interface NumberedOutcome {
  readonly number: number;
  readonly value?: object;
  readonly problem?: string;
}

async function outcomeOf<T>(
  { number, bytes }: Line,
  schema: z.ZodType<T>,
  answer: (line: T) => Promise<LineOutcome>,
): Promise<NumberedOutcome> {
  if (bytes === undefined) return { number, problem: `longer than ${MAX_LINE_BYTES} bytes; split it` };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's message would quote the line.
    return { number, problem: 'not a JSON object in UTF-8' };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { number, problem: `${issue?.path.join('.') || 'line'}: ${issue?.message}` };
  }
  return { number, ...(await answer(parsed.data)) };
}

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Undefined: the line was too long and was skipped. */
  readonly bytes?: Uint8Array;
}

/** Lines that are not blank. What is kept of a line is bounded, however long it is. */
export async function* readLines(
  input: Readable,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line, void, undefined> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    number++;
    const line = length > maxLineBytes ? { number } : { number, bytes: Buffer.concat(parts) };
    parts = [];
    length = 0;
    return line;
  };
  for await (const data of input) {
    let chunk = typeof data === 'string' ? Buffer.from(data) : (data as Buffer);
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a)) {
      add(chunk.subarray(0, end));
      chunk = chunk.subarray(end + 1);
      const line = take();
      if (!isBlank(line)) yield line;
    }
    // A copy: the rest of a line must not hold on to the whole chunk.
    if (chunk.length > 0) add(Buffer.from(chunk));
  }
  if (length > 0) {
    const line = take();
    if (!isBlank(line)) yield line;
  }
}

function isBlank({ bytes }: Line): boolean {
  return bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) ?? false;
}
