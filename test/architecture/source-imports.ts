/** What the sources import, read from their text: no compiler is needed for a question this plain. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Import {
  /** `src/…` for our own files, else the package as written: `node:fs`, `zod`. */
  readonly target: string;
  /** Erased at run time. */
  readonly typeOnly: boolean;
}

export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Every source file, as `src/…`, with its imports; worker and process entries count as imports. */
export function readImportGraph(root: string): ImportGraph {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(file, 'utf8'))]));
}

export function importsOf(file: string, source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) =>
    found.push({ target: resolved(file, specifier), typeOnly });
  for (const [, keyword, clause, specifier] of code.matchAll(STATIC)) {
    add(specifier!, keyword!.endsWith('type') || isAllTypes(clause!));
  }
  for (const [, specifier] of code.matchAll(SIDE_EFFECT)) add(specifier!, false);
  for (const [, specifier] of code.matchAll(DYNAMIC)) add(specifier!, false);
  for (const [, specifier] of code.matchAll(ENTRY)) add(specifier!, false);
  return found;
}

/** `import x from 'y'`, `import type {…} from 'y'`, `export {…} from 'y'`, `export * from 'y'`. */
const STATIC =
  /(?:^|;)\s*(import type|export type|import|export)\s+([^;'"()=]*?)\s*from\s+['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /(?:^|;)\s*import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const ENTRY = /new URL\(\s*['"](\.[^'"]+\.ts)['"],\s*import\.meta\.url/g;

function isAllTypes(clause: string): boolean {
  const names = /^\{([\s\S]*)\}$/
    .exec(clause.trim())?.[1]
    ?.split(',')
    .map((name) => name.trim());
  return names?.every((name) => name === '' || name.startsWith('type ')) ?? false;
}

function resolved(file: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
}

/** The graph as it would be with other contents of one file. */
export function patched(graph: ImportGraph, file: string, change: (source: string) => string): ImportGraph {
  return new Map([...graph, [file, importsOf(file, change(readFileSync(file, 'utf8')))]]);
}

const AUDIO = /^src\/(?:audio|vad|asr|pipeline|stream)\/|^src\/inference\/vad/;

/** Ways from a file to where audio is handled, each as the files on it; types count as much as code. */
export function waysToAudio(graph: ImportGraph, file: string): string[] {
  const found = [...reachable(graph, file)].filter(([target]) => AUDIO.test(target));
  return found.map(([, path]) => path.join(' -> '));
}

/** All files that can be reached from `start`, with the way to each. */
export function reachable(
  graph: ImportGraph,
  start: string,
  follow: (imported: Import) => boolean = () => true,
): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>([[start, [start]]]);
  // A map that grows while it is iterated over: the new entries come up in their turn.
  for (const [file, path] of paths) {
    for (const imported of graph.get(file) ?? []) {
      if (follow(imported) && !paths.has(imported.target))
        paths.set(imported.target, [...path, imported.target]);
    }
  }
  return paths;
}
