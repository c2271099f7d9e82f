import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type ModuleOptions = Parameters<NodeFS['init']>[1];

/** What emscripten keeps of an open file of the host; `nfd` is the host's descriptor. */
interface OpenFile {
  readonly nfd: number;
}

/**
 * PGlite's files on the host's file system, with the fsync that emscripten's NODEFS lacks: there the call succeeds
 * and does nothing, so a committed transaction could be lost with the power.
 */
export class DurableFiles extends NodeFS {
  readonly #sync: (descriptor: number) => void;

  constructor(folder: string, sync: (descriptor: number) => void = fsyncSync) {
    super(folder);
    this.#sync = sync;
  }

  override async init(pglite: PGlite, options: ModuleOptions) {
    const { emscriptenOpts } = await super.init(pglite, options);
    const addFsync = (module: { NODEFS: { stream_ops: object } }) => {
      Object.assign(module.NODEFS.stream_ops, {
        fsync: ({ nfd }: OpenFile) => {
          this.#sync(nfd);
          return 0;
        },
      });
    };
    const preRun = [emscriptenOpts.preRun ?? [], addFsync as never].flat();
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

/** Everything in a folder that was just written, so that a rename may make it count. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    syncPath(join(entry.parentPath, entry.name));
  }
  syncFolder(folder);
}

/** Makes names in the folder (new files, renames, removals) last. */
export function syncFolder(folder: string): void {
  syncPath(folder);
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
