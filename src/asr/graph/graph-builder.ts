import {
  type AttributeProto,
  AttributeProto_AttributeType,
  GraphProto,
  NodeProto as Node,
  type NodeProto,
  TensorProto,
  TensorProto_DataType,
  type ValueInfoProto,
} from '../../gen/onnx/onnx.ts';

/** A tensor in a graph, known by its name as everywhere in ONNX. */
export type Value = string;

export const ElementType = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
} as const;
export type ElementType = (typeof ElementType)[keyof typeof ElementType];

/** A whole number, a list of them, `{ float }`, or a subgraph. */
export type Attribute = number | readonly number[] | { readonly float: number } | GraphProto;

/**
 * Builds one graph, or one subgraph of it. A subgraph sees all values of the graphs around it; constants and
 * fresh names are shared by all.
 */
export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  readonly opset: number;
  readonly #constants: Map<string, TensorProto>;
  readonly #counter: { next: number };

  constructor(opset: number, around?: GraphBuilder) {
    this.opset = opset;
    this.#constants = around ? around.#constants : new Map();
    this.#counter = around ? around.#counter : { next: 0 };
  }

  /** A builder for a subgraph (body of a Loop, branch of an If) of this graph. */
  inner(): GraphBuilder {
    return new GraphBuilder(this.opset, this);
  }

  op(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.ops(type, inputs, 1, attributes)[0]!;
  }

  ops(
    type: string,
    inputs: readonly Value[],
    outputCount: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const outputs = Array.from({ length: outputCount }, () => this.fresh(type));
    this.nodes.push(node(type, inputs, outputs, attributes));
    return outputs;
  }

  /** Gives `value` the name that a graph output must have. */
  name(value: Value, name: string): Value {
    this.nodes.push(node('Identity', [value], [name]));
    return name;
  }

  fresh(hint: string): Value {
    return `sotto/${hint}_${this.#counter.next++}`;
  }

  /** Vectors for arrays, scalars for numbers. */
  int64(values: number | readonly number[], dims?: readonly number[]): Value {
    const list = typeof values === 'number' ? [values] : values;
    const raw = Buffer.from(BigInt64Array.from(list, BigInt).buffer);
    return this.#constant('int64', raw, dims ?? (typeof values === 'number' ? [] : [list.length]));
  }

  float32(values: number | Float32Array, dims?: readonly number[]): Value {
    const list = typeof values === 'number' ? Float32Array.of(values) : values;
    const raw = Buffer.from(list.buffer, list.byteOffset, list.byteLength);
    return this.#constant('float32', raw, dims ?? (typeof values === 'number' ? [] : [list.length]));
  }

  bool(value: boolean): Value {
    return this.#constant('bool', Buffer.of(value ? 1 : 0), []);
  }

  /** Constants made by this builder and those around and inside it. */
  get constants(): TensorProto[] {
    return [...this.#constants.values()];
  }

  #constant(type: 'int64' | 'float32' | 'bool', raw: Buffer, dims: readonly number[]): Value {
    const key = `${type}[${dims}]${raw.length > 256 ? this.#counter.next++ : raw.toString('hex')}`;
    const name = this.#constants.get(key)?.name ?? this.fresh(type);
    this.#constants.set(key, {
      ...TensorProto.create({ name, dims: [...dims], dataType: ElementType[type] }),
      rawData: raw,
    });
    return name;
  }

  // The few operators whose form changed between opsets, and small phrases of operators.

  /** The length of one axis, as a vector of one element. */
  dim(x: Value, axis: number): Value {
    return this.op('Gather', [this.op('Shape', [x]), this.int64([axis])], { axis: 0 });
  }

  /** Axes counted in the result. */
  unsqueeze(x: Value, axes: readonly number[]): Value {
    return this.opset < 13
      ? this.op('Unsqueeze', [x], { axes })
      : this.op('Unsqueeze', [x, this.int64([...axes])]);
  }

  squeeze(x: Value, axes: readonly number[]): Value {
    return this.opset < 13
      ? this.op('Squeeze', [x], { axes })
      : this.op('Squeeze', [x, this.int64([...axes])]);
  }

  /** Over one axis, which disappears. */
  reduce(type: 'ReduceMax' | 'ReduceSum', x: Value, axis: number): Value {
    const attributeUntil = type === 'ReduceSum' ? 13 : 18;
    return this.opset < attributeUntil
      ? this.op(type, [x], { axes: [axis], keepdims: 0 })
      : this.op(type, [x, this.int64([axis])], { keepdims: 0 });
  }

  cast(x: Value, to: ElementType): Value {
    return this.op('Cast', [x], { to });
  }

  add(a: Value, b: Value): Value {
    return this.op('Add', [a, b]);
  }

  sub(a: Value, b: Value): Value {
    return this.op('Sub', [a, b]);
  }

  mul(a: Value, b: Value): Value {
    return this.op('Mul', [a, b]);
  }

  where(condition: Value, then: Value, otherwise: Value): Value {
    return this.op('Where', [condition, then, otherwise]);
  }

  less(a: Value, b: Value): Value {
    return this.op('Less', [a, b]);
  }

  /** `GreaterOrEqual` came with opset 12. */
  atLeast(a: Value, b: Value): Value {
    return this.not(this.less(a, b));
  }

  and(a: Value, b: Value): Value {
    return this.op('And', [a, b]);
  }

  or(a: Value, b: Value): Value {
    return this.op('Or', [a, b]);
  }

  not(a: Value): Value {
    return this.op('Not', [a]);
  }

  /** `if (condition) then else otherwise`; each branch returns its results. */
  branch(
    condition: Value,
    results: readonly ElementType[],
    then: (b: GraphBuilder) => readonly Value[],
    otherwise: (b: GraphBuilder) => readonly Value[],
  ): Value[] {
    const subgraph = (name: string, build: (b: GraphBuilder) => readonly Value[]): GraphProto => {
      const inner = this.inner();
      // A branch may return a value of the graph around it only through a node of its own.
      const outputs = build(inner).map((value) => inner.op('Identity', [value]));
      return subgraphOf(
        name,
        inner.nodes,
        [],
        outputs.map((value, i) => valueInfo(value, results[i]!)),
      );
    };
    return this.ops('If', [condition], results.length, {
      then_branch: subgraph('then', then),
      else_branch: subgraph('else', otherwise),
    });
  }
}

