import { specialTokens, TEXT_TOKENS, type WhisperShape } from './whisper-shapes.ts';

/** ISO 639-1 in Whisper's order (openai/whisper: tokenizer.py), the last since large-v3. */
const LANGUAGES =
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue'.split(
    ' ',
  );

/** Configuration and tokenizer of a model with no words in it: special tokens are Whisper's, text tokens are numbers. */
export function tokenizerFiles(shape: WhisperShape): Readonly<Record<string, object>> {
  const special = specialTokens(shape);
  const languages = LANGUAGES.slice(0, shape.languages);
  const added = new Map<string, number>([
    ['<|endoftext|>', special.endOfText],
    ['<|startoftranscript|>', special.startOfTranscript],
    ...languages.map((code, at) => [`<|${code}|>`, special.firstLanguage + at] as const),
    ['<|translate|>', special.translate],
    ['<|transcribe|>', special.transcribe],
    ['<|startoflm|>', special.translate + 2],
    ['<|startofprev|>', special.startOfPrevious],
    ['<|nospeech|>', special.noSpeech],
    ['<|notimestamps|>', special.noTimestamps],
    ...Array.from({ length: special.vocabulary - special.noTimestamps - 1 }, (_, step) => {
      return [`<|${(step * 0.02).toFixed(2)}|>`, special.noTimestamps + 1 + step] as const;
    }),
  ]);
  const { hidden, heads, ffn, encoderLayers, decoderLayers } = shape;
  return {
    'config.json': {
      model_type: 'whisper',
      vocab_size: special.vocabulary,
      num_mel_bins: shape.melBands,
      d_model: hidden,
      encoder_layers: encoderLayers,
      encoder_attention_heads: heads,
      encoder_ffn_dim: ffn,
      decoder_layers: decoderLayers,
      decoder_attention_heads: heads,
      decoder_ffn_dim: ffn,
      max_source_positions: shape.sourcePositions,
      max_target_positions: shape.targetPositions,
      decoder_start_token_id: special.startOfTranscript,
      bos_token_id: special.endOfText,
      eos_token_id: special.endOfText,
      pad_token_id: special.endOfText,
    },
    'generation_config.json': {
      suppress_tokens: [special.endOfText],
      begin_suppress_tokens: [],
      no_timestamps_token_id: special.noTimestamps,
      max_initial_timestamp_index: 50,
      lang_to_id: Object.fromEntries(
        languages.map((code, at) => [`<|${code}|>`, special.firstLanguage + at]),
      ),
      task_to_id: { translate: special.translate, transcribe: special.transcribe },
      prev_sot_token_id: special.startOfPrevious,
    },
    'preprocessor_config.json': {
      feature_size: shape.melBands,
      n_fft: 400,
      hop_length: 160,
      sampling_rate: 16_000,
      n_samples: 320 * shape.sourcePositions,
      nb_max_frames: 2 * shape.sourcePositions,
    },
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [...added].map(([content, id]) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        vocab: Object.fromEntries(Array.from({ length: TEXT_TOKENS }, (_, id) => [`Ġ${id}`, id])),
        merges: [],
      },
    },
  };
}
