import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceError } from '../../src/domain/service-error.ts';
import { TextClassifierPool, type TokenRow } from '../../src/inference/text-classifier-pool.ts';
import { NER_FOLDER } from './embedded-models.ts';

const MODEL = join(NER_FOLDER, 'onnx', 'model_quantized.onnx');
const options = { modelPath: MODEL, threads: 2, padTokenId: 0 };

let pool: TextClassifierPool;
beforeAll(async () => {
  pool = await TextClassifierPool.start(options);
});
afterAll(async () => {
  await pool[Symbol.asyncDispose]();
});

const row = (length: number, seed: number): TokenRow => ({
  ids: Array.from({ length }, (_, i) => 5 + ((i * 977 + seed * 131) % 9_000)),
});

test('says what the graph takes and gives', () => {
  expect(pool.graph.inputs.map(({ name, type }) => [name, type])).toEqual([
    ['input_ids', 'int64'],
    ['attention_mask', 'int64'],
    ['token_type_ids', 'int64'],
  ]);
  expect(pool.graph.outputs.map(({ name, type }) => [name, type])).toEqual([['logits', 'float32']]);
});

test('a row gets the scores of its own tokens, one list of labels each', async () => {
  const logits = await pool.classify(row(7, 1));
  expect(logits.length).toBe(7 * 11);
});

test('a row is scored the same alone and among longer rows', async () => {
  const alone = await pool.classify(row(9, 3));
  const together = await Promise.all([40, 9, 100, 5].map((length) => pool.classify(row(length, 3))));
  together[1]!.forEach((value, i) => {
    expect(value).toBeCloseTo(alone[i]!, 3);
  });
});

test('many rows at once all come back, each with its own answer', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => row(3 + (i % 20), i));
  const answers = await Promise.all(rows.map((each) => pool.classify(each)));
  expect(answers.map((logits) => logits.length)).toEqual(rows.map(({ ids }) => ids.length * 11));
});

test('a row the model cannot take fails by itself and the pool goes on', async () => {
  await expect(pool.classify({ ids: [10_000_000] })).rejects.toMatchObject({ kind: 'internal' });
  expect((await pool.classify(row(4, 2))).length).toBe(44);
});

test('what waits beyond the bound is refused', async () => {
  const own = await TextClassifierPool.start({ ...options, threads: 1 });
  const answers = await Promise.allSettled(Array.from({ length: 1_200 }, (_, i) => own.classify(row(4, i))));
  const refused = answers.filter((answer) => answer.status === 'rejected');
  expect(refused.length).toBe(1_200 - 1_024);
  expect(refused[0]!.reason).toMatchObject({ kind: 'resource-exhausted' });
  await own[Symbol.asyncDispose]();
});

test('disposal lets rows under way finish, refuses the rest, and may be repeated', async () => {
  const own = await TextClassifierPool.start({ ...options, threads: 1 });
  const running = own.classify(row(100, 1));
  await Promise.resolve();
  const closing = own[Symbol.asyncDispose]();
  await expect(own.classify(row(3, 1))).rejects.toMatchObject({ kind: 'unavailable' });
  expect((await running).length).toBe(1_100);
  await closing;
  await own[Symbol.asyncDispose]();
});

test('a gate that refuses the graph ends the start', async () => {
  const refused = new ServiceError('prohibited-by-design', 'no');
  await expect(
    TextClassifierPool.start(options, () => {
      throw refused;
    }),
  ).rejects.toBe(refused);
});

test('a file that is no model is refused with its name', async () => {
  await expect(
    TextClassifierPool.start({ ...options, modelPath: join(NER_FOLDER, 'config.json') }),
  ).rejects.toThrow(/config\.json/);
});
