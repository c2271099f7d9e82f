"""A small held-out check during training: greedy decoding of unseen sentences by unseen voices."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import torch
from torch import Tensor

import augment
import features
import spec
import texts
import tokenizer
from model import Recognizer
from synth import Espeak, random_voice

PER_LANGUAGE = 24


def words_of(text: str) -> list[str]:
    return re.sub(r"[^\w' ]+", " ", text.lower().replace("-", " ")).split()


def edits(truth: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for i, left in enumerate(truth, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


@cache
def clips() -> dict[str, tuple[Tensor, list[str]]]:
    rng, espeak, result = np.random.default_rng(77), Espeak(), {}
    for language in spec.LANGUAGES:
        mels, said = [], []
        while len(said) < PER_LANGUAGE:
            text = texts.sample(rng, language, test=True)
            clip = espeak.say(text, language, random_voice(rng, language, test=True))
            audio = augment.telephone(clip.samples, clip.rate_hz, rng)
            audio = augment.Line(30, 0.7, "a", 0).apply(np.pad(audio, (1600, 800)), rng)
            if len(audio) > 9.9 * spec.TELEPHONE_RATE_HZ:
                continue
            mel = features.log_mel(augment.upsample(audio, 1))
            whole = np.full((spec.MEL_BINS, 1000), features.floor_of(mel), np.float32)
            whole[:, : mel.shape[1]] = mel
            mels.append(torch.from_numpy(whole))
            said.append(text)
        result[language] = (torch.stack(mels), said)
    return result


def greedy(model: Recognizer, mel: Tensor, language: str, limit: int = 80) -> list[str]:
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        memory = model.encode(mel)[0]
        start = [spec.SOT, spec.TOKEN_ID[f"<|{language}|>"], spec.TRANSCRIBE, spec.NO_TIMESTAMPS]
        tokens = torch.tensor([start] * len(mel))
        done = torch.zeros(len(mel), dtype=torch.bool)
        while not done.all() and tokens.shape[1] < limit:
            logits = model.decode(tokens, memory)[0][:, -1].float()
            best = logits[:, : spec.EOT + 1].argmax(-1)
            best[done] = spec.EOT
            done |= best == spec.EOT
            tokens = torch.cat([tokens, best[:, None]], 1)
    return [tokenizer.load().decode(row, skip_special_tokens=True).strip() for row in tokens.tolist()]


def evaluate(model: Recognizer, weights: dict[str, Tensor]) -> dict:
    kept = {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(weights)
    result: dict = {}
    for language, (mel, said) in clips().items():
        heard = greedy(model, mel, language)
        errors = sum(edits(words_of(a), words_of(b)) for a, b in zip(said, heard, strict=True))
        result[language] = round(errors / sum(len(words_of(text)) for text in said), 3)
        result[f"{language} example"] = [said[0], heard[0]]
    model.load_state_dict(kept)
    return result
