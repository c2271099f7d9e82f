/** The table "src/ | Lives there | May import" of README.md is what the imports are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, patched, reachable, readImportGraph, waysToAudio } from './source-imports.ts';

const graph = readImportGraph('src');
const files = [...graph.keys()];
const table = readTable('README.md');

/** Folder, or file, that a path under src/ belongs to; the parts of config.ts count as it. */
function folderOf(path: string): string {
  const [, first = '', second] = path.split('/');
  if (first === 'config') return 'config.ts';
  return second === undefined ? first : `${first}/`;
}

/** May-import by folder; undefined: everything. */
function readTable(file: string): ReadonlyMap<string, readonly string[] | undefined> {
  const rows = readFileSync(file, 'utf8').matchAll(/^\| ((?:`[\w.]+\/?`(?:, )?)+) \|[^|]*\| ([^|]+) \|$/gm);
  const found = new Map<string, readonly string[] | undefined>();
  for (const [, names, allowed] of rows) {
    const above = [...found.keys()];
    for (const [, name] of names!.matchAll(/`([^`]+)`/g)) found.set(name!, readAllowed(allowed!, above));
  }
  return found;
}

function readAllowed(text: string, above: readonly string[]): readonly string[] | undefined {
  switch (text) {
    case 'everything':
      return undefined;
    case 'nothing':
    case 'packages':
      return [];
    case 'all above':
      return above;
    default:
      return text.split(', ').map((name) => (name.includes('.') ? name : `${name}/`));
  }
}

describe('the import table', () => {
  it('has a row for every folder of src/', () => {
    const folders = readdirSync('src', { withFileTypes: true })
      .filter((entry) => entry.name !== 'config')
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    expect([...table.keys()].sort()).toEqual(expect.arrayContaining(folders.sort()));
  });

  it.each(files)('%s imports only what its row allows', (file) => {
    const folder = folderOf(file);
    const allowed = table.get(folder);
    const imported = graph
      .get(file)!
      .filter(({ target }) => target.startsWith('src/') && folderOf(target) !== folder)
      .map(({ target }) => target);
    if (allowed === undefined) return;
    expect(imported.filter((target) => !allowed.includes(folderOf(target)))).toEqual([]);
  });

  it('names files that exist', () => {
    const missing = files.flatMap((file) =>
      graph
        .get(file)!
        .filter(({ target }) => target.startsWith('src/') && target.endsWith('.ts') && !existsSync(target))
        .map(({ target }) => `${file} -> ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('only inference/ names the packages that run models and pools', () => {
    expect(importersOf(/^(?:onnxruntime-(?:node|common|web)|piscina)(?:\/|$)/)).toEqual(['inference/']);
  });

  it('only cli/ and main.ts start a server or a runtime', () => {
    const importers = files.filter((file) => graph.get(file)!.some(({ target }) => target === 'src/main.ts'));
    expect([...new Set(importers.map(folderOf))]).toEqual(['cli/']);
  });

  it('only main.ts wires the parts together', () => {
    expect(importersOf(/^src\/wiring\//)).toEqual(['main.ts', 'wiring/']);
  });

  it('has no cycles at run time between folders', () => {
    const cycles = files.flatMap((file) => {
      const others = reachable(graph, file, ({ target, typeOnly }) => !typeOnly && target.startsWith('src/'));
      return [...others].filter(
        ([target]) =>
          folderOf(target) !== folderOf(file) &&
          graph.get(target)?.some((imported) => imported.target === file && !imported.typeOnly),
      );
    });
    expect(cycles.map(([, path]) => path.join(' -> '))).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read by config.ts, and for the keys of tenants, alone', () => {
    const readers = files.filter((file) =>
      /\bprocess\s*\.\s*env\b|\bprocess\[/.test(readFileSync(file, 'utf8')),
    );
    // ffmpeg.ts hands PATH on to its child process instead of the whole environment, supervised-process.ts all of it and
    // something beside; they decide nothing by it.
    const allowed = [
      'src/config.ts',
      'src/wiring/keeping.ts',
      'src/audio/ffmpeg.ts',
      'src/inference/supervised-process.ts',
    ];
    expect(readers.filter((file) => !allowed.includes(file))).toEqual([]);
  });

  it('is not destructured from node:process either', () => {
    expect(importersOf(/^(?:node:)?process$/)).toEqual([]);
  });
});

describe('sentiment reads text, never audio', () => {
  const sentiment = files.filter((file) => file.startsWith('src/sentiment/'));

  it('exists', () => {
    expect(sentiment).not.toEqual([]);
  });

  it.each(sentiment)('no path leads from %s to audio', (file) => {
    expect(waysToAudio(graph, file)).toEqual([]);
  });

  it.each([
    ['audio itself', "import { decodeRecording } from '../audio/index.ts';\n"],
    ['a type of audio', "import type { Recording } from '../audio/decode-file.ts';\n"],
    ['the recogniser', "export { createSpeechEngine } from '../asr/index.ts';\n"],
    ['speech detection, when needed', "const later = () => import('../vad/index.ts');\n"],
    ['a worker that hears', "new Worker(new URL('../inference/vad-worker.ts', import.meta.url));\n"],
  ])('a file patched to import %s would be caught', (_, line) => {
    const file = 'src/sentiment/labels.ts';
    const ways = waysToAudio(
      patched(graph, file, (source) => line + source),
      'src/sentiment/index.ts',
    );
    expect(ways.length).toBeGreaterThan(0);
    expect(ways[0]).toMatch(/^src\/sentiment\/index\.ts -> .*src\/(?:audio|asr|vad|inference)/);
  });

  it('a patch around a corner would be caught', () => {
    const line = "export * from '../asr/log-mel.ts';\n";
    const around = patched(graph, 'src/inference/token-encoder.ts', (source) => line + source);
    expect(waysToAudio(around, 'src/sentiment/sentiment-model.ts')).not.toEqual([]);
  });

  it.each(sentiment)('%s takes neither samples nor audio types', (file) => {
    const paths = reachable(graph, file, ({ typeOnly }) => !typeOnly);
    expect([...paths.keys()]).not.toContain('src/domain/audio.ts');
    expect(graph.get(file)!.map(({ target }) => target)).not.toContain('src/domain/audio.ts');
  });
});

describe('reading imports', () => {
  it('finds every kind, and tells types apart', () => {
    const source = `
      import a, { type B } from './a.ts';
      import type { C } from '../c.ts';
      import { type D, type E } from './d.ts';
      import 'side-effect';
      export * from './f.ts';
      export type { G } from './g.ts';
      // import { no } from './comment.ts';
      /* import { no } from './comment.ts'; */
      const h = await import('./h.ts');
      new Worker(new URL('./worker.ts', import.meta.url));
    `.replaceAll(/^ +/gm, '');
    expect(importsOf('src/x/y.ts', source)).toEqual([
      { target: 'src/x/a.ts', typeOnly: false },
      { target: 'src/c.ts', typeOnly: true },
      { target: 'src/x/d.ts', typeOnly: true },
      { target: 'src/x/f.ts', typeOnly: false },
      { target: 'src/x/g.ts', typeOnly: true },
      { target: 'side-effect', typeOnly: false },
      { target: 'src/x/h.ts', typeOnly: false },
      { target: 'src/x/worker.ts', typeOnly: false },
    ]);
  });

  it('finds the way around a corner', () => {
    const small = new Map([
      ['a', [{ target: 'b', typeOnly: false }]],
      ['b', [{ target: 'c', typeOnly: true }]],
      ['c', []],
    ]);
    expect(reachable(small, 'a').get('c')).toEqual(['a', 'b', 'c']);
    expect(reachable(small, 'a', ({ typeOnly }) => !typeOnly).has('c')).toBe(false);
  });
});

function importersOf(pattern: RegExp): string[] {
  const importers = files.filter((file) => graph.get(file)!.some(({ target }) => pattern.test(target)));
  return [...new Set(importers.map(folderOf))];
}
