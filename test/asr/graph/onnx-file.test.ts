import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  readModel,
  readTensor,
  tensorsOf,
  weightLocation,
  writeModel,
} from '../../../src/asr/graph/onnx-file.ts';
import { ModelProto } from '../../../src/gen/onnx/onnx.ts';
import { CompiledFixture, fixturePath, golden } from './fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-onnx-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('weights stay in the file when a model is read, and are the same when it is written', async () => {
  const source = join(folder, 'model.onnx');
  copyFileSync(fixturePath('modern'), source);
  const model = await readModel(source);
  const embedding = model.graph!.initializer.find((tensor) => tensor.name?.includes('embed_tokens'))!;
  expect(embedding.rawData).toBeUndefined();
  expect(weightLocation(embedding)?.path).toBe(source);

  const written = join(folder, 'written.onnx');
  await writeModel(model, written);
  const before = [...tensorsOf(ModelProto.decode(readFileSync(source)).graph)];
  const after = [...tensorsOf((await readModel(written)).graph)];
  expect(after.map((tensor) => [tensor.name, tensor.dims])).toEqual(
    before.map((tensor) => [tensor.name, tensor.dims]),
  );
  for (const [i, tensor] of before.entries()) {
    const bytes = await readTensor(after[i]!);
    expect(bytes.equals(tensor.rawData!), tensor.name).toBe(true);
  }
});

test('everything but the weights survives reading and writing', async () => {
  const original = ModelProto.decode(readFileSync(fixturePath('old')));
  const written = ModelProto.decode(ModelProto.encode(original).finish());
  expect(written).toEqual(original);
});

test('weights in a data file beside the model are referred to, not copied', async () => {
  const model = await readModel(fixturePath('modern'));
  const source = join(folder, 'model.onnx');
  await writeModel(model, source);
  const size = statSync(`${source}_data`).size;
  const copy = join(folder, 'copy.onnx');
  await writeModel(await readModel(source), copy);
  expect(() => statSync(`${copy}_data`)).toThrow();
  expect(statSync(`${source}_data`).size).toBe(size);
  expect(statSync(copy).size).toBeLessThan(statSync(fixturePath('modern')).size);
});

test('a data file in another folder is linked', async () => {
  const source = join(folder, 'model.onnx');
  await writeModel(await readModel(fixturePath('modern')), source);
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  await writeModel(await readModel(source), join(elsewhere, 'copy.onnx'));
  expect(statSync(join(elsewhere, 'model.onnx_data')).ino).toBe(statSync(`${source}_data`).ino);
});

test('a decoder with external data compiles to a graph that shares it', async () => {
  using fixture = await CompiledFixture.of('modern', 'state', async (into) => {
    const path = join(into, 'decoder_model_merged_external.onnx');
    await writeModel(await readModel(join(into, 'decoder_model_merged.onnx')), path);
    return { merged: path };
  });
  const row = golden.rows[0]!;
  const { progress } = await fixture.graph.start([{ ...row, encoded: row.hidden }], { maxTokens: 32 });
  expect(progress[0]!.tokens).toEqual(row.tokens);
});

test('separate decoders with and without past compile to the same tokens', async () => {
  using fixture = await CompiledFixture.of('old', 'inside', async (into) => {
    const merged = ModelProto.decode(readFileSync(fixturePath('old')));
    const choice = merged.graph!.node.find((node) => node.opType === 'If')!;
    const paths = { decoder: join(into, 'decoder.onnx'), decoderWithPast: join(into, 'with_past.onnx') };
    for (const [name, path] of [
      ['else_branch', paths.decoder],
      ['then_branch', paths.decoderWithPast],
    ] as const) {
      const branch = choice.attribute.find((attribute) => attribute.name === name)!.g!;
      const graph = { ...branch, input: merged.graph!.input, initializer: merged.graph!.initializer };
      writeFileSync(path, ModelProto.encode({ ...merged, graph }).finish());
    }
    return paths;
  });
  const row = golden.rows[1]!;
  const { progress } = await fixture.graph.start([{ ...row, encoded: row.hidden }], { maxTokens: 32 });
  expect(progress[0]!.tokens).toEqual(row.tokens);
});

test('a file that is no merged decoder is named', async () => {
  await expect(
    CompiledFixture.of('modern', 'state', async (into) => {
      const path = join(into, 'not_merged.onnx');
      const model = ModelProto.decode(readFileSync(fixturePath('modern')));
      model.graph!.node = model.graph!.node.filter((node) => node.opType !== 'If');
      writeFileSync(path, ModelProto.encode(model).finish());
      return { merged: path };
    }),
  ).rejects.toThrow(/not_merged\.onnx/);
});

test('compiling twice gives the same bytes', async () => {
  using first = await CompiledFixture.of('modern');
  using second = await CompiledFixture.of('modern');
  for (const file of ['generation_model.onnx', 'generation_model.onnx_data', 'generation_model.json']) {
    expect(readFileSync(join(first.folder, file)).equals(readFileSync(join(second.folder, file))), file).toBe(
      true,
    );
  }
});
