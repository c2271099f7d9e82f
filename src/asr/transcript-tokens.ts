/** From a row's tokens to words: segments by timestamp tokens, words by spaces, loops cut. */
import { findLoop } from './repetition.ts';
import type { WhisperTokenizer } from './tokenizer.ts';

export interface HypothesisWord {
  readonly text: string;
  /** Positions of its tokens in the row, ascending. */
  readonly tokens: readonly number[];
  /** Mean probability of its tokens. */
  readonly confidence: number;
  /** Samples from the start of the window; from timestamp tokens, spread by length within a segment. */
  readonly startSample: number;
  readonly endSample: number;
}

export interface HypothesisText {
  readonly words: readonly HypothesisWord[];
  readonly text: string;
  /** Whether a loop was cut. */
  readonly looped: boolean;
}

/** A stretch between two timestamps. */
interface TokenSegment {
  readonly startSample: number;
  readonly endSample: number;
  /** Positions in the row. */
  readonly positions: readonly number[];
}

export interface TokenRow {
  readonly tokens: readonly number[];
  readonly logProbabilities: readonly number[];
}

/** `audioSamples`: length of the window's audio without padding; `stepSamples`: what one timestamp counts. */
export function readHypothesis(
  tokenizer: WhisperTokenizer,
  row: TokenRow,
  audioSamples: number,
  stepSamples: number,
): HypothesisText {
  const { endOfText } = tokenizer.special;
  const textPositions = [...row.tokens.keys()].filter((at) => row.tokens[at]! < endOfText);
  const kept = withoutLoops(row.tokens, textPositions);
  const words = segmentsOf(tokenizer, row.tokens, audioSamples, stepSamples).flatMap((segment) =>
    wordsOf(tokenizer, row, { ...segment, positions: segment.positions.filter((at) => kept.has(at)) }),
  );
  return {
    words,
    text: words.map((word) => word.text).join(' '),
    looped: kept.size < textPositions.length,
  };
}

/** Whether the row has begun to repeat itself, so that more of it is not worth its time. */
export function isLooping(tokenizer: WhisperTokenizer, tokens: readonly number[]): boolean {
  const text = tokens.filter((id) => id < tokenizer.special.endOfText);
  const loop = findLoop(text);
  return loop !== undefined && loop.end === text.length;
}

function withoutLoops(tokens: readonly number[], textPositions: readonly number[]): ReadonlySet<number> {
  let positions = [...textPositions];
  for (;;) {
    const loop = findLoop(positions.map((at) => tokens[at]!));
    if (!loop) return new Set(positions);
    positions = [...positions.slice(0, loop.keep), ...positions.slice(loop.end)];
  }
}

function segmentsOf(
  tokenizer: WhisperTokenizer,
  tokens: readonly number[],
  audioSamples: number,
  stepSamples: number,
): TokenSegment[] {
  const { timestampBegin, endOfText } = tokenizer.special;
  const segments: TokenSegment[] = [];
  let startSample = 0;
  let positions: number[] = [];
  const close = (endSample: number) => {
    if (positions.length > 0) segments.push({ startSample, endSample, positions });
    positions = [];
    startSample = endSample;
  };
  tokens.forEach((id, at) => {
    if (id < endOfText) positions.push(at);
    else if (tokenizer.isTimestamp(id)) close(Math.min((id - timestampBegin) * stepSamples, audioSamples));
  });
  close(audioSamples);
  return segments;
}

function wordsOf(tokenizer: WhisperTokenizer, row: TokenRow, segment: TokenSegment): HypothesisWord[] {
  const { positions, startSample, endSample } = segment;
  const words = tokenizer.words(positions.map((at) => row.tokens[at]!));
  const totalLength = words.reduce((sum, word) => sum + word.text.length, 0);
  let before = 0;
  return words.map(({ text, first, end }) => {
    const at = (length: number) =>
      Math.round(startSample + ((endSample - startSample) * length) / totalLength);
    const tokens = positions.slice(first, end);
    const probability = tokens.reduce((sum, at) => sum + Math.exp(row.logProbabilities[at]!), 0);
    const word = {
      text,
      tokens,
      confidence: probability / tokens.length,
      startSample: at(before),
      endSample: at(before + text.length),
    };
    before += text.length;
    return word;
  });
}
