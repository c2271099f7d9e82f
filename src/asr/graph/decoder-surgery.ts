import type { NodeProto } from '../../gen/onnx/onnx.ts';
import { attributeOf, consumers, type Fragment, producers, replaceUses } from './fragment.ts';
import { ElementType, type GraphBuilder, node, type Value } from './graph-builder.ts';
import type { Shape, ShapeFacts } from './symbolic-shapes.ts';

/**
 * Operations on a published decoder. Exports differ by version of transformers, optimum and opset, so nothing
 * here relies on names of inner values: points of interest are found by following the data from the published
 * inputs and outputs. Nodes are appended where they are made; `sorted` puts them in order.
 */

/**
 * Looks positions up at `positions` [B, T] instead of counting columns. Exports slice the table of learned
 * positions (before transformers 4.40) or gather from it; both name it `embed_positions`.
 */
export function replacePositions(fragment: Fragment, positions: Value): void {
  const made = producers(fragment.nodes);
  const lookup = fragment.nodes.find(
    (candidate) =>
      (candidate.opType === 'Gather' || candidate.opType === 'Slice') &&
      weightBehind(fragment, made, candidate.input[0]!)?.includes('embed_positions'),
  );
  if (!lookup) throw new Error('decoder: no lookup in a table of learned positions found');
  const gather = node('Gather', [lookup.input[0]!, positions], lookup.output, { axis: 0 });
  fragment.nodes = fragment.nodes.map((candidate) => (candidate === lookup ? gather : candidate));
}

/** The softmax that the keys given as input `key` flow into: the attention weights of one layer. */
export function attentionSoftmax(fragment: Fragment, key: Value): { softmax: NodeProto; path: Set<Value> } {
  const users = consumers(fragment.nodes);
  const path = new Set<Value>([key]);
  const found = new Set<NodeProto>();
  for (const value of path) {
    for (const user of users.get(value) ?? []) {
      if (user.opType === 'Softmax') found.add(user);
      else if (user.opType !== 'Shape') for (const output of user.output) path.add(output);
    }
  }
  const [softmax, ...others] = found;
  if (!softmax || others.length > 0) {
    throw new Error(`decoder: expected one softmax over the keys ${key}, found ${found.size}`);
  }
  return { softmax, path };
}

/** The scores of the self-attention before the export's own mask. */
export function selfAttentionScores(fragment: Fragment, key: Value): Value {
  const { softmax, path } = attentionSoftmax(fragment, key);
  const masking = producers(fragment.nodes).get(softmax.input[0]!);
  const scores = masking?.opType === 'Add' ? masking.input.filter((value) => path.has(value)) : [];
  return scores.length === 1 ? scores[0]! : softmax.input[0]!;
}

/**
 * Adds `bias` to the scores of the self-attention. It says all there is to say about who may attend to whom, so
 * the export's own mask goes, and with it the repair of rows that see nothing (ours stay finite).
 */
export function biasSelfAttention(fragment: Fragment, key: Value, bias: Value): void {
  const { softmax } = attentionSoftmax(fragment, key);
  const weights = softmax.output[0]!;
  const biased = `${weights}/biased`;
  const add = node('Add', [selfAttentionScores(fragment, key), bias], [biased]);
  const replacement = { ...softmax, input: [biased] };
  fragment.nodes = fragment.nodes.map((candidate) => (candidate === softmax ? replacement : candidate));
  fragment.nodes.push(add);
  const users = consumers(fragment.nodes);
  for (const user of users.get(weights) ?? []) {
    if (user.opType !== 'IsNaN') continue;
    const repairs = (users.get(user.output[0]!) ?? []).filter((repair) => repair.opType === 'Where');
    replaceUses(fragment, new Map(repairs.map((repair) => [repair.output[0]!, weights])));
  }
}

/**
 * The input of the projection to the vocabulary, or undefined if it is not recognised. Its rows that nobody
 * reads (all but the last of a prompt) need no logits, and the projection is the largest of all.
 */
export function headInput(fragment: Fragment): Value | undefined {
  const made = producers(fragment.nodes);
  const search = (value: Value): Value | undefined => {
    const maker = made.get(value);
    switch (maker?.opType) {
      case 'Cast':
        return search(maker.input[0]!);
      case 'Add':
      case 'Mul':
        return search(maker.input[0]!) ?? search(maker.input[1]!);
      case 'MatMulInteger': {
        const quantize = made.get(maker.input[0]!);
        return quantize?.opType === 'DynamicQuantizeLinear' ? quantize.input[0] : undefined;
      }
      case 'MatMulNBits':
        return maker.input[0];
      case 'MatMul':
        return weightBehind(fragment, made, maker.input[1]!) ? maker.input[0] : undefined;
      default:
        return undefined;
    }
  };
  return search(fragment.outputs.get('logits')!);
}

