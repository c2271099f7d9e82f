import {
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
} from '../../gen/onnx/onnx.ts';
import type { Value } from './graph-builder.ts';

/** Nodes in topological order, the weights they use, and their results under the names a model publishes them by. */
export interface Fragment {
  nodes: NodeProto[];
  readonly weights: Map<Value, TensorProto>;
  readonly outputs: Map<string, Value>;
}

/**
 * Puts `prefix` before every value that the fragment makes, and every weight unless they are shared with another
 * fragment, so that fragments can be joined.
 */
export function renamed(fragment: Fragment, prefix: string, sharedWeights: boolean): Fragment {
  const own = new Set(fragment.nodes.flatMap((node) => node.output));
  if (!sharedWeights) for (const name of fragment.weights.keys()) own.add(name);
  const rename = (value: Value) => (own.has(value) ? prefix + value : value);
  return {
    nodes: fragment.nodes.map((node) => ({
      ...node,
      name: prefix + (node.name || node.output[0]),
      input: node.input.map(rename),
      output: node.output.map((value) => value && rename(value)),
    })),
    weights: new Map(
      [...fragment.weights].map(([name, tensor]) => [rename(name), { ...tensor, name: rename(name) }]),
    ),
    outputs: new Map([...fragment.outputs].map(([name, value]) => [name, rename(value)])),
  };
}

/**
 * Drops nodes that do nothing (`Identity`, with which optimum ties equal weights; multiplying by 1, as exports
 * scale attention) and turns `Constant` nodes into weights.
 */
export function withoutAliases(fragment: Fragment): Fragment {
  const alias = new Map<Value, Value>();
  const resolve = (value: Value) => alias.get(value) ?? value;
  const weights = new Map(fragment.weights);
  const nodes: NodeProto[] = [];
  for (const node of fragment.nodes) {
    const factor = node.opType === 'Mul' && weights.get(resolve(node.input[1]!));
    if (node.opType === 'Identity' || (factor && isScalarOne(factor))) {
      alias.set(node.output[0]!, resolve(node.input[0]!));
      continue;
    }
    const tensor = node.opType === 'Constant' ? constantTensor(node) : undefined;
    if (tensor) weights.set(node.output[0]!, { ...tensor, name: node.output[0]! });
    else nodes.push({ ...node, input: node.input.map(resolve) });
  }
  const outputs = new Map([...fragment.outputs].map(([name, value]) => [name, resolve(value)]));
  return { nodes, weights, outputs };
}

/** What `wanted` needs and nothing else. */
export function pruned(
  fragment: Fragment,
  wanted: readonly Value[] = [...fragment.outputs.values()],
): Fragment {
  const needed = new Set(wanted);
  const nodes: NodeProto[] = [];
  for (const node of fragment.nodes.toReversed()) {
    if (!node.output.some((value) => needed.has(value))) continue;
    nodes.push(node);
    for (const value of usedBy(node)) needed.add(value);
  }
  return {
    nodes: nodes.reverse(),
    weights: new Map([...fragment.weights].filter(([name]) => needed.has(name))),
    outputs: new Map([...fragment.outputs].filter(([, value]) => needed.has(value))),
  };
}

/** Replaces uses of values; the nodes that made them stay until `pruned`. */
export function replaceUses(fragment: Fragment, replacement: ReadonlyMap<Value, Value>): void {
  if (replacement.size === 0) return;
  const replaced = (value: Value) => replacement.get(value) ?? value;
  fragment.nodes = fragment.nodes.map((node) => ({ ...node, input: node.input.map(replaced) }));
  for (const [name, value] of fragment.outputs) fragment.outputs.set(name, replaced(value));
}

/** Splits off the nodes that depend on nothing but `invariant` values: they need not run in every step. */
export function splitInvariant(nodes: readonly NodeProto[], isInvariant: (value: Value) => boolean) {
  const made = new Set<Value>();
  const before: NodeProto[] = [];
  const within: NodeProto[] = [];
  for (const node of nodes) {
    const stays = [...usedBy(node)].some((value) => value !== '' && !made.has(value) && !isInvariant(value));
    (stays ? within : before).push(node);
    if (!stays) for (const value of node.output) made.add(value);
  }
  return { before, within };
}

/** Throws unless every node comes after the nodes and values it uses. */
export function checkOrder(nodes: readonly NodeProto[], available: Iterable<Value>): void {
  const known = new Set(available);
  for (const node of nodes) {
    for (const value of usedBy(node)) {
      if (value !== '' && !known.has(value)) {
        throw new Error(`${node.opType} ${node.name} uses ${value}, which nothing before it makes`);
      }
    }
    for (const value of node.output) {
      if (known.has(value) && value !== '') throw new Error(`${value} is made twice`);
      known.add(value);
    }
  }
}

/** Values that a node takes from around it, those used in its subgraphs included. */
export function* usedBy(node: NodeProto): Generator<Value> {
  yield* node.input;
  for (const { g: graph } of node.attribute) {
    if (!graph) continue;
    const own = new Set([
      ...graph.input.map((info) => info.name ?? ''),
      ...graph.initializer.map((tensor) => tensor.name ?? ''),
      ...graph.node.flatMap((inner) => inner.output),
    ]);
    for (const inner of graph.node) for (const value of usedBy(inner)) if (!own.has(value)) yield value;
    for (const output of graph.output) if (!own.has(output.name ?? '')) yield output.name ?? '';
  }
}

export function producers(nodes: readonly NodeProto[]): Map<Value, NodeProto> {
  return new Map(nodes.flatMap((node) => node.output.map((value) => [value, node] as const)));
}

export function consumers(nodes: readonly NodeProto[]): Map<Value, NodeProto[]> {
  const users = new Map<Value, NodeProto[]>();
  for (const node of nodes) {
    for (const value of new Set(usedBy(node))) {
      const list = users.get(value);
      if (list) list.push(node);
      else users.set(value, [node]);
    }
  }
  return users;
}

export function attributeOf(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

function isScalarOne({ dims, dataType, rawData }: TensorProto): boolean {
  if (dims.length > 0 || !rawData) return false;
  if (dataType === TensorProto_DataType.FLOAT) return rawData.length === 4 && rawData.readFloatLE(0) === 1;
  return dataType === TensorProto_DataType.FLOAT16 && rawData.readUInt16LE(0) === 0x3c00;
}

function constantTensor(node: NodeProto): TensorProto | undefined {
  return attributeOf(node, 'value')?.t;
}

/** Nodes in an order in which each comes after what it uses; otherwise as given. */
export function sorted(nodes: readonly NodeProto[]): NodeProto[] {
  const makers = producers(nodes);
  const order: NodeProto[] = [];
  const state = new Map<NodeProto, 'open' | 'done'>();
  // With a stack of its own: models are deeper than the call stack allows.
  for (const root of nodes) {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      const missing = [...usedBy(node)]
        .map((value) => makers.get(value))
        .filter((maker) => maker !== undefined && state.get(maker) !== 'done');
      if (missing.length === 0) {
        state.set(node, 'done');
        order.push(node);
        stack.pop();
      } else {
        if (state.get(node) === 'open') throw new Error(`${node.opType} ${node.name} depends on itself`);
        state.set(node, 'open');
        for (const maker of missing) stack.push(maker!);
      }
    }
  }
  return order;
}
