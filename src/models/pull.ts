/** Installs a model of the catalogue: each file is fetched, judged, entered in the lock file and only then named. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServiceError } from '../domain/service-error.ts';
import {
  type CatalogFile,
  checkDownloadedConfig,
  type Device,
  filesFor,
  type RepositoryModel,
} from './catalog.ts';
import { checkSpace, discardPart, download, sizeOf, type TransferOptions } from './download.ts';
import { holdExclusively } from './exclusive.ts';
import { sha256OfFile } from './file-hash.ts';
import { LOCK_FILE, type Lock, type LockedFile, readLock, writeLock } from './lock-file.ts';

export const PUBLISHED_AT = 'https://huggingface.co';
/** As `sha256sum --check` reads it; `sotto doctor` does too. */
export const DIGESTS_FILE = 'SHA256SUMS';
/** A stub of Git LFS, or an error in plain text, is smaller than any graph. */
const SMALLEST_GRAPH_BYTES = 1024;

export type Origin =
  | { readonly type: 'mirror'; readonly url: string }
  /** `anyLayout`: one model is asked for, so its files may lie directly in the folder. */
  | { readonly type: 'folder'; readonly folder: string; readonly anyLayout: boolean };

export interface PullOptions {
  /** The folder of all installed models. */
  readonly into: string;
  readonly device: Device;
  readonly origin: Origin;
  readonly transfer: TransferOptions;
  readonly signal: AbortSignal;
  readonly observer: PullObserver;
}

export interface PullObserver {
  /** What this file is expected to have; undefined if not known yet. */
  fileStarted(path: string, bytes: number | undefined): void;
  fileProgress(path: string, bytes: number): void;
  fileDone(path: string, outcome: 'already-there' | 'verified' | 'first-accepted', bytes: number): void;
}

/** What the bytes must be; `sha256` undefined: the first that come are trusted. */
interface Expectation {
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  readonly source: 'catalogue' | 'lock file' | 'nobody';
}

interface Pull extends PullOptions {
  readonly model: RepositoryModel;
  readonly folder: string;
  readonly lock: Lock;
  /** Of the folder that is copied from, where it has one. */
  readonly originLock: Lock | undefined;
}

/** Resolves to the model's folder. Interrupted in any way, the next call goes on where it stopped. */
export async function pullModel(model: RepositoryModel, options: PullOptions): Promise<string> {
  using _exclusive = await holdExclusively(options.into);
  const { origin } = options;
  const pull: Pull = {
    ...options,
    model,
    folder: join(options.into, model.id),
    lock: await readLock(options.into),
    originLock: origin.type === 'folder' ? await readLock(origin.folder) : undefined,
  };
  const files = filesFor(model, options.device).toSorted((a, b) => rank(a) - rank(b));
  await mkdir(pull.folder, { recursive: true });
  const wanted: [CatalogFile, Expectation][] = [];
  for (const file of files) {
    const expected = expectationOf(pull, file);
    if (await isInstalled(pull, file, expected)) {
      options.observer.fileDone(file.path, 'already-there', await sizeOf(join(pull.folder, file.path)));
    } else wanted.push([file, expected]);
  }
  await checkSpace(pull.folder, await bytesToCome(pull, wanted));
  for (const [file, expected] of wanted) await pullFile(pull, file, expected);
  await writeDigests(pull);
  return pull.folder;
}

/** Descriptions before weights: what would be refused is refused before gigabytes are fetched. */
function rank({ path }: CatalogFile): number {
  return path === 'config.json' ? 0 : path.endsWith('.json') ? 1 : 2;
}

function expectationOf({ model, lock, originLock, into }: Pull, file: CatalogFile): Expectation {
  const locked = lockedFile(lock, model, file.path);
  if (file.sha256 !== null) {
    if (locked && locked.sha256 !== file.sha256) {
      throw new ServiceError(
        'failed-precondition',
        `${model.id} ${file.path}: the catalogue now names another hash than was accepted first (${join(into, LOCK_FILE)}). ` +
          `If you trust the new one: sotto models remove ${model.id} --forget, then pull again`,
      );
    }
    return { bytes: file.bytes ?? undefined, sha256: file.sha256, source: 'catalogue' };
  }
  const known = locked ?? (originLock && lockedFile(originLock, model, file.path));
  if (known) return { bytes: known.bytes, sha256: known.sha256, source: 'lock file' };
  return { bytes: file.bytes ?? undefined, sha256: undefined, source: 'nobody' };
}

function lockedFile(lock: Lock, { id, source }: RepositoryModel, path: string): LockedFile | undefined {
  const locked = Object.hasOwn(lock.models, id) ? lock.models[id] : undefined;
  // Another revision is another thing: what was accepted of the old one says nothing about it.
  if (locked?.repository !== source.repository || locked.revision !== source.revision) return undefined;
  return locked.files[path];
}

async function isInstalled({ folder, lock, model, signal }: Pull, file: CatalogFile, expected: Expectation) {
  if (expected.sha256 === undefined || !lockedFile(lock, model, file.path)) return false;
  return (await sha256OfFile(join(folder, file.path), signal)) === expected.sha256;
}

async function bytesToCome({ folder }: Pull, wanted: readonly [CatalogFile, Expectation][]): Promise<number> {
  let sum = 0;
  for (const [{ path }, { bytes = 0 }] of wanted) {
    sum += Math.max(0, bytes - (await sizeOf(partOf(join(folder, path)))));
  }
  return sum;
}

const partOf = (path: string): string => `${path}.part`;

