"""Endless training batches, synthesised on the fly: the same seed and number give the same batch.

A producer process speaks a pool of clips, sorts them by length, cuts the pool into batches of about
equal cost, then gives every clip its telephone line and computes features and targets.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

import augment
import bank
import features
import sounds
import spec
import targets
import texts
from synth import Clip, Espeak, Span, random_voice

PHONES_FILE = spec.WORK_DIR / "phones.json"
POOL = 240  # clips spoken before they are sorted by length
FRAMES_PER_BATCH = 6_400  # 10 ms frames, padding included
FULL_WINDOW_SHARE = 0.1
NO_SPEECH_SHARE = 0.03
BANK_SHARE = {"en": 0.25, "it": 0.15}  # clips of other synthesizers


@dataclass
class Batch:
    mel: Tensor  # (clips, bins, frames)
    phones: Tensor  # (clips, frames / 2)
    letters: Tensor  # all clips' CTC labels in one row
    letter_counts: Tensor
    frame_counts: Tensor  # encoder frames of each clip without padding
    tokens: Tensor
    labels: Tensor
    spans: Tensor  # (clips, tokens, 2) seconds


@dataclass
class Mixed:
    """One training example before features: clips on one line."""

    audio: np.ndarray  # 8 kHz
    language: str
    segments: list[targets.Segment]
    phones: list[Span]


class Producer:
    def __init__(self, seed: int, hardness: float = 0.5) -> None:
        self._rng = np.random.default_rng(seed)
        self._hardness = hardness  # 0 clean lines, 1 bad ones
        self._espeak = Espeak()
        self._bank = bank.load()
        phones = json.loads(PHONES_FILE.read_text(encoding="utf-8"))
        self._phone_id = {phone: i + 1 for i, phone in enumerate(phones)}  # 0 is silence

    def batches(self):
        rng = self._rng
        while True:
            full = [self._example(long=rng.random() < 0.6) for _ in range(int(POOL * FULL_WINDOW_SHARE * 0.45))]
            short = [self._example() for _ in range(POOL)]
            short.sort(key=lambda mixed: len(mixed.audio))
            groups = [(full[i : i + 4], True) for i in range(0, len(full) - 3, 4)]
            group: list[Mixed] = []
            for mixed in short:
                frames = len(mixed.audio) // (spec.TELEPHONE_RATE_HZ // 100) + 20
                if group and frames * (len(group) + 1) > FRAMES_PER_BATCH:
                    groups.append((group, False))
                    group = []
                group.append(mixed)
            groups.append((group, False))
            for i in rng.permutation(len(groups)):
                yield self._collate(*groups[i])

    def _example(self, long: bool = False) -> Mixed:
        rng = self._rng
        language = str(rng.choice(spec.LANGUAGES, p=[spec.LANGUAGE_WEIGHTS[x] for x in spec.LANGUAGES]))
        if rng.random() < NO_SPEECH_SHARE:
            return Mixed(sounds.random_sound(rng, rng.uniform(0.5, 6)), language, [], [])
        return self.mix([self._speak(language)], language, fill=long)

    def _speak(self, language: str) -> Clip:
        rng = self._rng
        if language in self._bank and rng.random() < BANK_SHARE.get(language, 0):
            return self._bank[language][rng.integers(len(self._bank[language]))]
        while True:
            text = texts.sample(rng, language)
            clip = self._espeak.say(text, language, random_voice(rng, language))
            if clip.phones and len(clip.samples) < 13 * clip.rate_hz:
                return clip

    def mix(self, clips: list[Clip], language: str, fill: bool = False) -> Mixed:
        """Lays clips after one another with pauses, on one line, until the window is full or clips end."""
        rng = self._rng
        rate = spec.TELEPHONE_RATE_HZ
        pieces: list[np.ndarray] = []
        segments: list[targets.Segment] = []
        phones: list[Span] = []
        lead = rng.uniform(0.02, 0.35) if rng.random() < 0.93 else rng.uniform(0.35, 2.0)
        at, i = 0, 0
        limit = spec.WINDOW_S - 0.2
        while True:
            clip = clips[i] if i < len(clips) else self._speak(language)
            speed = float(np.clip(rng.normal(1, 0.07), 0.85, 1.18))
            wave = augment.telephone(clip.samples, clip.rate_hz, rng, speed, echo=0.4 * self._hardness)
            wave = wave[: _speech_end(wave)]
            pause = int(rate * (lead if i == 0 else rng.uniform(0.1, 1.2)))
            if at + pause + len(wave) > limit * rate and i > 0:
                break
            wave = wave[: int(limit * rate) - at - pause]
            offset = (at + pause) / rate
            words = [Span(w.label, offset + w.start_s / speed, offset + w.end_s / speed) for w in clip.words]
            end = words[-1].end_s if words else offset + len(wave) / rate
            start = words[0].start_s if words else offset
            segments.append(targets.Segment(clip.text, start, min(end, limit), words))
            phones += [Span(p.label, offset + p.start_s / speed, offset + p.end_s / speed) for p in clip.phones]
            pieces += [np.zeros(pause, np.float32), wave]
            at += pause + len(wave)
            i += 1
            if not fill and i >= len(clips):
                break
        pieces.append(np.zeros(int(rate * rng.uniform(0.05, 0.4)), np.float32))
        audio = np.concatenate(pieces)[: int(rate * (spec.WINDOW_S - 0.01))]
        return Mixed(audio, language, segments, phones)

    def _collate(self, mixed: list[Mixed], full: bool) -> Batch:
        rng = self._rng
        mels, built = [], []
        for item in mixed:
            babble = mixed[rng.integers(len(mixed))].audio if rng.random() < 0.1 * self._hardness else None
            line = augment.Line.random(rng, self._hardness)
            audio = line.apply(item.audio.copy(), rng, babble) if item.segments else item.audio
            mel = features.log_mel(augment.upsample(audio, int(rng.integers(4))))
            target = self._target(item)
            if target is not None:
                mels.append((_mask(mel, rng) if rng.random() < 0.7 * self._hardness else mel, item))
                built.append(target)
        longest = max(mel.shape[1] for mel, _ in mels)
        # Few distinct shapes: oneDNN compiles its kernels for each.
        frames = spec.WINDOW_S * 100 if full else min(spec.WINDOW_S * 100, -(-(longest + int(rng.integers(1, 20))) // 20) * 20)
        size = -(-max(len(target.tokens) for target in built) // 8) * 8
        count = len(built)
        out = np.empty((count, spec.MEL_BINS, frames), np.float32)
        phones = np.full((count, frames // 2), targets.IGNORE, np.int64)
        tokens = np.full((count, size), spec.EOT, np.int64)
        labels = np.full((count, size), targets.IGNORE, np.int64)
        spans = np.full((count, size, 2), -1, np.float32)
        letter_rows, frame_counts = [], []
        for i, ((mel, item), target) in enumerate(zip(mels, built, strict=True)):
            mel = mel[:, :frames]
            out[i] = features.floor_of(mel)
            out[i, :, : mel.shape[1]] = mel
            known = min(frames // 2, mel.shape[1] // 2 + 10)
            phones[i, :known] = 0 if item.phones or not item.segments else targets.IGNORE
            for phone in item.phones:
                first, last = round(phone.start_s * 50), round(phone.end_s * 50)
                phones[i, first : min(max(last, first + 1), known)] = self._phone_id.get(phone.label, 0)
            tokens[i, : len(target.tokens)] = target.tokens
            labels[i, : len(target.labels)] = target.labels
            spans[i, : len(target.spans)] = target.spans
            letter_rows.append(targets.letters(" ".join(segment.text for segment in item.segments)))
            frame_counts.append(mel.shape[1] // 2)
        return Batch(
            torch.from_numpy(out),
            torch.from_numpy(phones),
            torch.tensor([x for row in letter_rows for x in row], dtype=torch.long),
            torch.tensor([len(row) for row in letter_rows]),
            torch.tensor(frame_counts),
            torch.from_numpy(tokens),
            torch.from_numpy(labels),
            torch.from_numpy(spans),
        )

    def _target(self, item: Mixed) -> targets.Target | None:
        rng = self._rng
        prompt = ""
        if rng.random() < 0.12:
            prompt = texts.sample(rng, item.language)
            words = [word.strip(".,?") for segment in item.segments for word in segment.text.split()]
            if words and rng.random() < 0.4:  # hot words: some of them said, some not
                said = [words[i] for i in rng.integers(len(words), size=2)]
                prompt = ", ".join([*said, *(word.strip(".,?") for word in prompt.split()[:4])])
        return targets.build(item.segments, item.language, rng.random() < 0.5, prompt, rng)


def _speech_end(wave: np.ndarray) -> int:
    loud = np.flatnonzero(np.abs(wave) > 2e-3)
    return min(len(wave), int(loud[-1]) + 400) if len(loud) else len(wave)


def _mask(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """SpecAugment, mild: short clips leave little to guess from."""
    mel = mel.copy()
    mean = mel.mean()
    low = int(rng.integers(0, 50))
    mel[low : low + int(rng.integers(1, 9))] = mean
    if mel.shape[1] > 100:
        start = int(rng.integers(0, mel.shape[1] - 20))
        mel[:, start : start + int(rng.integers(2, 14))] = mean
    return mel


def collect_phones() -> None:
    """The phoneme names espeak uses for our languages, most frequent first."""
    rng, espeak, seen = np.random.default_rng(0), Espeak(), Counter()
    for language in spec.LANGUAGES:
        for _ in range(1500):
            clip = espeak.say(texts.sample(rng, language), language, random_voice(rng, language))
            seen.update(phone.label for phone in clip.phones)
    PHONES_FILE.write_text(json.dumps([p for p, n in seen.most_common() if n >= 20], ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    collect_phones()
