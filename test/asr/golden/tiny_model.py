"""Makes the tiny random Whisper of test/fixtures/asr/tiny-whisper, in the published layout.

Usage: python tiny_model.py OUT_FOLDER

Needs torch, transformers, tokenizers and optimum-onnx (requirements.txt). Nothing of it is trained: the tests
that use it compare computations, not words. Its weights are drawn wide, so that greedy decoding visits text,
timestamps and the end of text at varying lengths.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import WhisperConfig, WhisperForConditionalGeneration

WINDOW_S = 4
TEXT_VOCAB = 320
MAX_TARGET_POSITIONS = 64
LANGUAGES = ("nl", "en", "de")
SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
TIMESTAMPS = tuple(f"<|{i * 0.02:.2f}|>" for i in range(WINDOW_S * 50 + 1))
TOKEN_ID = {token: TEXT_VOCAB + i for i, token in enumerate(SPECIAL + TIMESTAMPS)}
EOT = TOKEN_ID["<|endoftext|>"]
SUPPRESSED = [1, 7, 31] + [TOKEN_ID[t] for t in SPECIAL if t not in ("<|endoftext|>", "<|notimestamps|>")]
END_SEED = 22
LINES = ["goedemiddag u spreekt met de klantenservice", "good morning how can I help you", "één café für Größe 12,50"]


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.decoder = decoders.ByteLevel(add_prefix_space=True)
    made.train_from_iterator(
        [" " + line for line in LINES] * 4,
        trainers.BpeTrainer(
            vocab_size=TEXT_VOCAB,
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            special_tokens=[],
            show_progress=False,
        ),
    )
    assert made.get_vocab_size() == TEXT_VOCAB
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in SPECIAL])
    made.add_tokens([AddedToken(token, normalized=False, special=False) for token in TIMESTAMPS])
    return made


def config() -> WhisperConfig:
    return WhisperConfig(
        vocab_size=TEXT_VOCAB + len(SPECIAL) + len(TIMESTAMPS),
        d_model=16,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        num_mel_bins=80,
        max_source_positions=WINDOW_S * 50,
        max_target_positions=MAX_TARGET_POSITIONS,
        max_length=MAX_TARGET_POSITIONS,
        decoder_start_token_id=TOKEN_ID["<|startoftranscript|>"],
        bos_token_id=EOT,
        eos_token_id=EOT,
        pad_token_id=EOT,
        suppress_tokens=SUPPRESSED,
        begin_suppress_tokens=[made_space(), EOT],
        init_std=0.3,
    )


def made_space() -> int:
    return tokenizer().token_to_id("Ġ")


def generation_config() -> dict:
    return {
        "alignment_heads": [[0, 1], [1, 0]],
        "begin_suppress_tokens": [made_space(), EOT],
        "bos_token_id": EOT,
        "decoder_start_token_id": TOKEN_ID["<|startoftranscript|>"],
        "eos_token_id": EOT,
        "is_multilingual": True,
        "lang_to_id": {f"<|{language}|>": TOKEN_ID[f"<|{language}|>"] for language in LANGUAGES},
        "max_initial_timestamp_index": 50,
        "max_length": MAX_TARGET_POSITIONS,
        "no_timestamps_token_id": TOKEN_ID["<|notimestamps|>"],
        "pad_token_id": EOT,
        "prev_sot_token_id": TOKEN_ID["<|startofprev|>"],
        "return_timestamps": False,
        "suppress_tokens": SUPPRESSED,
        "task_to_id": {"transcribe": TOKEN_ID["<|transcribe|>"], "translate": TOKEN_ID["<|translate|>"]},
    }


def preprocessor_config() -> dict:
    return {
        "chunk_length": WINDOW_S,
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": 80,
        "hop_length": 160,
        "n_fft": 400,
        "n_samples": WINDOW_S * 16000,
        "nb_max_frames": WINDOW_S * 100,
        "padding_side": "right",
        "padding_value": 0.0,
        "processor_class": "WhisperProcessor",
        "return_attention_mask": False,
        "sampling_rate": 16000,
    }


def model() -> WhisperForConditionalGeneration:
    torch.manual_seed(5)
    made = WhisperForConditionalGeneration(config()).eval()
    with torch.no_grad():
        decoder = made.model.decoder
        # Louder audio path and positions make the choice depend on the clip and on the step.
        decoder.embed_positions.weight.mul_(1.5)
        for layer in decoder.layers:
            layer.encoder_attn.out_proj.weight.mul_(3)
        # A direction that wins now and then: clips end after 5 to 40 tokens.
        torch.manual_seed(END_SEED)
        decoder.embed_tokens.weight[EOT].copy_(torch.randn(16) * 0.5)
    return made


def main() -> None:
    out = Path(sys.argv[1])
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model().save_pretrained(folder / "torch")
        tokenizer().save(str(folder / "torch" / "tokenizer.json"), pretty=False)
        for name, value in (
            ("generation_config.json", generation_config()),
            ("preprocessor_config.json", preprocessor_config()),
        ):
            (folder / "torch" / name).write_text(json.dumps(value))
            shutil.copy(folder / "torch" / name, out / name)
        shutil.copy(folder / "torch" / "config.json", out / "config.json")
        shutil.copy(folder / "torch" / "tokenizer.json", out / "tokenizer.json")
        main_export(
            str(folder / "torch"),
            folder / "onnx",
            task="automatic-speech-recognition-with-past",
            do_validation=False,
            nb_max_frames=WINDOW_S * 100,
        )
        for graph in ("encoder_model", "decoder_model_merged"):
            shutil.copy(folder / "onnx" / f"{graph}.onnx", out / "onnx")
            quantize_dynamic(
                folder / "onnx" / f"{graph}.onnx",
                out / "onnx" / f"{graph}_quantized.onnx",
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
                weight_type=QuantType.QInt8,
                per_channel=True,
                extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
            )
        for graph in ("decoder_model", "decoder_with_past_model"):
            shutil.copy(folder / "onnx" / f"{graph}.onnx", out / "onnx")


if __name__ == "__main__":
    main()
