import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  type GraphProto,
  ModelProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from '../../gen/onnx/onnx.ts';

/**
 * ONNX files without their weights in memory.
 *
 * Weights are 99 % of a model and the compiler never looks at them. Reading therefore leaves them in the file
 * and notes where they are, in the words of ONNX itself (`external_data`: location, offset, length), whether
 * they came from inside the model file or from a data file beside it. Writing copies weights from inside model
 * files to one data file, from disk to disk, and refers to data files where they are.
 */

/** Smaller tensors stay in the graph: shapes and scalars, which onnxruntime wants to see when it optimises. */
const inlineBytes = 1024;
/** Weights of a page or more start on a page, so that onnxruntime maps them into memory as they are. */
const pageBytes = 4096;
const alignmentBytes = 64;

/** Where the bytes of a tensor are. */
export interface WeightLocation {
  /** Absolute. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export async function readModel(path: string): Promise<ModelProto> {
  const file = resolve(path);
  const reader = new WeightSkippingReader(await readFile(file));
  const model = ModelProto.decode(reader);
  for (const tensor of tensorsOf(model.graph)) {
    const skipped = tensor.rawData && reader.skipped(tensor.rawData);
    if (skipped) {
      tensor.rawData = undefined;
      setWeightLocation(tensor, { path: file, ...skipped });
    } else if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
      const field = new Map(tensor.externalData.map((entry) => [entry.key, entry.value ?? '']));
      setWeightLocation(tensor, {
        path: resolve(dirname(file), field.get('location') ?? ''),
        offset: Number(field.get('offset') ?? 0),
        length: Number(field.get('length') ?? 0),
      });
    }
  }
  return model;
}

/** Writes the graph to `path` and, if it has weights from inside model files, these to `<path>_data`. */
export async function writeModel(model: ModelProto, path: string): Promise<void> {
  const file = resolve(path);
  const dataFile = `${file}_data`;
  let data: FileHandle | undefined;
  let end = 0;
  const written = new Map<string, WeightLocation>();
  try {
    for (const tensor of tensorsOf(model.graph)) {
      const source = weightLocation(tensor);
      if (!source && (tensor.rawData?.length ?? 0) < inlineBytes) continue;
      if (source && !source.path.endsWith('.onnx') && (await isBeside(file, source.path))) {
        setWeightLocation(tensor, { ...source, path: basename(source.path) });
        continue;
      }
      const length = source ? source.length : tensor.rawData!.length;
      const key = source && `${source.path}:${source.offset}`;
      let target = key ? written.get(key) : undefined;
      if (!target) {
        const alignment = length >= pageBytes ? pageBytes : alignmentBytes;
        const offset = Math.ceil(end / alignment) * alignment;
        data ??= await open(dataFile, 'w');
        if (source) await copyBytes(source, data, offset);
        else await data.write(tensor.rawData!, 0, length, offset);
        target = { path: basename(dataFile), offset, length };
        if (key) written.set(key, target);
        end = offset + length;
      }
      tensor.rawData = undefined;
      setWeightLocation(tensor, target);
    }
    await data?.sync();
  } finally {
    await data?.close();
  }
  await writeFile(file, ModelProto.encode(model).finish());
}

export function weightLocation(tensor: TensorProto): WeightLocation | undefined {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return undefined;
  const field = new Map(tensor.externalData.map((entry) => [entry.key, entry.value ?? '']));
  return {
    path: field.get('location')!,
    offset: Number(field.get('offset')),
    length: Number(field.get('length')),
  };
}

function setWeightLocation(tensor: TensorProto, { path, offset, length }: WeightLocation): void {
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = [
    { key: 'location', value: path },
    { key: 'offset', value: `${offset}` },
    ...(length > 0 ? [{ key: 'length', value: `${length}` }] : []),
  ];
}

/** The bytes of one tensor. */
export async function readTensor(tensor: TensorProto): Promise<Buffer> {
  const source = weightLocation(tensor);
  if (!source) return tensor.rawData && tensor.rawData.length > 0 ? tensor.rawData : typedData(tensor);
  const bytes = Buffer.alloc(source.length);
  const file = await open(source.path, 'r');
  try {
    await file.read(bytes, 0, source.length, source.offset);
  } finally {
    await file.close();
  }
  return bytes;
}

/** Small tensors may have their elements in a list instead of raw bytes. */
function typedData({ dataType, floatData, int32Data, int64Data }: TensorProto): Buffer {
  switch (dataType) {
    case TensorProto_DataType.FLOAT:
      return Buffer.from(Float32Array.from(floatData).buffer);
    case TensorProto_DataType.INT64:
      return Buffer.from(BigInt64Array.from(int64Data, BigInt).buffer);
    case TensorProto_DataType.INT8:
    case TensorProto_DataType.UINT8:
      return Buffer.from(int32Data);
    default:
      throw new Error(`a tensor of type ${dataType} without raw data is not supported`);
  }
}

/** All initializers, and tensors in attributes, subgraphs included. */
export function* tensorsOf(graph: GraphProto | undefined): Generator<TensorProto> {
  if (!graph) return;
  yield* graph.initializer;
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.t) yield attribute.t;
      yield* attribute.tensors;
      yield* tensorsOf(attribute.g);
      for (const subgraph of attribute.graphs) yield* tensorsOf(subgraph);
    }
  }
}

/**
 * Hands out a ticket in place of each long `bytes` field. ts-proto copies every `bytes` field (`Buffer.from`),
 * which for a model means its whole size once more.
 */
class WeightSkippingReader extends BinaryReader {
  readonly #mark = randomBytes(16);
  readonly #places: { offset: number; length: number }[] = [];

  override bytes(): Uint8Array {
    const bytes = super.bytes();
    if (bytes.length < inlineBytes) return bytes;
    const ticket = Buffer.alloc(20);
    this.#mark.copy(ticket);
    ticket.writeUInt32LE(this.#places.length, 16);
    this.#places.push({ offset: this.pos - bytes.length, length: bytes.length });
    return ticket;
  }

  skipped(bytes: Buffer): { offset: number; length: number } | undefined {
    if (bytes.length !== 20 || this.#mark.compare(bytes, 0, 16) !== 0) return undefined;
    return this.#places[bytes.readUInt32LE(16)];
  }
}

async function copyBytes(source: WeightLocation, target: FileHandle, offset: number): Promise<void> {
  const from = await open(source.path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(Math.min(source.length, 8 << 20));
    for (let done = 0; done < source.length; ) {
      const want = Math.min(chunk.length, source.length - done);
      const { bytesRead } = await from.read(chunk, 0, want, source.offset + done);
      if (bytesRead === 0) throw new Error(`${basename(source.path)} ends within a tensor`);
      await target.write(chunk, 0, bytesRead, offset + done);
      done += bytesRead;
    }
  } finally {
    await from.close();
  }
}

/** Data files must be in the folder of the model; a hard link takes no space. Without links, weights are copied. */
async function isBeside(modelFile: string, dataFile: string): Promise<boolean> {
  if (dirname(dataFile) === dirname(modelFile)) return true;
  const linked = join(dirname(modelFile), basename(dataFile));
  try {
    await link(dataFile, linked);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return false;
    const [there, wanted] = await Promise.all([stat(linked), stat(dataFile)]);
    return there.ino === wanted.ino && there.dev === wanted.dev;
  }
}
