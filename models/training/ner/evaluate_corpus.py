"""F1 on text written by hand, none of which plays a part in training: `spoken/` of this folder and the corpus of test/redact.
python evaluate_corpus.py --corpus <test/redact/corpus> --model <models/embedded/ner> [--json results.json]."""

import argparse
import json
import pathlib
import re

from encoding import Encoder
from evaluate import onnx_predict, score, summary
from noise import lower
from words import split_words

SPOKEN = pathlib.Path(__file__).parent / "spoken"
TYPE_OF_TAG = {"PER": "PERSON", "LOC": "LOCATION", "STREET": "STREET_ADDRESS", "ORG": "ORGANIZATION", "HEALTH": "HEALTH"}


def read_marked(line):
    """Labelled words of a line with [[TAG|value]] and ((open)); types that the rules find are open too."""
    text, spans, position = "", [], 0
    for mark in re.finditer(r"\[\[([A-Z_]+)\|(.*?)\]\]|\(\((.*?)\)\)", line):
        text += line[position:mark.start()]
        value = mark.group(2) or mark.group(3)
        spans.append((len(text), len(text) + len(value), TYPE_OF_TAG.get(mark.group(1), "?")))
        text += value
        position = mark.end()
    return split_words(text + line[position:], spans)


def read_spoken(language):
    """Fifty sentences a language."""
    return [read_marked(line) for line in (SPOKEN / f"{language}.txt").read_text(encoding="utf8").splitlines()]


def read_turns(path):
    """Turns of annotated calls, without their "A: " or "C: "."""
    turns = [line for line in path.read_text(encoding="utf8").splitlines() if re.match(r"[AC]: ", line)]
    return [words for words in (read_marked(line[3:]) for line in turns) if words]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    encoder, predict = Encoder(options.model / "tokenizer.json"), onnx_predict(options.model / "onnx" / "model_quantized.onnx")
    results = {}
    for language in ("nl", "en", "de", "fr", "it"):
        corpus = [words for part in ("", "dev", "blind") for kind in ("spoken", "written")
                  for words in read_turns(options.corpus / part / f"{kind}.{language}.txt")]
        for name, turns in ((f"spoken-{language}", read_spoken(language)), (f"corpus-{language}", corpus)):
            results[name] = score(predict, encoder, turns)
            results[f"{name}-lower"] = score(predict, encoder, [lower(words) for words in turns])
    print(summary(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
