"""The model's configuration files as Hugging Face's Whisper publishes them."""

from __future__ import annotations

import json
from pathlib import Path

import spec
import tokenizer


def suppressed() -> list[int]:
    """Special tokens that never belong in a transcript (sot, languages, tasks, prev, nospeech).

    Whisper's list also bans symbols; our training text has none, so the model learnt not to.
    """
    kept = {"<|endoftext|>", "<|notimestamps|>"}
    return [spec.TOKEN_ID[token] for token in spec.SPECIAL_TOKENS if token not in kept]


def begin_suppressed() -> list[int]:
    return [tokenizer.load().token_to_id("Ġ"), spec.EOT]


def config() -> dict:
    return {
        "activation_dropout": 0.0,
        "activation_function": "gelu",
        "apply_spec_augment": False,
        "architectures": ["WhisperForConditionalGeneration"],
        "attention_dropout": 0.0,
        "begin_suppress_tokens": begin_suppressed(),
        "bos_token_id": spec.EOT,
        "classifier_proj_size": 256,
        "d_model": spec.D_MODEL,
        "decoder_attention_heads": spec.HEADS,
        "decoder_ffn_dim": spec.FFN,
        "decoder_layerdrop": 0.0,
        "decoder_layers": spec.DECODER_LAYERS,
        "decoder_start_token_id": spec.SOT,
        "dropout": 0.0,
        "encoder_attention_heads": spec.HEADS,
        "encoder_ffn_dim": spec.FFN,
        "encoder_layerdrop": 0.0,
        "encoder_layers": spec.ENCODER_LAYERS,
        "eos_token_id": spec.EOT,
        "forced_decoder_ids": None,
        "init_std": 0.02,
        "is_encoder_decoder": True,
        "max_length": spec.MAX_TARGET_POSITIONS,
        "max_source_positions": spec.MAX_SOURCE_POSITIONS,
        "max_target_positions": spec.MAX_TARGET_POSITIONS,
        "median_filter_width": 7,
        "model_type": "whisper",
        "num_hidden_layers": spec.ENCODER_LAYERS,
        "num_mel_bins": spec.MEL_BINS,
        "pad_token_id": spec.EOT,
        "scale_embedding": False,
        "suppress_tokens": suppressed(),
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
        "use_cache": True,
        "use_weighted_layer_sum": False,
        "vocab_size": spec.VOCAB,
    }


def generation_config() -> dict:
    return {
        "alignment_heads": [list(head) for head in spec.ALIGNMENT_HEADS],
        "begin_suppress_tokens": begin_suppressed(),
        "bos_token_id": spec.EOT,
        "decoder_start_token_id": spec.SOT,
        "eos_token_id": spec.EOT,
        "forced_decoder_ids": [[1, None], [2, spec.TRANSCRIBE]],
        "is_multilingual": True,
        "lang_to_id": {f"<|{language}|>": spec.TOKEN_ID[f"<|{language}|>"] for language in spec.LANGUAGES},
        "max_initial_timestamp_index": spec.MAX_INITIAL_TIMESTAMP_INDEX,
        "max_length": spec.MAX_TARGET_POSITIONS,
        "no_timestamps_token_id": spec.NO_TIMESTAMPS,
        "pad_token_id": spec.EOT,
        "prev_sot_token_id": spec.PREV,
        "return_timestamps": False,
        "suppress_tokens": suppressed(),
        "task_to_id": {
            "transcribe": spec.TRANSCRIBE,
            "translate": spec.TOKEN_ID["<|translate|>"],
        },
    }


def preprocessor_config() -> dict:
    return {
        "chunk_length": spec.WINDOW_S,
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": spec.MEL_BINS,
        "hop_length": spec.HOP,
        "n_fft": spec.N_FFT,
        "n_samples": spec.WINDOW_S * spec.SAMPLE_RATE_HZ,
        "nb_max_frames": spec.WINDOW_S * 100,
        "padding_side": "right",
        "padding_value": 0.0,
        "processor_class": "WhisperProcessor",
        "return_attention_mask": False,
        "sampling_rate": spec.SAMPLE_RATE_HZ,
    }


def write(folder: Path) -> None:
    for name, value in (
        ("config.json", config()),
        ("generation_config.json", generation_config()),
        ("preprocessor_config.json", preprocessor_config()),
    ):
        (folder / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    tokenizer.write_hugging_face_files(folder)
