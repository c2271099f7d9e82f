import { basename } from 'node:path';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../../gen/onnx/onnx.ts';
import { elementTypeOf } from './decoder-surgery.ts';
import {
  attributeOf,
  consumers,
  type Fragment,
  producers,
  pruned,
  renamed,
  replaceUses,
  sorted,
  withoutAliases,
} from './fragment.ts';
import { ElementType, node, type Value } from './graph-builder.ts';
import { readModel } from './onnx-file.ts';
import type { Shape } from './symbolic-shapes.ts';

/** Files of a published decoder: one with both branches, or one for the prompt and one for the steps after it. */
export type DecoderFiles =
  | { readonly merged: string }
  | { readonly decoder: string; readonly decoderWithPast: string };

/**
 * A decoder as Hugging Face's optimum exports it, taken apart. The step (tokens and cache in, logits and cache
 * out) becomes the body of the loop. Of the branch without cache only the projections of the encoder's output
 * remain: given a mask of our own, the step computes prompts as well.
 */
export interface PublishedDecoder {
  readonly step: Fragment;
  /** `encoder_hidden_states` to `present.N.encoder.{key,value}`; still holds what it needs of the decoder. */
  readonly cross: Fragment;
  readonly opset: number;
  readonly opsetImport: ModelProto['opsetImport'];
  readonly irVersion: number;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** Of the cache inputs, the encoder's output and the logits: float16 files exist with either. */
  readonly elementTypes: ReadonlyMap<string, ElementType>;
}

/** Shapes of published inputs, in the names that `inferShapes` works with. */
export function inputShapes(decoder: Pick<PublishedDecoder, 'layers' | 'heads' | 'headSize' | 'hiddenSize'>) {
  const { layers, heads, headSize, hiddenSize } = decoder;
  const shapes = new Map<Value, Shape>([
    ['input_ids', ['B', 'T']],
    ['encoder_hidden_states', ['B', 'S', hiddenSize]],
  ]);
  for (let layer = 0; layer < layers; layer++) {
    for (const kind of ['key', 'value']) {
      shapes.set(`past_key_values.${layer}.decoder.${kind}`, ['B', heads, 'C', headSize]);
      shapes.set(`past_key_values.${layer}.encoder.${kind}`, ['B', heads, 'S', headSize]);
    }
  }
  return shapes;
}

export async function readPublishedDecoder(files: DecoderFiles): Promise<PublishedDecoder> {
  const merged = 'merged' in files;
  const prompt = await readModel(merged ? files.merged : files.decoder);
  const step = merged ? prompt : await readModel(files.decoderWithPast);
  const file = basename(merged ? files.merged : files.decoderWithPast);
  if (prompt.functions.length + step.functions.length > 0) {
    throw new Error(`${file}: functions inside the model are not supported`);
  }
  const stepFragment = merged ? branchOf(step, 'then_branch', file) : wholeOf(step);
  const crossFragment = merged ? branchOf(prompt, 'else_branch', file) : wholeOf(prompt);
  const inputs = new Map(
    [...graphOf(prompt).input, ...graphOf(step).input, ...graphOf(prompt).output].map((info) => [
      info.name!,
      info.type?.value?.$case === 'tensorType' ? info.type.value.value : undefined,
    ]),
  );
  const dims = (name: string) => inputs.get(name)?.shape?.dim.map((dim) => dim.value?.value);
  const pastKey = dims('past_key_values.0.decoder.key');
  const [, heads, , headSize] = pastKey ?? [];
  if (typeof heads !== 'number' || typeof headSize !== 'number') {
    throw new Error(`${file}: no input past_key_values.0.decoder.key of shape [batch, heads, length, size]`);
  }
  const layers = [...inputs.keys()].filter((name) =>
    /^past_key_values\.\d+\.decoder\.key$/.test(name),
  ).length;
  const vocabularySize = dims('logits')?.[2];
  const hiddenSize = dims('encoder_hidden_states')?.[2];
  if (typeof vocabularySize !== 'number') throw new Error(`${file}: output logits has no fixed vocabulary`);
  const elementTypes = new Map([...inputs].map(([name, type]) => [name, type?.elemType as ElementType]));
  return {
    step: withoutOuterCasts(prepared(stepFragment, 'step/', merged), elementTypes),
    cross: withoutOuterCasts(prepared(crossFragment, 'cross/', merged), elementTypes),
    opset: opsetOf(step),
    opsetImport: mergedImports(prompt, step),
    irVersion: Math.max(prompt.irVersion ?? 0, step.irVersion ?? 0),
    layers,
    heads,
    headSize,
    hiddenSize: typeof hiddenSize === 'number' ? hiddenSize : heads * headSize,
    vocabularySize,
    elementTypes,
  };
}

