"""Exports a checkpoint to ONNX in the published Whisper layout.

Usage: python export.py [CHECKPOINT] [--out FOLDER] [--random] [--last]

Runs in the export environment (requirements-export.txt), since optimum pins older transformers.
Writes encoder_model and decoder_model_merged, each as float32 and as dynamically quantised int8.
Files are completed in a temporary folder and then renamed, so a reader never sees half a model.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from transformers import WhisperConfig, WhisperForConditionalGeneration

import hf_config
import spec

GRAPHS = ("encoder_model", "decoder_model_merged")


def build(checkpoint: Path | None, average: bool) -> WhisperForConditionalGeneration:
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(WhisperConfig(**hf_config.config())).eval()
    if checkpoint:
        weights = torch.load(checkpoint, map_location="cpu", weights_only=True)["ema" if average else "model"]
        weights = {name: value.float() for name, value in weights.items() if name.startswith("model.")}
        missing, unexpected = model.load_state_dict(weights, strict=False)
        assert not unexpected and set(missing) <= {"proj_out.weight"}, (missing, unexpected)
        model.tie_weights()
    return model


def export(checkpoint: Path | None, out: Path, average: bool = True) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as temporary:
        folder = Path(temporary)
        build(checkpoint, average).save_pretrained(folder / "torch")
        hf_config.write(folder / "torch")
        main_export(
            str(folder / "torch"),
            folder / "optimum",
            task="automatic-speech-recognition-with-past",
            do_validation=False,
            nb_max_frames=100 * spec.WINDOW_S,
        )
        ready = folder / "ready"
        (ready / "onnx").mkdir(parents=True)
        hf_config.write(ready)
        for graph in GRAPHS:
            source = folder / "optimum" / f"{graph}.onnx"
            shutil.copy(source, ready / "onnx" / source.name)
            # Convolutions stay float: onnxruntime's ConvInteger is slower and less exact.
            quantize_dynamic(
                source,
                ready / "onnx" / f"{graph}_quantized.onnx",
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
                weight_type=QuantType.QInt8,
                per_channel=True,
                extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
            )
        (out / "onnx").mkdir(exist_ok=True)
        for path in sorted(ready.rglob("*")):
            if path.is_file():
                os.replace(path, out / path.relative_to(ready))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("checkpoint", nargs="?", type=Path, default=spec.WORK_DIR / "last.pt")
    arguments.add_argument("--out", type=Path, default=spec.EXPORT_DIR)
    arguments.add_argument("--random", action="store_true", help="export random weights, to develop against")
    arguments.add_argument("--last", action="store_true", help="the last weights, not their average")
    options = arguments.parse_args()
    export(None if options.random else options.checkpoint, options.out, not options.last)


if __name__ == "__main__":
    main()
