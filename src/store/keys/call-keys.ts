/**
 * A key per call and kind of data, in files that can be overwritten. A database cannot forget: dead rows, the
 * write-ahead log and backups keep what was deleted, and a wrapped key in them opens with the tenant's key for years.
 * So the database holds only where a key lies; the key, wrapped by the tenant's, lies in a slot of a file, and
 * overwriting that slot erases the data wherever its ciphertext has got to. docs/decisions/0013.
 *
 * A slot is 128 bytes, so that it never crosses a sector: key id (32, padded with zeros) | wrapped key (60) | zeros.
 * A slot of zeros is empty: never used, or destroyed.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../domain/service-error.ts';
import { syncFolder } from '../durable-files.ts';
import { bindingOf, KEY_BYTES, SEAL_BYTES } from './seal.ts';
import { MAX_KEY_ID_LENGTH, type TenantKeys, type WrappedKey } from './tenant-keys.ts';

/**
 * Transcript and vault expire at different times, so each has its own key; `progress` is what is kept of an archived
 * recording until its transcript is whole.
 */
export type KeyKind = 'transcript' | 'vault' | 'progress';

/** Whose key it is; it opens as no other's. */
export interface KeyOwner {
  readonly tenant: string;
  /** Of progress: the job and the number of its item. */
  readonly callId: string;
  readonly kind: KeyKind;
}

export interface CallKey {
  /** Where it lies: `file:slot`. */
  readonly ref: string;
  readonly key: Uint8Array;
}

const SLOT_BYTES = 128;
const WRAPPED_BYTES = KEY_BYTES + SEAL_BYTES;
/** 8 MiB a file; when all its slots are empty, the file goes. */
const SLOTS_PER_FILE = 65_536;

export class CallKeys {
  readonly #folder: string;
  readonly #tenantKeys: TenantKeys;
  #writing: { name: string; file: FileHandle; slots: number } | undefined;
  #opening: Promise<void> = Promise.resolve();
  #syncing: { running: Promise<void>; next?: Promise<void> } | undefined;

  /** Every process writes files of its own in `folder`, and reads and destroys in all; it may be a shared volume. */
  constructor(folder: string, tenantKeys: TenantKeys) {
    this.#folder = folder;
    this.#tenantKeys = tenantKeys;
  }

  /** New keys, on disk when this resolves. Destroying is the only way to be rid of one. */
  async create(owners: readonly KeyOwner[]): Promise<readonly CallKey[]> {
    const keys = owners.map(() => randomBytes(KEY_BYTES));
    const slots = await Promise.all(
      owners.map(async (owner, at) => slotOf(await this.#wrap(owner, keys[at]!))),
    );
    const created: CallKey[] = [];
    for (let start = 0; start < slots.length; start += SLOTS_PER_FILE) {
      const part = slots.slice(start, start + SLOTS_PER_FILE);
      const { name, file, slot } = await this.#reserve(part.length);
      await file.write(Buffer.concat(part), 0, part.length * SLOT_BYTES, slot * SLOT_BYTES);
      created.push(...part.map((_, at) => ({ ref: `${name}:${slot + at}`, key: keys[start + at]! })));
    }
    await this.#sync();
    return created;
  }

  /** Undefined once the key was destroyed. Throws ServiceError if it is another's or the tenant's key is missing. */
  async open(owner: KeyOwner, ref: string): Promise<Uint8Array | undefined> {
    const slot = await this.#read(ref);
    return slot && this.#tenantKeys.unwrap(owner.tenant, wrappedOf(slot), bindingFor(owner));
  }

  /** Overwrites the slots; the data under these keys is gone when this resolves. */
  async destroy(refs: readonly string[]): Promise<void> {
    const byFile = Map.groupBy(refs, (ref) => positionOf(ref).name);
    for (const [name, inFile] of byFile) {
      await this.#within(name, async (file) => {
        for (const ref of inFile) await overwrite(file, positionOf(ref).slot, Buffer.alloc(SLOT_BYTES));
        await file.datasync();
      });
    }
  }

