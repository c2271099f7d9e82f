"""F1 on the hand-written corpus of test/redact, which plays no part in training:
python evaluate_corpus.py --corpus <test/redact/corpus> --model <models/embedded/ner>."""

import argparse
import pathlib
import re

from encoding import Encoder
from evaluate import onnx_predict, score, summary
from noise import lower
from words import split_words

TYPE_OF_TAG = {"PER": "PERSON", "LOC": "LOCATION", "STREET": "STREET_ADDRESS", "ORG": "ORGANIZATION", "HEALTH": "HEALTH"}


def read_turns(path):
    """Turns as labelled words; types that other recognizers find are left open, as is what the corpus leaves open."""
    for line in path.read_text(encoding="utf8").splitlines():
        if not re.match(r"[AC]: ", line):
            continue
        text, spans, position = "", [], 0
        for mark in re.finditer(r"\[\[([A-Z_]+)\|(.*?)\]\]|\(\((.*?)\)\)", line):
            text += line[position:mark.start()]
            value = mark.group(2) or mark.group(3)
            spans.append((len(text), len(text) + len(value), TYPE_OF_TAG.get(mark.group(1), "?")))
            text += value
            position = mark.end()
        text += line[position:]
        spans = [(start - 3, end - 3, kind) for start, end, kind in spans]
        yield split_words(text[3:], spans)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    options = parser.parse_args()
    encoder, predict = Encoder(options.model / "tokenizer.json"), onnx_predict(options.model / "onnx" / "model_quantized.onnx")
    results = {}
    for language in ("nl", "en", "de", "fr", "it"):
        turns = [words for kind in ("spoken", "written") for words in read_turns(options.corpus / f"{kind}.{language}.txt") if words]
        results[f"corpus-{language}"] = score(predict, encoder, turns)
        results[f"corpus-{language}-lower"] = score(predict, encoder, [lower(words) for words in turns])
    print(summary(results))


if __name__ == "__main__":
    main()
