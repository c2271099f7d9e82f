"""A Whisper of published shape with random weights, for Sotto and the engines it is compared with.

Usage: python random_whisper.py --shape FOLDER --out FOLDER [--ct2 PATH] [--whisper-cpp FOLDER --mel-filters NPZ]

FOLDER of --shape holds the published configuration and tokenizer files (whisper-tiny: config.json, generation_config.json,
preprocessor_config.json, tokenizer.json, ...); the weights need not be there. Writes below --out:

    published/   float32 and int8 (_quantized) ONNX files in the published layout
    ct2/         CTranslate2 int8, by --ct2 (ct2-transformers-converter, of an environment with transformers)
    ggml-q8_0.bin  whisper.cpp q8_0, by the converter and build/bin/whisper-quantize of --whisper-cpp

Needs the packages of models/training/requirements-export.txt. End-of-text is suppressed, so that every row runs to
its limit: what is compared is speed at equal numbers of tokens.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from transformers import WhisperConfig, WhisperForConditionalGeneration

COPIED = ("preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")


def save_torch(shape: Path, out: Path) -> None:
    config = json.loads((shape / "config.json").read_text())
    generation = json.loads((shape / "generation_config.json").read_text())
    generation["suppress_tokens"] = sorted({*(generation.get("suppress_tokens") or []), config["eos_token_id"]})
    torch.manual_seed(0)
    WhisperForConditionalGeneration(WhisperConfig.from_dict(config)).eval().save_pretrained(out)
    (out / "config.json").write_text(json.dumps(config))
    (out / "generation_config.json").write_text(json.dumps(generation))
    for name in COPIED:
        if (shape / name).exists():
            shutil.copy(shape / name, out)


def publish(source: Path, out: Path) -> None:
    """As the published files are made: optimum, then dynamic quantisation of the products with weights."""
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        main_export(str(source), temporary, task="automatic-speech-recognition-with-past", do_validation=False)
        for graph in ("encoder_model", "decoder_model_merged"):
            made = Path(temporary) / f"{graph}.onnx"
            shutil.copy(made, out / "onnx")
            quantize_dynamic(
                made,
                out / "onnx" / f"{graph}_quantized.onnx",
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
                weight_type=QuantType.QInt8,
                per_channel=True,
                extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
            )
    for name in ("config.json", "generation_config.json", *COPIED):
        if (source / name).exists():
            shutil.copy(source / name, out)


def to_ggml(source: Path, whisper_cpp: Path, mel_filters: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model = folder / "model"
        shutil.copytree(source, model)
        # The converter reads the vocabulary from vocab.json and the filters from a checkout of openai/whisper.
        vocabulary = json.loads((source / "tokenizer.json").read_text())["model"]["vocab"]
        (model / "vocab.json").write_text(json.dumps(vocabulary))
        if not (model / "added_tokens.json").exists():
            (model / "added_tokens.json").write_text("{}")
        assets = folder / "whisper" / "assets"
        assets.mkdir(parents=True)
        shutil.copy(mel_filters, assets / "mel_filters.npz")
        convert = whisper_cpp / "models" / "convert-h5-to-ggml.py"
        subprocess.run([sys.executable, convert, model, folder, folder], check=True, stdout=subprocess.DEVNULL)
        quantize = whisper_cpp / "build" / "bin" / "whisper-quantize"
        subprocess.run([quantize, folder / "ggml-model.bin", out, "q8_0"], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--shape", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--ct2", type=Path)
    arguments.add_argument("--whisper-cpp", type=Path)
    arguments.add_argument("--mel-filters", type=Path)
    options = arguments.parse_args()
    source = options.out / "torch"
    save_torch(options.shape, source)
    publish(source, options.out / "published")
    if options.ct2:
        copied = ["tokenizer.json", "preprocessor_config.json"]
        subprocess.run(
            [options.ct2, "--model", source, "--output_dir", options.out / "ct2", "--quantization", "int8", "--force"]
            + ["--copy_files", *copied],
            check=True,
        )
    if options.whisper_cpp:
        to_ggml(source, options.whisper_cpp, options.mel_filters, options.out / "ggml-q8_0.bin")


if __name__ == "__main__":
    main()
