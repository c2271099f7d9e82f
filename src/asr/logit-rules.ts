/**
 * Which tokens Whisper may say next: the suppress lists and the three timestamp rules of openai/whisper
 * (decoding.py: SuppressTokens, SuppressBlank, ApplyTimestampRules), in transformers' order.
 */
import type { ModelConfig } from './model-config.ts';
import type { SpecialTokens } from './tokenizer.ts';

export class LogitRules {
  readonly #config: ModelConfig;
  readonly #special: SpecialTokens;

  constructor(config: ModelConfig, special: SpecialTokens) {
    this.#config = config;
    this.#special = special;
  }

  /**
   * Sets the logits of forbidden tokens to -Infinity. `generated` are the row's tokens after the prompt.
   * `timestamps` false leaves out the rules of timestamps.
   */
  apply(logits: Float32Array, generated: readonly number[], timestamps: boolean): void {
    const { suppressTokens, beginSuppressTokens } = this.#config;
    if (generated.length === 0) forbid(logits, beginSuppressTokens);
    forbid(logits, suppressTokens);
    if (timestamps) this.#applyTimestampRules(logits, generated);
  }

  #applyTimestampRules(logits: Float32Array, generated: readonly number[]): void {
    const { noTimestamps, timestampBegin, endOfText } = this.#special;
    const isTimestamp = (id: number | undefined) => id !== undefined && id >= timestampBegin;
    logits[noTimestamps] = Number.NEGATIVE_INFINITY;

    // 1. Timestamps come in pairs (end of a segment, start of the next), except before end-of-text.
    const lastIs = isTimestamp(generated.at(-1));
    const penultimateIs = generated.length < 2 || isTimestamp(generated.at(-2));
    if (lastIs) {
      if (penultimateIs) forbidRange(logits, timestampBegin, logits.length);
      else forbidRange(logits, 0, endOfText);
    }

    // 2. They never go back; and a segment is not empty, so after text the next is later than the last.
    const last = generated.findLast(isTimestamp);
    if (last !== undefined) {
      forbidRange(logits, timestampBegin, lastIs && !penultimateIs ? last : last + 1);
    }

    // The first token is a timestamp, and not a late one.
    if (generated.length === 0) {
      forbidRange(logits, 0, timestampBegin);
      const limit = this.#config.maxInitialTimestampIndex;
      if (limit !== undefined) forbidRange(logits, timestampBegin + limit + 1, logits.length);
    }

    // 3. If all timestamps together are likelier than any one other token, it is a timestamp.
    let largestText = Number.NEGATIVE_INFINITY;
    for (let id = 0; id < timestampBegin; id++) if (logits[id]! > largestText) largestText = logits[id]!;
    if (logSumExp(logits, timestampBegin, logits.length) > largestText)
      forbidRange(logits, 0, timestampBegin);
  }
}

/** log of the sum of exp over [start, end); -Infinity if nothing there is possible. */
export function logSumExp(logits: Float32Array, start: number, end: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) if (logits[i]! > largest) largest = logits[i]!;
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.exp(logits[i]! - largest);
  return largest + Math.log(sum);
}

function forbid(logits: Float32Array, ids: readonly number[]): void {
  for (const id of ids) logits[id] = Number.NEGATIVE_INFINITY;
}

function forbidRange(logits: Float32Array, start: number, end: number): void {
  logits.fill(Number.NEGATIVE_INFINITY, start, end);
}
