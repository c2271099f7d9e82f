import { msToSamples } from '../domain/audio.ts';
import type { SegmenterState, SpeechEndReason } from '../domain/speech-event.ts';

/** Samples of one frame: one probability of the model. */
export const FRAME_SAMPLES = 512;

export interface SegmenterOptions {
  /** A frame at or above is speech. */
  readonly startThreshold: number;
  /** Inside speech, a frame below begins a pause; between the two thresholds nothing changes. */
  readonly endThreshold: number;
  /** Less speech than this, counted in frames of speech, is taken for a click and makes no segment. */
  readonly minSpeechMs: number;
  /** Endpointing: a pause this long ends the segment. 100 to 2000. */
  readonly minSilenceMs: number;
  /** Kept before and after the speech, as far as the segment before and the pause allow. */
  readonly speechPadMs: number;
  /** The longest segment: what the recogniser can hear at once. */
  readonly maxSegmentMs: number;
}

/**
 * Chosen so that no word begins outside a segment (docs/decisions/0005-speech-detection.md): Silero's usual 0.5
 * cuts the start of every tenth turn on a telephone line. Whisper hears best with some silence around words.
 */
export const DEFAULT_SEGMENTER_OPTIONS: SegmenterOptions = {
  startThreshold: 0.3,
  endThreshold: 0.15,
  minSpeechMs: 128,
  minSilenceMs: 500,
  speechPadMs: 300,
  maxSegmentMs: 28_000,
};

export type SegmentEvent =
  | { readonly type: 'start'; readonly startSample: number }
  /** Should the pause last, the segment ends at `endSample`. */
  | { readonly type: 'pause'; readonly endSample: number }
  | {
      readonly type: 'end';
      readonly endSample: number;
      readonly decidedSample: number;
      readonly reason: SpeechEndReason;
    };

/** Frames of silence that do not end the start of speech: "p", "t" and "k" are silent for up to 0.1 s. */
const START_GAP_FRAMES = 5;
/** A forced split is looked for in this last part of a segment. */
const SPLIT_SEARCH_PART = 0.4;

/**
 * Speech probabilities to segments: a state machine without model, clock or audio. Segments of a channel
 * follow each other and never overlap; positions are samples of the call.
 */
export class Segmenter {
  readonly #options: SegmenterOptions;
  readonly #minSpeechSamples: number;
  readonly #minSilenceSamples: number;
  readonly #padSamples: number;
  readonly #maxSegmentSamples: number;
  /** End of the frames seen so far. */
  #now = 0;
  #lastEnd = 0;
  /** Start of the open segment. */
  #startSample: number | undefined;
  /** Outside a segment: where the speech that is not yet long enough began. */
  #candidateSample: number | undefined;
  #candidateSpeechSamples = 0;
  #candidateGapFrames = 0;
  /** Inside a segment: where the pause that is not yet long enough began. */
  #pauseSample: number | undefined;
  /** The pause that has been told of. */
  #announcedPause: number | undefined;
  /** Inside a segment: levels of the last frames, as far back as a forced split may lie. */
  #levels: number[] = [];

