/**
 * What the published files say about a Whisper model: config.json, generation_config.json and
 * preprocessor_config.json, as Hugging Face writes them. Only fields the engine uses are read.
 */
import { z } from 'zod';
import { ServiceError } from '../domain/service-error.ts';

const tokenId = z.int().nonnegative();
/** transformers writes one id or a list of ids. */
const tokenIds = z.array(tokenId).nullish();
const positive = z.int().positive();

const configSchema = z.object({
  model_type: z.literal('whisper'),
  vocab_size: positive,
  num_mel_bins: positive,
  d_model: positive,
  encoder_layers: positive,
  encoder_attention_heads: positive,
  encoder_ffn_dim: positive,
  decoder_layers: positive,
  decoder_attention_heads: positive,
  max_source_positions: positive,
  max_target_positions: positive,
  decoder_start_token_id: tokenId,
  eos_token_id: tokenId,
  suppress_tokens: tokenIds,
  begin_suppress_tokens: tokenIds,
});

const generationSchema = z.object({
  suppress_tokens: tokenIds,
  begin_suppress_tokens: tokenIds,
  no_timestamps_token_id: tokenId.optional(),
  max_initial_timestamp_index: z.int().nonnegative().nullish(),
  alignment_heads: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).nullish(),
  lang_to_id: z.record(z.string(), tokenId).optional(),
  task_to_id: z.record(z.string(), tokenId).optional(),
  prev_sot_token_id: tokenId.optional(),
});

const preprocessorSchema = z.object({
  feature_size: positive,
  n_fft: positive,
  hop_length: positive,
  sampling_rate: positive,
  n_samples: positive,
  nb_max_frames: positive,
});

/** Dimensions and lists of one model; sizes in the units of the names. */
export interface ModelConfig {
  readonly vocabularySize: number;
  readonly melBands: number;
  readonly hiddenSize: number;
  readonly encoderLayers: number;
  readonly encoderHeads: number;
  readonly encoderFfnSize: number;
  readonly decoderLayers: number;
  readonly decoderHeads: number;
  /** Positions of the encoder's output: one per `2 * hopSamples`. */
  readonly sourcePositions: number;
  /** Tokens the decoder can attend to, prompt included. */
  readonly targetPositions: number;
  readonly suppressTokens: readonly number[];
  readonly beginSuppressTokens: readonly number[];
  /** The first timestamp of a window may be at most this many steps late; no limit if absent. */
  readonly maxInitialTimestampIndex: number | undefined;
  /** (layer, head) whose cross-attention points at the word being said; empty if the files name none. */
  readonly alignmentHeads: readonly (readonly [layer: number, head: number])[];
  readonly startOfTranscript: number;
  readonly endOfText: number;
  /** Language code to token; empty for models of one language. */
  readonly languageTokens: ReadonlyMap<string, number>;
  readonly transcribe: number | undefined;
  readonly startOfPrevious: number | undefined;
  readonly noTimestamps: number | undefined;
  readonly fftSize: number;
  readonly hopSamples: number;
  readonly sampleRateHz: number;
  readonly windowSamples: number;
  readonly windowFrames: number;
}

/** `json` maps file name to parsed content. Throws `failed-precondition` naming the file and the mismatch. */
export function readModelConfig(json: {
  readonly config: unknown;
  readonly generation: unknown;
  readonly preprocessor: unknown;
}): ModelConfig {
  const config = parse('config.json', configSchema, json.config);
  const generation = parse('generation_config.json', generationSchema, json.generation);
  const preprocessor = parse('preprocessor_config.json', preprocessorSchema, json.preprocessor);
  const model: ModelConfig = {
    vocabularySize: config.vocab_size,
    melBands: config.num_mel_bins,
    hiddenSize: config.d_model,
    encoderLayers: config.encoder_layers,
    encoderHeads: config.encoder_attention_heads,
    encoderFfnSize: config.encoder_ffn_dim,
    decoderLayers: config.decoder_layers,
    decoderHeads: config.decoder_attention_heads,
    sourcePositions: config.max_source_positions,
    targetPositions: config.max_target_positions,
    suppressTokens: generation.suppress_tokens ?? config.suppress_tokens ?? [],
    beginSuppressTokens: generation.begin_suppress_tokens ?? config.begin_suppress_tokens ?? [],
    maxInitialTimestampIndex: generation.max_initial_timestamp_index ?? undefined,
    alignmentHeads: generation.alignment_heads ?? [],
    startOfTranscript: config.decoder_start_token_id,
    endOfText: config.eos_token_id,
    languageTokens: languageTokens(generation.lang_to_id ?? {}),
    transcribe: generation.task_to_id?.transcribe,
    startOfPrevious: generation.prev_sot_token_id,
    noTimestamps: generation.no_timestamps_token_id,
    fftSize: preprocessor.n_fft,
    hopSamples: preprocessor.hop_length,
    sampleRateHz: preprocessor.sampling_rate,
    windowSamples: preprocessor.n_samples,
    windowFrames: preprocessor.nb_max_frames,
  };
  checkAgreement(model);
  return model;
}

function checkAgreement(model: ModelConfig): void {
  const { melBands, windowFrames, windowSamples, hopSamples, sourcePositions, vocabularySize } = model;
  const expect = (file: string, holds: boolean, message: string) => {
    if (!holds) throw mismatch(file, message);
  };
  expect(
    'preprocessor_config.json',
    windowFrames === 2 * sourcePositions,
    `nb_max_frames is ${windowFrames}, config.json's max_source_positions of ${sourcePositions} needs ${2 * sourcePositions}`,
  );
  expect(
    'preprocessor_config.json',
    windowSamples === windowFrames * hopSamples,
    `n_samples is ${windowSamples}, nb_max_frames * hop_length is ${windowFrames * hopSamples}`,
  );
  expect(
    'config.json',
    melBands === 80 || melBands === 128,
    `num_mel_bins is ${melBands}, Whisper has 80 or 128`,
  );
  expect(
    'config.json',
    model.hiddenSize % model.decoderHeads === 0,
    `d_model of ${model.hiddenSize} does not divide into ${model.decoderHeads} decoder_attention_heads`,
  );
  const ids: readonly (readonly [string, readonly number[]])[] = [
    ['suppress_tokens', model.suppressTokens],
    ['begin_suppress_tokens', model.beginSuppressTokens],
    ['lang_to_id', [...model.languageTokens.values()]],
    ['task_to_id', model.transcribe === undefined ? [] : [model.transcribe]],
  ];
  for (const [field, values] of ids) {
    const largest = Math.max(-1, ...values);
    expect(
      'generation_config.json',
      largest < vocabularySize,
      `${field} has token ${largest}, config.json's vocab_size is ${vocabularySize}`,
    );
  }
  for (const [layer, head] of model.alignmentHeads) {
    expect(
      'generation_config.json',
      layer < model.decoderLayers && head < model.decoderHeads,
      `alignment_heads has [${layer}, ${head}], the decoder has ${model.decoderLayers} layers of ${model.decoderHeads} heads`,
    );
  }
}

export function mismatch(file: string, message: string, cause?: unknown): ServiceError {
  return new ServiceError('failed-precondition', `${file}: ${message}`, { cause });
}

function parse<T>(file: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const at = issue.path.join('.');
  throw mismatch(file, at ? `${at}: ${issue.message}` : issue.message);
}

/** `{"<|nl|>": 50271}` to `nl -> 50271`. */
function languageTokens(langToId: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(langToId).map(([token, id]) => [token.replace(/^<\||\|>$/g, ''), id]));
}
