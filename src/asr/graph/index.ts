export type { CompileOptions } from './compile.ts';
export { compileGenerationGraph, specPath } from './compile.ts';
export type { CrossAttention, GenerationGraphSpec } from './contract.ts';
export { RowState, rowStateWidth } from './contract.ts';
export type { GenerationBatch } from './generation-batch.ts';
export type { Started } from './generation-graph.ts';
export { GenerationGraph } from './generation-graph.ts';
export type { GenerationRules } from './generation-loop.ts';
export type {
  GenerationRow,
  GraphTensor,
  RowProgress,
  RunGraph,
  SotScores,
  StepOptions,
} from './generation-row.ts';
export type { DecoderFiles } from './published-decoder.ts';
