import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { ElementType, GraphBuilder, valueInfo } from '../../../src/asr/graph/graph-builder.ts';
import { chooseToken } from '../../../src/asr/graph/token-rules.ts';
import { GraphProto, ModelProto } from '../../../src/gen/onnx/onnx.ts';
import { golden } from './fixture.ts';
import { applyRules } from './step-by-step.ts';

const { rules } = golden;
const begin = rules.noTimestamps + 1;
const end = rules.endOfText;

interface Case {
  sequence: readonly number[];
  timestamps: boolean;
  logits: Float32Array;
}

let session: ort.InferenceSession;
beforeAll(async () => {
  session = await ort.InferenceSession.create(rulesModel(), { logSeverityLevel: 3 });
});

test('chooses what transformers chooses, all cases in one batch', async () => {
  const chosen = await choose(golden.ruleCases);
  for (const [i, { token, logProbability }] of golden.ruleCases.entries()) {
    expect(chosen[i]!.token).toBe(token);
    expect(chosen[i]!.logProbability).toBeCloseTo(logProbability, 4);
  }
});

/** Logits that make one token likeliest if it is allowed at all; the second is next. */
describe.each<[name: string, sequence: number[], timestamps: boolean, wanted: number[], expected: number]>([
  ['the first token is a timestamp', [], true, [20], begin],
  ['the first timestamp is not later than allowed', [], true, [begin + 20, begin + 10], begin + 10],
  ['text may follow the first timestamp', [begin], true, [20], 20],
  ['a second timestamp may not follow the first', [begin], true, [begin + 3, 20], 20],
  [
    'after text and a timestamp, text may not follow',
    [begin, 20, begin + 5],
    true,
    [20, begin + 6],
    begin + 6,
  ],
  ['a segment may be closed by the same timestamp', [begin, 20, begin + 5], true, [begin + 5], begin + 5],
  ['after text and a timestamp the text may end', [begin, 20, begin + 5], true, [end], end],
  ['timestamps do not go back', [begin + 4, 20], true, [begin + 2, begin + 9], begin + 9],
  ['an empty segment is not made', [begin + 4, 20], true, [begin + 4, begin + 5], begin + 5],
  ['two timestamps are followed by text', [begin, 20, begin + 5, begin + 5], true, [begin + 6, 30], 30],
  ['no-timestamps is not a token of text', [begin], true, [rules.noTimestamps, 20], 20],
  ['suppressed tokens are not chosen', [begin], true, [rules.suppressTokens[0]!, 20], 20],
  ['without timestamps, the text does not end at once', [], false, [end, 20], 20],
  ['without timestamps, text may end later', [20], false, [end, 20], end],
  ['without timestamps, tokens are suppressed too', [20], false, [rules.suppressTokens[1]!, 20], 20],
])('%s', (_, sequence, timestamps, wanted, expected) => {
  test(`${sequence.join(' ') || 'start'} -> ${expected}`, async () => {
    const logits = new Float32Array(rules.vocabularySize).fill(-10);
    wanted.forEach((token, i) => {
      logits[token] = 10 - i;
    });
    const [chosen] = await choose([{ sequence, timestamps, logits }]);
    expect(chosen!.token).toBe(expected);
  });
});

test('timestamps that are likelier together than any text win, though each alone is not', async () => {
  const logits = new Float32Array(rules.vocabularySize).fill(-10);
  logits.fill(1, begin);
  logits[20] = 2;
  const [ruled, free] = await choose([
    { sequence: [begin, 20], timestamps: true, logits },
    { sequence: [begin, 20], timestamps: false, logits },
  ]);
  expect(ruled!.token).toBe(begin + 1);
  expect(free!.token).toBe(20);
  const allowed = rules.vocabularySize - begin - 1;
  expect(ruled!.logProbability).toBeCloseTo(-Math.log(allowed), 4);
});

test('temperature draws from what the rules leave', async () => {
  const logits = golden.ruleCases[1]!.logits;
  const sequence = [begin, 20];
  const left = applyRules(rules, logits, sequence, true);
  for (let i = 0; i < 50; i++) {
    const [chosen] = await choose([{ sequence, timestamps: true, logits }], 1, i / 50);
    expect(left[chosen!.token]).not.toBe(Number.NEGATIVE_INFINITY);
  }
});

async function choose(cases: readonly Case[], temperature = 0, uniform = 0) {
  const of = (pick: (sequence: readonly number[], rule: Case) => number) =>
    new ort.Tensor(
      'int64',
      BigInt64Array.from(cases, (rule) => BigInt(pick(rule.sequence, rule))),
      [cases.length],
    );
  const logits = Float32Array.from(cases.flatMap((rule) => [...rule.logits]));
  const each = (value: number) =>
    new ort.Tensor('float32', new Float32Array(cases.length).fill(value), [cases.length]);
  const outputs = await session.run({
    logits: new ort.Tensor('float32', logits, [cases.length, rules.vocabularySize]),
    generated: of((sequence) => sequence.length),
    last: of((sequence) => sequence.at(-1) ?? -1),
    penultimate: of((sequence) => sequence.at(-2) ?? -1),
    lastTimestamp: of((sequence) => sequence.findLast((token) => token >= begin) ?? -1),
    timestamps: of((_, { timestamps }) => (timestamps ? 1 : 0)),
    temperature: each(temperature),
    uniform: each(uniform),
  });
  const tokens = outputs.token!.data as BigInt64Array;
  const logProbabilities = outputs.logProbability!.data as Float32Array;
  return cases.map((_, i) => ({ token: Number(tokens[i]), logProbability: logProbabilities[i]! }));
}

/** The rules alone, as a model. */
function rulesModel(): Uint8Array {
  const b = new GraphBuilder(18);
  const state = ['generated', 'last', 'penultimate', 'lastTimestamp', 'timestamps'] as const;
  const { token, logProbability } = chooseToken(
    b,
    rules,
    'logits',
    {
      generated: 'generated',
      last: 'last',
      penultimate: 'penultimate',
      lastTimestamp: 'lastTimestamp',
      timestamps: 'timestamps',
    },
    {
      any: b.less(b.float32(0), b.op('ReduceMax', ['temperature'], { keepdims: 0 })),
      temperature: 'temperature',
      uniform: 'uniform',
    },
  );
  b.name(token, 'token');
  b.name(logProbability, 'logProbability');
  const model = ModelProto.create({
    irVersion: 9,
    opsetImport: [{ domain: '', version: 18 }],
    graph: GraphProto.create({
      name: 'rules',
      node: b.nodes,
      initializer: b.constants,
      input: [
        valueInfo('logits', ElementType.float32, ['batch', rules.vocabularySize]),
        ...state.map((name) => valueInfo(name, ElementType.int64, ['batch'])),
        valueInfo('temperature', ElementType.float32, ['batch']),
        valueInfo('uniform', ElementType.float32, ['batch']),
      ],
      output: [valueInfo('token', ElementType.int64), valueInfo('logProbability', ElementType.float32)],
    }),
  });
  return ModelProto.encode(model).finish();
}
