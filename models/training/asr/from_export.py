"""Makes a checkpoint of the exported int8 files, to train on where none was kept.

Usage: python from_export.py [--out CHECKPOINT]   (writes WORK_DIR/last.pt)

The two heads that exist in training only, for phonemes and letters, start anew; a few hundred steps
with a frozen encoder bring them back.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, numpy_helper

import spec
from train import LAST, build

PROJECTION = re.compile(r"^/(?:model/decoder/)?(layers\.\d+)/(.*?)/?MatMul_quant$")


def graphs(graph: GraphProto):
    """The graph and the branches of its conditions, outermost first."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.g.node:
                yield from graphs(attribute.g)


def weights_of(path: Path, prefix: str) -> dict[str, np.ndarray]:
    """Parameter names below `prefix`, with their dequantised values."""
    parts = list(graphs(onnx.load(path).graph))
    values = {tensor.name: numpy_helper.to_array(tensor) for part in parts for tensor in part.initializer}

    def dequantised(name: str) -> np.ndarray:
        zero, scale = values[f"{name}_zero_point"].astype(np.float32), values[f"{name}_scale"]
        return (values[f"{name}_quantized"].astype(np.float32) - zero) * scale

    result = {}
    for name, value in values.items():
        plain = name.removeprefix(prefix).split("_merged_")[0]
        if name.endswith("_quantized") and ".weight" in name:
            result[plain.removesuffix("_quantized")] = dequantised(name.removesuffix("_quantized"))
        elif plain.endswith((".weight", ".bias")):
            result[plain] = value
    for part in parts:
        for node in part.node:
            match = PROJECTION.match(node.name)
            if node.op_type == "MatMulInteger" and match:
                quantised = node.input[1].removesuffix("_quantized")
                result[f"{match[1]}.{match[2].replace('/', '.')}.weight"] = dequantised(quantised).T
    return result


def restore(folder: Path) -> dict[str, torch.Tensor]:
    """A complete state of `Recognizer`: exported weights where there are any, fresh ones elsewhere."""
    state = build().state_dict()
    left = {name for name in state if name.startswith("model.")}
    for part, file in (("encoder", "encoder_model"), ("decoder", "decoder_model_merged")):
        exported = weights_of(folder / "onnx" / f"{file}_quantized.onnx", f"model.{part}.")
        for name, value in exported.items():
            key = f"model.{part}.{name}"
            assert state[key].shape == value.shape, (key, state[key].shape, value.shape)
            state[key] = torch.tensor(value, dtype=torch.float32)
            left.discard(key)
    assert left <= {"model.encoder.embed_positions.weight"}, left  # fixed, so the exporter folds it
    return state


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, default=spec.EXPORT_DIR)
    arguments.add_argument("--out", type=Path, default=LAST)
    options = arguments.parse_args()
    torch.manual_seed(0)
    state = restore(options.model)
    torch.save({"model": state, "ema": state, "optimizers": [], "step": 0}, options.out)


if __name__ == "__main__":
    main()
