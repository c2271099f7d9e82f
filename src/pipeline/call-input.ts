import type { AudioChunk, SpeakerRole } from '../domain/audio.ts';

/** What reaches a running call, in the order of its audio. */
export type CallInput =
  /** One chunk per channel, of equal length. */
  | { readonly type: 'audio'; readonly chunks: readonly AudioChunk[] }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'opt-out' }
  /** A party announced that the call is transcribed from here on. */
  | { readonly type: 'start'; readonly announcedBy: SpeakerRole }
  | { readonly type: 'flush' };