async function pullFile(pull: Pull, file: CatalogFile, expected: Expectation): Promise<void> {
  const { model, folder, observer, signal } = pull;
  const path = join(folder, file.path);
  const part = partOf(path);
  await mkdir(dirname(path), { recursive: true });
  observer.fileStarted(file.path, expected.bytes);
  await fetchPart(pull, file, expected, part);
  const bytes = await sizeOf(part);
  const sha256 = await sha256OfFile(part, signal);
  if (sha256 === undefined) throw new ServiceError('internal', `${part} is gone`);
  try {
    judge(pull, file, expected, { bytes, sha256 });
    if (file.path.endsWith('.json')) checkJson(model, file, await readFile(part, 'utf8'));
    else if (expected.sha256 === undefined && /\.onnx$/.test(file.path) && bytes < SMALLEST_GRAPH_BYTES) {
      throw refused(model, file, `${bytes} bytes are no graph (a stub of Git LFS?)`);
    }
  } catch (error) {
    await discardPart(part);
    throw error;
  }
  // The lock first: killed between the two, the whole part is judged by it the next time.
  await enterInLock(pull, file, { bytes, sha256 });
  await rename(part, path);
  await syncFolder(dirname(path));
  await discardPart(part);
  observer.fileDone(file.path, expected.sha256 === undefined ? 'first-accepted' : 'verified', bytes);
}

async function fetchPart(pull: Pull, file: CatalogFile, expected: Expectation, part: string): Promise<void> {
  const { model, origin, observer, signal } = pull;
  switch (origin.type) {
    case 'mirror': {
      const { repository, revision } = model.source;
      await download(
        {
          url: `${origin.url.replace(/\/+$/, '')}/${repository}/resolve/${revision}/${file.path}`,
          part,
          bytes: expected.bytes,
          hashKnown: expected.sha256 !== undefined,
          signal,
          onProgress: (bytes) => observer.fileProgress(file.path, bytes),
        },
        pull.transfer,
      );
      return;
    }
    case 'folder': {
      const source = await findInFolder(model, file.path, origin);
      // Nothing of a download that was begun may be taken for a part of this copy, or the other way round.
      await discardPart(part);
      await checkSpace(part, await sizeOf(source));
      await copyFile(source, part, constants.COPYFILE_FICLONE);
      await syncFile(part);
      observer.fileProgress(file.path, await sizeOf(part));
      return;
    }
  }
}

/** As another machine installed it, as `git clone` or a download tool leaves it, or as a mirror's tree. */
async function findInFolder(
  { id, source: { repository, revision } }: RepositoryModel,
  path: string,
  { folder, anyLayout }: Origin & { type: 'folder' },
): Promise<string> {
  const places = [join(folder, id), join(folder, repository), join(folder, repository, 'resolve', revision)];
  if (anyLayout) places.push(folder);
  for (const place of places) {
    if ((await sizeOf(join(place, path))) > 0) return join(place, path);
  }
  throw new ServiceError('not-found', `${id} ${path} is in none of ${places.join(', ')}`);
}

function judge(
  { model, into }: Pull,
  file: CatalogFile,
  expected: Expectation,
  got: { bytes: number; sha256: string },
): void {
  if (expected.bytes !== undefined && got.bytes !== expected.bytes) {
    throw refused(model, file, `it has ${got.bytes} bytes, ${expected.bytes} are expected`);
  }
  if (expected.sha256 === undefined || got.sha256 === expected.sha256) return;
  const hashes = `its SHA-256 is ${got.sha256}, ${expected.sha256} is expected`;
  if (expected.source === 'catalogue') throw refused(model, file, hashes);
  throw new ServiceError(
    'failed-precondition',
    `${model.id} ${file.path} is refused and was deleted: ${hashes}, as was accepted first (${LOCK_FILE}). Either it was ` +
      `damaged or tampered with on the way, or the publisher changed it. Pull again; if it stays so and you trust the ` +
      `change: sotto models remove ${model.id} --forget --into ${into}, then pull`,
  );
}

function refused({ id }: RepositoryModel, { path }: CatalogFile, reason: string): ServiceError {
  return new ServiceError(
    'failed-precondition',
    `${id} ${path} is refused and was deleted: ${reason}. It was damaged or tampered with on the way, or is another ` +
      'version: pull again, then try another mirror (--mirror); do not copy it in by hand',
  );
}

function checkJson(model: RepositoryModel, file: CatalogFile, text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused(model, file, 'it is not JSON');
  }
  if (file.path === 'config.json') checkDownloadedConfig(model, json);
}

async function enterInLock(
  { lock, model, into }: Pull,
  file: CatalogFile,
  got: { bytes: number; sha256: string },
): Promise<void> {
  const { repository, revision } = model.source;
  if (lockedFile(lock, model, file.path)?.sha256 === got.sha256) return;
  const before = Object.hasOwn(lock.models, model.id) ? lock.models[model.id] : undefined;
  const isSame = before?.repository === repository && before.revision === revision;
  const entry = { ...got, fromCatalog: file.sha256 !== null, acceptedAt: new Date().toISOString() };
  lock.models[model.id] = {
    repository,
    revision,
    files: { ...(isSame ? before.files : {}), [file.path]: entry },
  };
  await writeLock(into, lock);
}

async function writeDigests({ folder, lock, model }: Pull): Promise<void> {
  const files = Object.entries(lock.models[model.id]?.files ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = [];
  for (const [path, { sha256 }] of files) {
    // Accepted once, for the other device perhaps, and removed since.
    if ((await sizeOf(join(folder, path))) > 0) lines.push(`${sha256}  ${path}\n`);
  }
  await writeFile(join(folder, `${DIGESTS_FILE}.new`), lines.join(''));
  await rename(join(folder, `${DIGESTS_FILE}.new`), join(folder, DIGESTS_FILE));
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
