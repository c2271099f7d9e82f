import { prohibited } from '../domain/prohibited-features.ts';
import { prohibitedFeatureOf } from '../domain/prohibited-names.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { ClassifierGraph } from './text-classifier-messages.ts';

/** What a model of text may take: token ids and what goes with them. Audio has other names and other types. */
const TEXT_INPUTS: ReadonlySet<string> = new Set(['input_ids', 'attention_mask', 'token_type_ids']);

/**
 * Refuses a graph that takes anything but integer token ids, or does not answer with one score per label
 * (and token). Text only, by construction: what cannot be fed cannot be heard.
 */
export function checkTextGraph(
  model: string,
  graph: ClassifierGraph,
  labels: number,
  kind: 'per-token' | 'per-text',
): void {
  for (const { name, type, shape } of graph.inputs) {
    if (!TEXT_INPUTS.has(name) || type !== 'int64' || shape.length !== 2) {
      const where = `${model}: its input ${name} (${type}) is no list of token ids, and only models of text are taken`;
      throw prohibited(prohibitedFeatureOf(name) ?? 'emotion', where);
    }
  }
  if (!graph.inputs.some(({ name }) => name === 'input_ids')) {
    throw new ServiceError('failed-precondition', `${model}: the graph has no input input_ids`);
  }
  const logits = graph.outputs.find(({ name }) => name === 'logits');
  const rank = kind === 'per-token' ? 3 : 2;
  const width = logits?.shape.at(-1);
  if (logits?.type !== 'float32' || logits.shape.length !== rank) {
    throw new ServiceError(
      'failed-precondition',
      `${model}: expected an output logits (float32, ${rank} dimensions), one score per label`,
    );
  }
  if (typeof width === 'number' && width !== labels) {
    throw new ServiceError(
      'failed-precondition',
      `${model}: the graph gives ${width} scores, config.json names ${labels} labels`,
    );
  }
}
