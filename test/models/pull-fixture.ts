import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepositoryModel } from '../../src/models/catalog.ts';
import { type PullOptions, pullModel } from '../../src/models/pull.ts';

export const GRAPH = 'onnx/model_quantized.onnx';
const LABELS = { 0: 'negative', 1: 'neutral', 2: 'positive' };

/** Numbers between 0 and 1, the same on every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomBytes(length: number, seed: number): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
}

export function modelFiles(graph: Buffer = randomBytes(300_000, 1)): Record<string, Buffer> {
  return {
    'config.json': Buffer.from(JSON.stringify({ id2label: LABELS })),
    'tokenizer.json': Buffer.from('{"model":{}}'),
    [GRAPH]: graph,
  };
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `known`: the catalogue has sizes and hashes of these bytes. */
export function modelOf(files: Record<string, Buffer>, known: boolean): RepositoryModel {
  return {
    id: 'test-model',
    task: 'sentiment',
    languages: ['en'],
    licence: 'CC0-1.0',
    note: '',
    source: { type: 'repository', repository: 'test/model', revision: 'main' },
    labels: Object.values(LABELS),
    precision: { cpu: 'quantized', cuda: 'quantized' },
    files: Object.entries(files).map(([path, bytes]) => ({
      path,
      bytes: known ? bytes.length : null,
      sha256: known ? sha256(bytes) : null,
    })),
  };
}

export interface PullFolder extends Disposable {
  readonly into: string;
  readonly waits: number[];
  readonly outcomes: string[];
  path(name: string): string;
  pull(model: RepositoryModel, url: string, changes?: Partial<PullOptions>): Promise<string>;
}

/** A folder to pull into, without waits between attempts. */
export function pullFolder(): PullFolder {
  const into = mkdtempSync(join(tmpdir(), 'sotto-models-'));
  const waits: number[] = [];
  const outcomes: string[] = [];
  return {
    into,
    waits,
    outcomes,
    path: (name) => join(into, 'test-model', name),
    pull: (model, url, changes) =>
      pullModel(model, {
        into,
        device: 'cpu',
        origin: { type: 'mirror', url },
        transfer: {
          attempts: 8,
          stallMs: 60_000,
          wait: async (ms) => {
            waits.push(ms);
          },
        },
        signal: new AbortController().signal,
        observer: {
          fileStarted: () => {},
          fileProgress: () => {},
          fileDone: (path, outcome) => outcomes.push(`${path} ${outcome}`),
        },
        ...changes,
      }),
    [Symbol.dispose]: () => rmSync(into, { recursive: true, force: true }),
  };
}
