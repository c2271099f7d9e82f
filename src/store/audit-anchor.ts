/**
 * The newest entry of each tenant's audit chain, kept outside the database: whoever cuts the tail of the table cannot
 * reach it there. Also told to the log, which usually leaves the machine.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ServiceError } from '../domain/service-error.ts';
import { syncFolder } from './durable-files.ts';

export interface AuditHead {
  readonly tenant: string;
  readonly sequence: number;
  /** Hexadecimal. */
  readonly hash: string;
}

export class AuditAnchor {
  readonly #folder: string;
  readonly #onHead: (head: AuditHead) => void;
  readonly #written = new Map<string, number>();
  readonly #writing = new Map<string, Promise<void>>();

  constructor(folder: string, onHead: (head: AuditHead) => void = () => {}) {
    this.#folder = folder;
    this.#onHead = onHead;
  }

  /** On disk when this resolves, unless a later head of the tenant is already. */
  async write(head: AuditHead): Promise<void> {
    const before = this.#writing.get(head.tenant) ?? Promise.resolve();
    const writing = before.catch(() => {}).then(() => this.#write(head));
    this.#writing.set(head.tenant, writing);
    await writing;
    if (this.#writing.get(head.tenant) === writing) this.#writing.delete(head.tenant);
  }

  /** Undefined where there is none; `damaged` where it is none of the tenant's heads any more. */
  async read(tenant: string): Promise<AuditHead | 'damaged' | undefined> {
    const text = await readFile(this.#pathOf(tenant), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : (headIn(text, tenant) ?? 'damaged');
  }

  async #write(head: AuditHead): Promise<void> {
    const known = this.#written.get(head.tenant) ?? (await this.#sequenceBefore(head.tenant));
    if (known >= head.sequence) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#pathOf(head.tenant);
    const file = await open(`${path}.${process.pid}`, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(head)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.${process.pid}`, path);
    syncFolder(this.#folder);
    this.#written.set(head.tenant, head.sequence);
    this.#onHead(head);
  }

  /** A damaged anchor is evidence, and is not written over. */
  async #sequenceBefore(tenant: string): Promise<number> {
    const before = await this.read(tenant);
    if (before !== 'damaged') return before?.sequence ?? 0;
    throw new ServiceError(
      'failed-precondition',
      `the anchor of an audit log is damaged: ${this.#pathOf(tenant)}; verify the log, then put the file back or remove it`,
    );
  }

  /** Tenants' names may hold what file names may not. */
  #pathOf(tenant: string): string {
    return join(this.#folder, `${createHash('sha256').update(tenant).digest('hex').slice(0, 32)}.json`);
  }
}

const headSchema = z.strictObject({
  tenant: z.string(),
  sequence: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** As it is written, byte for byte. */
function headIn(text: string, tenant: string): AuditHead | undefined {
  try {
    const head = headSchema.parse(JSON.parse(text));
    return head.tenant === tenant && text === `${JSON.stringify(head)}\n` ? head : undefined;
  } catch {
    return undefined;
  }
}
