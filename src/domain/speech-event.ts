/**
 * What voice activity detection tells of the channels of a call, in order for each channel. Positions are
 * samples of the call's clock at `PIPELINE_RATE_HZ`. After `speech-start` its `speech` pieces follow each
 * other without gap from `startSample` on, up to `speech-end`.
 */
export type SpeechEvent =
  | { readonly type: 'speech-start'; readonly channel: number; readonly startSample: number }
  | {
      readonly type: 'speech';
      readonly channel: number;
      readonly startSample: number;
      readonly samples: Float32Array;
    }
  /**
   * The voice has paused for so long that, should the silence last, the segment ends at `endSample`; all its
   * audio has been sent. If the voice comes back, more `speech` follows.
   */
  | { readonly type: 'speech-pause'; readonly channel: number; readonly endSample: number }
  | SpeechEnd
  /**
   * All audio before `position` has been judged: the next end of this channel is decided behind it. `state`, if
   * asked for and no segment is running, lets detection go on from here in another process.
   */
  | {
      readonly type: 'progress';
      readonly channel: number;
      readonly position: number;
      readonly state?: DetectionState;
    };

/** All that speech detection knows of a channel between two frames, as plain data. */
export interface DetectionState {
  /** What the speech probability model keeps between two windows. */
  readonly model: Float32Array;
  readonly segmenter: SegmenterState;
  /** Audio from here on is needed to go on. */
  readonly neededFrom: number;
}

/** Of a segmenter outside a segment, or in one that has just begun because another was too long. */
export interface SegmenterState {
  /** End of the frames seen so far. */
  readonly now: number;
  readonly lastEnd: number;
  readonly startSample: number | undefined;
  readonly candidateSample: number | undefined;
  readonly candidateSpeechSamples: number;
  readonly candidateGapFrames: number;
  readonly pauseSample: number | undefined;
  readonly announcedPause: number | undefined;
}

export interface SpeechEnd {
  readonly type: 'speech-end';
  readonly channel: number;
  /**
   * The segment's audio is all of that before `endSample`. Only with reason `max-length` more than that was
   * sent, and the excess comes again in the segment that starts there.
   */
  readonly endSample: number;
  /** Where in the audio the end was decided: behind `endSample` by the silence that was waited for. */
  readonly decidedSample: number;
  readonly reason: SpeechEndReason;
}

export type SpeechEndReason = 'silence' | 'max-length' | 'flush' | 'end-of-call';
