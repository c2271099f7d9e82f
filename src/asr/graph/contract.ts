/**
 * The compiled generation graph as the rest of `asr/` sees it: files, inputs, outputs.
 *
 * One call of the graph generates up to `max_tokens` tokens for a batch of rows. A row is one hypothesis:
 * a window of audio, a prompt, a temperature. The first call of a row feeds its prompt, later calls feed its
 * last token; both are the same graph, so weights are loaded (and packed by onnxruntime) once.
 *
 * Rows of different length share one time axis. Each row is aligned to the right: its first `padding[b]`
 * columns (of the cache and of `token_ids` taken together) belong to nobody. They are masked out of the
 * self-attention and not counted in the learned positions, so a row computes what it would compute alone.
 *
 * Inputs. B rows, T columns of new tokens, C columns of cache, N columns read, K = `max_tokens`,
 * L layers, H heads of D, S encoder positions, V vocabulary. Whatever the weights are stored as, inputs and
 * outputs are float32, int64.
 *
 * | Input | Type, shape | Meaning |
 * |---|---|---|
 * | `max_tokens` | int64 [] | tokens to generate at most; 0 is not allowed |
 * | `token_ids` | int64 [B, T] | prompts, aligned right (fill with any token), or [B, 1] last tokens |
 * | `padding` | int64 [B] | leading columns of cache + `token_ids` that are not the row's |
 * | `read_columns` | int64 [B, N] | columns of `token_ids` whose logits are read: [sot, T-1] or [T-1] |
 * | `row_state` | int64 [B, 7] | see `RowState` |
 * | `temperature` | float32 [B] | 0 is greedy |
 * | `uniform` | float32 [B, K] | in [0, 1): the draw of each token where the temperature is above 0 |
 * | `past.N.key`, `past.N.value` | float32 [B, H, C, D] | self-attention; C = 0 at the start |
 * | `cross.N.key` | float32 [B, H, D, S] | from the cross graph (transposed, so that steps need not) |
 * | `cross.N.value` | float32 [B, H, S, D] | from the cross graph |
 * | `encoder_hidden_states` | float32 [B, S, d] | instead of `cross.*` if compiled with `crossAttention: 'inside'` |
 *
 * | Output | Type, shape | Meaning |
 * |---|---|---|
 * | `tokens` | int64 [k, B] | k <= K steps; fewer if all rows finished. Finished rows repeat end-of-text |
 * | `log_probabilities` | float32 [k, B] | of each token, after the rules, as OpenAI's decoder sums them |
 * | `alignment` | float32 [k, B, A, S] | cross-attention of the alignment heads of the step that chose the token |
 * | `sot_log_probabilities` | float32 [B, 1 + languages] | at `read_columns[:, 0]`, before any rule: no-speech, then the languages of the spec. Means something only if N was 2 (or the prompt ends in sot) |
 * | `next_row_state` | int64 [B, 7] | feed back as `row_state` |
 * | `present.N.key`, `present.N.value` | float32 [B, H, C + T + k - 1, D] | feed back as `past.*` |
 *
 * The chosen token of the last step is not in the cache yet: it is the next `token_ids`. Ask onnxruntime for
 * the outputs in use only; `alignment` is the large one and is copied only if fetched.
 *
 * Cross graph (absent with `crossAttention: 'inside'`): `encoder_hidden_states` [B, S, d] in, `cross.N.key`
 * and `cross.N.value` out, once per window.
 */

/** Columns of `row_state`. */
export const RowState = {
  /** Tokens generated so far. */
  generated: 0,
  /** Last generated token, -1 if none. */
  last: 1,
  /** The one before, -1 if none. */
  penultimate: 2,
  /** Last timestamp token generated, -1 if none. */
  lastTimestamp: 3,
  /** 1 once end-of-text was chosen or `limit` tokens were generated. */
  finished: 4,
  /** The row finishes after this many tokens. Prompt and limit together must fit `maxTargetPositions`. */
  limit: 5,
  /** 1 applies the three timestamp rules; 0 for prompts that end in no-timestamps. */
  timestamps: 6,
} as const;

export const rowStateWidth = 7;

/** What a compiled graph is, written next to it as JSON so that loading does not parse the model again. */
export interface GenerationGraphSpec {
  /** Version of this contract; a graph of another version must be compiled again. */
  readonly contractVersion: 1;
  /** File names, in one folder. Each graph has its weights in `<file>_data`, memory-mapped by onnxruntime. */
  readonly generationFile: string;
  readonly crossFile: string | undefined;
  readonly crossAttention: CrossAttention;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly maxTargetPositions: number;
  readonly endOfText: number;
  readonly timestampBegin: number;
  /** (layer, head) of each of the A rows of `alignment`. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  /** Token ids of columns 1.. of `sot_log_probabilities`, ascending. */
  readonly languageTokens: readonly number[];
}

/**
 * Where keys and values of the cross-attention live between calls. `'state'`: made once per window by the cross
 * graph and fed to each call, which costs nothing on CPU (inputs are not copied). `'inside'`: each call makes
 * them anew from `encoder_hidden_states`, for devices where 8 multiplications cost less than the upload.
 */
export type CrossAttention = 'state' | 'inside';

/** Shape of one tensor of `batch` windows. */
export function windowDims(
  spec: GenerationGraphSpec,
  name: string,
  batch: number,
  positions: number,
): number[] {
  if (name === 'encoder_hidden_states') return [batch, positions, spec.hiddenSize];
  return name.endsWith('.key')
    ? [batch, spec.heads, spec.headSize, positions]
    : [batch, spec.heads, positions, spec.headSize];
}
