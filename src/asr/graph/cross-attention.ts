import type { ModelProto, NodeProto } from '../../gen/onnx/onnx.ts';
import { assembleModel } from './assemble.ts';
import type { GenerationGraphSpec } from './contract.ts';
import { replacePositions, withKnownShapes } from './decoder-surgery.ts';
import { attributeOf, consumers, pruned, replaceUses } from './fragment.ts';
import { ElementType, GraphBuilder, type Value, valueInfo } from './graph-builder.ts';
import { inputShapes, type PublishedDecoder } from './published-decoder.ts';
import { inferShapes, type Shape } from './symbolic-shapes.ts';

/** Keys [B, H, D, S] and values [B, H, S, D] of the cross-attention of one layer. */
export interface CrossValues {
  readonly key: Value;
  readonly value: Value;
}

/** Inputs and outputs that carry `CrossValues`. */
export function crossInfos(spec: GenerationGraphSpec) {
  const { heads, headSize } = spec;
  return Array.from({ length: spec.layers }, (_, layer) => [
    valueInfo(`cross.${layer}.key`, ElementType.float32, ['batch', heads, headSize, 'positions']),
    valueInfo(`cross.${layer}.value`, ElementType.float32, ['batch', heads, 'positions', headSize]),
  ]).flat();
}

export function encoderInfo(spec: GenerationGraphSpec) {
  return valueInfo('encoder_hidden_states', ElementType.float32, ['batch', 'positions', spec.hiddenSize]);
}

/** The graph that makes them once per window. */
export function crossModel(decoder: PublishedDecoder, spec: GenerationGraphSpec): ModelProto {
  const g = new GraphBuilder(decoder.opset);
  for (const [layer, { key, value }] of projectCross(g, decoder).entries()) {
    const half = decoder.elementTypes.get(`present.${layer}.encoder.key`) === ElementType.float16;
    const outside = (inside: Value) => (half ? g.cast(inside, ElementType.float32) : inside);
    g.name(outside(key), `cross.${layer}.key`);
    g.name(outside(value), `cross.${layer}.value`);
  }
  return assembleModel(decoder, g, {
    name: 'cross',
    nodes: g.nodes,
    weights: decoder.cross.weights,
    inputs: [encoderInfo(spec)],
    outputs: crossInfos(spec),
  });
}

/** Those that the generation graph is given, in the type that the decoder works in. */
export function givenCross(g: GraphBuilder, decoder: PublishedDecoder): CrossValues[] {
  return Array.from({ length: decoder.layers }, (_, layer) => {
    const half = decoder.elementTypes.get(`past_key_values.${layer}.encoder.key`) === ElementType.float16;
    const inside = (value: Value) => (half ? g.cast(value, ElementType.float16) : value);
    return { key: inside(`cross.${layer}.key`), value: inside(`cross.${layer}.value`) };
  });
}

/** Those made from `encoder_hidden_states` by the branch of the decoder that has no cache. */
export function projectCross(g: GraphBuilder, decoder: PublishedDecoder): CrossValues[] {
  const { cross } = decoder;
  // The layers above the first are tied to the tokens only by taking the batch size from them.
  replacePositions(cross, 'positions');
  const facts = inferShapes(cross, inputShapes(decoder).set('positions', ['B', 'T']));
  withKnownShapes(g, cross, facts, {
    B: g.dim('encoder_hidden_states', 0),
    S: g.dim('encoder_hidden_states', 1),
  });
  if (decoder.elementTypes.get('encoder_hidden_states') === ElementType.float16) {
    const half = g.cast('encoder_hidden_states', ElementType.float16);
    replaceUses(cross, new Map([['encoder_hidden_states', half]]));
  }
  const values = Array.from({ length: decoder.layers }, (_, layer) => ({
    key: cross.outputs.get(`present.${layer}.encoder.key`)!,
    value: cross.outputs.get(`present.${layer}.encoder.value`)!,
  }));
  g.nodes.push(
    ...pruned(
      cross,
      values.flatMap(({ key, value }) => [key, value]),
    ).nodes,
  );
  return values.map(({ key, value }) => ({ key: g.op('Transpose', [key], { perm: [0, 1, 3, 2] }), value }));
}

/** Lets the step use keys that are transposed already; where it cannot, transposes them back, once per call. */
export function useCross(
  g: GraphBuilder,
  decoder: PublishedDecoder,
  cross: readonly CrossValues[],
  positions: Value,
  shapes: Map<Value, Shape>,
): void {
  const { step, heads, headSize } = decoder;
  for (const [layer, { key, value }] of cross.entries()) {
    shapes.set(key, ['B', heads, headSize, 'S']).set(value, ['B', heads, 'S', headSize]);
    const published = `past_key_values.${layer}.encoder`;
    const users = consumers(step.nodes);
    const replacement = new Map([[`${published}.value`, value]]);
    for (const user of users.get(`${published}.key`) ?? []) {
      if (transposes(user, '0,1,3,2')) replacement.set(user.output[0]!, key);
      const [next, ...others] = users.get(user.output[0]!) ?? [];
      if (user.opType === 'Reshape' && next && transposes(next, '0,2,1') && others.length === 0) {
        // Batch and heads in one axis, as torch.bmm wants them.
        const shape = g.op('Concat', [g.int64([-1, headSize]), positions], { axis: 0 });
        const flat = g.op('Reshape', [key, shape]);
        shapes.set(flat, [`${heads}*B`, headSize, 'S']);
        replacement.set(next.output[0]!, flat);
      }
    }
    const back = g.op('Transpose', [key], { perm: [0, 1, 3, 2] });
    shapes.set(back, ['B', heads, 'S', headSize]);
    replaceUses(step, replacement.set(`${published}.key`, back));
  }
}

function transposes(candidate: NodeProto, perm: string): boolean {
  return candidate.opType === 'Transpose' && attributeOf(candidate, 'perm')?.ints.join() === perm;
}
