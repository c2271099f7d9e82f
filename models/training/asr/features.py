"""Whisper's log-mel spectrogram, equal to Hugging Face's WhisperFeatureExtractor, without the padding.

The extractor pads the *audio* with zeros to the full window; those frames end at the clip's floor
(maximum minus 8 decades), which `floor_of` gives, so batches can be padded after the transform.
"""

from __future__ import annotations

import numpy as np

import spec


def _hz_to_mel(hz: np.ndarray) -> np.ndarray:
    """Slaney's scale: linear below 1 kHz, logarithmic above."""
    return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1) / 1000) * 27 / np.log(6.4))


def _mel_to_hz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def mel_filters() -> np.ndarray:
    """(n_fft / 2 + 1, mel bins), triangles of unit area."""
    bins = np.linspace(0, spec.SAMPLE_RATE_HZ / 2, spec.N_FFT // 2 + 1)
    top = _hz_to_mel(np.array(spec.SAMPLE_RATE_HZ / 2.0))
    edges = _mel_to_hz(np.linspace(0, top, spec.MEL_BINS + 2))
    rising = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    filters = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))
    return filters.astype(np.float32)


_FILTERS = mel_filters()
_WINDOW = np.hanning(spec.N_FFT + 1)[:-1].astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """16 kHz float samples in -1..1 -> (mel bins, frames); one frame for each 10 ms."""
    half = spec.N_FFT // 2
    padded = np.pad(samples.astype(np.float32), (half, half), mode="reflect")
    frames = len(samples) // spec.HOP
    index = np.arange(frames)[:, None] * spec.HOP + np.arange(spec.N_FFT)[None, :]
    spectrum = np.fft.rfft(padded[index] * _WINDOW, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    log = np.log10(np.maximum(power @ _FILTERS, 1e-10)).T
    return (np.maximum(log, log.max() - 8) + 4) / 4


def floor_of(features: np.ndarray) -> float:
    """What silence appended to this clip becomes: never below the digital floor of 1e-10."""
    return float(max((-10 + 4) / 4, features.max() - 2))
