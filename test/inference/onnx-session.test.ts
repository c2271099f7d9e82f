import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { floats, floatTensor, type OnnxSession, openSession } from '../../src/inference/onnx-session.ts';
import { CPU, loadTiny, TINY_MODEL } from '../asr/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'sessions-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'encoder_model.onnx');
const { config } = await loadTiny();

const create = vi.spyOn(InferenceSession, 'create');
beforeEach(() => {
  create.mockClear();
  copyFileSync(`${TINY_MODEL}/onnx/encoder_model.onnx`, path);
});
const opened: OnnxSession[] = [];
afterEach(async () => {
  for (const session of opened.splice(0)) await session.release();
});

async function open(options: Partial<Parameters<typeof openSession>[1]> = {}): Promise<OnnxSession> {
  const session = await openSession(path, { ...CPU, ...options });
  opened.push(session);
  return session;
}

async function encode(session: OnnxSession): Promise<Float32Array> {
  const { melBands, windowFrames } = config;
  const features = Float32Array.from({ length: melBands * windowFrames }, (_, i) => Math.sin(i / 7));
  const output = await session.run({ input_features: floatTensor(features, [1, melBands, windowFrames]) }, [
    'last_hidden_state',
  ]);
  return floats(output.last_hidden_state);
}

test('a graph opened twice is loaded once', async () => {
  await Promise.all([open(), open()]);
  await open();
  expect(create).toHaveBeenCalledTimes(1);
});

test('one user at work is not troubled by another who leaves, and both compute the same', async () => {
  const [first, second] = await Promise.all([open(), open()]);
  const [one, other] = await Promise.all([encode(first), encode(second)]);
  expect(one).toEqual(other);
  await first.release();
  expect(await encode(second)).toEqual(one);
});

test('a graph that everybody has left is loaded anew', async () => {
  await (await open()).release();
  await encode(await open());
  expect(create).toHaveBeenCalledTimes(2);
});

test('with other options, or once the file is replaced, it is another graph', async () => {
  await open();
  await open({ threads: 2 });
  rmSync(path);
  copyFileSync(`${TINY_MODEL}/onnx/encoder_model_quantized.onnx`, path);
  await open();
  expect(create).toHaveBeenCalledTimes(3);
});

test('a file that is not there is named', async () => {
  await expect(openSession(join(folder, 'none.onnx'), CPU)).rejects.toMatchObject({
    kind: 'failed-precondition',
    message: expect.stringMatching(/^none\.onnx: /),
  });
});
