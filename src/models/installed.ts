/** What is installed: how much of it, whether its bytes are still those that were accepted, and its removal. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Catalog, type CatalogModel, isDownloadable } from './catalog.ts';
import { sizeOf } from './download.ts';
import { holdExclusively } from './exclusive.ts';
import { sha256OfFile } from './file-hash.ts';
import { type LockedModel, readLock, writeLock } from './lock-file.ts';
import { DIGESTS_FILE } from './pull.ts';

export interface ModelFolders {
  /** Of Sotto itself; folders of embedded models are taken from here. */
  readonly root: string;
  /** Of installed models. */
  readonly into: string;
}

export interface ModelState {
  readonly id: string;
  readonly folder: string;
  /** `partly`: begun, and to be gone on with. */
  readonly state: 'installed' | 'embedded' | 'partly' | 'absent';
  readonly devices: readonly ('cpu' | 'cuda')[];
  /** On disk. */
  readonly bytes: number;
}

export interface VerifiedFile {
  readonly id: string;
  readonly path: string;
  readonly result: 'ok' | 'changed' | 'gone' | 'unlisted' | 'unreadable';
}

export async function modelStates(catalog: Catalog, folders: ModelFolders): Promise<ModelState[]> {
  return Promise.all(catalog.models.map((model) => modelState(model, folders)));
}

async function modelState(model: CatalogModel, folders: ModelFolders): Promise<ModelState> {
  const folder = folderOf(model, folders);
  const present = await filesIn(folder);
  const sizes = await Promise.all(present.map((path) => sizeOf(join(folder, path))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const base = { id: model.id, folder, bytes };
  if (!isDownloadable(model)) {
    const problems = await embeddedProblems(model, folder);
    return { ...base, devices: [], state: problems.length === 0 ? 'embedded' : 'absent' };
  }
  const has = (device: 'cpu' | 'cuda') =>
    model.files
      .filter((file) => file.device === undefined || file.device === device)
      .every(({ path }) => present.includes(path));
  const devices = (['cpu', 'cuda'] as const).filter(has);
  return { ...base, devices, state: devices.length > 0 ? 'installed' : bytes > 0 ? 'partly' : 'absent' };
}

/** Re-reads every file; `ids` undefined: of all that is installed, and the embedded ones. */
export async function verifyModels(
  catalog: Catalog,
  folders: ModelFolders,
  ids: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<VerifiedFile[]> {
  const lock = await readLock(folders.into);
  const results: VerifiedFile[] = [];
  for (const model of catalog.models) {
    if (ids !== undefined && !ids.includes(model.id)) continue;
    const folder = folderOf(model, folders);
    if (!isDownloadable(model)) {
      const problems = await embeddedProblems(model, folder);
      results.push(...(problems.length > 0 ? problems : [{ id: model.id, path: '', result: 'ok' as const }]));
      continue;
    }
    const present = await filesIn(folder);
    if (ids === undefined && present.length === 0) continue;
    results.push(...(await verifyModel(model, folder, present, lock.models[model.id], signal)));
  }
  return results;
}

async function verifyModel(
  model: CatalogModel,
  folder: string,
  present: readonly string[],
  locked: LockedModel | undefined,
  signal: AbortSignal,
): Promise<VerifiedFile[]> {
  const { id } = model;
  const accepted = locked?.files ?? {};
  const results: VerifiedFile[] = [];
  for (const path of present) {
    const expected = model.files.find((file) => file.path === path)?.sha256 ?? accepted[path]?.sha256;
    if (expected === undefined) results.push({ id, path, result: 'unlisted' });
    else {
      const isSame = (await sha256OfFile(join(folder, path), signal)) === expected;
      results.push({ id, path, result: isSame ? 'ok' : 'changed' });
    }
  }
  for (const path of missingFiles(model, accepted, present)) results.push({ id, path, result: 'gone' });
  return results;
}

/** Files accepted before, and those that every device needs. */
function missingFiles(
  model: CatalogModel,
  accepted: LockedModel['files'],
  present: readonly string[],
): string[] {
  const needed = model.files.filter(({ device }) => device === undefined).map(({ path }) => path);
  return [...new Set([...needed, ...Object.keys(accepted)])].filter((path) => !present.includes(path));
}

/** Removes the files; what was accepted stays in the lock file unless it is to be forgotten. */
export async function removeModel(id: string, into: string, options: { forget: boolean }): Promise<boolean> {
  using _exclusive = await holdExclusively(into);
  const folder = join(into, id);
  const wasThere = (await readdir(folder).catch(() => [])).length > 0;
  await rm(folder, { recursive: true, force: true });
  if (!options.forget) return wasThere;
  const lock = await readLock(into);
  if (!Object.hasOwn(lock.models, id)) return wasThere;
  delete lock.models[id];
  await writeLock(into, lock);
  return true;
}

/** The embedded models are part of the repository, whose commit vouches for them; here only: do they look whole? */
async function embeddedProblems({ id, task }: CatalogModel, folder: string): Promise<VerifiedFile[]> {
  const graphs = task === 'asr' ? ['encoder_model', 'decoder_model_merged'] : ['model'];
  const json = task === 'asr' ? ['generation_config.json', 'preprocessor_config.json'] : [];
  const problems: VerifiedFile[] = [];
  for (const path of ['config.json', 'tokenizer.json', ...json]) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (text === undefined) problems.push({ id, path, result: 'gone' });
    else if (!isJson(text)) problems.push({ id, path, result: 'unreadable' });
  }
  for (const graph of graphs) {
    const path = `onnx/${graph}_quantized.onnx`;
    if ((await sizeOf(join(folder, path))) === 0) problems.push({ id, path, result: 'gone' });
  }
  return problems;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function folderOf({ id, source }: CatalogModel, { root, into }: ModelFolders): string {
  return source.type === 'embedded' ? join(root, source.folder) : join(into, id);
}

/** Whole files, without those of the puller itself. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !/\.part(?:\.json)?$/.test(path) && !path.startsWith(DIGESTS_FILE))
    .toSorted();
}