function prepared(fragment: Fragment, prefix: string, sharedWeights: boolean): Fragment {
  // Converters append nodes out of order, and onnxruntime puts up with it.
  const ordered = { ...fragment, nodes: sorted(fragment.nodes) };
  return pruned(withoutAliases(renamed(ordered, prefix, sharedWeights)));
}

function wholeOf(model: ModelProto): Fragment {
  const graph = graphOf(model);
  return { nodes: graph.node, weights: weightsOf(graph), outputs: outputsOf(graph) };
}

/** A merged decoder is an `If` on `use_cache_branch`, perhaps with casts and weights of both branches around it. */
function branchOf(model: ModelProto, name: 'then_branch' | 'else_branch', file: string): Fragment {
  const graph = graphOf(model);
  const choice = graph.node.find(
    (candidate) => candidate.opType === 'If' && candidate.input[0] === 'use_cache_branch',
  );
  const branch = choice && attributeOf(choice, name)?.g;
  if (!choice || !branch) throw new Error(`${file}: not a merged decoder, no branch on use_cache_branch`);
  const around = graph.node.filter((candidate) => candidate !== choice);
  // The branch may call its results what the model calls its outputs.
  const results = new Map(choice.output.map((outer, i) => [outer, branch.output[i]!.name!]));
  const inner = renamed(
    { nodes: branch.node, weights: weightsOf(branch), outputs: results },
    'branch/',
    false,
  );
  const links = [...inner.outputs].map(([outer, value]) => node('Identity', [value], [outer]));
  return {
    nodes: [...around, ...inner.nodes, ...links],
    weights: new Map([...weightsOf(graph), ...inner.weights]),
    outputs: outputsOf(graph),
  };
}

/**
 * float16 files may take and give float32 and cast at once. The cache would be cast back and forth in every
 * step: the casts go, and `types` says what is inside them.
 */
function withoutOuterCasts(fragment: Fragment, types: Map<string, ElementType>): Fragment {
  const users = consumers(fragment.nodes);
  const made = producers(fragment.nodes);
  const castTo = (candidate: NodeProto | undefined) =>
    candidate?.opType === 'Cast' ? attributeOf(candidate, 'to')?.i : undefined;
  const inside = new Map<Value, Value>();
  for (const [name, type] of types) {
    const casts = users.get(name) ?? [];
    if (type !== ElementType.float32 || casts.length === 0) continue;
    if (!casts.every((cast) => castTo(cast) === ElementType.float16)) continue;
    for (const cast of casts) inside.set(cast.output[0]!, name);
    types.set(name, ElementType.float16);
  }
  for (const [name, value] of fragment.outputs) {
    const cast = made.get(value);
    if (
      castTo(cast) !== ElementType.float32 ||
      elementTypeOf(fragment, types, cast!.input[0]!) !== ElementType.float16
    )
      continue;
    fragment.outputs.set(name, cast!.input[0]!);
    types.set(name, ElementType.float16);
  }
  replaceUses(fragment, inside);
  return pruned(fragment);
}

function weightsOf(graph: GraphProto): Map<Value, TensorProto> {
  return new Map(graph.initializer.map((tensor) => [tensor.name!, tensor]));
}

function outputsOf(graph: GraphProto): Map<string, Value> {
  return new Map(graph.output.map(({ name }) => [name!, name!]));
}

function graphOf(model: ModelProto): GraphProto {
  if (!model.graph) throw new Error('a model without a graph');
  return model.graph;
}

function opsetOf(model: ModelProto): number {
  return model.opsetImport.find(({ domain }) => !domain || domain === 'ai.onnx')?.version ?? 0;
}

function mergedImports(...models: readonly ModelProto[]): ModelProto['opsetImport'] {
  return [
    ...new Map(models.flatMap((model) => model.opsetImport).map((entry) => [entry.domain, entry])).values(),
  ];
}
