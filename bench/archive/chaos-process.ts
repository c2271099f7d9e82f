/** A `sotto` process that is killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const ROOT = new URL('../..', import.meta.url).pathname;

export class ChaosProcess implements AsyncDisposable {
  readonly #args: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  /** A line on standard error that says that it is ready. */
  readonly #readyLine: RegExp;
  /** Of the sources: another for another version. */
  readonly #root: string;
  #child: ChildProcess | undefined;
  #ready: Promise<RegExpExecArray> = Promise.reject(new Error('not started'));
  readonly log: string[] = [];

  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    readyLine: RegExp,
    root = ROOT,
  ) {
    this.#root = root;
    this.#args = args;
    this.#environment = environment;
    this.#readyLine = readyLine;
    this.#ready.catch(() => {});
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(): void {
    const child = spawn(process.execPath, ['src/cli/sotto.ts', ...this.#args], {
      cwd: this.#root,
      env: { ...process.env, SOTTO_LOG_LEVEL: 'warn', ...this.#environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    promise.catch(() => {});
    this.#ready = promise;
    createInterface({ input: child.stderr! }).on('line', (line) => {
      if (this.log.push(line) > 200) this.log.shift();
      const match = this.#readyLine.exec(line);
      if (match) resolve(match);
    });
    child.once('exit', () => reject(new Error(`it ended before it was ready:\n${this.log.join('\n')}`)));
  }

  get pid(): number | undefined {
    return this.isRunning ? this.#child!.pid : undefined;
  }

  ready(): Promise<RegExpExecArray> {
    return this.#ready;
  }

  /** As the kernel does when memory runs out. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.#child!, 'exit');
    this.#child!.kill('SIGKILL');
    await exited;
  }

  /** As a rolling upgrade does; the exit code. */
  async terminate(): Promise<number | null> {
    if (!this.isRunning) return null;
    const exited = once(this.#child!, 'exit');
    this.#child!.kill('SIGTERM');
    const [code] = await exited;
    return code;
  }

  stop(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await this.kill();
  }
}
