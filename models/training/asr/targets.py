"""What the model should answer: token sequences, and where in the audio each token was spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

import spec
import tokenizer
from synth import Span

IGNORE = -100

LETTERS = " 'abcdefghijklmnopqrstuvwxyzàâäáæçéèêëïîìíñôöòóœùûüúß"
LETTER_ID = {letter: i + 1 for i, letter in enumerate(LETTERS)}  # 0 is the CTC blank


@dataclass
class Segment:
    """A stretch of speech with its transcript; words are empty where no alignment is known."""

    text: str
    start_s: float
    end_s: float
    words: list[Span]


@dataclass
class Target:
    tokens: list[int]  # decoder input
    labels: list[int]  # next token, IGNORE in prompts
    spans: list[tuple[float, float]]  # where the label is spoken, in seconds; (-1, -1) unknown


def letters(text: str) -> list[int]:
    """CTC labels: lower case, no punctuation."""
    plain = re.sub(r"\s+", " ", text.lower().replace("-", " ").replace("’", "'")).strip()
    return [LETTER_ID[letter] for letter in plain if letter in LETTER_ID]


def _timestamp(seconds: float) -> int:
    return spec.TIMESTAMP_0 + round(min(max(seconds, 0), spec.WINDOW_S) / spec.TIMESTAMP_STEP_S)


def _spoken(segment: Segment) -> tuple[list[int], list[tuple[float, float]]]:
    """Tokens of a segment and the time of each: a word's time is divided by bytes over its pieces."""
    encoding = tokenizer.load().encode(" " + segment.text, add_special_tokens=False)
    if not segment.words:
        return encoding.ids, [(-1.0, -1.0)] * len(encoding.ids)
    data = (" " + segment.text).encode()
    words = [(match.start(), match.end()) for match in re.finditer(rb"\S+", data)]
    spans, at, word = [], 0, 0
    for piece in encoding.tokens:
        start, end = at, at + len(piece)  # byte-level: one character of a piece is one byte
        at = end
        while word + 1 < len(words) and start + 1 >= words[word + 1][0]:
            word += 1
        if word >= len(segment.words):
            spans.append((-1.0, -1.0))
            continue
        (first, last), time = words[word], segment.words[word]
        size, duration = last - first, time.end_s - time.start_s
        spans.append(
            (
                time.start_s + duration * max(0, start - first) / size,
                time.start_s + duration * min(size, end - first) / size,
            )
        )
    return encoding.ids, spans


def build(
    segments: list[Segment], language: str, timestamps: bool, prompt: str, rng: np.random.Generator
) -> Target | None:
    """None if it would not fit the decoder."""
    answer: list[tuple[int, tuple[float, float]]] = []
    unknown = (-1.0, -1.0)
    for i, segment in enumerate(segments):
        ids, spans = _spoken(segment)
        if timestamps:
            limit = spec.MAX_INITIAL_TIMESTAMP_INDEX * spec.TIMESTAMP_STEP_S
            start = min(segment.start_s, limit) if i == 0 else segment.start_s
            answer.append((_timestamp(start), unknown))
        answer += list(zip(ids, spans, strict=True))
        if timestamps:
            answer.append((_timestamp(segment.end_s), unknown))
    if timestamps and not segments:
        answer.append((spec.TIMESTAMP_0, unknown))
    answer.append((spec.EOT, unknown))

    before: list[int] = []
    if prompt:
        before = [spec.PREV, *tokenizer.load().encode(" " + prompt, add_special_tokens=False).ids[-60:]]
    language_id = spec.TOKEN_ID[f"<|{language}|>"]
    start = [spec.SOT, language_id, spec.TRANSCRIBE]
    # No speech is announced at the start; the labels after it teach an immediate end.
    start_labels = [language_id if segments else spec.NO_SPEECH, IGNORE, IGNORE]
    if not timestamps:
        start.append(spec.NO_TIMESTAMPS)
    else:
        start_labels[1:] = [IGNORE, answer[0][0]]
    tokens = before + start + [token for token, _ in answer]
    labels = [IGNORE] * len(before) + start_labels
    spans = [unknown] * len(labels)
    if not timestamps:
        labels.append(answer[0][0])
        spans.append(answer[0][1])
    labels += [token for token, _ in answer[1:]]
    spans += [span for _, span in answer[1:]]
    tokens = tokens[:-1]
    assert len(tokens) == len(labels) == len(spans)
    return Target(tokens, labels, spans) if len(tokens) <= spec.MAX_TARGET_POSITIONS else None
