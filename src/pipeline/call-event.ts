import type { SpeakerRole } from '../domain/audio.ts';
import type { EntityType } from '../domain/entity.ts';
import type { Language } from '../domain/language.ts';
import type { RedactedSegment, Sentiment } from '../domain/transcript.ts';

/** What a call tells its client, in order. Text in it has passed redaction: the types leave no other way. */
export type CallEvent =
  | { readonly type: 'segment'; readonly segment: RedactedSegment; readonly sentiment?: Sentiment }
  | {
      readonly type: 'language-detected';
      readonly channel: number;
      readonly language: Language;
      readonly probability: number;
    }
  | { readonly type: 'started'; readonly atSample: number; readonly announcedBy: SpeakerRole }
  | { readonly type: 'opted-out'; readonly atSample: number }
  /** The policy ends recognition; nothing with words follows. */
  | { readonly type: 'stopped'; readonly atSample: number; readonly cause: 'special-category' }
  /** All before it is decided; the call can go on from here in any process that can open `token`. */
  | {
      readonly type: 'checkpoint';
      /** Per channel: all before this position of the call's clock is decided. */
      readonly decidedSamples: readonly number[];
      /** Frame of the source from which audio is needed to go on. */
      readonly resumeFrame: number;
      /** Undefined if the call cannot be resumed from here. */
      readonly token: Uint8Array | undefined;
    }
  | { readonly type: 'summary'; readonly statistics: CallStatistics };

export interface CallStatistics {
  /** Audio of one channel, at `PIPELINE_RATE_HZ`, as are the other sample counts. */
  readonly audioSamples: number;
  /** Summed over channels. */
  readonly speechSamples: number;
  readonly pausedSamples: number;
  readonly segments: number;
  readonly partials: number;
  readonly withheldSegments: number;
  readonly words: number;
  readonly entities: ReadonlyMap<EntityType, number>;
}