/** Whether a floating-point value is float16 or float32, by the casts and weights it comes from. */
export function elementTypeOf(
  fragment: Fragment,
  inputTypes: ReadonlyMap<string, ElementType>,
  value: Value,
): ElementType {
  const made = producers(fragment.nodes);
  for (let at = value; ; ) {
    const weight = fragment.weights.get(at);
    if (weight) return weight.dataType as ElementType;
    const maker = made.get(at);
    if (!maker) return inputTypes.get(at) ?? ElementType.float32;
    if (maker.opType === 'Cast') return attributeOf(maker, 'to')!.i as ElementType;
    at = maker.input[maker.opType === 'DequantizeLinear' ? 1 : 0]!;
  }
}

/**
 * Replaces what computes shapes by what is known about them. `names` has the values, vectors of one element, of
 * dimensions known by name; what needs others stays as it is.
 */
export function withKnownShapes(
  b: GraphBuilder,
  fragment: Fragment,
  { shapes, ints }: ShapeFacts,
  names: Readonly<Record<string, Value>>,
): void {
  fragment.nodes = fragment.nodes.map((candidate) => {
    const target = candidate.opType === 'Reshape' && knownTarget(candidate, shapes);
    return target ? { ...candidate, input: [candidate.input[0]!, b.int64(target)] } : candidate;
  });
  const replacement = new Map<Value, Value>();
  for (const value of fragment.nodes.flatMap((made) => made.output)) {
    const known = ints.get(value);
    const provided = known && vectorOf(b, known.values, names);
    if (provided) replacement.set(value, known.rank === 0 ? b.squeeze(provided, [0]) : provided);
  }
  replaceUses(fragment, replacement);
}

/** A constant shape for a `Reshape`: 0 copies the dimension at the same place, -1 is what remains. */
function knownTarget(reshape: NodeProto, shapes: ShapeFacts['shapes']): number[] | undefined {
  const from = shapes.get(reshape.input[0]!);
  const to = shapes.get(reshape.output[0]!);
  if (!from || !to || attributeOf(reshape, 'allowzero')?.i) return undefined;
  const target = to.map((dim, axis) =>
    typeof dim === 'number' ? dim : dim !== undefined && dim === from[axis] ? 0 : -1,
  );
  return target.filter((dim) => dim === -1).length > 1 ? undefined : target;
}

function vectorOf(b: GraphBuilder, dims: Shape, names: Readonly<Record<string, Value>>): Value | undefined {
  if (dims.every((dim) => typeof dim === 'number')) return b.int64(dims);
  const parts: Value[] = [];
  for (const dim of dims) {
    if (dim === undefined) return undefined;
    const factors = typeof dim === 'string' && !dim.includes('+') ? dim.split('*') : [dim];
    const values = factors.map((factor) =>
      Number.isNaN(Number(factor)) ? names[factor] : b.int64([Number(factor)]),
    );
    if (!values.every((value) => value !== undefined)) return undefined;
    parts.push(values.reduce((x, y) => b.mul(x, y)));
  }
  return parts.length === 1 ? parts[0] : b.op('Concat', parts, { axis: 0 });
}

/** The name of the weight that a value is, perhaps dequantised, cast or transposed. */
function weightBehind(
  fragment: Fragment,
  made: ReadonlyMap<Value, NodeProto>,
  value: Value,
): string | undefined {
  for (let at = value; ; ) {
    if (fragment.weights.has(at)) return at;
    const maker = made.get(at);
    if (!maker || !['DequantizeLinear', 'Cast', 'Transpose', 'Identity'].includes(maker.opType!))
      return undefined;
    at = maker.input[0]!;
  }
}

/** [B, H, T, columns], or [B*H, T, columns] in exports that call torch.bmm. */
export function attentionRank(shape: Shape | undefined): 3 | 4 {
  const rank = shape?.length;
  if (rank !== 3 && rank !== 4) throw new Error(`decoder: attention of rank ${rank} is not supported`);
  return rank;
}

/** Input of the published decoder: keys or values of its self-attention so far. */
export function pastName(layer: number, kind: 'key' | 'value'): Value {
  return `past_key_values.${layer}.decoder.${kind}`;
}
