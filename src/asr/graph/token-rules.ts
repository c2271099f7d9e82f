import type { GraphBuilder, Value } from './graph-builder.ts';
import { ElementType } from './graph-builder.ts';

/**
 * Which token may come next, and which one does: Whisper's decoding rules as part of the graph. They are those
 * of transformers' generation_whisper.py and logits_process.py (SuppressTokens, SuppressTokensAtBegin,
 * WhisperTimeStampLogitsProcessor), which follow OpenAI's decoding.py.
 */
export interface TokenRules {
  readonly vocabularySize: number;
  readonly endOfText: number;
  /** `<|notimestamps|>`; timestamps are all tokens after it. */
  readonly noTimestamps: number;
  readonly suppressTokens: readonly number[];
  /** Not allowed as the first token. */
  readonly beginSuppressTokens: readonly number[];
  /** How many steps of 20 ms the first timestamp may be after the start; undefined: any. */
  readonly maxInitialTimestampIndex: number | undefined;
}

/** Per row, [B] each. */
export interface RuleState {
  readonly generated: Value;
  readonly last: Value;
  readonly penultimate: Value;
  readonly lastTimestamp: Value;
  /** 1 if the timestamp rules apply. */
  readonly timestamps: Value;
}

export interface Sampling {
  /** Bool scalar: any row samples at all. */
  readonly any: Value;
  /** float32 [B] */
  readonly temperature: Value;
  /** float32 [B], in [0, 1) */
  readonly uniform: Value;
}

/**
 * Added to logits of tokens that are not allowed. Finite, so that a row without any allowed text has no NaN; a
 * logit is lost in it entirely.
 */
const never = -1e30;

/** Tokens [B] int64 and their log-probabilities [B] float32, chosen from `logits` [B, vocabulary] float32. */
export function chooseToken(
  b: GraphBuilder,
  rules: TokenRules,
  logits: Value,
  state: RuleState,
  sampling: Sampling,
): { token: Value; logProbability: Value } {
  const begin = rules.noTimestamps + 1;
  const zero = b.int64(0);
  const one = b.int64(1);
  const none = b.int64(-1);

  const ruled = b.op('Equal', [state.timestamps, one]);
  const initial = b.op('Equal', [state.generated, zero]);
  const lastWas = b.and(ruled, b.atLeast(state.last, b.int64(begin)));
  const penultimateWas = b.or(
    b.less(state.generated, b.int64(2)),
    b.atLeast(state.penultimate, b.int64(begin)),
  );
  /** After text and a timestamp: the segment is closed by a second timestamp or by the end of text. */
  const open = b.and(lastWas, b.not(penultimateWas));
  /** After two timestamps: text. */
  const paired = b.and(lastWas, penultimateWas);

  const textMask = b.where(
    ruled,
    b.where(
      initial,
      b.int64(textMasks.nothing),
      b.where(open, b.int64(textMasks.endOnly), b.int64(textMasks.ruled)),
    ),
    b.where(initial, b.int64(textMasks.begin), b.int64(textMasks.free)),
  );
  const text = b.add(
    slice(b, logits, 0, begin),
    b.op('Gather', [textMaskTable(b, rules, begin), textMask], { axis: 0 }),
  );

  // Timestamps may not go back; the same one again only to close a segment.
  const seen = b.not(b.op('Equal', [state.lastTimestamp, none]));
  const following = b.add(b.sub(state.lastTimestamp, b.int64(begin)), b.where(open, zero, one));
  const from = b.where(
    ruled,
    b.where(paired, b.int64(rules.vocabularySize), b.where(seen, following, zero)),
    zero,
  );
  const until =
    rules.maxInitialTimestampIndex === undefined
      ? b.int64(rules.vocabularySize)
      : b.where(
          b.and(ruled, initial),
          b.int64(rules.maxInitialTimestampIndex),
          b.int64(rules.vocabularySize),
        );
  const index = b.int64(Array.from({ length: rules.vocabularySize - begin }, (_, i) => i));
  const before = b.less(index, b.unsqueeze(from, [1]));
  const after =
    rules.maxInitialTimestampIndex === undefined
      ? before
      : b.or(before, b.less(b.unsqueeze(until, [1]), index));
  const rawTimes = slice(b, logits, begin, rules.vocabularySize);
  const suppressedTimes = rules.suppressTokens.filter((token) => token >= begin);
  const times = b.where(
    after,
    b.float32(never),
    suppressedTimes.length === 0
      ? rawTimes
      : b.add(rawTimes, maskRow(b, suppressedTimes, begin, rules.vocabularySize)),
  );

  const bestText = best(b, text);
  const bestTime = best(b, times);
  // If timestamps together are likelier than any text, it is a timestamp.
  const mustBeTime = b.and(ruled, b.less(bestText.logit, bestTime.logSumExp));
  const isTime = b.or(mustBeTime, b.less(bestText.logit, bestTime.logit));
  const normalizer = b.where(
    mustBeTime,
    bestTime.logSumExp,
    logAddExp(b, bestText.logSumExp, bestTime.logSumExp),
  );
  const greedy = b.where(isTime, b.add(bestTime.index, b.int64(begin)), bestText.index);
  const greedyLogit = b.where(isTime, bestTime.logit, bestText.logit);

  const [token, logit] = b.branch(
    sampling.any,
    [ElementType.int64, ElementType.float32],
    (inner) => sample(inner, text, times, mustBeTime, greedy, sampling),
    () => [greedy, greedyLogit],
  );
  return { token: token!, logProbability: b.sub(logit!, normalizer) };
}

