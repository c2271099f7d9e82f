"""A bank of clips by other synthesizers, flite and festival, for English and Italian.

Usage: python bank.py [--clips 700]   (each voice; writes WORK_DIR/bank/<voice>.npz)

They start a process or a long script each, too slow for speaking during training. Festival tells
where the words end; flite does not, so its clips teach words and timestamps but not attention.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

import spec
import texts
from synth import Clip, Span

BANK = spec.WORK_DIR / "bank"


@dataclass(frozen=True)
class BankVoice:
    name: str
    language: str
    engine: str
    test: bool = False  # held out


VOICES = (
    BankVoice("kal16", "en", "flite"),
    BankVoice("awb", "en", "flite"),
    BankVoice("slt", "en", "flite"),
    BankVoice("rms", "en", "flite", test=True),
    BankVoice("ked_diphone", "en", "festival"),
    BankVoice("kal_diphone", "en", "festival"),
    BankVoice("cmu_us_slt_arctic_hts", "en", "festival"),
    BankVoice("lp_diphone", "it", "festival"),
    BankVoice("pc_diphone", "it", "festival", test=True),
)


def flite(voice: BankVoice, lines: list[str], folder: Path) -> None:
    for i, line in enumerate(lines):
        subprocess.run(["flite", "-voice", voice.name, "-t", line, "-o", str(folder / f"{i}.wav")], check=False)


def festival(voice: BankVoice, lines: list[str], folder: Path) -> None:
    script = [f"(voice_{voice.name})"]
    for i, line in enumerate(lines):
        script.append(f'(set! u (utt.synth (Utterance Text "{line}")))')
        script.append(f"(utt.save.wave u \"{folder}/{i}.wav\" 'riff)")
        script.append(f'(utt.save.words u "{folder}/{i}.words")')
    file = folder / "say.scm"
    file.write_text("\n".join(script), encoding="latin-1", errors="replace")
    subprocess.run(["festival", "-b", str(file)], check=False, stderr=subprocess.DEVNULL)


def _words(file: Path, line: str) -> list[Span]:
    """Festival's word ends, if it split the line into the same words."""
    if not file.exists():
        return []
    rows = [row.split() for row in file.read_text(encoding="latin-1").splitlines() if not row.startswith("#")]
    ends = [float(row[0]) for row in rows if len(row) == 3]
    said = line.split()
    if len(ends) != len(said):
        return []
    starts = [max(0.0, ends[0] - 0.25), *ends[:-1]]
    return [Span(word, start, end) for word, start, end in zip(said, starts, ends, strict=True)]


def write(voice: BankVoice, count: int) -> None:
    rng = np.random.default_rng(sum(map(ord, voice.name)))
    lines = [texts.sample(rng, voice.language, voice.test) for _ in range(count)]
    if voice.language == "it":  # festival's Italian knows Latin-1 only
        lines = [line for line in lines if line.encode("latin-1", "ignore").decode("latin-1") == line]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        {"flite": flite, "festival": festival}[voice.engine](voice, lines, folder)
        audio, offsets, kept, words = [], [0], [], []
        for i, line in enumerate(lines):
            try:
                samples, rate = soundfile.read(folder / f"{i}.wav", dtype="int16")
            except (OSError, soundfile.LibsndfileError):
                continue
            if not 0.2 < len(samples) / rate < 13:
                continue
            if rate != spec.SAMPLE_RATE_HZ:
                samples = resample_poly(samples.astype(np.float32), spec.SAMPLE_RATE_HZ, rate).clip(-32768, 32767).astype(np.int16)
            audio.append(samples)
            offsets.append(offsets[-1] + len(samples))
            kept.append(line)
            words.append([[span.start_s, span.end_s] for span in _words(folder / f"{i}.words", line)])
    flat = np.array([pair for row in words for pair in row], np.float32).reshape(-1, 2)
    counts = np.array([len(row) for row in words])
    BANK.mkdir(parents=True, exist_ok=True)
    np.savez(BANK / f"{voice.name}.npz", audio=np.concatenate(audio), offsets=offsets, texts=kept, words=flat, counts=counts)


def load(test: bool = False) -> dict[str, list[Clip]]:
    """Clips per language; empty where no bank was written."""
    result: dict[str, list[Clip]] = {}
    for voice in VOICES:
        file = BANK / f"{voice.name}.npz"
        if voice.test != test or not file.exists():
            continue
        data = np.load(file)
        audio, offsets, flat, counts = data["audio"], data["offsets"], data["words"], data["counts"]
        ends = np.cumsum(counts)
        for i, text in enumerate(map(str, data["texts"])):
            spans = flat[ends[i] - counts[i] : ends[i]]
            words = [Span(word, float(a), float(b)) for word, (a, b) in zip(text.split(), spans, strict=False)]
            samples = audio[offsets[i] : offsets[i + 1]]
            result.setdefault(voice.language, []).append(Clip(samples, spec.SAMPLE_RATE_HZ, text, voice.language, words, []))
    return result


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--clips", type=int, default=700)
    options = arguments.parse_args()
    for voice in VOICES:
        write(voice, options.clips if not voice.test else options.clips // 5)


if __name__ == "__main__":
    main()
