/**
 * A PostgreSQL server of the test's own in a temporary folder, on a Unix socket only. Where the binaries are missing,
 * `postgresServer` is undefined and `POSTGRES_MISSING` says why.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binaries = findBinaries();
export const POSTGRES_MISSING =
  binaries === undefined ? 'PostgreSQL is not installed (apt-get install postgresql)' : undefined;

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
  /** The data directory of the server, write-ahead log included. */
  readonly dataDir: string;
  /** `fast` rolls back and ends in order, `immediate` leaves recovery to the next start, `kill` is SIGKILL. */
  stop(mode: 'fast' | 'immediate' | 'kill'): Promise<void>;
  start(): Promise<void>;
  /** Writes everything to its files. */
  checkpoint(): void;
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-pg-'));
  const dataDir = join(folder, 'data');
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  const run = (binary: string, ...args: string[]) =>
    execFileSync(join(binaries!, binary), args, { ...user, cwd: folder, stdio: 'pipe' });
  run('initdb', '-D', dataDir, '-U', 'sotto', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  const sql = (text: string) => run('psql', '-h', folder, '-U', 'sotto', '-d', 'postgres', '-qAtc', text);

  let server: ChildProcess | undefined;
  const start = async () => {
    const options = { listen_addresses: '', unix_socket_directories: folder, max_connections: '50' };
    const settings = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(join(binaries!, 'postgres'), ['-D', dataDir, ...settings], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await ready(server);
  };
  const stop: PostgresServer['stop'] = async (mode) => {
    if (server === undefined) return;
    const { pid } = server;
    const exited = once(server, 'exit');
    // Backends are no members of a process group and outlive a killed postmaster for a while.
    const backends = mode === 'kill' ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') : '';
    server.kill(({ fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const)[mode]);
    for (const backend of backends.split(' ').filter(Boolean)) process.kill(Number(backend), 'SIGKILL');
    server = undefined;
    await exited;
  };
  await start();
  return {
    url: `postgres://sotto@localhost/postgres?host=${encodeURIComponent(folder)}`,
    dataDir,
    start,
    stop,
    checkpoint: () => void sql('checkpoint'),
    async [Symbol.asyncDispose]() {
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the server's log says that it takes connections. */
async function ready(server: ChildProcess): Promise<void> {
  let log = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (log.includes('ready to accept connections')) resolve();
  });
  server.once('exit', () => reject(new Error(`postgres ended:\n${log}`)));
  await promise;
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The newest version of a Debian installation, else the folder of `initdb` on the PATH. */
function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}
