import { GraphProto, ModelProto, type NodeProto, type TensorProto } from '../../gen/onnx/onnx.ts';
import { checkOrder, pruned, sorted } from './fragment.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import type { PublishedDecoder } from './published-decoder.ts';

export interface ModelParts {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly weights: ReadonlyMap<Value, TensorProto>;
  readonly inputs: GraphProto['input'];
  readonly outputs: GraphProto['output'];
}

/** A model of what its outputs need of `parts`, in order, checked, for the opset of the published decoder. */
export function assembleModel(decoder: PublishedDecoder, g: GraphBuilder, parts: ModelParts): ModelProto {
  const { name, inputs, outputs } = parts;
  const { nodes, weights } = pruned(
    {
      nodes: sorted(parts.nodes),
      weights: new Map([...parts.weights, ...g.constants.map((tensor) => [tensor.name!, tensor] as const)]),
      outputs: new Map(),
    },
    outputs.map((info) => info.name!),
  );
  checkOrder(nodes, [...weights.keys(), ...inputs.map((info) => info.name!)]);
  return ModelProto.create({
    irVersion: decoder.irVersion,
    opsetImport: withContribOperators(decoder.opsetImport),
    producerName: 'sotto',
    graph: GraphProto.create({
      name,
      node: nodes,
      initializer: [...weights.values()],
      input: inputs,
      output: outputs,
    }),
  });
}

/** onnxruntime's own operators, which optimised graphs may use. */
function withContribOperators(imports: ModelProto['opsetImport']): ModelProto['opsetImport'] {
  const domain = 'com.microsoft';
  return imports.some((entry) => entry.domain === domain) ? imports : [...imports, { domain, version: 1 }];
}
