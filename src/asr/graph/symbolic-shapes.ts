import {
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from '../../gen/onnx/onnx.ts';
import { attributeOf, type Fragment } from './fragment.ts';
import type { Value } from './graph-builder.ts';

/**
 * Shapes of a fragment as far as they follow from its inputs: numbers, names of input dimensions, or products
 * and sums of these. Nearly half of the nodes of an exported decoder compute nothing but shapes; known, they
 * need not run in every step. Anything not understood is unknown, never guessed.
 */
export type Dim = number | string | undefined;
export type Shape = readonly Dim[];

/** A small whole-number tensor whose elements are known: what shapes are computed with. */
export interface KnownInts {
  /** 0 for a scalar, 1 for a vector. */
  readonly rank: 0 | 1;
  readonly values: Shape;
}

export interface ShapeFacts {
  readonly shapes: ReadonlyMap<Value, Shape>;
  readonly ints: ReadonlyMap<Value, KnownInts>;
}

export function inferShapes(fragment: Fragment, inputs: ReadonlyMap<Value, Shape>): ShapeFacts {
  const shapes = new Map<Value, Shape>(inputs);
  const ints = new Map<Value, KnownInts>();
  for (const [name, tensor] of fragment.weights) {
    shapes.set(name, tensor.dims);
    const known = tensorInts(tensor);
    if (known) ints.set(name, known);
  }
  for (const node of fragment.nodes) {
    const at = (i: number) => shapes.get(node.input[i] ?? '');
    const intsAt = (i: number) => ints.get(node.input[i] ?? '');
    const shape = shapeOf(node, at, intsAt);
    if (shape) shapes.set(node.output[0]!, shape);
    // Its scale and zero point are of the whole tensor.
    if (node.opType === 'DynamicQuantizeLinear')
      for (const value of node.output.slice(1)) shapes.set(value, []);
    const known = intsOf(node, at, intsAt);
    if (known) ints.set(node.output[0]!, known);
  }
  return { shapes, ints };
}

type At<T> = (input: number) => T | undefined;

const sameShape = new Set(
  'Cast Erf Sqrt Tanh Exp Neg Not IsNaN Softmax LogSoftmax LayerNormalization Sigmoid Relu Gelu DequantizeLinear QuantizeLinear DynamicQuantizeLinear Clip'.split(
    ' ',
  ),
);
const broadcasting = new Set(
  'Add Sub Mul Div Pow Less LessOrEqual Greater GreaterOrEqual Equal And Or Where Max Min'.split(' '),
);

function shapeOf(node: NodeProto, at: At<Shape>, intsAt: At<KnownInts>): Shape | undefined {
  const type = node.opType!;
  const x = at(0);
  if (sameShape.has(type)) return x;
  if (broadcasting.has(type)) return broadcast(node.input.map((_, i) => at(i)));
  switch (type) {
    case 'MatMul':
    case 'MatMulInteger': {
      const y = at(1);
      if (!x || !y || x.length < 2 || y.length < 2) return undefined;
      const batch = broadcast([x.slice(0, -2), y.slice(0, -2)]);
      return batch && [...batch, x.at(-2), y.at(-1)];
    }
    case 'MatMulNBits':
      return x && [...x.slice(0, -1), attributeOf(node, 'N')!.i];
    case 'Transpose':
      return x && attributeOf(node, 'perm')?.ints.map((axis) => x[axis]);
    case 'Gather': {
      const indices = at(1);
      if (!x || !indices) return undefined;
      const axis = axisOf(node, x.length);
      return [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
    }
    case 'Unsqueeze': {
      const axes = axesOf(node, intsAt);
      if (!x || !axes) return undefined;
      const rank = x.length + axes.length;
      const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
      const rest = [...x];
      return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : rest.shift()));
    }
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceSum': {
      const axes = axesOf(node, intsAt)?.map((axis) => (axis < 0 ? axis + (x?.length ?? 0) : axis));
      if (!x || !axes || attributeOf(node, 'keepdims')?.i === 0) return undefined;
      return x.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
    }
    case 'Concat': {
      const parts = node.input.map((_, i) => at(i));
      if (!x || !parts.every((part) => part !== undefined)) return undefined;
      const axis = axisOf(node, x.length);
      return x.map((dim, i) => (i === axis ? parts.map((part) => part[axis]).reduce(sum) : dim));
    }
    case 'Reshape': {
      const target = intsAt(1)?.values;
      return target && reshaped(x, target);
    }
    case 'Expand': {
      const target = intsAt(1)?.values;
      return target && broadcast([x, target]);
    }
    case 'Slice':
      return x?.map(() => undefined);
    case 'Shape':
      return x && [x.length];
    default:
      return undefined;
  }
}

