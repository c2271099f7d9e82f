"""Word and character error rates of the exported model on the held-out test set.

Usage: python evaluate.py [--model FOLDER] [--test FOLDER] [--suffix _quantized] [--json FILE] [--human]

Decodes the ONNX files greedily with the cache, on the full padded window, as the service does.
WER compares lower-case words without punctuation. --human adds the real recordings of
DATA_DIR/speech, which nothing here was trained on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from scipy.signal import resample_poly
from tokenizers import Tokenizer

import augment
import features
import human
import sounds
from dev import edits, words_of

BATCH = 16


class Model:
    """The published layout, read from its own files: nothing here knows this model's dimensions."""

    def __init__(self, folder: Path, suffix: str, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.encoder = onnxruntime.InferenceSession(folder / "onnx" / f"encoder_model{suffix}.onnx", options)
        self.decoder = onnxruntime.InferenceSession(folder / "onnx" / f"decoder_model_merged{suffix}.onnx", options)
        self.config = json.loads((folder / "config.json").read_text())
        self.generation = json.loads((folder / "generation_config.json").read_text())
        self.frames = json.loads((folder / "preprocessor_config.json").read_text())["nb_max_frames"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.outputs = [output.name for output in self.decoder.get_outputs()]

    def features(self, audio_16k: np.ndarray) -> np.ndarray:
        return features.log_mel(np.pad(audio_16k, (0, max(0, self.frames * 160 - len(audio_16k))))[: self.frames * 160])

    def start(self, language: str) -> list[int]:
        generation = self.generation
        return [
            generation["decoder_start_token_id"],
            generation["lang_to_id"][f"<|{language}|>"],
            generation["task_to_id"]["transcribe"],
            generation["no_timestamps_token_id"],
        ]

    def generate(self, hidden: np.ndarray, start: list[int]) -> list[list[int]]:
        """Greedy tokens after the start sequence, without the end token."""
        count, eos = len(hidden), self.generation["eos_token_id"]
        heads, width = self.config["decoder_attention_heads"], self.config["d_model"]
        empty = np.zeros((count, heads, 0, width // heads), np.float32)
        cache = {name: empty for name in self.outputs[1:]}
        banned = np.array(self.generation["suppress_tokens"] + list(range(self.generation["no_timestamps_token_id"], self.config["vocab_size"])))
        tokens = np.array([start] * count, np.int64)
        done, rows = np.zeros(count, bool), [[] for _ in range(count)]
        for step in range(self.config["max_target_positions"] - len(start)):
            feeds = {"input_ids": tokens, "encoder_hidden_states": hidden, "use_cache_branch": np.array([step > 0])}
            feeds |= {name.replace("present", "past_key_values"): value for name, value in cache.items()}
            logits, *present = self.decoder.run(None, feeds)
            for name, value in zip(self.outputs[1:], present, strict=True):
                if step == 0 or ".decoder." in name:
                    cache[name] = value
            scores = logits[:, -1]
            scores[:, banned] = -np.inf
            if step == 0:
                scores[:, [t for t in self.generation["begin_suppress_tokens"] if t != eos]] = -np.inf
            best = scores.argmax(-1)
            for i in np.flatnonzero(~done):
                if best[i] == eos:
                    done[i] = True
                else:
                    rows[i].append(int(best[i]))
            if done.all():
                break
            tokens = best[:, None].astype(np.int64)
        return rows

    def first_logits(self, hidden: np.ndarray) -> np.ndarray:
        """After the start token alone: language and no-speech scores."""
        heads, width = self.config["decoder_attention_heads"], self.config["d_model"]
        empty = np.zeros((len(hidden), heads, 0, width // heads), np.float32)
        tokens = np.full((len(hidden), 1), self.generation["decoder_start_token_id"], np.int64)
        feeds = {"input_ids": tokens, "encoder_hidden_states": hidden, "use_cache_branch": np.array([False])}
        feeds |= {name.replace("present", "past_key_values"): empty for name in self.outputs[1:]}
        return self.decoder.run(["logits"], feeds)[0][:, -1]

    def languages(self, hidden: np.ndarray) -> list[str]:
        """The language with the highest score at the start token, of each window."""
        names = list(self.generation["lang_to_id"])
        ids = [self.generation["lang_to_id"][name] for name in names]
        return [names[best][2:-2] for best in self.first_logits(hidden)[:, ids].argmax(-1)]

    def text(self, tokens: list[int]) -> str:
        return self.tokenizer.decode(tokens, skip_special_tokens=True).strip()


def telephone_to_16k(path: Path) -> np.ndarray:
    audio, rate = soundfile.read(path, dtype="float32")
    if audio.ndim > 1:
        audio = audio.mean(1)
    return resample_poly(audio, 16_000, rate).astype(np.float32) if rate != 16_000 else audio


def score(rows: list[dict]) -> dict:
    """Errors over words and characters, pooled."""
    words = chars = word_errors = char_errors = 0
    for row in rows:
        truth, heard = words_of(row["text"]), words_of(row["heard"])
        word_errors += edits(truth, heard)
        words += len(truth)
        char_errors += edits(list(" ".join(truth)), list(" ".join(heard)))
        chars += len(" ".join(truth))
    return {"wer": round(word_errors / words, 4), "cer": round(char_errors / chars, 4), "clips": len(rows), "words": words}


def decode(model: Model, rows: list[dict], folder: Path) -> float:
    """Adds `heard` and `identified` to each row; returns the real-time factor of everything after reading the file."""
    spoken = spent = 0.0
    for language in sorted({row["language"] for row in rows}):
        group = sorted((row for row in rows if row["language"] == language), key=lambda row: len(row["text"]))
        for i in range(0, len(group), BATCH):
            part = group[i : i + BATCH]
            audio = [telephone_to_16k(folder / row["audio"]) for row in part]
            began = time.perf_counter()
            mel = np.stack([model.features(wave) for wave in audio])
            hidden = model.encoder.run(None, {"input_features": mel})[0]
            for row, tokens in zip(part, model.generate(hidden, model.start(language)), strict=True):
                row["heard"] = model.text(tokens)
            spent += time.perf_counter() - began
            spoken += sum(len(wave) for wave in audio) / 16_000
            for row, name in zip(part, model.languages(hidden), strict=True):
                row["identified"] = name
    return spent / spoken


def report(model: Model, folder: Path, limit: int | None) -> dict:
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    if limit:
        kept: dict[str, int] = defaultdict(int)
        rows = [row for row in rows if (kept.__setitem__(row["language"], kept[row["language"]] + 1) or kept[row["language"]] <= limit)]
    real_time_factor = decode(model, rows, folder)
    result: dict = {"real_time_factor": round(real_time_factor, 4)}
    for language in dict.fromkeys(row["language"] for row in rows):
        mine = [row for row in rows if row["language"] == language]
        result[language] = score(mine)
        for kind in dict.fromkeys(row["kind"] for row in mine):
            result[language][kind] = score([row for row in mine if row["kind"] == kind])["wer"]
        worst = sorted(mine, key=lambda row: -edits(words_of(row["text"]), words_of(row["heard"])))[:40:8]
        result[language]["identified"] = round(float(np.mean([row["identified"] == language for row in mine])), 3)
        result[language]["examples"] = [[row["text"], row["heard"]] for row in worst]
    return result


def silence(model: Model, count: int = 100) -> dict:
    """How often sounds without speech give words, and the no-speech probability they and speech get."""
    rng = np.random.default_rng(5)
    no_speech = model.tokenizer.token_to_id("<|nospeech|>")
    heard, probabilities = [], []
    for _ in range(0, count, BATCH):
        sounds_8k = [sounds.random_sound(rng, rng.uniform(1, 6)) for _ in range(BATCH)]
        mel = np.stack([model.features(augment.upsample(sound, 1)) for sound in sounds_8k])
        hidden = model.encoder.run(None, {"input_features": mel})[0]
        heard += [model.text(row) for row in model.generate(hidden, model.start("nl"))]
        logits = model.first_logits(hidden)
        scores = np.exp(logits - logits.max(-1, keepdims=True))
        probabilities += list(scores[:, no_speech] / scores.sum(-1))
    return {
        "clips": len(heard),
        "clips_with_words": sum(bool(text) for text in heard),
        "median_no_speech_probability": round(float(np.median(probabilities)), 3),
        "examples": [text for text in heard if text][:5],
    }


def main() -> None:
    import spec

    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, default=spec.EXPORT_DIR)
    arguments.add_argument("--test", type=Path, default=spec.WORK_DIR / "test")
    arguments.add_argument("--suffix", default="_quantized")
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--limit", type=int, help="clips per language")
    arguments.add_argument("--human", action="store_true")
    arguments.add_argument("--json", type=Path)
    options = arguments.parse_args()
    model = Model(options.model, options.suffix, options.threads)
    result = report(model, options.test, options.limit)
    result["no speech"] = silence(model)
    if options.human:
        result["human"] = {}
        for name, rows in human.recordings().items():
            decode(model, rows, Path())
            result["human"][name] = score(rows) | {"examples": [[row["text"], row["heard"]] for row in rows[:5]]}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
