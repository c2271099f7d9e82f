"""The synthetic clips of the golden tests; clips.ts makes the same samples, bit for bit."""

from __future__ import annotations

import numpy as np

RATE_HZ = 16_000


def clip(seed: int, max_samples: int) -> np.ndarray:
    """Noise bursts over a triangle wave that changes pitch every 100 ms. Integer arithmetic throughout."""
    state = (seed * 2654435761 + 12345) & 0xFFFFFFFF

    def draw() -> int:
        nonlocal state
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        return state >> 16

    length = max_samples // 8 + draw() * (max_samples - max_samples // 8) // 65536
    samples = np.empty(length, dtype=np.float32)
    period, tone, noise = 100, 0, 0
    for i in range(length):
        if i % 1600 == 0:
            period = 20 + draw() % 200
            tone = draw() % 9000
            noise = draw() % 5000
        phase = i % period
        triangle = (4 * phase * tone) // period - tone if 2 * phase < period else 3 * tone - (4 * phase * tone) // period
        value = triangle + (draw() - 32768) * noise // 32768
        samples[i] = np.float32(value / 32768)
    return samples
