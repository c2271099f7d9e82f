/** What lies in the model directories, without loading it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Config } from '../config.ts';

export type ModelTask = 'asr' | 'ner' | 'sentiment';

export interface InstalledModel {
  readonly task: ModelTask;
  readonly folder: string;
  /** From config.json; undefined if there is none. */
  readonly architecture?: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

export interface Integrity {
  /** Files whose SHA-256 was compared. */
  readonly checked: number;
  /** Files that are missing or differ from the list. */
  readonly wrong: readonly string[];
}

/** As `sha256sum` writes them: digest, two spaces, path. */
const DIGESTS_FILE = 'SHA256SUMS';

export async function installedModels(config: Config): Promise<InstalledModel[]> {
  const { asrDir, nerDir, sentimentDir } = config.models;
  return Promise.all([
    describeModel('asr', asrDir),
    describeModel('ner', nerDir),
    describeModel('sentiment', sentimentDir),
  ]);
}

async function describeModel(task: ModelTask, folder: string): Promise<InstalledModel> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    names
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path: relative(folder, path), bytes: (await stat(path)).size };
      }),
  );
  return { task, folder, architecture: await architectureOf(folder), files: files.sort(byPath) };
}

async function architectureOf(folder: string): Promise<string | undefined> {
  try {
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
    const [architecture] = Array.isArray(config.architectures) ? config.architectures : [];
    return String(architecture ?? config.model_type ?? 'unknown');
  } catch {
    return undefined;
  }
}

/** Compares files with the list of digests beside them; undefined if there is no list. */
export async function checkIntegrity(folder: string): Promise<Integrity | undefined> {
  const list = await readFile(join(folder, DIGESTS_FILE), 'utf8').catch(() => undefined);
  if (list === undefined) return undefined;
  const wrong: string[] = [];
  const lines = list.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, digest, path] = /^([\da-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (!digest || !path || (await sha256(join(folder, path))) !== digest) wrong.push(path ?? DIGESTS_FILE);
  }
  return { checked: lines.length, wrong };
}

async function sha256(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}