function intsOf(node: NodeProto, at: At<Shape>, intsAt: At<KnownInts>): KnownInts | undefined {
  const x = intsAt(0);
  switch (node.opType) {
    case 'Shape': {
      const shape = at(0);
      if (!shape || attributeOf(node, 'start') || attributeOf(node, 'end')) return undefined;
      return { rank: 1, values: shape };
    }
    case 'Gather': {
      const index = intsAt(1);
      if (x?.rank !== 1 || !index?.values.every((i) => typeof i === 'number')) return undefined;
      return { rank: index.rank, values: index.values.map((i) => x.values.at(i)) };
    }
    case 'Slice': {
      const [start, end, step] = [intsAt(1), intsAt(2), intsAt(4)].map((known) => known?.values[0]);
      if (x?.rank !== 1 || typeof start !== 'number' || typeof end !== 'number') return undefined;
      if (step !== undefined && step !== 1) return undefined;
      return { rank: 1, values: x.values.slice(start, end) };
    }
    case 'Unsqueeze':
      return x && x.rank === 0 ? { rank: 1, values: x.values } : undefined;
    case 'Squeeze':
      return x && x.values.length === 1 ? { rank: 0, values: x.values } : undefined;
    case 'Cast':
      return attributeOf(node, 'to')?.i === TensorProto_DataType.INT64 ? x : undefined;
    case 'Concat': {
      const parts = node.input.map((_, i) => intsAt(i));
      if (!parts.every((part) => part !== undefined && part.rank === 1)) return undefined;
      return { rank: 1, values: parts.flatMap((part) => part!.values) };
    }
    case 'Add':
    case 'Mul': {
      const y = intsAt(1);
      if (!x || !y || x.values.length !== 1 || y.values.length !== 1) return undefined;
      const combine = node.opType === 'Add' ? sum : product;
      return { rank: x.rank || y.rank ? 1 : 0, values: [combine(x.values[0], y.values[0])] };
    }
    default:
      return undefined;
  }
}

/** Elements of a whole-number tensor of at most one dimension that is stored in the graph. */
function tensorInts(tensor: TensorProto): KnownInts | undefined {
  if (tensor.dims.length > 1 || tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) return undefined;
  const rank = tensor.dims.length as 0 | 1;
  const raw = tensor.rawData;
  if (tensor.dataType === TensorProto_DataType.INT64) {
    if (!raw || raw.length === 0) return { rank, values: tensor.int64Data };
    const values = Array.from({ length: raw.length / 8 }, (_, i) => Number(raw.readBigInt64LE(8 * i)));
    return { rank, values };
  }
  return undefined;
}

function broadcast(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (!shapes.every((shape) => shape !== undefined)) return undefined;
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dims = shapes
      .map((shape) => (shape.length < rank - axis ? 1 : shape[shape.length - rank + axis]))
      .filter((dim) => dim !== 1);
    if (dims.length === 0) return 1;
    // A number other than 1 wins over a name: the name must equal it or be 1.
    const number = dims.find((dim) => typeof dim === 'number');
    return number ?? (dims.every((dim) => dim === dims[0]) ? dims[0] : undefined);
  });
}

function reshaped(x: Shape | undefined, target: Shape): Shape {
  const shape = target.map((dim, axis) => (dim === 0 ? x?.[axis] : dim));
  const open = shape.indexOf(-1);
  if (open < 0) return shape;
  const total = x?.reduce<Dim>(product, 1);
  const others = shape.filter((_, axis) => axis !== open).reduce(product, 1);
  return shape.map((dim, axis) => (axis === open ? quotient(total, others) : dim));
}

function sum(a: Dim, b: Dim): Dim {
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  return [a, b].filter((dim) => dim !== 0).join('+');
}

/** Products are kept as `number*name*name`, names sorted. */
function product(a: Dim, b: Dim): Dim {
  const factors = [factorsOf(a), factorsOf(b)];
  if (!factors[0] || !factors[1]) return undefined;
  return dimOf(factors[0].number * factors[1].number, [...factors[0].names, ...factors[1].names]);
}

function quotient(a: Dim, b: Dim): Dim {
  const [over, under] = [factorsOf(a), factorsOf(b)];
  if (!over || !under || under.number === 0 || over.number % under.number !== 0) return undefined;
  const names = [...over.names];
  for (const name of under.names) {
    const i = names.indexOf(name);
    if (i < 0) return undefined;
    names.splice(i, 1);
  }
  return dimOf(over.number / under.number, names);
}

function factorsOf(dim: Dim): { number: number; names: string[] } | undefined {
  if (dim === undefined || (typeof dim === 'string' && dim.includes('+'))) return undefined;
  if (typeof dim === 'number') return { number: dim, names: [] };
  const parts = dim.split('*');
  const number = Number(parts[0]);
  return Number.isNaN(number) ? { number: 1, names: parts } : { number, names: parts.slice(1) };
}

function dimOf(number: number, names: readonly string[]): Dim {
  if (names.length === 0 || number === 0) return number;
  return [...(number === 1 ? [] : [number]), ...names.toSorted()].join('*');
}

function axisOf(node: NodeProto, rank: number): number {
  const axis = attributeOf(node, 'axis')?.i ?? 0;
  return axis < 0 ? axis + rank : axis;
}

function axesOf(node: NodeProto, intsAt: At<KnownInts>): number[] | undefined {
  const attribute = attributeOf(node, 'axes');
  if (attribute) return attribute.ints;
  const values = intsAt(1)?.values;
  return values?.every((axis) => typeof axis === 'number') ? [...values] : undefined;
}
