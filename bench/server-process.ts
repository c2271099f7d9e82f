/** A server of its own process, as in the field, so that the bench's work is not measured as the server's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
  /** Of `/metrics`. */
  readonly metricsPort: number;
  /** Live audio it takes, in seconds of one channel per second, as measured at its start. */
  readonly audioPerSecond: number;
  /** Resident memory in bytes: of the server itself, and of its engine process. */
  residentBytes(): Shares;
  /** Processor time since the start, in milliseconds. */
  processorMs(): Shares;
  /** Open file descriptors. */
  openFiles(): Shares;
  /** Sends a signal; resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Of the server itself, and of its engine process. */
export interface Shares {
  readonly gateway: number;
  readonly engine: number;
}

/** Starts `sotto serve` on a free port; `environment` overrides configuration keys. */
export async function startServerProcess(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const metricsPort = Number(environment.SOTTO_METRICS_PORT ?? (await freePort()));
  const child = spawn(process.execPath, ['src/cli/sotto.ts', 'serve'], {
    cwd: new URL('..', import.meta.url),
    env: {
      ...process.env,
      SOTTO_SERVER_PORT: '0',
      SOTTO_METRICS_PORT: String(metricsPort),
      SOTTO_LOG_LEVEL: 'info',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { port, audioPerSecond } = await whenListening(child);
  const shares = (measure: (pid: number) => number): Shares => {
    const [gateway, ...children] = familyOf(child.pid!).map(measure);
    return { gateway: gateway!, engine: children.reduce((sum, value) => sum + value, 0) };
  };
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    port,
    metricsPort,
    audioPerSecond,
    residentBytes: () => shares(residentBytesOf),
    processorMs: () => shares(processorMsOf),
    openFiles: () => shares((pid) => readdirSync(`/proc/${pid}/fd`).length),
    kill,
    [Symbol.asyncDispose]: () => kill('SIGTERM'),
  };
}

async function whenListening(child: ChildProcess): Promise<{ port: number; audioPerSecond: number }> {
  const lines: string[] = [];
  let audioPerSecond = Number.NaN;
  for await (const line of createInterface({ input: child.stderr! })) {
    lines.push(line);
    audioPerSecond = Number(/"audioPerSecond":([\d.]+)/.exec(line)?.[1] ?? audioPerSecond);
    const port = /listens on .*:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      child.stderr!.resume();
      return { port: Number(port), audioPerSecond };
    }
  }
  throw new Error(`the server did not start:\n${lines.join('\n')}`);
}

/** One that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(familyOf)];
}

/** User and system time; the kernel counts in hundredths of a second (proc(5), USER_HZ). */
function processorMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Proportional set size: pages that processes share, such as mapped weights, count once in all. */
function residentBytesOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
