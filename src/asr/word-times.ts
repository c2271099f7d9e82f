import { alignTokens } from './alignment.ts';
import type { DecodedRow } from './batch-executor.ts';
import type { ModelConfig } from './model-config.ts';
import type { HypothesisWord } from './transcript-tokens.ts';

/**
 * Times words by the row's cross-attention: a word lasts from the span of its first token to that of its last.
 * Timestamps and end-of-text are aligned too: they take the silence around speech. Words of rows without
 * attention keep their times.
 */
export function timeWords(
  words: readonly HypothesisWord[],
  row: Pick<DecodedRow, 'tokens' | 'alignment'>,
  audioSamples: number,
  config: Pick<ModelConfig, 'sourcePositions' | 'medianFilterWidth' | 'hopSamples'>,
): readonly HypothesisWord[] {
  const { alignment, tokens } = row;
  if (alignment.length === 0 || alignment.length !== tokens.length) return words;
  const { sourcePositions, medianFilterWidth, hopSamples } = config;
  const positionSamples = 2 * hopSamples;
  const spans = alignTokens(alignment, {
    heads: alignment[0]!.length / sourcePositions,
    positions: sourcePositions,
    usedPositions: Math.min(sourcePositions, Math.ceil(audioSamples / positionSamples)),
    medianFilterWidth,
  });
  if (!spans) return words;
  return words.map((word) => ({
    ...word,
    startSample: Math.min(spans[word.tokens[0]!]!.start * positionSamples, audioSamples),
    endSample: Math.min(spans[word.tokens.at(-1)!]!.end * positionSamples, audioSamples),
  }));
}
