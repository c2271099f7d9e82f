/**
 * What the published decoder graphs have been fed: rows of equal length with their self-attention cache. The graphs count
 * positions from the start of the cache and have no mask, so all rows share their position.
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
import type { ModelConfig } from './model-config.ts';

/** Sessions of one merged graph, or of the graph for prompts and the one for steps. */
export type StepSessions =
  | { readonly type: 'merged'; readonly merged: OnnxSession }
  | { readonly type: 'split'; readonly first: OnnxSession; readonly withPast: OnnxSession };

export class StepState {
  readonly #sessions: StepSessions;
  readonly #config: ModelConfig;
  #hidden: OnnxTensor;
  /** `past_key_values.*`; empty before the first run. */
  #cache: Record<string, OnnxTensor> = {};
  #position = 0;

  /** `encoded`: encoder output of each row, [sourcePositions, hiddenSize]. */
  constructor(sessions: StepSessions, config: ModelConfig, encoded: readonly Float32Array[]) {
    this.#sessions = sessions;
    this.#config = config;
    this.#hidden = stack(encoded, [config.sourcePositions, config.hiddenSize]);
  }

  /** Tokens fed so far. */
  get position(): number {
    return this.#position;
  }

  /** Feeds equally many tokens to every row; returns logits, [rows, tokens, vocabularySize]. */
  async feed(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    const width = tokens[0]!.length;
    const isFirst = this.#position === 0;
    const session = sessionFor(this.#sessions, isFirst);
    const wanted: Record<string, OnnxTensor> = {
      ...this.#cache,
      input_ids: int64Tensor(tokens.flat(), [tokens.length, width]),
      encoder_hidden_states: this.#hidden,
      use_cache_branch: boolTensor(!isFirst),
    };
    const feeds: Record<string, OnnxTensor> = {};
    for (const name of session.inputs.keys()) feeds[name] = wanted[name] ?? this.#emptyPast(tokens.length);
    const output = await session.run(feeds as Feeds, outputsFor(session, isFirst));
    for (const [name, tensor] of Object.entries(output)) {
      if (name.startsWith('present.')) this.#cache[name.replace('present', 'past_key_values')] = tensor;
    }
    this.#position += width;
    return floats(output.logits);
  }

  /** Keeps these rows, in this order; one may be there more than once. Without any nothing more can be fed. */
  select(rows: readonly number[]): void {
    if (rows.length === 0) {
      this.#cache = {};
      return;
    }
    if (rows.length === this.#hidden.dims[0] && rows.every((row, index) => row === index)) return;
    this.#hidden = gather(this.#hidden, rows);
    for (const [name, tensor] of Object.entries(this.#cache)) this.#cache[name] = gather(tensor, rows);
  }

  #emptyPast(rows: number): OnnxTensor {
    const { decoderHeads, hiddenSize } = this.#config;
    return floatTensor(new Float32Array(0), [rows, decoderHeads, 0, hiddenSize / decoderHeads]);
  }
}

function sessionFor(sessions: StepSessions, isFirst: boolean): OnnxSession {
  if (sessions.type === 'merged') return sessions.merged;
  return isFirst ? sessions.first : sessions.withPast;
}

/** The cross-attention's keys and values are computed with the prompt and only fed back after. */
function outputsFor(session: OnnxSession, isFirst: boolean): string[] {
  return [...session.outputs.keys()].filter((name) => isFirst || !name.includes('.encoder.'));
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
