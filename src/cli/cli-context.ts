import { writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { type Config, loadConfig } from '../config.ts';
import type { RunningServer, Runtime, RuntimeParts } from '../main.ts';
import type { Store } from '../store/index.ts';
import { emptyCoreDumps } from './core-dumps.ts';

/** What a command uses of the world; tests bring their own. */
export interface CliContext {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Whether a person sees standard error as it is written: then progress moves, else it is plain lines. */
  readonly isTerminal: boolean;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
  loadConfig(file: string | undefined): Config;
  createRuntime(config: Config, parts: RuntimeParts): Promise<Runtime>;
  /** Not beside a server with an embedded database, which is held by one process. */
  openStore(config: Config): Promise<Store>;
  /** `onReady`: when models are loaded and the queue is open. */
  runArchiveWorker(config: Config, signal: AbortSignal, onReady: () => void): Promise<void>;
  startServer(config: Config): Promise<Pick<RunningServer, 'port' | 'drain' | typeof Symbol.asyncDispose>>;
  /** Kills the process if something still keeps it alive after so long. */
  endWithin(ms: number): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The real world. Models and server are imported when a command needs them, so that `--help` answers at once. */
export function processContext(): CliContext {
  const abort = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    // The second signal finds nobody listening, and ends the process at once.
    for (const each of SIGNALS) process.off(each, onSignal);
    abort.abort(new DOMException(`stopped by ${name}`, 'AbortError'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  // `sotto … | head` closes our output: stop, without complaint.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') abort.abort(new DOMException('nobody reads the output', 'AbortError'));
    else throw error;
  });
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    isTerminal: process.stderr.isTTY === true,
    signal: abort.signal,
    loadConfig: (file) => loadConfig({ file }),
    createRuntime: async (config, parts) => (await guardedMain()).createRuntime(config, parts),
    startServer: async (config) => (await guardedMain()).startServer(config),
    openStore: async (config) => (await guardedMain()).openConfiguredStore(config),
    runArchiveWorker: async (config, signal, onReady) =>
      (await guardedMain()).runArchiveWorker(config, signal, onReady),
    endWithin: (ms) => {
      const kill = () => {
        writeSync(process.stderr.fd, `sotto: did not end within ${ms / 1000} s of being told to; killed\n`);
        process.kill(process.pid, 'SIGKILL');
      };
      setTimeout(kill, ms).unref();
    },
  };
}

/** Before the first word of a call is heard, and before the engine's process is started, which inherits it. */
async function guardedMain(): Promise<typeof import('../main.ts')> {
  emptyCoreDumps();
  return import('../main.ts');
}
