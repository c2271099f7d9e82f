import { alignTokens } from './alignment.ts';
import type { DecodedRow } from './batch-executor.ts';
import type { ModelConfig } from './model-config.ts';
import { Pauses } from './pauses.ts';
import type { HypothesisWord } from './transcript-tokens.ts';

/** The window that the words were heard in. */
export interface TimedWindow {
  /** [melBands, windowFrames] */
  readonly features: Float32Array;
  /** Length of its audio, without padding. */
  readonly audioSamples: number;
}

/**
 * Times words by the row's cross-attention: a word starts with its first token and lasts until the next word, the
 * last one until the end of the audio, pauses left out. Words of rows without attention keep their times.
 */
export function timeWords(
  words: readonly HypothesisWord[],
  row: Pick<DecodedRow, 'tokens' | 'alignment'>,
  { features, audioSamples }: TimedWindow,
  config: Pick<ModelConfig, 'sourcePositions' | 'hopSamples' | 'melBands' | 'windowFrames'>,
): readonly HypothesisWord[] {
  const { alignment, tokens } = row;
  if (words.length === 0 || alignment.length === 0 || alignment.length !== tokens.length) return words;
  const { sourcePositions, hopSamples, windowFrames } = config;
  const text = words.flatMap((word) => word.tokens);
  const starts = alignTokens(
    text.map((token) => alignment[token]!),
    {
      heads: alignment[0]!.length / sourcePositions,
      positions: sourcePositions,
      usedPositions: Math.min(sourcePositions, Math.ceil(audioSamples / (2 * hopSamples))),
    },
  );
  if (!starts) return words;
  /** One position of the encoder is two frames. */
  const startFrame = new Map(text.map((token, at) => [token, 2 * starts[at]!]));
  const frames = Math.min(windowFrames, Math.floor(audioSamples / hopSamples));
  const pauses = new Pauses(features, frames, config);
  return words.map((word, at) => {
    const next = words[at + 1];
    const until = next ? startFrame.get(next.tokens[0]!)! : frames;
    // Its last token is heard, whatever its level.
    const heard = startFrame.get(word.tokens.at(-1)!)! + 2;
    const toSamples = (frame: number) => Math.min(frame * hopSamples, audioSamples);
    return {
      ...word,
      startSample: toSamples(startFrame.get(word.tokens[0]!)!),
      endSample: toSamples(pauses.endOfSpeech(heard, Math.max(until, heard))),
    };
  });
}
