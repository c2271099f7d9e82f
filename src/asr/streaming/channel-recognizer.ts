import { msToSamples, type SpeakerRole, samplesToMs } from '../../domain/audio.ts';
import type { Language } from '../../domain/language.ts';
import { ServiceError } from '../../domain/service-error.ts';
import type { DecodePriority, DecodeResult, SpeechEngine } from '../../domain/speech-engine.ts';
import type { SpeechEnd, SpeechEvent } from '../../domain/speech-event.ts';
import type { RawSegment, RawWord } from '../../domain/transcript.ts';
import { LanguageLock, type LanguageLockState } from './language-lock.ts';
import { LocalAgreement } from './local-agreement.ts';
import { SegmentAudio } from './segment-audio.ts';

/** What a channel's recogniser tells of its speech, in order. */
export type RecognizerEvent =
  | { readonly type: 'partial'; readonly segment: RawSegment }
  /** A segment ended at `decidedSample`; its `final` follows under the same id. */
  | { readonly type: 'final-pending'; readonly segmentId: string; readonly decidedSample: number }
  /**
   * `shown` is false when nothing was recognised and no partial had said otherwise: nothing to tell. `language` is
   * what is known of the channel's language behind this final.
   */
  | {
      readonly type: 'final';
      readonly segment: RawSegment;
      readonly shown: boolean;
      readonly language: LanguageLockState;
    }
  | { readonly type: 'language'; readonly language: Language; readonly probability: number }
  | { readonly type: 'progress'; readonly position: number };

export interface RecognizerOptions {
  readonly callKey: string;
  readonly channel: number;
  readonly role: SpeakerRole;
  readonly languages: readonly Language[];
  readonly hotWords: readonly string[];
  readonly wordTimes: boolean;
  /** Live calls go before archives, and may have partials. */
  readonly live: boolean;
  /** Shortest audio time between two partials of a segment; undefined: no partials. */
  readonly interimIntervalMs?: number;
  /** Of a call that goes on: segments that have ended, and the language as far as it is known. */
  readonly from?: { readonly segments: number; readonly language: LanguageLockState };
}

/** The first partial of a segment need not wait for a whole interval: callers look for signs of life. */
const FIRST_PARTIAL_AFTER_MS = 400;

/** Segments of one channel whose finals may be under way at once; further speech waits (backpressure). */
const MAX_FINALS_IN_FLIGHT = 4;

/**
 * Turns the speech of one channel into partials and finals. Each final is decoded once, from the whole
 * segment, so it depends on the audio alone; partials are decoded along the way, at most one at a time.
 */
export class ChannelRecognizer implements Disposable {
  readonly #engine: SpeechEngine;
  readonly #options: RecognizerOptions;
  readonly #emit: (event: RecognizerEvent) => Promise<void>;
  readonly #signal: AbortSignal;
  readonly #language: LanguageLock;
  readonly #streamKey: string;
  readonly #finals: Promise<void>[] = [];
  #segmentCount: number;
  #open: OpenSegment | undefined;
  #failure: { error: unknown } | undefined;

  constructor(
    engine: SpeechEngine,
    options: RecognizerOptions,
    emit: (event: RecognizerEvent) => Promise<void>,
    signal: AbortSignal,
  ) {
    this.#engine = engine;
    this.#options = options;
    this.#emit = emit;
    this.#signal = signal;
    this.#language = new LanguageLock(options.languages, { state: options.from?.language });
    this.#segmentCount = options.from?.segments ?? 0;
    this.#streamKey = `${options.callKey}/${options.channel}`;
  }

