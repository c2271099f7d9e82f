import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { badRecording, invalidArgument, ServiceError } from '../domain/service-error.ts';
import { abortError } from '../stream/index.ts';
import { type Container, WAV } from './container.ts';

export interface Ffmpeg {
  readonly path: string;
  readonly version: string;
}

/**
 * The ffmpeg to use: `configured` (FFMPEG_BIN) and no other if given, else the npm package `ffmpeg-static`
 * where it is installed, else `ffmpeg` on the PATH. Undefined if none runs.
 */
export async function findFfmpeg(configured?: string): Promise<Ffmpeg | undefined> {
  const known = found.get(configured);
  if (known) return known;
  const ffmpeg = await lookForFfmpeg(configured);
  if (ffmpeg) found.set(configured, ffmpeg);
  return ffmpeg;
}

/** By what was configured. One that was not found is looked for again: somebody may be installing it. */
const found = new Map<string | undefined, Ffmpeg>();

async function lookForFfmpeg(configured: string | undefined): Promise<Ffmpeg | undefined> {
  const candidates = configured ? [configured] : [await ffmpegStaticPath(), 'ffmpeg'];
  for (const path of candidates) {
    if (!path) continue;
    try {
      const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 10_000 });
      return { path, version: /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'unknown' };
    } catch {
      // Not there, or not for this machine: try the next.
    }
  }
  return undefined;
}

async function ffmpegStaticPath(): Promise<string | undefined> {
  try {
    // An optional dependency: its installer downloads, and may have failed. Not a literal, as it has no types.
    const name: string = 'ffmpeg-static';
    const { default: path } = (await import(name)) as { default: string | null };
    return path ?? undefined;
  } catch {
    return undefined;
  }
}

export function ffmpegMissing(container: Container, field: string): ServiceError {
  return badRecording(
    'codec-unknown',
    field,
    `${container.name} is decoded by ffmpeg, and none is installed here: install it (for example ` +
      '`apt-get install ffmpeg` or `npm install ffmpeg-static`) or set FFMPEG_BIN; or send WAV',
  );
}

export interface TranscodeOptions {
  readonly ffmpegPath: string;
  readonly container: Container;
  /** The request field that errors name. */
  readonly field: string;
  /** ffmpeg stops by itself after this much audio. */
  readonly maxDurationMs: number;
  /** ffmpeg is killed when it gives nothing for so long although it is read from. */
  readonly stallTimeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Memory that one allocation of ffmpeg may take; hostile headers ask for gigabytes. */
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;

/**
 * Any recording to a WAV stream (16 bits, channels and rate unchanged) through a child process. Its input
 * and output are pipes, pipes are all it may open, and the demuxer is given. When the generator is left or
 * the signal fires, the process is killed.
 */
export async function* transcodeToWav(
  input: AsyncIterable<Uint8Array>,
  options: TranscodeOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { container, field, signal } = options;
  const child = spawn(options.ffmpegPath, ffmpegArguments(options), {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Not our environment: it may hold secrets.
    env: { PATH: process.env.PATH, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH },
  });
  let failure: unknown;
  const kill = (reason: unknown) => {
    failure ??= reason;
    child.kill('SIGKILL');
  };
  const onAbort = () => kill(abortError(signal!));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const closed = once(child, 'close').then(
    () => {},
    (error: unknown) => {
      failure ??= new ServiceError('internal', 'ffmpeg could not be started', { cause: error });
    },
  );
  child.stderr.resume();
  feed(input, child.stdin).catch(kill);
  let stalled: NodeJS.Timeout | undefined;
  const watch = () => {
    stalled = setTimeout(() => {
      kill(
        invalidArgument(field, `the ${container.name} file cannot be decoded in reasonable time; send WAV`),
      );
    }, options.stallTimeoutMs);
  };

  try {
    watch();
    for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
      clearTimeout(stalled);
      yield bytes;
      watch();
    }
    await closed;
    if (failure) throw failure;
    if (child.exitCode !== 0) {
      throw undecodable(container, field, `ffmpeg ended with ${child.exitCode ?? child.signalCode}`);
    }
  } finally {
    clearTimeout(stalled);
    signal?.removeEventListener('abort', onAbort);
    child.kill('SIGKILL');
    child.stdin.destroy();
    child.stdout.destroy();
    await closed;
  }
}

/** A WAV comes here because its codec is none of ours, so that is the likelier reason. */
function undecodable(container: Container, field: string, cause: string): ServiceError {
  if (container === WAV) {
    const message =
      'the WAV file has a codec that ffmpeg does not decode either, or is damaged; convert it to PCM';
    return badRecording('codec-unknown', field, message);
  }
  return invalidArgument(
    field,
    `the ${container.name} file cannot be decoded: it is damaged, was cut off, or holds no audio; ` +
      'check that it plays, or send WAV',
    new Error(cause),
  );
}

function ffmpegArguments(options: TranscodeOptions): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1'],
    ...['-max_alloc', `${MAX_ALLOCATION_BYTES}`, '-protocol_whitelist', 'pipe'],
    ...['-f', options.container.demuxer, '-i', 'pipe:0'],
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1'],
    ...['-t', `${options.maxDurationMs / 1000}`, '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'],
  ];
}

/** Rejects only if `input` does; that ffmpeg stops reading, having all it wants or none, is its own affair. */
async function feed(
  input: AsyncIterable<Uint8Array>,
  stdin: NodeJS.WritableStream & { destroyed?: boolean },
) {
  let open = true;
  const gone = new Promise<void>((resolve) => {
    const stop = () => {
      open = false;
      resolve();
    };
    stdin.on('error', stop);
    stdin.on('close', stop);
  });
  for await (const bytes of input) {
    if (!open) return;
    if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain').catch(() => {}), gone]);
  }
  if (open) stdin.end();
}
