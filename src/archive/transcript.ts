import type { EntityType } from '../domain/entity.ts';
import type { RedactedSegment, Sentiment } from '../domain/transcript.ts';

/** A final of an archived call: redacted text, and nothing that redaction has not passed. */
export interface TranscriptSegment extends RedactedSegment {
  readonly sentiment?: Sentiment;
}

/** What comes of one recording. Positions are on the call's clock, in samples at `PIPELINE_RATE_HZ`. */
export interface Transcript {
  /** In the order of their start, then of channel. */
  readonly segments: readonly TranscriptSegment[];
  readonly audioSamples: number;
  /** Mean of the segments' sentiment by length of speech; absent without any. */
  readonly sentiment?: Sentiment;
  readonly entities: Readonly<Partial<Record<EntityType, number>>>;
}

/** Joins what was found of one call into its transcript. */
export function transcriptOf(segments: readonly TranscriptSegment[], audioSamples: number): Transcript {
  const ordered = segments.toSorted((a, b) => a.startSample - b.startSample || a.channel - b.channel);
  const entities: Partial<Record<EntityType, number>> = {};
  for (const { type } of ordered.flatMap((segment) => segment.entities))
    entities[type] = (entities[type] ?? 0) + 1;
  const sentiment = sentimentOf(ordered);
  return { segments: ordered, audioSamples, entities, ...(sentiment && { sentiment }) };
}

/** Longer turns count for more. */
function sentimentOf(segments: readonly TranscriptSegment[]): Sentiment | undefined {
  const total = { negative: 0, neutral: 0, positive: 0 };
  let weight = 0;
  for (const { sentiment, startSample, endSample } of segments) {
    if (sentiment === undefined) continue;
    const length = Math.max(1, endSample - startSample);
    weight += length;
    for (const label of LABELS) total[label] += sentiment.scores[label] * length;
  }
  if (weight === 0) return undefined;
  for (const label of LABELS) total[label] /= weight;
  const label = LABELS.reduce((best, next) => (total[next] > total[best] ? next : best));
  return { label, scores: total };
}

const LABELS = ['negative', 'neutral', 'positive'] as const;
