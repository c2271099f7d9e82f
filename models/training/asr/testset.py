"""Writes the held-out test set: unseen sentences, names and voices over a G.711 line.

Usage: python testset.py [--per-language 320] [--out FOLDER]

Half everyday sentences, half contact-centre turns; for English and Italian a quarter of the clips
comes from a held-out voice of flite or festival. mu-law WAV files of 8 kHz, with
manifest.jsonl: {"audio", "text", "language", "kind", "words": [[word, start_s, end_s], ...]}.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import soundfile

import augment
import bank
import grammar
import spec
import texts
from synth import Espeak, random_voice

SEED = 20_260


def write(out: Path, per_language: int) -> None:
    out.mkdir(parents=True, exist_ok=True)
    espeak = Espeak()
    rng = np.random.default_rng(SEED)
    others = bank.load(test=True)
    with (out / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for language in spec.LANGUAGES:
            for i in range(per_language):
                kind = "turn" if i % 2 else "sentence"
                text = (
                    texts.turn(rng, language, test=True)
                    if kind == "turn"
                    else grammar.pick(rng, texts.sentences(language, test=True))
                )
                clip = espeak.say(text, language, random_voice(rng, language, test=True))
                if language in others and i % 8 < 2:  # a quarter by another synthesizer
                    clip, kind = others[language][i // 8 * 2 + i % 8], "other synthesizer"
                    text = clip.text
                lead_s = float(rng.uniform(0.1, 0.5))
                audio = augment.telephone(clip.samples, clip.rate_hz, rng, echo=0.3)
                rate = spec.TELEPHONE_RATE_HZ
                audio = np.pad(audio, (int(lead_s * rate), int(rng.uniform(0.1, 0.4) * rate)))[: 14 * rate]
                noise_db = float(rng.choice([60, 40, 30, 20, 15]))
                audio = augment.Line(noise_db, float(rng.uniform(0.1, 1)), "none", 0.0).apply(audio, rng)
                name = f"{language}-{i:04d}.wav"
                soundfile.write(out / name, audio, rate, subtype="ULAW")
                words = [[w.label, round(w.start_s + lead_s, 3), round(w.end_s + lead_s, 3)] for w in clip.words]
                row = {"audio": name, "text": text, "language": language, "kind": kind, "noise_db": noise_db, "words": words}
                manifest.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--per-language", type=int, default=320)
    arguments.add_argument("--out", type=Path, default=spec.WORK_DIR / "test")
    options = arguments.parse_args()
    write(options.out, options.per_language)


if __name__ == "__main__":
    main()
