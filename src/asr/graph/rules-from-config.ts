import type { GenerationRules } from './generation-loop.ts';

/** Of `config.json`, what the compiler reads. */
export interface ModelConfig {
  readonly vocab_size: number;
  readonly max_target_positions: number;
  readonly eos_token_id: number;
  readonly suppress_tokens?: readonly number[] | null;
  readonly begin_suppress_tokens?: readonly number[] | null;
}

/** Of `generation_config.json`. */
export interface GenerationConfig {
  readonly eos_token_id?: number;
  readonly no_timestamps_token_id: number;
  readonly max_initial_timestamp_index?: number | null;
  readonly suppress_tokens?: readonly number[] | null;
  readonly begin_suppress_tokens?: readonly number[] | null;
  readonly alignment_heads?: readonly (readonly [number, number])[] | null;
  /** Absent in English-only models. */
  readonly lang_to_id?: Readonly<Record<string, number>>;
}

/** The rules that a published model asks for. */
export function rulesFromConfig(config: ModelConfig, generation: GenerationConfig): GenerationRules {
  if (typeof generation.no_timestamps_token_id !== 'number') {
    throw new Error(
      'generation_config.json: no_timestamps_token_id is missing; use the file of the published model',
    );
  }
  return {
    vocabularySize: config.vocab_size,
    maxTargetPositions: config.max_target_positions,
    endOfText: generation.eos_token_id ?? config.eos_token_id,
    noTimestamps: generation.no_timestamps_token_id,
    // No configuration names it; transformers' generation_whisper.py takes the token before no-timestamps too.
    noSpeechToken: generation.no_timestamps_token_id - 1,
    suppressTokens: generation.suppress_tokens ?? config.suppress_tokens ?? [],
    beginSuppressTokens: generation.begin_suppress_tokens ?? config.begin_suppress_tokens ?? [],
    maxInitialTimestampIndex: generation.max_initial_timestamp_index ?? undefined,
    alignmentHeads: generation.alignment_heads ?? [],
    languageTokens: Object.values(generation.lang_to_id ?? {}).toSorted((a, b) => a - b),
  };
}
