import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import type { CliContext } from './cli-context.ts';

/** Waits while the reader is slow, so that output never piles up here. */
export async function writeLine(stream: Writable, line: string, signal?: AbortSignal): Promise<void> {
  if (stream.destroyed) return;
  if (!stream.write(`${line}\n`)) await once(stream, 'drain', { signal });
}

export interface Progress extends Disposable {
  advance(count?: number): void;
}

/** A line of its own at most every so often, where nobody watches. */
const PLAIN_INTERVAL_MS = 10_000;

/** A bar on a terminal; elsewhere a plain line now and then. Both on standard error. */
export function progress(context: CliContext, what: string, total: number): Progress {
  return context.isTerminal ? barProgress(context, what, total) : plainProgress(context, what, total);
}

function barProgress(context: CliContext, what: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total} {eta_formatted}`,
    stream: context.stderr as NodeJS.WritableStream,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return {
    advance: (count = 1) => bar.increment(count),
    [Symbol.dispose]: () => bar.stop(),
  };
}

function plainProgress(context: CliContext, what: string, total: number): Progress {
  let done = 0;
  let lastMs = performance.now();
  return {
    advance: (count = 1) => {
      done += count;
      if (performance.now() - lastMs < PLAIN_INTERVAL_MS) return;
      lastMs = performance.now();
      context.stderr.write(`${what} ${done}/${total}\n`);
    },
    [Symbol.dispose]: () => {},
  };
}

/** Columns of equal width, two spaces apart; the last is as wide as it is. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
