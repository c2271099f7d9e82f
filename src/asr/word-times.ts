import { alignTokens } from './alignment.ts';
import type { DecodedRow } from './batch-executor.ts';
import type { ModelConfig } from './model-config.ts';
import type { HypothesisWord } from './transcript-tokens.ts';

/**
 * Times words by the row's cross-attention: a word lasts from where its first token begins to where the token
 * after its last one does (a word, a timestamp or end-of-text). Words of rows without attention keep their times.
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
  const starts = alignTokens(alignment, {
    heads: alignment[0]!.length / sourcePositions,
    positions: sourcePositions,
    usedPositions: Math.min(sourcePositions, Math.ceil(audioSamples / positionSamples)),
    medianFilterWidth,
  });
  const sampleOf = (token: number) =>
    token < starts.length ? Math.min(starts[token]! * positionSamples, audioSamples) : audioSamples;
  return words.map((word) => ({
    ...word,
    startSample: sampleOf(word.tokens[0]!),
    endSample: sampleOf(word.tokens.at(-1)! + 1),
  }));
}
