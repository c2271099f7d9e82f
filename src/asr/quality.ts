/** When a hypothesis is believed: the thresholds of the Whisper paper (section 4.5), openai/whisper transcribe.py. */
import { deflateSync } from 'node:zlib';

export interface QualityThresholds {
  /** Text that compresses better than this repeats itself. */
  readonly maxCompressionRatio: number;
  /** Mean log-probability per token below this is a guess. */
  readonly minAvgLogProbability: number;
  /** With a guess: above this nobody spoke. */
  readonly maxNoSpeechProbability: number;
}

export const PAPER_THRESHOLDS: QualityThresholds = {
  maxCompressionRatio: 2.4,
  minAvgLogProbability: -1,
  maxNoSpeechProbability: 0.6,
};

export interface HypothesisQuality {
  readonly text: string;
  readonly looped: boolean;
  readonly avgLogProbability: number;
  readonly noSpeechProbability: number;
}

/** `silence`: the words are made up. `unsure`: worth another try at a higher temperature. */
export type Verdict = 'good' | 'unsure' | 'silence';

export function judge(hypothesis: HypothesisQuality, thresholds: QualityThresholds): Verdict {
  const guess = hypothesis.avgLogProbability < thresholds.minAvgLogProbability;
  if (guess && hypothesis.noSpeechProbability > thresholds.maxNoSpeechProbability) return 'silence';
  return guess || isRepetitive(hypothesis, thresholds) ? 'unsure' : 'good';
}

export function isRepetitive(
  hypothesis: Pick<HypothesisQuality, 'text' | 'looped'>,
  thresholds: QualityThresholds,
): boolean {
  return hypothesis.looped || compressionRatio(hypothesis.text) > thresholds.maxCompressionRatio;
}

/** UTF-8 bytes over bytes after zlib; 0 for no text. */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length === 0 ? 0 : bytes.length / deflateSync(bytes).length;
}

/** As openai/whisper: the sum over all tokens, end-of-text included, over the number of tokens without it plus one. */
export function avgLogProbability(logProbabilities: readonly number[], endedByItself: boolean): number {
  const sum = logProbabilities.reduce((total, each) => total + each, 0);
  return sum / (logProbabilities.length + (endedByItself ? 0 : 1));
}
