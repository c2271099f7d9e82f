/**
 * One file over HTTP into `<name>.part`, resumed by ranges (RFC 9110, 13.1.5 If-Range and 14 Range). What comes
 * is not trusted here: size and hash are judged when all of it is there.
 */
import { open, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../domain/service-error.ts';

export interface Transfer {
  readonly url: string;
  readonly part: string;
  /** Undefined: not known before the server says so. */
  readonly bytes: number | undefined;
  /** Without a known hash, only a server that names the version (a strong ETag) can be resumed from. */
  readonly hashKnown: boolean;
  readonly signal: AbortSignal;
  /** Bytes that lie in the part; may go back when a server has to start again. */
  readonly onProgress: (bytes: number) => void;
}

export interface TransferOptions {
  /** Failures in a row, without a new byte between them, before giving up. */
  readonly attempts: number;
  /** A server that sends nothing for so long counts as dropped. */
  readonly stallMs: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const DEFAULT_TRANSFER: TransferOptions = {
  attempts: 8,
  stallMs: 60_000,
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** What the part was begun with. */
interface PartState {
  readonly url: string;
  readonly etag?: string;
  readonly total?: number;
}

/** Worth another try. */
class Dropped extends Error {
  readonly retryAfterMs: number;
  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

export const stateFile = (part: string): string => `${part}.json`;

export async function discardPart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(stateFile(part), { force: true });
}

export async function download(transfer: Transfer, options: TransferOptions): Promise<void> {
  let failures = 0;
  // Only bytes beyond the farthest ever reached count as progress, or a server without ranges could go on for ever.
  let farthest = await sizeOf(transfer.part);
  for (;;) {
    transfer.signal.throwIfAborted();
    try {
      await attempt(transfer, options.stallMs);
      return;
    } catch (error) {
      transfer.signal.throwIfAborted();
      if (!(error instanceof Dropped)) throw error;
      const reached = await sizeOf(transfer.part);
      failures = reached > farthest ? 1 : failures + 1;
      farthest = Math.max(farthest, reached);
      if (failures >= options.attempts) {
        throw new ServiceError(
          'unavailable',
          `${transfer.url}: ${error.message}, ${failures} times in a row; run the command again to go on where it stopped`,
          { cause: error },
        );
      }
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
      await options.wait(Math.max(waitMs, Math.min(error.retryAfterMs, LONGEST_WAIT_MS)), transfer.signal);
    }
  }
}

async function attempt(transfer: Transfer, stallMs: number): Promise<void> {
  const { url, part, bytes } = transfer;
  const state = await readState(part);
  const size = await sizeOf(part);
  const known = bytes ?? state?.total;
  const offset = resumableFrom(transfer, state, size, known);
  if (offset > 0 && offset === known) return;

  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), stallMs);
  try {
    const response = await request(transfer, offset, state, AbortSignal.any([transfer.signal, stall.signal]));
    const start = await startOf(response, transfer, offset, state);
    if (start.complete) return;
    checkAnswer(response, transfer, start.total);
    await checkSpace(part, (start.total ?? start.offset) - start.offset);
    await writeFile(
      stateFile(part),
      JSON.stringify({ url, etag: strongEtag(response), total: start.total } satisfies PartState),
    );
    await writeBody(response, transfer, start, () => timer.refresh());
  } catch (error) {
    if (stall.signal.aborted && !transfer.signal.aborted)
      throw new Dropped(`nothing came for ${Math.ceil(stallMs / 1000)} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    // Frees the connection of an answer that was not read to its end.
    stall.abort();
  }
}

function resumableFrom(
  { url, hashKnown }: Transfer,
  state: PartState | undefined,
  size: number,
  known: number | undefined,
): number {
  if (state === undefined || (known !== undefined && size > known)) return 0;
  return hashKnown || (state.etag !== undefined && state.url === url) ? size : 0;
}

async function request(
  { url }: Transfer,
  offset: number,
  state: PartState | undefined,
  signal: AbortSignal,
): Promise<Response> {
  // identity: sizes, ranges and hashes are those of the file itself.
  const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'sotto-models' };
  if (offset > 0) {
    headers.range = `bytes=${offset}-`;
    if (state?.etag !== undefined) headers['if-range'] = state.etag;
  }
  try {
    return await fetch(url, { headers, redirect: 'follow', signal });
  } catch (cause) {
    throw connectionFailure(url, cause);
  }
}

/** Where the answer's bytes belong. */
interface Start {
  readonly offset: number;
  readonly total: number | undefined;
  readonly complete: boolean;
}

async function startOf(
  response: Response,
  transfer: Transfer,
  offset: number,
  state: PartState | undefined,
): Promise<Start> {
  const { url, part } = transfer;
  const { status } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const total = range?.[2] === undefined || range[2] === '*' ? undefined : Number(range[2]);
  if (status === 200) return { offset: 0, total: lengthOf(response), complete: false };
  if (status === 206) {
    const etag = strongEtag(response);
    const isSame = etag === undefined || state?.etag === undefined || etag === state.etag;
    if (Number(range?.[1] ?? Number.NaN) === offset && isSame) return { offset, total, complete: false };
    await discardPart(part);
    throw new Dropped('the file changed while it was fetched, or the server sent another range');
  }
  if (status === 416) {
    if (total === offset) return { offset, total, complete: true };
    await discardPart(part);
    throw new Dropped('the server refused the range');
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const seconds = Number(response.headers.get('retry-after'));
    throw new Dropped(`the server answered ${status}`, { retryAfterMs: seconds > 0 ? seconds * 1000 : 0 });
  }
  if ([401, 403, 404, 410].includes(status)) {
    throw new ServiceError(
      'not-found',
      `${url}: the server answered ${status}; check repository, revision and path in the catalogue, and that the ` +
        'mirror has them (a repository that is gone or private answers 401)',
    );
  }
  throw new ServiceError('failed-precondition', `${url}: the server answered ${status}`);
}

function checkAnswer(
  response: Response,
  { url, bytes, hashKnown }: Transfer,
  total: number | undefined,
): void {
  const refuse = (reason: string) => new ServiceError('failed-precondition', `${url}: ${reason}`);
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw refuse('a web page came instead of the file; a proxy may ask you to sign in');
  }
  if (bytes !== undefined && total !== undefined && total !== bytes) {
    throw refuse(
      `the server has ${total} bytes, ${bytes} are expected: the publisher changed the file, or the mirror has another ` +
        'one. Pull from another mirror, or take a catalogue with the new size and hash',
    );
  }
  if (hashKnown) return;
  if (url.startsWith('https:') && response.url.startsWith('http:')) {
    throw refuse('was redirected to a server without encryption, and no hash is known to check it by');
  }
  if (total === undefined && !url.endsWith('.json')) {
    throw refuse('the server does not say how long the file is, and no hash is known to check it by');
  }
}

async function writeBody(
  response: Response,
  transfer: Transfer,
  start: Start,
  alive: () => void,
): Promise<void> {
  const { part, url } = transfer;
  const limit = transfer.bytes ?? start.total ?? Number.POSITIVE_INFINITY;
  let position = start.offset;
  await using file = await open(part, start.offset > 0 ? 'r+' : 'w');
  transfer.onProgress(position);
  try {
    for await (const chunk of response.body ?? []) {
      alive();
      if (position + chunk.length > limit) {
        throw new ServiceError('failed-precondition', `${url}: more than the expected ${limit} bytes came`);
      }
      for (let written = 0; written < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
      transfer.onProgress(position);
    }
  } catch (error) {
    throw error instanceof ServiceError ? error : transferFailure(error, part);
  }
  if (position < limit && limit !== Number.POSITIVE_INFINITY) throw new Dropped('the connection ended early');
  await file.sync();
}

/** Throws `resource-exhausted` if `needed` bytes do not fit beside `path`. */
export async function checkSpace(path: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  if (needed <= bavail * bsize) return;
  throw noSpace(`${dirname(path)} has ${gigabytes(bavail * bsize)} free, ${gigabytes(needed)} are needed`);
}

function transferFailure(error: unknown, part: string): Error {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return noSpace(`${dirname(part)} is full`);
  if (error instanceof Error && (error as NodeJS.ErrnoException).syscall === 'write') return error;
  return new Dropped('the connection was lost', { cause: error });
}

function noSpace(what: string): ServiceError {
  return new ServiceError('resource-exhausted', `${what}; make room, or name another folder with --into`);
}

function connectionFailure(url: string, cause: unknown): Error {
  const reason = (cause as { cause?: NodeJS.ErrnoException } | undefined)?.cause;
  const code = reason?.code ?? '';
  if (/^(?:CERT_|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/.test(code)) {
    return new ServiceError(
      'failed-precondition',
      `${url}: its certificate is not accepted (${code}); name the authority of your proxy or mirror in NODE_EXTRA_CA_CERTS`,
      { cause },
    );
  }
  if (code === 'ERR_INVALID_URL')
    return new ServiceError('invalid-argument', `${url} is no address`, { cause });
  return new Dropped(`no connection${code ? ` (${code})` : ''}`, { cause });
}

/** A weak ETag does not promise the same bytes, so it cannot be resumed by. */
function strongEtag({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  return etag?.startsWith('"') && !isEncoded(headers) ? etag : undefined;
}

function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || isEncoded(headers) ? undefined : Number(length);
}

function isEncoded(headers: Headers): boolean {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity';
}

async function readState(part: string): Promise<PartState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(part), 'utf8')) as PartState;
  } catch {
    return undefined;
  }
}

export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