  /** Wraps a key under the tenant's current one, in place. */
  async rewrap(owner: KeyOwner, ref: string): Promise<void> {
    const key = await this.open(owner, ref);
    if (key === undefined) return;
    const { name, slot } = positionOf(ref);
    const wrapped = slotOf(await this.#wrap(owner, key));
    await this.#within(name, async (file) => {
      await overwrite(file, slot, wrapped);
      await file.datasync();
    });
  }

  /** Removes the files whose keys are all destroyed, except the one that is written to. */
  async removeEmptyFiles(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name);
      // A file that is not full may belong to a process that is about to use its next slot.
      if ((await stat(path)).size < SLOTS_PER_FILE * SLOT_BYTES || name === this.#writing?.name) continue;
      const empty = await this.#within(name, async (file) =>
        (await file.readFile()).every((byte) => byte === 0),
      );
      if (empty) await unlink(path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opening;
    await this.#syncing?.next;
    await this.#syncing?.running;
    await this.#writing?.file.close();
    this.#writing = undefined;
  }

  async #wrap(owner: KeyOwner, key: Uint8Array): Promise<WrappedKey> {
    return this.#tenantKeys.wrap(owner.tenant, key, bindingFor(owner));
  }

  /** Slots in a row, of one file. */
  async #reserve(count: number): Promise<{ name: string; file: FileHandle; slot: number }> {
    // One after the other, so that two do not both open a file.
    const reserved = this.#opening.then(async () => {
      if (this.#writing === undefined || this.#writing.slots + count > SLOTS_PER_FILE)
        await this.#startFile();
      const writing = this.#writing!;
      const slot = writing.slots;
      writing.slots += count;
      return { name: writing.name, file: writing.file, slot };
    });
    this.#opening = reserved.then(
      () => {},
      () => {},
    );
    return reserved;
  }

  async #startFile(): Promise<void> {
    await this.#sync();
    await this.#writing?.file.close();
    this.#writing = undefined;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const name = `${randomUUID()}.keys`;
    const file = await open(join(this.#folder, name), 'wx+', 0o600);
    syncFolder(this.#folder);
    this.#writing = { name, file, slots: 0 };
  }

  /** Calls that come while one sync runs share the next. */
  #sync(): Promise<void> {
    const run = () => this.#writing?.file.datasync() ?? Promise.resolve();
    if (this.#syncing === undefined) {
      const running = run().finally(() => {
        if (this.#syncing?.next === undefined) this.#syncing = undefined;
      });
      this.#syncing = { running };
      return running;
    }
    this.#syncing.next ??= this.#syncing.running
      .catch(() => {})
      .then(() => {
        this.#syncing = undefined;
        return this.#sync();
      });
    return this.#syncing.next;
  }

  async #read(ref: string): Promise<Buffer | undefined> {
    const { name, slot } = positionOf(ref);
    return this.#within(name, async (file) => {
      const bytes = Buffer.alloc(SLOT_BYTES);
      await file.read(bytes, 0, SLOT_BYTES, slot * SLOT_BYTES);
      return bytes.every((byte) => byte === 0) ? undefined : bytes;
    });
  }

  /** Undefined where the file is gone, and with it all its keys. */
  async #within<T>(name: string, work: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
    let file: FileHandle;
    try {
      file = await open(join(this.#folder, name), 'r+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  }
}

async function overwrite(file: FileHandle, slot: number, bytes: Uint8Array): Promise<void> {
  await file.write(bytes, 0, SLOT_BYTES, slot * SLOT_BYTES);
}

function slotOf({ keyId, bytes }: WrappedKey): Buffer {
  if (keyId.length > MAX_KEY_ID_LENGTH || bytes.length !== WRAPPED_BYTES) {
    throw new ServiceError('internal', 'a wrapped key does not fit its slot');
  }
  const slot = Buffer.alloc(SLOT_BYTES);
  slot.write(keyId, 'latin1');
  slot.set(bytes, MAX_KEY_ID_LENGTH);
  return slot;
}

function wrappedOf(slot: Buffer): WrappedKey {
  return {
    keyId: slot.toString('latin1', 0, MAX_KEY_ID_LENGTH).replace(/\0+$/, ''),
    bytes: slot.subarray(MAX_KEY_ID_LENGTH, MAX_KEY_ID_LENGTH + WRAPPED_BYTES),
  };
}

function positionOf(ref: string): { name: string; slot: number } {
  const [, name, slot] = /^([0-9a-f-]{36}\.keys):(\d+)$/.exec(ref) ?? [];
  if (name === undefined) throw new ServiceError('internal', 'the place of a key is not readable');
  return { name, slot: Number(slot) };
}

function bindingFor({ tenant, callId, kind }: KeyOwner): string {
  return bindingOf('call key', tenant, callId, kind);
}
