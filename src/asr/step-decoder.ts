/**
 * Decoding with the published decoder graphs, one token per run: the oracle of the generation graph, and what
 * serves where that has not been compiled.
 *
 * The published graphs count positions from the start of the cache and have no mask, so rows share their
 * position. Rows with longer prompts are therefore fed their prompt token by token while others already
 * generate: no row ever sees a token that is not its own.
 */
import {
  boolTensor,
  type Feeds,
  floats,
  floatTensor,
  int64Tensor,
  type OnnxSession,
  type OnnxTensor,
} from '../inference/onnx-session.ts';
import type { Decoder, DecoderBatch, DecoderRow, RowProgress, StartProbabilities } from './decoder.ts';
import { expectShape } from './encoder.ts';
import { LogitRules, logSumExp } from './logit-rules.ts';
import { type ModelConfig, mismatch } from './model-config.ts';
import { chooseToken } from './token-choice.ts';
import type { SpecialTokens } from './tokenizer.ts';

/** Sessions of one merged graph, or of the graph for prompts and the one for steps. */
export type StepSessions =
  | { readonly type: 'merged'; readonly merged: OnnxSession }
  | { readonly type: 'split'; readonly first: OnnxSession; readonly withPast: OnnxSession };

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
    return new StepBatch(rows, this.#sessions, this.#config, this.#special, this.#rules);
  }

  async release(): Promise<void> {
    if (this.#sessions.type === 'merged') return this.#sessions.merged.release();
    await this.#sessions.first.release();
    await this.#sessions.withPast.release();
  }
}

class StepBatch implements DecoderBatch {
  rows: readonly DecoderRow[];
  readonly #sessions: StepSessions;
  readonly #config: ModelConfig;
  readonly #special: SpecialTokens;
  readonly #rules: LogitRules;
  #generated: number[][];
  #starts: (StartProbabilities | undefined)[];
  #hidden: OnnxTensor;
  /** `past_key_values.*`; empty before the first run. */
  #cache: Record<string, OnnxTensor> = {};
  /** Tokens in the cache. */
  #position = 0;

