"""The real recordings of DATA_DIR/speech, cut to the telephone band: reported, never trained on."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

import spec

DIGITS = "zero one two three four five six seven eight nine".split()
_TELEPHONE = Path(tempfile.mkdtemp(prefix="sotto-human-"))


def _telephone(path: Path) -> str:
    """8 kHz mu-law copy at a usual level."""
    audio, rate = soundfile.read(path, dtype="float32")
    audio = resample_poly(audio, spec.TELEPHONE_RATE_HZ, rate) if rate != spec.TELEPHONE_RATE_HZ else audio
    audio = audio * (0.3 / max(1e-4, float(np.abs(audio).max())))
    out = _TELEPHONE / f"{path.parent.name}-{path.stem}.wav"
    soundfile.write(out, audio, spec.TELEPHONE_RATE_HZ, subtype="ULAW")
    return str(out)


def _row(path: Path, text: str, language: str) -> dict:
    return {"audio": _telephone(path), "text": text, "language": language}


def recordings() -> dict[str, list[dict]]:
    folder = spec.DATA_DIR / "speech"
    result: dict[str, list[dict]] = {}
    with (folder / "dutch" / "transcription.tsv").open(encoding="utf-8", newline="") as file:
        result["nl read (Flemish)"] = [_row(folder / "dutch" / name, text, "nl") for name, text in csv.reader(file, delimiter="\t")]
    english = []
    for name in ("librivox", "cards"):
        lines = (folder / name / "transcription").read_text(encoding="utf-8").splitlines()
        for line in lines:
            text, key = re.match(r"<s>\s*(.*?)\s*</s>\s*\((.*)\)", line).groups()
            path = folder / name / (f"sense-{key.rsplit('-', 1)[1]}.wav" if name == "librivox" else f"{key}.wav")
            english.append(_row(path, text, "en"))
    english.append(_row(folder / "jfk" / "jfk.flac", "and so my fellow americans ask not what your country can do for you ask what you can do for your country", "en"))
    result["en read"] = english
    for test in json.loads((folder / "picovoice" / "test_data.json").read_text(encoding="utf-8"))["tests"]["language_tests"]:
        path = folder / "picovoice" / test["audio_file"]
        if path.exists():
            result[f"{test['language']} picovoice"] = [_row(path, test["transcript"], test["language"])]
    digits = sorted((folder / "digits").glob("*.wav"))[::5]
    result["en digits"] = [_row(path, DIGITS[int(path.name[0])], "en") for path in digits]
    return result
