/** Shapes of published Whisper models (openai/whisper-*: config.json), and one for testing the bench itself. */
export interface WhisperShape {
  readonly hidden: number;
  readonly heads: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly ffn: number;
  readonly melBands: number;
  /** Languages of the tokenizer: 99, and 100 since large-v3. */
  readonly languages: number;
  /** Positions of the encoder: 1,500 are 30 s. */
  readonly sourcePositions: number;
  readonly targetPositions: number;
}

const PUBLISHED = { sourcePositions: 1500, targetPositions: 448 };
const LARGE = {
  ...PUBLISHED,
  hidden: 1280,
  heads: 20,
  encoderLayers: 32,
  ffn: 5120,
  melBands: 128,
  languages: 100,
};
const SMALLER = { ...PUBLISHED, melBands: 80, languages: 99 };

export const WHISPER_SHAPES = {
  'large-v3-turbo': { ...LARGE, decoderLayers: 4 },
  'large-v3': { ...LARGE, decoderLayers: 32 },
  small: { ...SMALLER, hidden: 768, heads: 12, encoderLayers: 12, decoderLayers: 12, ffn: 3072 },
  tiny: { ...SMALLER, hidden: 384, heads: 6, encoderLayers: 4, decoderLayers: 4, ffn: 1536 },
  toy: {
    ...SMALLER,
    hidden: 64,
    heads: 2,
    encoderLayers: 2,
    decoderLayers: 2,
    ffn: 128,
    sourcePositions: 100,
    targetPositions: 64,
  },
} as const satisfies Record<string, WhisperShape>;
export type ShapeName = keyof typeof WHISPER_SHAPES;

/** Text tokens, end of text among them, before the special ones (openai/whisper: tokenizer.py). */
export const TEXT_TOKENS = 50_257;
const TIMESTAMPS = 1501;

export function specialTokens({ languages }: WhisperShape) {
  const firstLanguage = TEXT_TOKENS + 2;
  const translate = firstLanguage + languages;
  const noTimestamps = translate + 5;
  return {
    endOfText: TEXT_TOKENS,
    startOfTranscript: TEXT_TOKENS + 1,
    firstLanguage,
    translate,
    transcribe: translate + 1,
    startOfPrevious: translate + 3,
    noSpeech: translate + 4,
    noTimestamps,
    vocabulary: noTimestamps + 1 + TIMESTAMPS,
  };
}

/**
 * Operations of one window, counting a product's multiplications and additions, and nothing but products and
 * convolutions; of the decoder for `tokens` steps.
 */
export function operations(shape: WhisperShape, tokens: number): { encoder: number; decoder: number } {
  const { hidden, ffn, encoderLayers, decoderLayers, sourcePositions: positions, melBands } = shape;
  const convolutions = 2 * 3 * hidden * (2 * positions * melBands + positions * hidden);
  const encoderLayer = 2 * positions * (4 * hidden ** 2 + 2 * hidden * ffn) + 4 * positions ** 2 * hidden;
  const crossOnce = decoderLayers * 4 * positions * hidden ** 2;
  const decoderToken =
    decoderLayers *
      (2 * (6 * hidden ** 2 + 2 * hidden * ffn) + 4 * positions * hidden + 4 * (tokens / 2) * hidden) +
    2 * hidden * specialTokens(shape).vocabulary;
  return {
    encoder: convolutions + encoderLayers * encoderLayer,
    decoder: crossOnce + tokens * decoderToken,
  };
}

/**
 * Bytes that one decoding step of a batch must read at least: the decoder's weights once, and of each row the keys
 * and values of its window and of half its tokens.
 */
export function stepBytes(shape: WhisperShape, batch: number, tokens: number, bytesPerValue: number): number {
  const { hidden, ffn, decoderLayers, sourcePositions } = shape;
  const weights =
    decoderLayers * (6 * hidden ** 2 + 2 * hidden * ffn) + hidden * specialTokens(shape).vocabulary;
  const row = decoderLayers * 2 * hidden * (sourcePositions + tokens / 2);
  return bytesPerValue * (weights + batch * row);
}