export function node(
  type: string,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attributes: Readonly<Record<string, Attribute>> = {},
): NodeProto {
  return Node.create({
    opType: type,
    name: `${outputs[0]}`,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  });
}

export function subgraphOf(
  name: string,
  nodes: NodeProto[],
  inputs: ValueInfoProto[],
  outputs: ValueInfoProto[],
): GraphProto {
  return GraphProto.create({ name, node: nodes, input: inputs, output: outputs });
}

/** Dimensions are numbers or names; without, the shape is unknown. */
export function valueInfo(
  name: Value,
  elementType: number,
  dims?: readonly (number | string)[],
): ValueInfoProto {
  const shape = dims && {
    dim: dims.map((dim) => ({
      value:
        typeof dim === 'number'
          ? ({ $case: 'dimValue', value: dim } as const)
          : ({ $case: 'dimParam', value: dim } as const),
    })),
  };
  return {
    name,
    type: { value: { $case: 'tensorType', value: { elemType: elementType, shape } } },
    metadataProps: [],
  };
}

function attribute(name: string, value: Attribute): AttributeProto {
  const base: AttributeProto = {
    name,
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
    sparseTensors: [],
    typeProtos: [],
  };
  if (typeof value === 'number') return { ...base, type: AttributeProto_AttributeType.INT, i: value };
  if ('node' in value) return { ...base, type: AttributeProto_AttributeType.GRAPH, g: value };
  if ('float' in value) return { ...base, type: AttributeProto_AttributeType.FLOAT, f: value.float };
  return { ...base, type: AttributeProto_AttributeType.INTS, ints: [...value] };
}
