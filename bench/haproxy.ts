/** HAProxy before several servers on this machine: gRPC streams one by one, health by `/readyz`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server-process.ts';

export interface Backend {
  readonly port: number;
  /** Of `/readyz`, which says no as soon as the server drains. */
  readonly readyPort: number;
}

export function hasHaproxy(): boolean {
  return spawnSync('haproxy', ['-v']).status === 0;
}

export async function startHaproxy(
  backends: readonly Backend[],
): Promise<{ port: number } & AsyncDisposable> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'sotto-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, configuration(port, backends));
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints += data;
  });
  await reachable(port, () => {
    if (child.exitCode !== null) throw new Error(`haproxy did not start:\n${complaints}`);
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

function configuration(port: number, backends: readonly Backend[]): string {
  const servers = backends.map(
    (backend, index) =>
      `  server s${index} 127.0.0.1:${backend.port} proto h2 check check-proto h1 port ${backend.readyPort} inter 200ms fall 2 rise 1`,
  );
  return `global
  maxconn 2000
defaults
  mode http
  timeout connect 500ms
  timeout client 10m
  timeout server 10m
  timeout check 3s
  retries 3
  option redispatch 1
frontend grpc
  bind 127.0.0.1:${port} proto h2
  default_backend sotto
backend sotto
  balance leastconn
  option httpchk GET /readyz
${servers.join('\n')}
`;
}

async function reachable(port: number, check: () => void): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    check();
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('haproxy does not listen');
}
