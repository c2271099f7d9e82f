"""Speech from libespeak-ng, with the true position of every word and phoneme.

The library runs in retrieval mode through ctypes: it hands back samples and events and plays
nothing. About 1,000 times faster than real time, so training synthesises each clip afresh.
"""

from __future__ import annotations

import ctypes as c
import re
from dataclasses import dataclass

import numpy as np

RATE_HZ = 22_050

# Dialects per language; every one is combined with the variants below.
DIALECTS = {
    "nl": ("nl",),
    "en": ("en", "en-us", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "de": ("de",),
    "fr": ("fr", "fr-be", "fr-ch"),
    "it": ("it",),
}
# Never heard in training: the voices of the test set.
TEST_VARIANTS = (
    "f2", "m3", "m7", "Alicia", "Mike", "Andy", "anika", "benjamin", "michel",
    "linda", "steph2", "pablo", "Hugo", "klatt3", "ed", "boris",
)  # fmt: skip
TRAIN_VARIANTS = (
    "f1", "f3", "f4", "f5", "m1", "m2", "m4", "m5", "m6", "m8", "Alex", "Andrea", "Annie", "AnxiousAndy",
    "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Jacky", "Lee", "Marco", "Mario", "Michael", "Nguyen",
    "RicishayMax", "RicishayMax2", "RicishayMax3", "Storm", "Tweaky", "adam", "announcer", "antonio",
    "aunty", "belinda", "caleb", "david", "edward", "edward2", "grandma", "grandpa", "gustave", "iven",
    "iven2", "iven3", "iven4", "john", "kaukovalta", "klatt", "klatt2", "klatt4", "klatt5", "klatt6",
    "marcelo", "max", "miguel", "norbert", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby",
    "steph", "steph3", "travis", "victor", "zac", "fast",
)  # fmt: skip


@dataclass
class Span:
    label: str
    start_s: float
    end_s: float


@dataclass
class Clip:
    samples: np.ndarray  # int16
    rate_hz: int
    text: str
    language: str
    words: list[Span]  # one for each whitespace-separated word of the text; empty if unknown
    phones: list[Span]  # silences left out; empty if unknown


@dataclass(frozen=True)
class Voice:
    name: str  # for example "nl+f3"
    words_per_minute: int
    pitch: int  # 0 to 99
    pitch_range: int
    word_gap: int  # units of 10 ms


def random_voice(rng: np.random.Generator, language: str, test: bool = False) -> Voice:
    variants = TEST_VARIANTS if test else TRAIN_VARIANTS
    dialect = DIALECTS[language][int(len(DIALECTS[language]) * rng.random() ** 1.6)]
    gap = 0 if rng.random() < 0.75 else int(rng.integers(1, 12))
    return Voice(
        name=f"{dialect}+{variants[rng.integers(len(variants))]}",
        words_per_minute=int(rng.triangular(105, 155, 225) if test else rng.triangular(110, 175, 235)),
        pitch=int(rng.integers(20, 90)),
        pitch_range=int(rng.integers(20, 80)),
        word_gap=gap,
    )


class _EventId(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class _Event(c.Structure):
    _fields_ = [
        ("type", c.c_int),
        ("unique_identifier", c.c_uint),
        ("text_position", c.c_int),  # in characters, from 1
        ("length", c.c_int),
        ("audio_position", c.c_int),  # ms
        ("sample", c.c_int),
        ("user_data", c.c_void_p),
        ("id", _EventId),
    ]


_CALLBACK = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))
_RETRIEVAL, _PHONEME_EVENTS, _CHARS_UTF8 = 2, 0x0001, 1
_LIST_END, _WORD, _PHONEME = 0, 1, 7
_PARAMETERS = {"words_per_minute": 1, "pitch": 3, "pitch_range": 4, "word_gap": 7}


class Espeak:
    """One per process: the library keeps global state."""

    def __init__(self) -> None:
        self._library = c.CDLL("libespeak-ng.so.1")
        assert self._library.espeak_Initialize(_RETRIEVAL, 0, None, _PHONEME_EVENTS | 0x8000) == RATE_HZ
        self._pcm: list[bytes] = []
        self._events: list[tuple[int, int, int, str]] = []
        self._callback = _CALLBACK(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples, count: int, events) -> int:
        if count > 0:
            self._pcm.append(c.string_at(samples, count * 2))
        i = 0
        while events[i].type != _LIST_END:
            event = events[i]
            if event.type in (_WORD, _PHONEME):
                label = event.id.string.decode("utf-8", "ignore") if event.type == _PHONEME else ""
                self._events.append((event.type, event.text_position - 1, event.sample, label))
            i += 1
        return 0

    def say(self, text: str, language: str, voice: Voice) -> Clip:
        self._pcm.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise ValueError(f"no such voice: {voice.name}")
        for name, number in _PARAMETERS.items():
            self._library.espeak_SetParameter(number, getattr(voice, name), 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _CHARS_UTF8, None, None)
        samples = np.frombuffer(b"".join(self._pcm), dtype=np.int16)
        words, phones = _spans(text, self._events, len(samples))
        return Clip(samples, RATE_HZ, text, language, words, phones)


def _spans(text: str, events: list[tuple[int, int, int, str]], length: int) -> tuple[list[Span], list[Span]]:
    """Word and phoneme spans. A word that espeak merged into its neighbour shares its span."""
    tokens = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    found: list[list[int] | None] = [None] * len(tokens)
    phones: list[Span] = []
    current = 0
    for i, (kind, position, sample, label) in enumerate(events):
        if kind == _WORD:
            while current + 1 < len(tokens) and position >= tokens[current + 1][0]:
                current += 1
            continue
        if label.startswith("_") or label in ("", "|", ";"):
            continue
        end = next((event[2] for event in events[i + 1 :] if event[0] == _PHONEME), length)
        phones.append(Span(label, sample / RATE_HZ, end / RATE_HZ))
        if found[current] is None:
            found[current] = [sample, end]
        else:
            found[current][1] = end
    if not phones:
        return [], []
    words = []
    for i, (start, end) in enumerate(tokens):
        span = found[i]
        if span is None:  # merged: split the neighbour's span evenly
            first = i
            while first > 0 and found[first] is None:
                first -= 1
            last = i
            while last + 1 < len(tokens) and found[last + 1] is None:
                last += 1
            whole = found[first] or next(s for s in found if s is not None)
            part = (whole[1] - whole[0]) / (last - first + 1)
            span = [int(whole[0] + part * (i - first)), int(whole[0] + part * (i - first + 1))]
        elif i + 1 < len(tokens) and found[i + 1] is None:
            last = i
            while last + 1 < len(tokens) and found[last + 1] is None:
                last += 1
            span = [span[0], int(span[0] + (span[1] - span[0]) / (last - i + 1))]
        words.append(Span(text[start:end], span[0] / RATE_HZ, span[1] / RATE_HZ))
    return words, phones
