"""Writes what transformers' `generate` with timestamps makes of the tiny model: ../../fixtures/asr/generate.json

Usage: python generate.py [--clips 200] [--beams 5 --out beams.json]

Greedy, or with beam search into a file of another name.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from transformers import GenerationConfig, WhisperFeatureExtractor

import tiny_model
from clips import clip

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "asr"


def prompt_of(seed: int) -> list[int]:
    """Every third clip has a prompt, of a length that differs from its neighbours'."""
    if seed % 3:
        return []
    words = tiny_model.tokenizer().encode(" goedemiddag klantenservice", add_special_tokens=False).ids
    return [tiny_model.TOKEN_ID["<|startofprev|>"], *words[: 1 + seed % (len(words) - 1)]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clips", type=int, default=200)
    arguments.add_argument("--beams", type=int, default=1)
    arguments.add_argument("--out", default="generate.json")
    options = arguments.parse_args()
    count = options.clips
    model = tiny_model.model()
    generation = GenerationConfig(**tiny_model.generation_config())
    extractor = WhisperFeatureExtractor(
        feature_size=80, chunk_length=tiny_model.WINDOW_S, n_samples=tiny_model.WINDOW_S * 16000
    )
    made = []
    for seed in range(count):
        language = tiny_model.LANGUAGES[seed % len(tiny_model.LANGUAGES)]
        prompt = prompt_of(seed)
        features = extractor(
            clip(seed, tiny_model.WINDOW_S * 16000), sampling_rate=16000, return_tensors="pt"
        ).input_features
        start = [
            *prompt,
            tiny_model.TOKEN_ID["<|startoftranscript|>"],
            tiny_model.TOKEN_ID[f"<|{language}|>"],
            tiny_model.TOKEN_ID["<|transcribe|>"],
        ]
        generation.max_new_tokens = 40
        with torch.no_grad():
            output = model.generate(
                features,
                generation_config=generation,
                return_timestamps=True,
                language=language,
                task="transcribe",
                num_beams=options.beams,
                prompt_ids=torch.tensor(prompt) if prompt else None,
                return_dict_in_generate=True,
                output_scores=True,
                return_segments=True,
            )
            # Raw logits of the prompt, for the no-speech probability.
            logits = model(features, decoder_input_ids=torch.tensor([start])).logits[0]
        segments = output["segments"][0]
        result = segments[0]["result"] if segments else None
        if result is None:
            made.append({"language": language, "prompt": prompt, "tokens": []})
            continue
        sequence = result["sequences"].tolist()
        tokens = sequence[len(start) :] if sequence[: len(start)] == start else sequence
        if options.beams > 1:  # scores are those of all beams: the tokens are what counts
            made.append({"language": language, "prompt": prompt, "tokens": tokens})
            continue
        log_probs = [
            torch.log_softmax(scores.float(), -1)[token].item() for scores, token in zip(result["scores"], tokens)
        ]
        no_speech = logits[len(prompt)].softmax(-1)[tiny_model.TOKEN_ID["<|nospeech|>"]].item()
        made.append(
            {
                "language": language,
                "prompt": prompt,
                "tokens": tokens,
                "noSpeech": round(no_speech, 6),
                "sumLogProb": round(sum(log_probs), 3),
            }
        )
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / options.out).write_text("[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in made) + "\n]\n")
    lengths = sorted(len(each["tokens"]) for each in made)
    print(f"{count} clips; tokens per clip: {lengths[0]} to {lengths[-1]}, median {lengths[len(lengths) // 2]}")


if __name__ == "__main__":
    main()
