"""Telephone sounds without speech: silence, noise, hold music, ringing, keys. 8 kHz float."""

from __future__ import annotations

import numpy as np

import augment
import spec

_RATE = spec.TELEPHONE_RATE_HZ
_DTMF = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477)]


def random_sound(rng: np.random.Generator, seconds: float) -> np.ndarray:
    length = int(seconds * _RATE)
    kind = rng.choice(["silence", "noise", "music", "ringing", "keys", "clicks"], p=[0.2, 0.25, 0.25, 0.12, 0.1, 0.08])
    if kind == "silence":
        return augment.noise(length, rng) * 10 ** rng.uniform(-5, -3)
    if kind == "noise":
        swell = 1 + 0.8 * np.sin(np.arange(length) / _RATE * rng.uniform(0.3, 6) * 2 * np.pi)
        return augment.noise(length, rng) * swell.astype(np.float32) * 10 ** rng.uniform(-3, -1)
    audio = {"music": _music, "ringing": _ringing, "keys": _keys, "clicks": _clicks}[kind](rng, length)
    return (audio * rng.uniform(0.02, 0.3) + augment.noise(length, rng) * 1e-3).astype(np.float32)


def _tone(hz: float, length: int) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(length) / _RATE)


def _music(rng: np.random.Generator, length: int) -> np.ndarray:
    audio = np.zeros(length)
    beat, at = int(_RATE * rng.uniform(0.15, 0.8)), 0
    root = rng.uniform(110, 440)
    while at < length:
        size = min(beat * int(rng.integers(1, 4)), length - at)
        decay = np.exp(-np.arange(size) / _RATE * rng.uniform(0.5, 6))
        for step in rng.choice([0, 3, 4, 5, 7, 9, 12, 16, 19], size=int(rng.integers(1, 5))):
            hz = root * 2 ** (step / 12)
            for harmonic in range(1, int(rng.integers(2, 5))):
                audio[at : at + size] += _tone(hz * harmonic, size) * decay / harmonic**1.5
        at += size
    return audio / (np.abs(audio).max() + 1e-6)


def _ringing(rng: np.random.Generator, length: int) -> np.ndarray:
    """425 Hz, one second in five (continental) or two of 400 and 450 Hz (British)."""
    time = np.arange(length) / _RATE + rng.uniform(0, 5)
    if rng.random() < 0.6:
        return _tone(425, length) * (time % rng.choice([1.0, 5.0]) < rng.choice([0.5, 1.0]))
    phase = time % 3
    return (_tone(400, length) + _tone(450, length)) / 2 * ((phase < 0.4) | ((phase > 0.6) & (phase < 1.0)))


def _keys(rng: np.random.Generator, length: int) -> np.ndarray:
    audio, at = np.zeros(length), int(rng.integers(0, _RATE))
    while at < length:
        size = min(int(_RATE * rng.uniform(0.06, 0.3)), length - at)
        low, high = _DTMF[rng.integers(len(_DTMF))]
        audio[at : at + size] = (_tone(low, size) + _tone(high, size)) / 2
        at += size + int(_RATE * rng.uniform(0.05, 0.8))
    return audio


def _clicks(rng: np.random.Generator, length: int) -> np.ndarray:
    audio = np.zeros(length)
    for start in rng.integers(0, length, size=int(rng.integers(1, 12))):
        size = min(int(rng.integers(5, 400)), length - start)
        audio[start : start + size] += rng.standard_normal(size) * np.exp(-np.arange(size) / size * 4)
    return audio
