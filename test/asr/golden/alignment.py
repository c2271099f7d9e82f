"""Writes transformers' normalisation, median filter and time warping: ../../fixtures/asr/alignment.json

The attention is pseudo-random with a ridge, so that the path is neither trivial nor arbitrary.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from transformers.models.whisper.generation_whisper import _dynamic_time_warping, _median_filter

OUT = Path(__file__).parent.parent.parent / "fixtures" / "asr" / "alignment.json"
HEADS, TOKENS, POSITIONS = 2, 9, 60


def main() -> None:
    rng = np.random.default_rng(3)
    attention = rng.random((HEADS, TOKENS, POSITIONS))
    for token in range(TOKENS):
        centre = 4 + token * 6 + (10 if token > 4 else 0) - (4 if token > 6 else 0)
        attention[:, token] += 3 * np.exp(-((np.arange(POSITIONS) - centre) ** 2) / 18)
    attention = np.round(attention / attention.sum(-1, keepdims=True), 6).astype(np.float32)
    weights = torch.from_numpy(attention)[None]
    std = torch.std(weights, dim=-2, keepdim=True, unbiased=False)
    mean = torch.mean(weights, dim=-2, keepdim=True)
    matrix = _median_filter((weights - mean) / std, 7).mean(dim=1)[0]
    text, time = _dynamic_time_warping(-matrix.double().numpy())
    jumps = np.pad(np.diff(text), (1, 0), constant_values=1).astype(bool)
    OUT.write_text(
        json.dumps(
            {
                # [tokens][heads * positions], as the generation graph gives it.
                "attention": [[round(float(v), 6) for v in attention[:, t].ravel()] for t in range(TOKENS)],
                "heads": HEADS,
                "positions": POSITIONS,
                "starts": time[jumps].tolist(),
            },
            separators=(",", ":"),
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
