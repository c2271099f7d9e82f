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
  /** Resident memory in bytes: of the server itself, and of its engine process. */
  residentBytes(): { readonly gateway: number; readonly engine: number };
}

/** Starts `sotto serve` on a free port; `environment` overrides configuration keys. */
export async function startServerProcess(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const metricsPort = await freePort();
  const child = spawn(process.execPath, ['src/cli/sotto.ts', 'serve'], {
    cwd: new URL('..', import.meta.url),
    env: {
      ...process.env,
      SOTTO_SERVER_PORT: '0',
      SOTTO_METRICS_PORT: String(metricsPort),
      SOTTO_LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = await listeningPort(child);
  return {
    port,
    metricsPort,
    residentBytes() {
      const [gateway, ...children] = familyOf(child.pid!).map(residentBytesOf);
      return { gateway: gateway!, engine: children.reduce((sum, bytes) => sum + bytes, 0) };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    lines.push(line);
    const port = /listens on .*:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      child.stderr!.resume();
      return Number(port);
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

/** Proportional set size: pages that processes share, such as mapped weights, count once in all. */
function residentBytesOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
