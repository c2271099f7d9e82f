import * as ort from 'onnxruntime-node';
import type { GenerationRules } from '../../../src/asr/graph/index.ts';

/** One row, decoded by calling the published decoder once per token: what the compiled graph must equal. */
export interface StepByStepResult {
  tokens: number[];
  logProbabilities: number[];
  noSpeechProbability: number;
  languageLogProbabilities: number[];
}

export interface StepByStepRow {
  /** [positions, hidden size] */
  hidden: Float32Array;
  prompt: readonly number[];
  sotIndex: number;
  maxNewTokens: number;
  timestamps: boolean;
  temperature: number;
  random?: () => number;
}

type Rules = GenerationRules & { layers: number; heads: number; headSize: number; hiddenSize: number };

export async function decodeStepByStep(
  decoder: ort.InferenceSession,
  rules: Rules,
  row: StepByStepRow,
): Promise<StepByStepResult> {
  const { layers, heads, headSize, hiddenSize } = rules;
  const merged = decoder.inputNames.includes('use_cache_branch');
  if (!merged) throw new Error('the oracle wants a merged decoder');
  const hidden = new ort.Tensor('float32', row.hidden, [1, row.hidden.length / hiddenSize, hiddenSize]);
  const empty = new ort.Tensor('float32', new Float32Array(heads * headSize), [1, heads, 1, headSize]);
  const past: Record<string, ort.Tensor> = {};
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value']) {
      past[`past_key_values.${layer}.${part}`] = empty;
    }
  }
  const result: StepByStepResult = {
    tokens: [],
    logProbabilities: [],
    noSpeechProbability: Number.NaN,
    languageLogProbabilities: [],
  };
  let input: readonly number[] = row.prompt;
  while (result.tokens.length < row.maxNewTokens) {
    const starting = result.tokens.length === 0;
    const outputs = await decoder.run({
      input_ids: new ort.Tensor('int64', BigInt64Array.from(input, BigInt), [1, input.length]),
      encoder_hidden_states: hidden,
      use_cache_branch: new ort.Tensor('bool', [!starting], [1]),
      ...past,
    });
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value']) {
        if (part.startsWith('encoder') && !starting) continue;
        past[`past_key_values.${layer}.${part}`] = outputs[`present.${layer}.${part}`]!;
      }
    }
    const all = outputs.logits!.data as Float32Array;
    const size = rules.vocabularySize;
    if (starting) {
      const sot = logSoftmax(all.slice(row.sotIndex * size, (row.sotIndex + 1) * size));
      result.noSpeechProbability = Math.exp(sot[rules.noSpeechToken]!);
      result.languageLogProbabilities = rules.languageTokens.map((token) => sot[token]!);
    }
    const scores = applyRules(rules, all.slice(all.length - size), result.tokens, row.timestamps);
    const token = row.temperature > 0 ? draw(scores, row.temperature, row.random!()) : argMax(scores);
    result.tokens.push(token);
    result.logProbabilities.push(logSoftmax(scores)[token]!);
    if (token === rules.endOfText) break;
    input = [token];
  }
  return result;
}

/** transformers' logits processors, line by line: suppress, suppress at begin, timestamps. */
export function applyRules(
  rules: GenerationRules,
  logits: Float32Array,
  sequence: readonly number[],
  timestamps: boolean,
): Float32Array {
  const scores = logits.slice();
  const never = Number.NEGATIVE_INFINITY;
  for (const token of rules.suppressTokens) scores[token] = never;
  if (sequence.length === 0) for (const token of rules.beginSuppressTokens) scores[token] = never;
  if (!timestamps) return scores;

  const begin = rules.noTimestamps + 1;
  scores[rules.noTimestamps] = never;
  const lastWasTimestamp = sequence.length >= 1 && sequence.at(-1)! >= begin;
  const penultimateWasTimestamp = sequence.length < 2 || sequence.at(-2)! >= begin;
  if (lastWasTimestamp) {
    if (penultimateWasTimestamp) scores.fill(never, begin);
    else scores.fill(never, 0, rules.endOfText);
  }
  const last = sequence.findLast((token) => token >= begin);
  if (last !== undefined) {
    scores.fill(never, begin, lastWasTimestamp && !penultimateWasTimestamp ? last : last + 1);
  }
  if (sequence.length === 0) {
    scores.fill(never, 0, begin);
    if (rules.maxInitialTimestampIndex !== undefined) {
      scores.fill(never, begin + rules.maxInitialTimestampIndex + 1);
    }
  }
  const logProbabilities = logSoftmax(scores);
  const timestampLogProbability = logSumExp(logProbabilities.subarray(begin));
  const maxText = logProbabilities.subarray(0, begin).reduce((a, b) => Math.max(a, b), never);
  if (timestampLogProbability > maxText) scores.fill(never, 0, begin);
  return scores;
}

function draw(scores: Float32Array, temperature: number, uniform: number): number {
  const logProbabilities = logSoftmax(scores.map((score) => score / temperature));
  let sum = 0;
  for (const [token, logProbability] of logProbabilities.entries()) {
    sum += Math.exp(logProbability);
    if (sum > uniform) return token;
  }
  return argMax(scores);
}

function argMax(scores: Float32Array): number {
  return scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0);
}

function logSoftmax(scores: Float32Array): Float32Array {
  const sum = logSumExp(scores);
  return scores.map((score) => score - sum);
}

function logSumExp(scores: Float32Array): number {
  const max = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (max === Number.NEGATIVE_INFINITY) return max;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - max);
  return max + Math.log(sum);
}