/** Rows of the table of text masks. */
const textMasks = { free: 0, begin: 1, ruled: 2, endOnly: 3, nothing: 4 } as const;

function textMaskTable(b: GraphBuilder, rules: TokenRules, width: number): Value {
  const table = new Float32Array(Object.keys(textMasks).length * width);
  const forbid = (row: number, tokens: Iterable<number>) => {
    for (const token of tokens) if (token < width) table[row * width + token] = never;
  };
  for (const row of [textMasks.free, textMasks.begin, textMasks.ruled, textMasks.endOnly]) {
    forbid(row, rules.suppressTokens);
  }
  forbid(textMasks.begin, rules.beginSuppressTokens);
  forbid(textMasks.ruled, [rules.noTimestamps]);
  forbid(textMasks.endOnly, [rules.noTimestamps]);
  table.fill(never, textMasks.endOnly * width, textMasks.endOnly * width + rules.endOfText);
  table.fill(never, textMasks.nothing * width, (textMasks.nothing + 1) * width);
  return b.float32(table, [table.length / width, width]);
}

function maskRow(b: GraphBuilder, tokens: readonly number[], begin: number, end: number): Value {
  const row = new Float32Array(end - begin);
  for (const token of tokens) row[token - begin] = never;
  return b.float32(row);
}

/** The likeliest of each row, and the logarithm of the sum of all. */
function best(b: GraphBuilder, logits: Value): { index: Value; logit: Value; logSumExp: Value } {
  const index = b.op('ArgMax', [logits], { axis: 1, keepdims: 1 });
  const logit = b.op('GatherElements', [logits, index], { axis: 1 });
  const logProbability = b.op('GatherElements', [b.op('LogSoftmax', [logits], { axis: 1 }), index], {
    axis: 1,
  });
  return {
    index: b.squeeze(index, [1]),
    logit: b.squeeze(logit, [1]),
    logSumExp: b.squeeze(b.sub(logit, logProbability), [1]),
  };
}

function logAddExp(b: GraphBuilder, x: Value, y: Value): Value {
  const greater = b.op('Max', [x, y]);
  const exp = (value: Value) => b.op('Exp', [b.sub(value, greater)]);
  return b.add(greater, b.op('Log', [b.add(exp(x), exp(y))]));
}

/**
 * Draws from the tempered distribution: the first token at which the sum of probabilities exceeds `uniform`.
 * One number per token makes a draw repeatable, on any device and step by step.
 */
function sample(
  b: GraphBuilder,
  text: Value,
  times: Value,
  mustBeTime: Value,
  greedy: Value,
  sampling: Sampling,
): Value[] {
  const allowedText = b.where(b.unsqueeze(mustBeTime, [1]), b.float32(never), text);
  const logits = b.op('Concat', [allowedText, times], { axis: 1 });
  const samples = b.less(b.float32(0), sampling.temperature);
  const temperature = b.where(samples, sampling.temperature, b.float32(1));
  const probabilities = b.op('Softmax', [b.op('Div', [logits, b.unsqueeze(temperature, [1])])], { axis: 1 });
  const sums = b.op('CumSum', [probabilities, b.int64(1)]);
  // The total is 1 but for rounding; the draw must stay below it.
  const draw = b.mul(
    b.mul(b.op('Gather', [sums, b.int64(-1)], { axis: 1 }), b.float32(1 - 1e-6)),
    sampling.uniform,
  );
  const passed = b.cast(b.atLeast(b.unsqueeze(draw, [1]), sums), ElementType.int64);
  const token = b.where(samples, b.reduce('ReduceSum', passed, 1), greedy);
  const logit = b.op('GatherElements', [logits, b.unsqueeze(token, [1])], { axis: 1 });
  return [token, b.squeeze(logit, [1])];
}

function slice(b: GraphBuilder, x: Value, from: number, until: number): Value {
  return b.op('Slice', [x, b.int64([from]), b.int64([until]), b.int64([1])]);
}
