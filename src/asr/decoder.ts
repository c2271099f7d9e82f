/** What decoding a batch of rows means, whichever graphs do it. */

/** One hypothesis: a window of audio, the tokens it starts from, and how the next ones are chosen. */
export interface DecoderRow {
  /** Encoder output of the window, [sourcePositions, hiddenSize]. */
  readonly encoded: Float32Array;
  /** Tokens given, start-of-transcript included. */
  readonly prompt: readonly number[];
  /** Where in `prompt` start-of-transcript is: its prediction tells the language and whether anyone speaks. */
  readonly startIndex: number;
  /** The row ends after so many tokens; with the prompt at most the decoder's positions. */
  readonly maxTokens: number;
  /** Whether the three timestamp rules apply; false for prompts that end in no-timestamps. */
  readonly timestamps: boolean;
  /** 0 takes the likeliest token. */
  readonly temperature: number;
  /** Uniform in [0, 1), one call per token at a temperature above 0. */
  readonly draw: () => number;
  /** Hypotheses kept by beam search, at temperature 0; 1, the default, is greedy. The generation graph is always greedy. */
  readonly beams?: number;
}

/** Probabilities at start-of-transcript, before any rule, over the whole vocabulary. */
export interface StartProbabilities {
  /** 0 for models without such a token. */
  readonly noSpeech: number;
  /** By language code. */
  readonly languages: ReadonlyMap<string, number>;
}

/** What one call of `advance` added to a row. */
export interface RowProgress {
  /** New tokens; the last one is end-of-text if the row ended by itself. */
  readonly tokens: readonly number[];
  /** Of each token, after the rules, at temperature 1. */
  readonly logProbabilities: readonly number[];
  /**
   * Of each token, the cross-attention of the alignment heads in the step that chose it,
   * [heads, sourcePositions]; empty if not asked for or not available.
   */
  readonly alignment: readonly Float32Array[];
  readonly finished: boolean;
}

/**
 * Rows that advance together. Results of a row do not depend on the others, except as published int8 graphs
 * have it: these choose one scale for the activations of a whole batch.
 * Not for concurrent use: one call at a time.
 */
export interface DecoderBatch {
  readonly rows: readonly DecoderRow[];
  /** Known after the first `advance`. */
  startProbabilities(row: number): StartProbabilities;
  /** Generates up to `maxTokens` tokens for each row that has not finished. */
  advance(maxTokens: number, options: { readonly alignment: boolean }): Promise<readonly RowProgress[]>;
  /** Keeps these rows, in this order; the others leave. Without any, the batch is over and its memory free. */
  select(rows: readonly number[]): void;
}

export interface Decoder {
  /** Whether `advance` can return alignment. */
  readonly alignment: boolean;
  /** `beside`: the batch that the new one is about to be merged into, which may save copying. */
  start(rows: readonly DecoderRow[], beside?: DecoderBatch): DecoderBatch;
  /** One batch of the rows of both, `first`'s before `second`'s; absent if rows cannot join under way. */
  merge?(first: DecoderBatch, second: DecoderBatch): DecoderBatch;
  release(): Promise<void>;
}