  constructor(
    rows: readonly DecoderRow[],
    sessions: StepSessions,
    config: ModelConfig,
    special: SpecialTokens,
    rules: LogitRules,
  ) {
    this.rows = rows;
    this.#sessions = sessions;
    this.#config = config;
    this.#special = special;
    this.#rules = rules;
    this.#generated = rows.map(() => []);
    this.#starts = rows.map(() => undefined);
    const { sourcePositions, hiddenSize } = config;
    this.#hidden = stack(
      rows.map((row) => row.encoded),
      [sourcePositions, hiddenSize],
    );
  }

  startProbabilities(row: number): StartProbabilities {
    return this.#starts[row]!;
  }

  /** Makes `maxTokens` steps; a row still within its prompt gets fewer tokens, or none. */
  async advance(maxTokens: number): Promise<readonly RowProgress[]> {
    const progress = this.rows.map(() => ({ tokens: [] as number[], logProbabilities: [] as number[] }));
    for (let step = 0; step < maxTokens && !this.rows.every((_, row) => this.#isFinished(row)); step++) {
      const width = this.#position === 0 ? Math.min(...this.rows.map((row) => row.prompt.length)) : 1;
      const logits = await this.#run(width);
      const { vocabularySize } = this.#config;
      this.rows.forEach((row, index) => {
        for (let column = 0; column < width; column++) {
          const offset = (index * width + column) * vocabularySize;
          const next = this.#position + column + 1;
          const logitsHere = logits.subarray(offset, offset + vocabularySize);
          if (next - 1 === row.startIndex) this.#starts[index] = this.#readStart(logitsHere);
          if (next < row.prompt.length || column < width - 1 || this.#isFinished(index)) continue;
          const generated = this.#generated[index]!;
          this.#rules.apply(logitsHere, generated, row.timestamps);
          const { token, logProbability } = chooseToken(logitsHere, row.temperature, row.draw);
          generated.push(token);
          progress[index]!.tokens.push(token);
          progress[index]!.logProbabilities.push(logProbability);
        }
      });
      this.#position += width;
    }
    return progress.map((each, row) => ({ ...each, alignment: [], finished: this.#isFinished(row) }));
  }

  select(rows: readonly number[]): void {
    if (rows.length === this.rows.length && rows.every((row, index) => row === index)) return;
    this.rows = rows.map((row) => this.rows[row]!);
    this.#generated = rows.map((row) => this.#generated[row]!);
    this.#starts = rows.map((row) => this.#starts[row]);
    this.#hidden = gather(this.#hidden, rows);
    for (const [name, tensor] of Object.entries(this.#cache)) this.#cache[name] = gather(tensor, rows);
  }

  #isFinished(row: number): boolean {
    const generated = this.#generated[row]!;
    return generated.at(-1) === this.#special.endOfText || generated.length >= this.rows[row]!.maxTokens;
  }

  /** Feeds the next `width` tokens of every row; returns logits, [rows, width, vocabularySize]. */
  async #run(width: number): Promise<Float32Array> {
    const ids = this.rows.flatMap((row, index) =>
      Array.from({ length: width }, (_, column) => {
        const at = this.#position + column;
        return row.prompt[at] ?? this.#generated[index]![at - row.prompt.length] ?? this.#special.endOfText;
      }),
    );
    const isFirst = this.#position === 0;
    const session = sessionFor(this.#sessions, isFirst);
    const wanted: Record<string, OnnxTensor> = {
      ...this.#cache,
      input_ids: int64Tensor(ids, [this.rows.length, width]),
      encoder_hidden_states: this.#hidden,
      use_cache_branch: boolTensor(!isFirst),
    };
    const feeds: Record<string, OnnxTensor> = {};
    for (const name of session.inputs.keys()) feeds[name] = wanted[name] ?? this.#emptyPast();
    const output = await session.run(feeds as Feeds, outputsFor(session, isFirst));
    for (const [name, tensor] of Object.entries(output)) {
      if (name.startsWith('present.')) this.#cache[name.replace('present', 'past_key_values')] = tensor;
    }
    return floats(output.logits);
  }

  #emptyPast(): OnnxTensor {
    const { decoderHeads, hiddenSize } = this.#config;
    return floatTensor(new Float32Array(0), [this.rows.length, decoderHeads, 0, hiddenSize / decoderHeads]);
  }

  #readStart(logits: Float32Array): StartProbabilities {
    const total = logSumExp(logits, 0, logits.length);
    const probability = (id: number | undefined) => (id === undefined ? 0 : Math.exp(logits[id]! - total));
    const { noSpeech, languages } = this.#special;
    return {
      noSpeech: probability(noSpeech),
      languages: new Map([...languages].map(([language, id]) => [language, probability(id)])),
    };
  }
}

const KNOWN_INPUT =
  /^(input_ids|encoder_hidden_states|use_cache_branch|past_key_values\.\d+\.(decoder|encoder)\.(key|value))$/;

function sessionFor(sessions: StepSessions, isFirst: boolean): OnnxSession {
  if (sessions.type === 'merged') return sessions.merged;
  return isFirst ? sessions.first : sessions.withPast;
}

/** The cross-attention's keys and values are computed with the prompt and only fed back after. */
function outputsFor(session: OnnxSession, isFirst: boolean): string[] {
  return [...session.outputs.keys()].filter((name) => isFirst || !name.includes('.encoder.'));
}

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

function stack(rows: readonly Float32Array[], shape: readonly number[]): OnnxTensor {
  if (rows.length === 1) return floatTensor(rows[0]!, [1, ...shape]);
  const size = rows[0]!.length;
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, index) => void data.set(row, index * size));
  return floatTensor(data, [rows.length, ...shape]);
}

/** Rows of a tensor whose first dimension is the batch. */
function gather(tensor: OnnxTensor, rows: readonly number[]): OnnxTensor {
  const data = floats(tensor);
  const size = data.length / tensor.dims[0]!;
  return stack(
    rows.map((row) => data.subarray(row * size, (row + 1) * size)),
    tensor.dims.slice(1),
  );
}
