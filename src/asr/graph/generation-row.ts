/** What goes into the generation graph for one hypothesis, and what comes out. */

/** As onnxruntime has them; an `ort.Tensor` of these types is one. */
export interface GraphTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/**
 * Runs a session: `src/inference` alone knows onnxruntime. Only `fetches` come out: copied if they are names, written to the
 * memory of tensors that are given.
 */
export type RunGraph = (
  feeds: Readonly<Record<string, GraphTensor>>,
  fetches: readonly string[] | Readonly<Record<string, GraphTensor>>,
) => Promise<Readonly<Record<string, GraphTensor>>>;

/** One hypothesis to generate. */
export interface GenerationRow {
  /** The encoder's output for the window, [positions, hidden size]; never changed. */
  readonly encoded: Float32Array;
  /** At least start-of-transcript; what came before and hot words precede it. */
  readonly prompt: readonly number[];
  /** Where start-of-transcript is in `prompt`. */
  readonly sotIndex: number;
  readonly maxNewTokens: number;
  /** Whether the timestamp rules apply; false if the prompt ends in no-timestamps. */
  readonly timestamps: boolean;
  /** 0: greedy. */
  readonly temperature: number;
  /** Draws in [0, 1) for temperatures above 0. */
  readonly random?: () => number;
}

/** What one call of the graph added to a row. */
export interface RowProgress<Row extends GenerationRow = GenerationRow> {
  readonly row: Row;
  /** Ends with end-of-text if the row ended by itself. */
  readonly tokens: readonly number[];
  readonly logProbabilities: readonly number[];
  /**
   * Per token, the attention of the alignment heads ([A, S], flat) in the step that chose it; empty unless
   * asked for. The token's own place in the audio is where the *next* step attends.
   */
  readonly alignment: readonly Float32Array[];
  readonly finished: boolean;
}

/** Read at start-of-transcript when a row starts. */
export interface SotScores {
  readonly noSpeechProbability: number;
  /** Log-probability over the whole vocabulary of each of `spec.languageTokens`. */
  readonly languageLogProbabilities: Float32Array;
}

export interface StepOptions {
  /** Tokens to generate at most in this call. */
  readonly maxTokens: number;
  /** Fetch the attention of the alignment heads, for word times. */
  readonly alignment?: boolean;
}
