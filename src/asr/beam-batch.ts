/**
 * Beam search over the published decoder, as transformers does it (generation/utils.py, _beam_search, early_stopping
 * false, length penalty 1): hypotheses are ranked by the sum of log-probabilities over the whole vocabulary, finished
 * ones by that per token.
 */
import type { DecoderBatch, DecoderRow, RowProgress, StartProbabilities } from './decoder.ts';
import { type LogitRules, logSumExp } from './logit-rules.ts';
import type { ModelConfig } from './model-config.ts';
import { readStart } from './start-probabilities.ts';
import type { StepState } from './step-state.ts';
import { chooseToken } from './token-choice.ts';
import type { SpecialTokens } from './tokenizer.ts';

/** Rows that are searched each for itself; the hypotheses of one are decoded together. Tokens come when a row ends. */
export class BeamBatch implements DecoderBatch {
  #searches: readonly BeamSearch[];

  constructor(
    rows: readonly DecoderRow[],
    stateOf: (encoded: readonly Float32Array[]) => StepState,
    config: ModelConfig,
    special: SpecialTokens,
    rules: LogitRules,
  ) {
    this.#searches = rows.map((row) => new BeamSearch(row, stateOf([row.encoded]), config, special, rules));
  }

  get rows(): readonly DecoderRow[] {
    return this.#searches.map((search) => search.row);
  }

  startProbabilities(row: number): StartProbabilities {
    return this.#searches[row]!.start!;
  }

  async advance(maxTokens: number): Promise<readonly RowProgress[]> {
    const progress: RowProgress[] = [];
    for (const search of this.#searches) {
      for (let step = 0; step < maxTokens && !search.result; step++) await search.step();
      const { tokens, logProbabilities } = search.result ?? { tokens: [], logProbabilities: [] };
      progress.push({ tokens, logProbabilities, alignment: [], finished: search.result !== undefined });
    }
    return progress;
  }

  select(rows: readonly number[]): void {
    this.#searches = rows.map((row) => this.#searches[row]!);
  }
}

interface Hypothesis {
  readonly tokens: readonly number[];
  /** Of each token, after the rules. */
  readonly logProbabilities: readonly number[];
  /** Sum over tokens, before the rules. */
  readonly score: number;
}

/** A hypothesis and one token more. */
interface Candidate extends Hypothesis {
  /** Row of the state that it goes on from. */
  readonly from: number;
}

class BeamSearch {
  readonly row: DecoderRow;
  start: StartProbabilities | undefined;
  /** Once the search is over. */
  result: Hypothesis | undefined;
  readonly #state: StepState;
  readonly #config: ModelConfig;
  readonly #special: SpecialTokens;
  readonly #rules: LogitRules;
  #running: readonly Hypothesis[] = [{ tokens: [], logProbabilities: [], score: 0 }];
  /** At most as many as there are beams, best first; `score` is per token. */
  #finished: readonly Hypothesis[] = [];

  constructor(
    row: DecoderRow,
    state: StepState,
    config: ModelConfig,
    special: SpecialTokens,
    rules: LogitRules,
  ) {
    this.row = row;
    this.#state = state;
    this.#config = config;
    this.#special = special;
    this.#rules = rules;
  }

  async step(): Promise<void> {
    const beams = this.row.beams ?? 1;
    const logits = await this.#feed();
    const { vocabularySize } = this.#config;
    // Twice as many as there are beams: enough to go on with if all the best ones end.
    const candidates = this.#running
      .flatMap((hypothesis, from) =>
        this.#continuations(
          hypothesis,
          from,
          logits.subarray(from * vocabularySize, (from + 1) * vocabularySize),
        ),
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, 2 * beams);
    const length = candidates[0]!.tokens.length;
    const ends = (each: Candidate) =>
      each.tokens.at(-1) === this.#special.endOfText || length >= this.row.maxTokens;
    const ended = candidates
      .slice(0, beams)
      .filter(ends)
      .map((each): Hypothesis => ({ ...each, score: each.score / length }));
    this.#finished = [...this.#finished, ...ended].sort((a, b) => b.score - a.score).slice(0, beams);
    const going = candidates.filter((each) => !ends(each)).slice(0, beams);
    const noBetter =
      this.#finished.length === beams && going[0] && going[0].score / length <= this.#finished.at(-1)!.score;
    if (going.length === 0 || noBetter) {
      this.result = this.#finished[0];
      return;
    }
    this.#state.select(going.map((each) => each.from));
    this.#running = going;
  }

  /** The prompt at first, then the last token of each hypothesis; returns the logits behind it, a row each. */
  async #feed(): Promise<Float32Array> {
    if (this.#state.position > 0) {
      return this.#state.feed(this.#running.map((hypothesis) => hypothesis.tokens.slice(-1)));
    }
    const { prompt, startIndex } = this.row;
    const { vocabularySize } = this.#config;
    const logits = await this.#state.feed([prompt]);
    const at = (index: number) => logits.subarray(index * vocabularySize, (index + 1) * vocabularySize);
    this.start = readStart(at(startIndex), this.#special);
    return at(prompt.length - 1);
  }

  #continuations(hypothesis: Hypothesis, from: number, logits: Float32Array): Candidate[] {
    const beams = this.row.beams ?? 1;
    const total = logSumExp(logits, 0, logits.length);
    this.#rules.apply(logits, hypothesis.tokens, this.row.timestamps);
    const allowed = logSumExp(logits, 0, logits.length);
    const tokens =
      this.row.temperature > 0
        ? [chooseToken(logits, this.row.temperature, this.row.draw).token]
        : likeliest(logits, 2 * beams);
    return tokens.map((token) => ({
      tokens: [...hypothesis.tokens, token],
      logProbabilities: [...hypothesis.logProbabilities, logits[token]! - allowed],
      score: hypothesis.score + logits[token]! - total,
      from,
    }));
  }
}

/** The `count` likeliest tokens that are possible at all, likeliest first. */
function likeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    if (logits[id] === Number.NEGATIVE_INFINITY) continue;
    if (best.length === count && logits[id]! <= logits[best.at(-1)!]!) continue;
    let at = best.length;
    while (at > 0 && logits[best[at - 1]!]! < logits[id]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}
