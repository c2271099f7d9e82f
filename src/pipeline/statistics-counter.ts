import type { EntityType } from '../domain/entity.ts';
import type { RedactedSegment } from '../domain/transcript.ts';
import type { CallStatistics } from './call-event.ts';

/** Counts what the summary of a call tells; numbers only, never words. */
export class StatisticsCounter {
  readonly #entities: Map<EntityType, number>;
  #audioSamples: number;
  #speechSamples: number;
  #pausedSamples: number;
  #segments: number;
  #partials: number;
  #withheldSegments: number;
  #words: number;

  /** Goes on from what a call had before it was resumed. */
  constructor(from?: CallStatistics) {
    this.#entities = new Map(from?.entities);
    this.#audioSamples = from?.audioSamples ?? 0;
    this.#speechSamples = from?.speechSamples ?? 0;
    this.#pausedSamples = from?.pausedSamples ?? 0;
    this.#segments = from?.segments ?? 0;
    this.#partials = from?.partials ?? 0;
    this.#withheldSegments = from?.withheldSegments ?? 0;
    this.#words = from?.words ?? 0;
  }

  get audioSamples(): number {
    return this.#audioSamples;
  }

  /** In finals. */
  get entities(): number {
    return this.#entities.values().reduce((sum, count) => sum + count, 0);
  }

  audio(samples: number, paused: boolean): void {
    this.#audioSamples += samples;
    if (paused) this.#pausedSamples += samples;
  }

  speech(samples: number): void {
    this.#speechSamples += samples;
  }

  segment(segment: RedactedSegment): void {
    if (!segment.isFinal) {
      this.#partials++;
      return;
    }
    this.#segments++;
    if (segment.withheld !== undefined) this.#withheldSegments++;
    this.#words += segment.words.length;
    for (const { type } of segment.entities) this.#entities.set(type, (this.#entities.get(type) ?? 0) + 1);
  }

  total(): CallStatistics {
    return {
      audioSamples: this.#audioSamples,
      speechSamples: this.#speechSamples,
      pausedSamples: this.#pausedSamples,
      segments: this.#segments,
      partials: this.#partials,
      withheldSegments: this.#withheldSegments,
      words: this.#words,
      entities: new Map(this.#entities),
    };
  }
}
