"""Word times from the alignment heads, by the procedure of Whisper, against the true ones.

Usage: python word_times.py CHECKPOINT [--test FOLDER] [--limit 100]

Uses the checkpoint, not the ONNX files: the published graphs do not return cross-attention. The
transcript is given (forced), so this measures time alone.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import median_filter

import features
import spec
import tokenizer
from evaluate import telephone_to_16k
from model import Recognizer
from train import build


def dtw(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cheapest monotonic path through (rows, frames)."""
    rows, frames = cost.shape
    total = np.full((rows + 1, frames + 1), np.inf)
    total[0, 0] = 0
    trace = np.zeros((rows + 1, frames + 1), np.int8)
    for j in range(1, frames + 1):
        for i in range(1, rows + 1):
            steps = (total[i - 1, j - 1], total[i - 1, j], total[i, j - 1])
            best = int(np.argmin(steps))
            total[i, j], trace[i, j] = cost[i - 1, j - 1] + steps[best], best
    i, j, path = rows, frames, []
    while i > 0 and j > 0:
        path.append((i - 1, j - 1))
        i, j = i - (trace[i, j] != 2), j - (trace[i, j] != 1)
    rows_path, frames_path = zip(*reversed(path), strict=True)
    return np.array(rows_path), np.array(frames_path)


def word_starts(model: Recognizer, audio: np.ndarray, text: str, language: str) -> list[tuple[float, float]]:
    """Start and end of each whitespace-separated word, in seconds."""
    mel = features.log_mel(np.pad(audio, (0, spec.WINDOW_S * spec.SAMPLE_RATE_HZ - len(audio))))
    encoding = tokenizer.load().encode(" " + text, add_special_tokens=False)
    start = [spec.SOT, spec.TOKEN_ID[f"<|{language}|>"], spec.TRANSCRIBE, spec.NO_TIMESTAMPS]
    with torch.no_grad():
        memory = model.encode(torch.from_numpy(mel)[None])[0]
        log_attention = model.decode(torch.tensor([start + encoding.ids]), memory)[1][0]
    weights = log_attention.exp().numpy()[:, :, : len(audio) // 320]
    weights = (weights - weights.mean(1, keepdims=True)) / (weights.std(1, keepdims=True) + 1e-6)
    weights = median_filter(weights, (1, 1, 7))
    matrix = weights.mean(0)[len(start) - 1 :]  # row k predicts token k; the last row the end
    rows, frames = dtw(-matrix)
    jumps = frames[np.diff(rows, prepend=-1) > 0] * spec.FRAME_MS / 1000
    words = [(match.start(), match.end()) for match in re.finditer(rb"\S+", (" " + text).encode())]
    at, bounds = 0, []
    offsets = []
    for piece in encoding.tokens:
        offsets.append(at)
        at += len(piece)
    for begin, end in words:
        inside = [i for i, offset in enumerate(offsets) if begin - 1 <= offset < end]
        bounds.append((float(jumps[inside[0]]), float(jumps[inside[-1] + 1])))
    return bounds


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--test", type=Path, default=spec.WORK_DIR / "test")
    arguments.add_argument("--limit", type=int, default=60, help="clips per language")
    options = arguments.parse_args()
    model = build()
    model.load_state_dict(torch.load(options.checkpoint, weights_only=True)["ema"])
    model.eval()
    rows = [json.loads(line) for line in (options.test / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    for language in spec.LANGUAGES:
        errors: dict[str, list[float]] = {"start": [], "end": []}
        for row in [row for row in rows if row["language"] == language][: options.limit]:
            if len(row["words"]) != len(row["text"].split()):
                continue
            found = word_starts(model, telephone_to_16k(options.test / row["audio"]), row["text"], language)
            for (start, end), (_, true_start, true_end) in zip(found, row["words"], strict=True):
                errors["start"].append(abs(start - true_start))
                errors["end"].append(abs(end - true_end))
        print(language, {k: {"median_ms": round(1000 * float(np.median(v))), "p95_ms": round(1000 * float(np.quantile(v, 0.95)))} for k, v in errors.items()})


if __name__ == "__main__":
    main()
