/** models/catalog.json: which models can be installed, from where, and what their files must be. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import { prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { ServiceError } from '../domain/service-error.ts';

export const MODEL_TASKS = ['asr', 'ner', 'sentiment'] as const;
export const DEVICES = ['cpu', 'cuda'] as const;
export type Device = (typeof DEVICES)[number];

const PRECISIONS = ['fp32', 'fp16', 'int8', 'quantized'] as const;
const SENTIMENT_LABELS: ReadonlySet<string> = new Set(['negative', 'neutral', 'positive']);

/** No empty, hidden or parent segment: a path cannot leave the model's folder. */
const safePath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)*$/, 'is not a plain relative path')
  .refine(
    (path) => !/\.part(?:\.json)?$/i.test(path) && path !== 'SHA256SUMS',
    'is a name kept for the puller',
  );

const file = z.strictObject({
  path: safePath,
  /** Null: not known; what the first download had is kept in the lock file. */
  bytes: z.int().positive().nullable(),
  sha256: z
    .string()
    .regex(/^[\da-f]{64}$/, 'is not 64 lower-case hexadecimal digits')
    .nullable(),
  /** Only for this device; left out: for both. */
  device: z.enum(DEVICES).optional(),
});

const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('repository'),
    repository: z.string().regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/, 'is not owner/name'),
    /** A commit is best; a branch may move, and then the lock file refuses what changed. */
    revision: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'is not a commit, tag or branch'),
  }),
  /** Part of the Sotto repository: nothing to download. */
  z.strictObject({ type: z.literal('embedded'), folder: safePath }),
]);

const model = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'is not lower-case letters, digits, dots and hyphens'),
  task: z.enum(MODEL_TASKS),
  /** Of those Sotto redacts; a model may know more. */
  languages: z.array(z.enum(LANGUAGES)).min(1),
  licence: z.string().min(1),
  note: z.string(),
  source,
  /** What a classifier can answer. */
  labels: z.array(z.string()).optional(),
  precision: z.strictObject({ cpu: z.enum(PRECISIONS), cuda: z.enum(PRECISIONS) }),
  files: z.array(file),
});

const profile = z.strictObject({ device: z.enum(DEVICES), models: z.array(z.string()).min(1) });

const catalog = z
  .strictObject({
    version: z.literal(1),
    profiles: z.strictObject({ embedded: profile, cpu: profile, gpu: profile }),
    models: z.array(model),
  })
  .superRefine(({ profiles, models }, context) => {
    const problem = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const ids = models.map(({ id }) => id);
    for (const id of repeated(ids)) problem(['models', id], 'stands twice');
    for (const [name, { models: wanted }] of Object.entries(profiles)) {
      for (const id of wanted)
        if (!ids.includes(id)) problem(['profiles', name], `${id} is not in the catalogue`);
    }
    for (const { id, source: from, files } of models) {
      // Upper and lower case are one name on some file systems.
      for (const path of repeated(files.map((each) => each.path.toLowerCase())))
        problem(['models', id, path], 'stands twice');
      if (from.type === 'repository' && files.length === 0) problem(['models', id, 'files'], 'is empty');
    }
  });

export type Catalog = z.output<typeof catalog>;
export type Profile = keyof Catalog['profiles'];
export type CatalogModel = Catalog['models'][number];
export type CatalogFile = CatalogModel['files'][number];
/** A model that can be downloaded. */
export type RepositoryModel = CatalogModel & { source: { type: 'repository' } };

export async function readCatalog(path: string): Promise<Catalog> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ServiceError('not-found', `the catalogue ${path} cannot be read`, { cause });
  }
  return parseCatalog(text);
}

/** Throws `prohibited-by-design` before anything else is looked at, then `invalid-argument`. */
export function parseCatalog(text: string): Catalog {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('invalid-argument', 'the catalogue is not JSON', { cause });
  }
  refuseProhibited(tree, 'catalogue');
  const parsed = catalog.safeParse(tree);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ServiceError(
      'invalid-argument',
      `catalogue ${issue?.path.map(String).join('.')}: ${issue?.message}`,
    );
  }
  for (const { id, task, labels } of parsed.data.models) {
    if (task === 'sentiment') checkSentimentLabels(`catalogue ${id}`, labels ?? []);
  }
  return parsed.data;
}

/** The labels that a downloaded config.json names, checked before the weights are fetched. */
export function checkDownloadedConfig(
  { id, task }: Pick<CatalogModel, 'id' | 'task'>,
  config: unknown,
): void {
  const { id2label, architectures } = (config ?? {}) as { id2label?: object; architectures?: unknown };
  const where = `${id} config.json`;
  refuseProhibited([id2label, architectures], where);
  if (task === 'sentiment') checkSentimentLabels(where, Object.values(id2label ?? {}).map(String));
}

export function filesFor({ files }: CatalogModel, device: Device): CatalogFile[] {
  return files.filter((each) => each.device === undefined || each.device === device);
}

export function findModel({ models }: Catalog, id: string): CatalogModel {
  const found = models.find((each) => each.id === id);
  if (found) return found;
  throw new ServiceError(
    'not-found',
    `${id} is not in the catalogue, which has ${models.map((each) => each.id).join(', ')}`,
  );
}

export function isDownloadable(entry: CatalogModel): entry is RepositoryModel {
  return entry.source.type === 'repository';
}

/** Every key and value but those for people to read. */
function refuseProhibited(tree: unknown, where: string): void {
  if (typeof tree === 'string') {
    const feature = prohibitedFeatureOf(tree);
    if (feature) throw prohibited(feature, where);
  } else if (typeof tree === 'object' && tree !== null) {
    const id = 'id' in tree && typeof tree.id === 'string' ? `${where} ${tree.id.slice(0, 80)}` : where;
    for (const [key, value] of Object.entries(tree)) {
      if (key === 'note' || key === 'licence') continue;
      refuseProhibited(key, id);
      refuseProhibited(value, id);
    }
  }
}

function checkSentimentLabels(where: string, labels: readonly string[]): void {
  const other = labels.find((label) => !SENTIMENT_LABELS.has(label.toLowerCase()));
  if (other !== undefined) throw prohibited('emotion', `${where}: the label ${other}`);
  if (new Set(labels).size !== 3) {
    throw new ServiceError(
      'failed-precondition',
      `${where}: expected the labels negative, neutral, positive`,
    );
  }
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