  /** Takes the next event of this channel; waits while too many finals are under way (backpressure). */
  async handle(event: SpeechEvent): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    switch (event.type) {
      case 'speech-start':
        this.#open = new OpenSegment(`${event.channel + 1}-${++this.#segmentCount}`, event.startSample);
        return;
      case 'speech':
        this.#open?.voiceGoesOn();
        this.#open?.audio.append(event.samples);
        this.#startPartialIfDue();
        return;
      case 'speech-pause':
        this.#startFinalEarly(event.endSample);
        return;
      case 'speech-end':
        return this.#startFinal(event);
      case 'progress':
        return this.#emit({ type: 'progress', position: event.position });
    }
  }

  /** Resolves when every final is out. */
  async finish(): Promise<void> {
    await Promise.all(this.#finals);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  [Symbol.dispose](): void {
    this.#open?.ended.abort();
    this.#open?.voiceGoesOn();
    this.#engine.forget(this.#streamKey);
  }

  #startPartialIfDue(): void {
    const segment = this.#open;
    const intervalMs = this.#options.interimIntervalMs;
    if (segment === undefined || intervalMs === undefined || segment.partialInFlight) return;
    const waitMs = segment.partialsAsked === 0 ? FIRST_PARTIAL_AFTER_MS : intervalMs;
    const newSamples = segment.audio.endSample - segment.lastPartialEnd;
    if (newSamples < msToSamples(waitMs)) return;

    segment.partialInFlight = true;
    segment.partialsAsked++;
    segment.lastPartialEnd = segment.audio.endSample;
    this.#partial(segment, segment.audio.endSample)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        segment.partialInFlight = false;
      });
  }

  /**
   * A partial that cannot be decoded costs nothing: its segment's final will tell, or fail, for itself.
   * Rejects only if nobody takes it, because the call is over or a stage behind this one has failed.
   */
  async #partial(segment: OpenSegment, endSample: number): Promise<void> {
    const signal = AbortSignal.any([this.#signal, segment.ended.signal]);
    const result = await this.#decode(segment, endSample, 'live-partial', signal).catch(() => undefined);
    if (result === undefined || segment.ended.signal.aborted || result.words.length === 0) return;

    const stableWords = segment.agreement.update(result.words.map((word) => word.text));
    segment.partialsShown++;
    await this.#emit({
      type: 'partial',
      segment: this.#rawSegment(segment, endSample, result, false, stableWords / result.words.length),
    });
  }

  /**
   * Decodes what will be the final if the pause lasts, while we wait whether it does: most of the time between
   * the end of the voice and the final is then spent already. Only live, where somebody waits for it, and not
   * before the language is locked, which the finals before this one may still do.
   */
  #startFinalEarly(endSample: number): void {
    const segment = this.#open;
    if (segment === undefined || !this.#options.live || this.#language.locked === undefined) return;
    const abort = new AbortController();
    const signal = AbortSignal.any([this.#signal, abort.signal]);
    const result = this.#decode(segment, endSample, 'live-final', signal);
    // If it fails, the final decodes again, and its failure counts.
    result.catch(() => {});
    segment.early = { endSample, result, abort };
  }

  async #startFinal(end: SpeechEnd): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    this.#open = undefined;
    segment.ended.abort();
    if (this.#finals.length >= MAX_FINALS_IN_FLIGHT) await this.#finals[0];

    await this.#emit({ type: 'final-pending', segmentId: segment.id, decidedSample: end.decidedSample });
    // The language of the next segment depends on this one until it is locked: decode them in turn.
    const before = this.#language.locked === undefined ? this.#finals.at(-1) : undefined;
    const final = this.#final(segment, end, before);
    this.#finals.push(final);
    final.then(
      () => this.#finals.splice(this.#finals.indexOf(final), 1),
      (error: unknown) => {
        this.#failure ??= { error };
      },
    );
  }

  async #final(segment: OpenSegment, end: SpeechEnd, before: Promise<void> | undefined): Promise<void> {
    await before;
    const result = await this.#finalResult(segment, end.endSample);
    const speechMs = samplesToMs(end.endSample - segment.startSample);
    if (result.words.length > 0) {
      const locked = this.#language.observe(result.language, result.languageProbability, speechMs);
      if (locked !== undefined) {
        await this.#emit({ type: 'language', language: locked, probability: result.languageProbability });
      }
    }
    await this.#emit({
      type: 'final',
      segment: this.#rawSegment(segment, end.endSample, result, true, 1),
      shown: result.words.length > 0 || segment.partialsShown > 0,
      language: this.#language.state,
    });
  }

  async #finalResult(segment: OpenSegment, endSample: number): Promise<DecodeResult> {
    if (segment.early?.endSample === endSample) {
      const early = await segment.early.result.catch(() => undefined);
      if (early !== undefined) return early;
    }
    const priority = this.#options.live ? 'live-final' : 'archive';
    return this.#decode(segment, endSample, priority, this.#signal);
  }

  async #decode(
    segment: OpenSegment,
    endSample: number,
    priority: DecodePriority,
    signal: AbortSignal,
  ): Promise<DecodeResult> {
    const samples = segment.audio.until(endSample);
    if (samples.length > this.#engine.windowSamples) {
      throw new ServiceError('internal', 'a segment is longer than the window of the speech model');
    }
    return this.#engine.decode(
      {
        streamKey: this.#streamKey,
        startSample: segment.startSample,
        samples,
        language: this.#language.request,
        priority,
        hotWords: this.#options.hotWords,
        wordTimes: priority !== 'live-partial' && this.#options.wordTimes,
      },
      signal,
    );
  }

  #rawSegment(
    segment: OpenSegment,
    endSample: number,
    result: DecodeResult,
    isFinal: boolean,
    stability: number,
  ): RawSegment {
    const words = result.words.map(
      (word): RawWord => ({
        ...word,
        startSample: segment.startSample + word.startSample,
        endSample: segment.startSample + word.endSample,
      }),
    );
    return {
      segmentId: segment.id,
      channel: this.#options.channel,
      role: this.#options.role,
      language: result.language,
      isFinal,
      stability,
      startSample: segment.startSample,
      endSample,
      words,
    };
  }
}

/** A segment whose speaker has not been silent long enough yet. */
class OpenSegment {
  readonly id: string;
  readonly startSample: number;
  readonly audio: SegmentAudio;
  readonly agreement = new LocalAgreement();
  /** Aborted when the segment ends: a partial still under way is of no use. */
  readonly ended = new AbortController();
  /** The final as it will be if the pause under way lasts. */
  early: { endSample: number; result: Promise<DecodeResult>; abort: AbortController } | undefined;
  partialInFlight = false;
  partialsAsked = 0;
  partialsShown = 0;
  lastPartialEnd: number;

  constructor(id: string, startSample: number) {
    this.id = id;
    this.startSample = startSample;
    this.lastPartialEnd = startSample;
    this.audio = new SegmentAudio(startSample);
  }

  /** The pause was none: what was decoded in it is of no use. */
  voiceGoesOn(): void {
    this.early?.abort.abort();
    this.early = undefined;
  }
}
