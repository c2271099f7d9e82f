import type { AudioChunk } from '../domain/audio.ts';

/** What reaches a running call, in the order of its audio. */
export type CallInput =
  /** One chunk per channel, of equal length. */
  | { readonly type: 'audio'; readonly chunks: readonly AudioChunk[] }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'opt-out' }
  | { readonly type: 'flush' };
