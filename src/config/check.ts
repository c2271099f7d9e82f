import type { z } from 'zod';
import { prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { ServiceError } from '../domain/service-error.ts';
import { CONFIG_KEYS, knownNames } from './keys.ts';
import { nearestName } from './nearest-name.ts';
import { type Config, configSchema } from './schema.ts';

/** Names where a key came from, for errors: the file, or a variable of the environment. */
export type SourceOf = (path: string) => string;

/** Values of all keys, defaults filled in; throws ServiceError that names each key at fault, its source and remedy. */
export function checkConfig(value: unknown, sourceOf: SourceOf): Config {
  refuseProhibited(value, [], sourceOf);
  const result = configSchema.safeParse(value);
  if (result.success) {
    refuseOpenListening(result.data, sourceOf);
    refuseClearStorage(result.data, sourceOf);
    return result.data;
  }
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, value, sourceOf));
  throw new ServiceError('invalid-argument', problems.join('; '), {
    detail: { field: result.error.issues[0]?.path.join('.') },
  });
}

/** Keys that ask for what Sotto must never do get the reason, not just "unknown"; so do values below such keys. */
function refuseProhibited(
  value: unknown,
  path: readonly string[],
  sourceOf: SourceOf,
  unknown = false,
): void {
  const where = path.join('.');
  if (typeof value === 'string' && unknown) {
    const feature = prohibitedFeatureOf(value);
    if (feature) throw prohibited(feature, `${sourceOf(where)}: ${where}`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const childPath = Array.isArray(value) ? path : [...path, name];
    const isUnknown = unknown || (!Array.isArray(value) && knownNames(path)?.includes(name) === false);
    if (isUnknown) {
      const feature = prohibitedFeatureOf(childPath.join('.'));
      if (feature) throw prohibited(feature, `${sourceOf(childPath.join('.'))}: ${childPath.join('.')}`);
    }
    refuseProhibited(child, childPath, sourceOf, isUnknown);
  }
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown, sourceOf: SourceOf): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => unknownKey(issue.path, name, sourceOf));
  }
  // An item of a list, or an entry of a map: its key is what is documented.
  const depth = issue.path.findIndex((_, index) => isKey(issue.path.slice(0, index + 1)));
  const path = (depth < 0 ? issue.path : issue.path.slice(0, depth + 1)).join('.');
  const at = `${sourceOf(path)}: ${path}`;
  if (issue.code === 'custom') return [`${at} ${issue.message}`];
  const key = CONFIG_KEYS.find((candidate) => candidate.path === path);
  const found = valueAt(input, issue.path);
  if (key) {
    const unit = key.unit ? ` (${key.unit})` : '';
    if (found === undefined) return [`${at} is required here: ${key.values}${unit}`];
    return [`${at} is ${shown(found)}, expected ${key.values}${unit}`];
  }
  return [`${at} must be a section with keys: ${knownNames(issue.path)?.join(', ') ?? '?'}`];
}

function unknownKey(section: readonly PropertyKey[], name: string, sourceOf: SourceOf): string {
  const path = [...section, name].join('.');
  const known = knownNames(section) ?? [];
  const nearest = nearestName(name, known) ?? nearestElsewhere(name);
  const hint = nearest ? `did you mean "${nearest}"?` : `known here: ${known.join(', ')}`;
  return `${sourceOf(path)}: ${path} is not a known key; ${hint}`;
}

/** A key that exists, in another section: "port" at the top is probably "server.port". */
function nearestElsewhere(name: string): string | undefined {
  return CONFIG_KEYS.find((key) => key.path.split('.').at(-1) === name)?.path;
}

/** Speech of people must not cross a network in clear, nor be had by whoever asks. */
function refuseOpenListening({ server, access }: Config, sourceOf: SourceOf): void {
  if (isLoopback(server.host)) return;
  const authenticates =
    server.tls?.clientCaFile !== undefined || access.file !== undefined || access.tokensFile !== undefined;
  if (server.tls !== undefined && authenticates) return;
  throw new ServiceError(
    'invalid-argument',
    `${sourceOf('server.host')}: server.host ${server.host} can be reached from the network, which needs ` +
      'server.tls with certFile and keyFile, and one of server.tls.clientCaFile, access.file, access.tokensFile; ' +
      'or listen on 127.0.0.1',
    { detail: { field: 'server.host' } },
  );
}

/** Nor may it when it comes from a bucket. */
function refuseClearStorage({ archive }: Config, sourceOf: SourceOf): void {
  const { endpoint } = archive.s3;
  if (endpoint === undefined) return;
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'https:' || isLoopback(hostname)) return;
  throw new ServiceError(
    'invalid-argument',
    `${sourceOf('archive.s3.endpoint')}: archive.s3.endpoint ${endpoint} would send recordings over a network in ` +
      'clear; use https (NODE_EXTRA_CA_CERTS names an authority of your own)',
    { detail: { field: 'archive.s3.endpoint' } },
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isKey(path: readonly PropertyKey[]): boolean {
  return CONFIG_KEYS.some((key) => key.path === path.join('.'));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const name of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[name];
  return value;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
