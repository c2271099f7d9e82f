import { type NodeProto, type TensorProto, TensorProto_DataType } from '../../gen/onnx/onnx.ts';
import { consumers, type Fragment, producers } from './fragment.ts';
import { node, type Value } from './graph-builder.ts';
import { readTensor } from './onnx-file.ts';

/**
 * Makes an int8 decoder treat each row of a batch alone.
 *
 * Published int8 files quantise activations with one scale for the whole tensor (`DynamicQuantizeLinear`): what
 * a row computes depends on the rows beside it, so a transcript would change with the load. Here products with
 * weights become `MatMulNBits`, which scales each block of each row, over the very same 8-bit weights; products
 * of two activations become plain `MatMul`. Closer to float32 than before, and about as fast (measured in
 * docs/decisions/0002-generation-graph.md).
 */
export async function quantizeByRow(fragment: Fragment): Promise<void> {
  const made = producers(fragment.nodes);
  const users = consumers(fragment.nodes);
  const replacement = new Map<NodeProto, NodeProto>();
  for (const product of fragment.nodes.filter((candidate) => candidate.opType === 'MatMulInteger')) {
    const quantize = made.get(product.input[0]!);
    const scaled = scaledResult(product, users, made);
    if (quantize?.opType !== 'DynamicQuantizeLinear' || !scaled) continue;
    const x = quantize.input[0]!;
    const output = scaled.node.output;
    const other = made.get(product.input[1]!);
    const weight = fragment.weights.get(product.input[1]!);
    const scale = scaled.factors.map((factor) => fragment.weights.get(factor)).find((found) => found);
    if (other?.opType === 'DynamicQuantizeLinear') {
      replacement.set(scaled.node, node('MatMul', [x, other.input[0]!], output));
    } else if (weight && scale && weight.dims.length === 2) {
      const zeroPoint = fragment.weights.get(product.input[3] ?? '');
      const blocks = await blockwise(weight, scale, zeroPoint);
      for (const tensor of [blocks.weight, blocks.scale, blocks.zeroPoint]) {
        if (tensor) fragment.weights.set(tensor.name!, tensor);
      }
      const inputs = [x, blocks.weight.name!, blocks.scale.name!];
      if (blocks.zeroPoint) inputs.push(blocks.zeroPoint.name!);
      const matMul = node('MatMulNBits', inputs, output, {
        K: weight.dims[0]!,
        N: weight.dims[1]!,
        bits: 8,
        block_size: blocks.blockSize,
        accuracy_level: 4,
      });
      replacement.set(scaled.node, { ...matMul, domain: 'com.microsoft' });
    }
  }
  fragment.nodes = fragment.nodes.map((candidate) => replacement.get(candidate) ?? candidate);
}

/** `MatMulInteger`, `Cast`, `Mul` by the product of both scales: the last of them, and those scales. */
function scaledResult(
  product: NodeProto,
  users: ReadonlyMap<Value, NodeProto[]>,
  made: ReadonlyMap<Value, NodeProto>,
): { node: NodeProto; factors: readonly Value[] } | undefined {
  const [cast, ...otherCasts] = users.get(product.output[0]!) ?? [];
  if (cast?.opType !== 'Cast' || otherCasts.length > 0) return undefined;
  const [scaling, ...others] = users.get(cast.output[0]!) ?? [];
  if (scaling?.opType !== 'Mul' || others.length > 0) return undefined;
  const scales = made.get(scaling.input.find((value) => value !== cast.output[0])!);
  return scales?.opType === 'Mul' ? { node: scaling, factors: scales.input } : undefined;
}

/** [K, N] 8-bit weights with a scale per column or one for all, as `MatMulNBits` wants them: [N, blocks, size]. */
async function blockwise(weight: TensorProto, scale: TensorProto, zeroPoint: TensorProto | undefined) {
  const [rows, columns] = weight.dims as [number, number];
  const blockSize = [128, 64, 32, 16].find((size) => rows % size === 0) ?? 16;
  const blocks = Math.ceil(rows / blockSize);
  // Unsigned; signed weights are moved by 128.
  const move = weight.dataType === TensorProto_DataType.INT8 ? 128 : 0;
  const source = await readTensor(weight);
  const zeros = zeroPoint ? await readTensor(zeroPoint) : Buffer.of(0);
  const zeroOf = (column: number) => (zeros[zeros.length === 1 ? 0 : column]! + move) & 0xff;
  const packed = Buffer.alloc(columns * blocks * blockSize);
  const stride = blocks * blockSize;
  // In tiles: a plain transposition misses the cache on every byte.
  const tile = 64;
  for (let from = 0; from < columns; from += tile) {
    const until = Math.min(from + tile, columns);
    for (let row = 0; row < rows; row++) {
      for (let column = from; column < until; column++) {
        packed[column * stride + row] = source[row * columns + column]! + move;
      }
    }
    for (let column = from; column < until; column++) {
      packed.fill(zeroOf(column), column * stride + rows, (column + 1) * stride);
    }
  }
  const perColumn = floats(await readTensor(scale));
  const scales = new Float32Array(columns * blocks);
  const zeroPoints = Buffer.alloc(columns * blocks);
  for (let column = 0; column < columns; column++) {
    scales.fill(perColumn[perColumn.length === 1 ? 0 : column]!, column * blocks, (column + 1) * blocks);
    zeroPoints.fill(zeroOf(column), column * blocks, (column + 1) * blocks);
  }
  const tensor = (suffix: string, dims: number[], dataType: TensorProto_DataType, rawData: Buffer) => ({
    ...weight,
    name: `${weight.name}/${suffix}`,
    dims,
    dataType,
    rawData,
    dataLocation: undefined,
    externalData: [],
  });
  return {
    blockSize,
    weight: tensor('blocks', [columns, blocks, blockSize], TensorProto_DataType.UINT8, packed),
    scale: tensor('scales', [columns, blocks], TensorProto_DataType.FLOAT, Buffer.from(scales.buffer)),
    // 128 is what MatMulNBits takes without being told.
    zeroPoint: zeroPoints.every((zero) => zero === 128)
      ? undefined
      : tensor('zero_points', [columns, blocks], TensorProto_DataType.UINT8, zeroPoints),
  };
}

function floats(raw: Buffer): Float32Array {
  return Float32Array.from({ length: raw.length / 4 }, (_, i) => raw.readFloatLE(4 * i));
}
