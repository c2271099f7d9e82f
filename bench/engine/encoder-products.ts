/**
 * The matrix products of a Whisper encoder alone, each as a graph of nothing else: what its operations need at the rate
 * at which onnxruntime multiplies matrices on this machine. Products with weights in int8, the rest in float32, as in the
 * published int8 files.
 */
import { join } from 'node:path';
import { ElementType, GraphBuilder, valueInfo } from '../../src/asr/graph/graph-builder.ts';
import { writeModel } from '../../src/asr/graph/onnx-file.ts';
import type { ModelConfig } from '../../src/asr/model-config.ts';
import { GraphProto, ModelProto, TensorProto, TensorProto_DataType } from '../../src/gen/onnx/onnx.ts';
import { openSession, tensorOf } from '../../src/inference/onnx-session.ts';
import { summarize } from '../result.ts';

interface Product {
  readonly name: string;
  /** [batch, m, k] x [batch, k, n] */
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly int8: boolean;
  /** How many of it the encoder has. */
  readonly count: number;
}

export async function productTimes(config: ModelConfig, threads: number, rounds: number, folder: string) {
  const table = [];
  let totalMs = 0;
  for (const product of encoderProducts(config)) {
    const ms = await timeOf(product, threads, rounds, folder);
    const { batch, m, k, n, count } = product;
    totalMs += ms * count;
    table.push({
      product: product.name,
      size: `${batch > 1 ? `${batch} x ` : ''}${m} x ${k} x ${n}`,
      type: product.int8 ? 'int8' : 'float32',
      count,
      'ms each': Number(ms.toFixed(2)),
      'Gop/s': Math.round((2 * batch * m * k * n) / ms / 1e6),
    });
  }
  return { table, totalMs };
}

function encoderProducts(config: ModelConfig): Product[] {
  const { sourcePositions: m, hiddenSize: d, melBands, encoderHeads, encoderLayers, encoderFfnSize } = config;
  const headSize = d / encoderHeads;
  const one = { batch: 1, m, int8: true };
  return [
    { ...one, name: 'first convolution', m: 2 * m, k: 3 * melBands, n: d, int8: false, count: 1 },
    { ...one, name: 'second convolution', k: 3 * d, n: d, int8: false, count: 1 },
    { ...one, name: 'query, key, value, output', k: d, n: d, count: 4 * encoderLayers },
    { ...one, name: 'feed forward, in', k: d, n: encoderFfnSize, count: encoderLayers },
    { ...one, name: 'feed forward, out', k: encoderFfnSize, n: d, count: encoderLayers },
    { ...one, name: 'scores', batch: encoderHeads, k: headSize, n: m, int8: false, count: encoderLayers },
    { ...one, name: 'attended', batch: encoderHeads, k: m, n: headSize, int8: false, count: encoderLayers },
  ];
}

/** Milliseconds of one product: the median of rounds, each of four products in one run. */
async function timeOf(product: Product, threads: number, rounds: number, folder: string): Promise<number> {
  const REPEAT = 4;
  const { batch, m, k, n, int8 } = product;
  const path = join(folder, `product-${m}-${k}-${n}.onnx`);
  await writeModel(modelOf(product, REPEAT), path);
  const session = await openSession(path, { executionProviders: ['cpu'], threads });
  const a = int8
    ? tensorOf(
        'uint8',
        Uint8Array.from({ length: m * k }, (_, i) => (i * 31) & 255),
        [m, k],
      )
    : tensorOf('float32', noise(batch * m * k), [batch, m, k]);
  const feeds: Record<string, typeof a> = { a };
  if (!int8) {
    for (let i = 0; i < REPEAT; i++)
      feeds[`b${i}`] = tensorOf('float32', noise(batch * k * n), [batch, k, n]);
  }
  const outputs = Array.from({ length: REPEAT }, (_, i) => `y${i}`);
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const begun = performance.now();
    await session.run(feeds, outputs);
    if (round > 0) times.push((performance.now() - begun) / REPEAT);
  }
  await session.release();
  return summarize(times).p50;
}

/** Only a corner of each product is an output: outputs are copied. */
function modelOf({ batch, m, k, n, int8 }: Product, repeat: number) {
  const g = new GraphBuilder(17);
  const weights: TensorProto[] = [];
  const inputs = [
    valueInfo('a', int8 ? TensorProto_DataType.UINT8 : ElementType.float32, int8 ? [m, k] : [batch, m, k]),
  ];
  for (let i = 0; i < repeat; i++) {
    if (int8) {
      const rawData = Buffer.from(
        Int8Array.from({ length: k * n }, (_, at) => ((at * (37 + i)) & 255) - 128).buffer,
      );
      const dims = [k, n];
      weights.push({
        ...TensorProto.create({ name: `b${i}`, dims, dataType: TensorProto_DataType.INT8 }),
        rawData,
      });
    } else {
      inputs.push(valueInfo(`b${i}`, ElementType.float32, [batch, k, n]));
    }
    const product = g.op(int8 ? 'MatMulInteger' : 'MatMul', ['a', `b${i}`]);
    const corner = g.op('Slice', [product, g.int64([0]), g.int64([1]), g.int64([-1])]);
    g.name(corner, `y${i}`);
  }
  const type = int8 ? TensorProto_DataType.INT32 : ElementType.float32;
  return ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: GraphProto.create({
      name: 'product',
      node: g.nodes,
      initializer: [...weights, ...g.constants],
      input: inputs,
      output: Array.from({ length: repeat }, (_, i) => valueInfo(`y${i}`, type)),
    }),
  });
}

function noise(length: number): Float32Array {
  return Float32Array.from({ length }, () => Math.random() * 2 - 1);
}