  /** With `state` it goes on where the segmenter that told it was. */
  constructor(options: SegmenterOptions, state?: SegmenterState) {
    this.#options = options;
    this.#minSpeechSamples = msToSamples(options.minSpeechMs);
    this.#minSilenceSamples = msToSamples(options.minSilenceMs);
    this.#padSamples = msToSamples(options.speechPadMs);
    this.#maxSegmentSamples = msToSamples(options.maxSegmentMs);
    if (this.#maxSegmentSamples < 8 * FRAME_SAMPLES) throw new RangeError('maxSegmentMs is below 256');
    if (state === undefined) return;
    this.#now = state.now;
    this.#lastEnd = state.lastEnd;
    this.#startSample = state.startSample;
    this.#candidateSample = state.candidateSample;
    this.#candidateSpeechSamples = state.candidateSpeechSamples;
    this.#candidateGapFrames = state.candidateGapFrames;
    this.#pauseSample = state.pauseSample;
    this.#announcedPause = state.announcedPause;
  }

  /**
   * Undefined while a segment runs: the state before it serves as well, and all its audio is needed anyway. Not so
   * where it began at the end of a segment that was too long; there, as long as no levels are kept.
   */
  get state(): SegmenterState | undefined {
    const beganAtLimit = this.#startSample === this.#lastEnd && this.#levels.length === 0;
    if (this.#startSample !== undefined && !beganAtLimit) return undefined;
    return {
      now: this.#now,
      lastEnd: this.#lastEnd,
      startSample: this.#startSample,
      candidateSample: this.#candidateSample,
      candidateSpeechSamples: this.#candidateSpeechSamples,
      candidateGapFrames: this.#candidateGapFrames,
      pauseSample: this.#pauseSample,
      announcedPause: this.#announcedPause,
    };
  }

  get startSample(): number | undefined {
    return this.#startSample;
  }

  get inSpeech(): boolean {
    return this.#startSample !== undefined;
  }

  /** Inside a segment: audio before this surely belongs to it; what follows waits for the pause to be decided. */
  get confirmedSample(): number {
    return this.#pauseSample === undefined
      ? this.#now
      : Math.min(this.#pauseSample + this.#padSamples, this.#now);
  }

  /** Audio before this can belong to no segment that is still to start. */
  get earliestStartSample(): number {
    if (this.#startSample !== undefined)
      return Math.max(this.#lastEnd, this.#splitSearchStart(this.#startSample));
    return Math.max(this.#lastEnd, (this.#candidateSample ?? this.#now) - this.#padSamples, 0);
  }

  /** The next frame: its speech probability, and its level (any measure of loudness) for forced splits. */
  push(probability: number, level: number): SegmentEvent[] {
    const frameStart = this.#now;
    this.#now += FRAME_SAMPLES;
    return this.#startSample === undefined
      ? this.#pushOutside(probability, frameStart)
      : this.#pushInside(probability, level, frameStart, this.#startSample);
  }

  /**
   * Ends an open segment as if its speaker had been silent long enough after `totalSamples`, which may lie
   * a part of a frame behind the frames seen.
   */
  flush(totalSamples: number): SegmentEvent[] {
    if (this.#startSample === undefined) return [];
    const endSample = this.#pauseSample === undefined ? totalSamples : this.confirmedSample;
    return [this.#close(endSample, 'flush')];
  }

  /** The call is over after `totalSamples`, which may lie inside the last frame. */
  end(totalSamples: number): SegmentEvent[] {
    if (this.#startSample === undefined) return [];
    return [this.#close(Math.min(this.confirmedSample, totalSamples), 'end-of-call')];
  }

  #pushOutside(probability: number, frameStart: number): SegmentEvent[] {
    if (probability >= this.#options.startThreshold) {
      this.#candidateSample ??= frameStart;
      this.#candidateSpeechSamples += FRAME_SAMPLES;
      this.#candidateGapFrames = 0;
      if (this.#candidateSpeechSamples >= this.#minSpeechSamples)
        return [this.#open(this.earliestStartSample)];
    } else if (probability < this.#options.endThreshold && ++this.#candidateGapFrames > START_GAP_FRAMES) {
      this.#dropCandidate();
    }
    return [];
  }

  #pushInside(probability: number, level: number, frameStart: number, startSample: number): SegmentEvent[] {
    if (probability >= this.#options.startThreshold) this.#pauseSample = undefined;
    else if (probability < this.#options.endThreshold) this.#pauseSample ??= frameStart;
    if (frameStart >= this.#splitSearchStart(startSample)) this.#levels.push(level);

    if (this.#pauseSample !== undefined && this.#now - this.#pauseSample >= this.#minSilenceSamples) {
      return [this.#close(this.confirmedSample, 'silence')];
    }
    if (this.#now + FRAME_SAMPLES - startSample <= this.#maxSegmentSamples) return this.#announcePause();
    if (this.#pauseSample !== undefined) return [this.#close(this.confirmedSample, 'max-length')];
    const split = this.#quietestSample();
    return [this.#close(split, 'max-length'), this.#open(split)];
  }

  /** Once for each pause, when it is as long as the padding: the segment's end is then known, if it is one. */
  #announcePause(): SegmentEvent[] {
    const pause = this.#pauseSample;
    if (pause === undefined || pause === this.#announcedPause || this.#now < pause + this.#padSamples)
      return [];
    this.#announcedPause = pause;
    return [{ type: 'pause', endSample: pause + this.#padSamples }];
  }

  #open(startSample: number): SegmentEvent {
    this.#startSample = startSample;
    this.#dropCandidate();
    this.#pauseSample = undefined;
    this.#levels = [];
    return { type: 'start', startSample };
  }

  #dropCandidate(): void {
    this.#candidateSample = undefined;
    this.#candidateSpeechSamples = 0;
  }

  #close(endSample: number, reason: SpeechEndReason): SegmentEvent {
    this.#startSample = undefined;
    this.#pauseSample = undefined;
    this.#lastEnd = endSample;
    return { type: 'end', endSample, decidedSample: this.#now, reason };
  }

  #splitSearchStart(startSample: number): number {
    return startSample + Math.ceil(this.#maxSegmentSamples * (1 - SPLIT_SEARCH_PART));
  }

  /** The middle of the quietest frame of the search range; the latest of equals. */
  #quietestSample(): number {
    let quietest = this.#levels.length - 1;
    for (let i = quietest - 1; i >= 0; i--) {
      if (this.#levels[i]! < this.#levels[quietest]!) quietest = i;
    }
    return this.#now - (this.#levels.length - quietest) * FRAME_SAMPLES + FRAME_SAMPLES / 2;
  }
}
