"""Entity-level precision, recall and F1 of an exported model:
python evaluate.py --data <folder> --model <models/embedded/ner> [--json results.json]."""

import argparse
import json
import pathlib
import pickle
from collections import defaultdict

from encoding import Encoder
from words import ENTITY_TYPES, LABELS, entities

BATCH = 64


def predict_labels(predict, encoder, sentences):
    """The label of each word; words beyond the length limit stay O."""
    for start in range(0, len(sentences), BATCH):
        group = sentences[start:start + BATCH]
        encoded = [encoder.encode(words) for words in group]
        ids, mask, capitals, _ = encoder.batch(encoded)
        logits = predict(ids, mask, capitals)
        for row, (words, item) in enumerate(zip(group, encoded)):
            labels = ["O"] * len(words)
            for word, first in enumerate(item[3]):
                labels[word] = LABELS[logits[row, first].argmax()]
            yield labels


def score(predict, encoder, sentences):
    """{type: (precision, recall, F1, number of true entities)}; spans that touch a word of unknown label don't count."""
    hit, said, true = defaultdict(int), defaultdict(int), defaultdict(int)
    for words, labels in zip(sentences, predict_labels(predict, encoder, sentences)):
        gold = [label for _, label in words]
        unknown = {index for index, label in enumerate(gold) if label.endswith("?")}
        wanted = entities(["O" if label.endswith("?") else label for label in gold])
        found = {span for span in entities(labels) if not unknown & set(range(span[0], span[1]))}
        for _, _, kind in wanted:
            true[kind] += 1
        for _, _, kind in found:
            said[kind] += 1
        for _, _, kind in wanted & found:
            hit[kind] += 1
    result = {}
    for kind in (*ENTITY_TYPES, "all"):
        h, s, t = (sum(c.values()) if kind == "all" else c[kind] for c in (hit, said, true))
        precision, recall = h / s if s else 0.0, h / t if t else 0.0
        f1 = 2 * precision * recall / (precision + recall) if h else 0.0
        result[kind] = (round(precision, 4), round(recall, 4), round(f1, 4), t)
    return result


def evaluate(predict, encoder, tests, limit=None):
    return {name: score(predict, encoder, sentences[:limit]) for name, sentences in tests.items()}


def summary(results):
    lines = ["test set            " + "".join(f"{kind[:8]:>10}" for kind in (*ENTITY_TYPES, "all"))]
    for name, scores in results.items():
        lines.append(f"{name:<20}" + "".join(f"{scores[kind][2]:>10.3f}" if scores[kind][3] else f"{'-':>10}" for kind in (*ENTITY_TYPES, "all")))
    return "\n".join(lines)


def onnx_predict(model_path):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model_path), options, providers=["CPUExecutionProvider"])
    return lambda ids, mask, capitals: session.run(["logits"], {"input_ids": ids, "attention_mask": mask, "token_type_ids": capitals})[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with open(options.data / "data.pickle", "rb") as file:
        tests = pickle.load(file)["tests"]
    results = evaluate(onnx_predict(options.model / "onnx" / "model_quantized.onnx"), Encoder(options.model / "tokenizer.json"), tests)
    print(summary(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
