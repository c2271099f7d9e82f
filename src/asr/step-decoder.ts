/**
 * Decoding with the published decoder graphs, one token per run: the oracle of the generation graph, and what
 * serves where that has not been compiled.
 *
 * The published graphs count positions from the start of the cache and have no mask, so rows share their
 * position. Rows with longer prompts are therefore fed their prompt token by token while others already
 * generate: no row ever sees a token that is not its own.
 */
import type { OnnxSession } from '../inference/onnx-session.ts';
import { BeamBatch } from './beam-batch.ts';
import type { Decoder, DecoderBatch, DecoderRow, RowProgress, StartProbabilities } from './decoder.ts';
import { expectShape } from './encoder.ts';
import { LogitRules } from './logit-rules.ts';
import { type ModelConfig, mismatch } from './model-config.ts';
import { readStart } from './start-probabilities.ts';
import { type StepSessions, StepState } from './step-state.ts';
import { chooseToken } from './token-choice.ts';
import type { SpecialTokens } from './tokenizer.ts';

export class StepDecoder implements Decoder {
  /** Published decoders do not give out their cross-attention. */
  readonly alignment = false;
  readonly #sessions: StepSessions;
  readonly #config: ModelConfig;
  readonly #special: SpecialTokens;
  readonly #rules: LogitRules;

  /** Throws `failed-precondition` if the graphs are not the decoder of this model. */
  constructor(sessions: StepSessions, config: ModelConfig, special: SpecialTokens) {
    this.#sessions = sessions;
    this.#config = config;
    this.#special = special;
    this.#rules = new LogitRules(config, special);
    const all = sessions.type === 'merged' ? [sessions.merged] : [sessions.first, sessions.withPast];
    for (const session of all) checkDecoder(session, config);
  }

  start(rows: readonly DecoderRow[]): DecoderBatch {
    const state = (encoded: readonly Float32Array[]) => new StepState(this.#sessions, this.#config, encoded);
    return rows.some((row) => (row.beams ?? 1) > 1)
      ? new BeamBatch(rows, state, this.#config, this.#special, this.#rules)
      : new StepBatch(rows, state, this.#config, this.#special, this.#rules);
  }

  async release(): Promise<void> {
    if (this.#sessions.type === 'merged') return this.#sessions.merged.release();
    await this.#sessions.first.release();
    await this.#sessions.withPast.release();
  }
}

class StepBatch implements DecoderBatch {
  rows: readonly DecoderRow[];
  readonly #state: StepState;
  readonly #config: ModelConfig;
  readonly #special: SpecialTokens;
  readonly #rules: LogitRules;
  #generated: number[][];
  #starts: (StartProbabilities | undefined)[];

  constructor(
    rows: readonly DecoderRow[],
    stateOf: (encoded: readonly Float32Array[]) => StepState,
    config: ModelConfig,
    special: SpecialTokens,
    rules: LogitRules,
  ) {
    this.rows = rows;
    this.#state = stateOf(rows.map((row) => row.encoded));
    this.#config = config;
    this.#special = special;
    this.#rules = rules;
    this.#generated = rows.map(() => []);
    this.#starts = rows.map(() => undefined);
  }

  startProbabilities(row: number): StartProbabilities {
    return this.#starts[row]!;
  }

  /** Makes `maxTokens` steps; a row still within its prompt gets fewer tokens, or none. */
  async advance(maxTokens: number): Promise<readonly RowProgress[]> {
    const progress = this.rows.map(() => ({ tokens: [] as number[], logProbabilities: [] as number[] }));
    for (let step = 0; step < maxTokens && !this.rows.every((_, row) => this.#isFinished(row)); step++) {
      const { position } = this.#state;
      const width = position === 0 ? Math.min(...this.rows.map((row) => row.prompt.length)) : 1;
      const logits = await this.#state.feed(this.rows.map((_, row) => this.#nextTokens(row, width)));
      const { vocabularySize } = this.#config;
      this.rows.forEach((row, index) => {
        for (let column = 0; column < width; column++) {
          const offset = (index * width + column) * vocabularySize;
          const next = position + column + 1;
          const logitsHere = logits.subarray(offset, offset + vocabularySize);
          if (next - 1 === row.startIndex) this.#starts[index] = readStart(logitsHere, this.#special);
          if (next < row.prompt.length || column < width - 1 || this.#isFinished(index)) continue;
          const generated = this.#generated[index]!;
          this.#rules.apply(logitsHere, generated, row.timestamps);
          const { token, logProbability } = chooseToken(logitsHere, row.temperature, row.draw);
          generated.push(token);
          progress[index]!.tokens.push(token);
          progress[index]!.logProbabilities.push(logProbability);
        }
      });
    }
    return progress.map((each, row) => ({ ...each, alignment: [], finished: this.#isFinished(row) }));
  }

  select(rows: readonly number[]): void {
    this.rows = rows.map((row) => this.rows[row]!);
    this.#generated = rows.map((row) => this.#generated[row]!);
    this.#starts = rows.map((row) => this.#starts[row]);
    this.#state.select(rows);
  }

  #isFinished(row: number): boolean {
    const generated = this.#generated[row]!;
    return generated.at(-1) === this.#special.endOfText || generated.length >= this.rows[row]!.maxTokens;
  }

  #nextTokens(row: number, width: number): number[] {
    const { prompt } = this.rows[row]!;
    return Array.from({ length: width }, (_, column) => {
      const at = this.#state.position + column;
      return prompt[at] ?? this.#generated[row]![at - prompt.length] ?? this.#special.endOfText;
    });
  }
}

const KNOWN_INPUT =
  /^(input_ids|encoder_hidden_states|use_cache_branch|past_key_values\.\d+\.(decoder|encoder)\.(key|value))$/;

function checkDecoder(session: OnnxSession, config: ModelConfig): void {
  const headSize = config.hiddenSize / config.decoderHeads;
  for (const name of session.inputs.keys()) {
    if (!KNOWN_INPUT.test(name)) {
      throw mismatch(`onnx/${session.file}`, `has an input ${name}, which no published Whisper decoder has`);
    }
  }
  expectShape(session, 'outputs', 'logits', [undefined, undefined, config.vocabularySize]);
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    expectShape(session, 'outputs', `present.${layer}.decoder.key`, [
      undefined,
      config.decoderHeads,
      undefined,
      headSize,
    ]);
  }
  if (session.outputs.has(`present.${config.decoderLayers}.decoder.key`)) {
    throw mismatch(`onnx/${session.file}`, `has more layers than config.json's ${config.decoderLayers}`);
  }
}
