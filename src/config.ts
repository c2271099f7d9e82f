/**
 * The configuration: a YAML file, above it environment variables, below it defaults. Checked once, here; all
 * others get the typed result. docs/configuration.md lists every key.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { checkConfig } from './config/check.ts';
import { type Environment, readEnvironment } from './config/environment.ts';
import { readConfigFile } from './config/file.ts';
import { CONFIG_KEYS } from './config/keys.ts';
import type { Config, configSchema } from './config/schema.ts';

export { configReference } from './config/reference.ts';
export type { Config } from './config/schema.ts';

/** The folder of package.json: defaults such as `models/embedded/asr` are found from here. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

export interface LoadConfigOptions {
  /** Left out, SOTTO_CONFIG names the file; without either, defaults and environment alone count. */
  readonly file?: string;
  readonly environment?: Environment;
}

/** Throws ServiceError: `invalid-argument`, `not-found` for a missing file, `prohibited-by-design`. */
export function loadConfig(options: LoadConfigOptions = {}): Config {
  const environment = options.environment ?? process.env;
  const file = options.file ?? (environment.SOTTO_CONFIG || undefined);
  const tree = file === undefined ? {} : readConfigFile(file);
  const overrides = readEnvironment(environment);

  const fileSource = file ?? 'configuration';
  const variables = new Map(overrides.map(({ key, variable }) => [key.path, variable]));
  const merged = structuredClone(tree);
  for (const { key, value } of overrides) setAt(merged, key.path.split('.'), value);
  const config = checkConfig(merged, (path) => variables.get(path) ?? fileSource);

  if (config.audio.ffmpegBin === undefined && environment.FFMPEG_BIN) {
    config.audio.ffmpegBin = environment.FFMPEG_BIN;
  }
  resolvePaths(config, (path) => {
    if (variables.has(path)) return process.cwd();
    return file !== undefined && isSet(tree, path.split('.')) ? dirname(resolve(file)) : PACKAGE_ROOT;
  });
  return config;
}

/** Defaults with some keys changed, without file or environment: for tests and benches. Paths: as from the package. */
export function defaultConfig(changes: z.input<typeof configSchema> = {}): Config {
  const config = checkConfig(changes, () => 'configuration');
  resolvePaths(config, () => PACKAGE_ROOT);
  return config;
}

function resolvePaths(config: Config, baseOf: (path: string) => string): void {
  for (const { path, isPath } of CONFIG_KEYS) {
    const names = path.split('.');
    if (!isPath || !isSet(config, names)) continue;
    const value = getAt(config, names);
    const resolved = (each: unknown) => resolve(baseOf(path), String(each));
    setAt(config, names, Array.isArray(value) ? value.map(resolved) : resolved(value));
  }
}

function getAt(tree: object, [name, ...rest]: readonly string[]): unknown {
  const value = (tree as Record<string, unknown>)[name!];
  return rest.length === 0 || typeof value !== 'object' || value === null ? value : getAt(value, rest);
}

function isSet(tree: object, names: readonly string[]): boolean {
  const value = getAt(tree, names);
  return value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value));
}

function setAt(tree: object, [name, ...rest]: readonly string[], value: unknown): void {
  const node = tree as Record<string, unknown>;
  if (rest.length === 0) {
    node[name!] = value;
    return;
  }
  node[name!] ??= {};
  const child = node[name!];
  // Where a section should be stands something else: checkConfig says so.
  if (typeof child === 'object' && child !== null) setAt(child, rest, value);
}
