import type { TensorInfo } from './onnx-session.ts';

/** What every thread of the pool is started with. */
export interface ClassifierThreadData {
  readonly modelPath: string;
  /** Shared: how many threads have begun to load the model, and how many are done (or have failed). */
  readonly progress: Int32Array<SharedArrayBuffer>;
}
export const BEGUN = 0;
export const DONE = 1;

/** Rows of one run, all as long as the longest; what is beyond a row's own length is masked. */
export interface ClassifierBatch {
  readonly type: 'batch';
  readonly rows: number;
  readonly length: number;
  readonly inputIds: BigInt64Array;
  readonly attentionMask: BigInt64Array;
  /** For graphs that take it. */
  readonly tokenTypeIds: BigInt64Array;
}

export interface ClassifierLogits {
  /** [rows, length, labels] of a token classifier, [rows, labels] of a text classifier. */
  readonly logits: Float32Array;
  readonly shape: readonly number[];
}

/** `describe` answers what the graph takes and gives, for the gates. */
export type ClassifierTask = ClassifierBatch | { readonly type: 'describe' };

export interface ClassifierGraph {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}
