"""Writes the reference's log-mel features and filter bank: ../../fixtures/asr/features.json, mel-filters.json

Usage: python features.py PATH_TO/openai-whisper/mel_filters.npz

The filter bank is the asset of openai/whisper; the features are those of transformers' WhisperFeatureExtractor.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from transformers import WhisperFeatureExtractor

from clips import clip

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "asr"
WINDOW_S = 4
# The edges of the window, the edge of the audio (of unequal clips), and some between.
FRAMES = (0, 1, 2, 3, 50, 51, 137, 200, 260, 261, 262, 263, 300, 399)


def main() -> None:
    cases = []
    for bands in (80, 128):
        extractor = WhisperFeatureExtractor(
            feature_size=bands, chunk_length=WINDOW_S, n_samples=WINDOW_S * 16000
        )
        for seed in (1, 2, 9):
            samples = clip(seed, WINDOW_S * 16000)
            features = extractor(samples, sampling_rate=16000, return_tensors="np").input_features[0]
            last = len(samples) // 160
            frames = sorted({*FRAMES, last - 2, last - 1, last, min(last + 1, 399)})
            cases.append(
                {
                    "bands": bands,
                    "seed": seed,
                    "samples": len(samples),
                    "mean": float(features.mean()),
                    "frames": {str(f): [round(float(v), 5) for v in features[:, f]] for f in frames if f < 400},
                }
            )
    write("features.json", cases)
    banks = np.load(sys.argv[1])
    write(
        "mel-filters.json",
        {
            name: [
                {"firstBin": int(np.flatnonzero(row)[0]), "weights": [float(f"{v:.8g}") for v in row[row != 0]]}
                for row in banks[name]
            ]
            for name in ("mel_80", "mel_128")
        },
    )


def write(name: str, value: object) -> None:
    (FIXTURES / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
