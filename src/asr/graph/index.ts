export type { CrossAttention, GenerationGraphSpec } from './contract.ts';
export { RowState, rowStateWidth } from './contract.ts';
