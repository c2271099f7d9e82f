"""Makes clean studio speech sound like a telephone call.

One pass through the frequency domain does the resampling to 8 kHz, the playing rate (pitch and
formants move together, which widens the range of speakers), the telephone band, a tilt and the
reverberation; the rest happens in the time domain at 8 kHz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import firwin, upfirdn

import spec

_RATE = spec.TELEPHONE_RATE_HZ


def telephone(samples: np.ndarray, rate_hz: int, rng: np.random.Generator, speed: float = 1.0, echo: float = 0.0) -> np.ndarray:
    """int16 at any rate -> float32 at 8 kHz, band-limited, `speed` times as fast; `echo` is the chance of a room."""
    audio = samples.astype(np.float32) / 32768
    size = next_fast_len(len(audio) + rate_hz // 10)
    spectrum = rfft(audio, size)
    out_size = int(round(size * _RATE / rate_hz / speed)) // 2 * 2
    keep = out_size // 2 + 1
    spectrum = spectrum[:keep] if keep <= len(spectrum) else np.pad(spectrum, (0, keep - len(spectrum)))
    hz = np.linspace(0, _RATE / 2, keep, dtype=np.float32)
    spectrum = spectrum * _band(hz, rng)
    if rng.random() < echo:
        spectrum = spectrum * rfft(_room(rng), out_size)
    audio = irfft(spectrum, out_size)[: int(len(samples) * _RATE / rate_hz / speed)].astype(np.float32)
    return audio * (0.3 / max(1e-4, float(np.abs(audio).max())))


def _band(hz: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    low, high = rng.uniform(60, 350), rng.uniform(3200, 3900)
    tilt_db = rng.uniform(-4, 5)  # per octave from 1 kHz, handsets differ
    gain = 1 / (1 + (low / np.maximum(hz, 1)) ** 4) / (1 + (hz / high) ** 24)
    gain *= 10 ** (tilt_db * np.log2(np.maximum(hz, 100) / 1000) / 20)
    bump, width = rng.uniform(300, 3000), rng.uniform(0.2, 0.8)
    return gain * 10 ** (rng.uniform(-6, 6) / 20 * np.exp(-((np.log2(np.maximum(hz, 50) / bump) / width) ** 2)))


def _room(rng: np.random.Generator) -> np.ndarray:
    decay_s = rng.uniform(0.03, 0.25)
    tail = rng.standard_normal(int(_RATE * decay_s * 2)) * np.exp(-np.arange(int(_RATE * decay_s * 2)) / _RATE / decay_s * 4)
    tail *= rng.uniform(0.02, 0.25) / np.sqrt((tail**2).sum() + 1e-9)
    tail[0] = 1
    return tail


def noise(length: int, rng: np.random.Generator) -> np.ndarray:
    """White, pink or brown, with unit power."""
    spectrum = rng.standard_normal(length // 2 + 1) + 1j * rng.standard_normal(length // 2 + 1)
    spectrum /= np.arange(1, len(spectrum) + 1) ** rng.choice([0, 0.5, 0.5, 1])
    wave = irfft(spectrum, length)
    return (wave / (wave.std() + 1e-9)).astype(np.float32)


def mu_law(audio: np.ndarray) -> np.ndarray:
    """G.711 mu-law round trip (the continuous curve, quantised to 8 bits)."""
    code = np.round(np.sign(audio) * np.log1p(255 * np.minimum(np.abs(audio), 1)) / np.log(256) * 127)
    return (np.sign(code) * (256 ** (np.abs(code) / 127) - 1) / 255).astype(np.float32)


def a_law(audio: np.ndarray) -> np.ndarray:
    """G.711 A-law round trip (the continuous curve, quantised to 8 bits)."""
    size, one = np.minimum(np.abs(audio), 1), 1 + np.log(87.6)
    code = np.where(size < 1 / 87.6, 87.6 * size / one, (1 + np.log(np.maximum(87.6 * size, 1))) / one)
    code = np.round(code * 127) / 127
    size = np.where(code < 1 / one, code * one / 87.6, np.exp(code * one - 1) / 87.6)
    return (np.sign(audio) * size).astype(np.float32)


@dataclass
class Line:
    """The call around the speech: its noise, level, law and losses."""

    noise_db: float  # below the speech
    level: float
    law: str
    loss: float

    @staticmethod
    def random(rng: np.random.Generator, hardness: float) -> Line:
        noisy = rng.random() < 0.3 + 0.4 * hardness
        return Line(
            noise_db=float(rng.uniform(20 - 12 * hardness, 45)) if noisy else 60.0,
            level=float(10 ** rng.uniform(-1.4, 0.2 + 0.2 * hardness)),
            law=str(rng.choice(["mu", "a", "none"], p=[0.4, 0.4, 0.2])),
            loss=float(rng.choice([0.01, 0.03])) if rng.random() < 0.2 * hardness else 0.0,
        )

    def apply(self, audio: np.ndarray, rng: np.random.Generator, babble: np.ndarray | None = None) -> np.ndarray:
        power = float(np.sqrt((audio**2).mean())) + 1e-5
        audio = audio + noise(len(audio), rng) * power * 10 ** (-self.noise_db / 20)
        if babble is not None and len(babble) > 100:
            other = np.resize(babble, len(audio))
            audio = audio + other * power * 10 ** (-rng.uniform(12, 30) / 20) / (other.std() + 1e-5)
        if self.loss:
            packet = _RATE // 50
            for start in np.flatnonzero(rng.random(len(audio) // packet) < self.loss) * packet:
                audio[start : start + packet] = 0 if rng.random() < 0.5 else audio[start - packet : start] if start else 0
        audio = np.clip(audio * self.level, -1, 1)
        return {"mu": mu_law, "a": a_law, "none": lambda x: x}[self.law](audio).astype(np.float32)


_UPSAMPLERS = [firwin(2 * taps + 1, cut, window=("kaiser", beta)) * 2 for taps, cut, beta in
               ((8, 0.5, 4.0), (16, 0.48, 6.0), (32, 0.5, 8.0), (24, 0.46, 5.0))]  # fmt: skip


def upsample(audio: np.ndarray, which: int) -> np.ndarray:
    """8 -> 16 kHz; resamplers differ in what they leave above 4 kHz, so training hears several."""
    taps = _UPSAMPLERS[which % len(_UPSAMPLERS)]
    delay = len(taps) // 2
    return upfirdn(taps, audio, 2)[delay : delay + 2 * len(audio)].astype(np.float32)
