"""Accuracy and macro-F1 of an exported model: python evaluate.py --data <folder> --model <models/embedded/sentiment> [--json out]."""

import argparse
import json
import pathlib
import pickle

import numpy as np

LABELS = ("negative", "neutral", "positive")


def scores(labels, logits):
    labels, said = np.array(labels), logits.argmax(1)
    f1 = []
    for label in range(3):
        hit = ((labels == label) & (said == label)).sum()
        f1.append(2 * hit / max(1, (labels == label).sum() + (said == label).sum()))
    confusion = [[int(((labels == a) & (said == b)).sum()) for b in range(3)] for a in range(3)]
    probabilities = np.exp(logits - logits.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)
    confidence, right = probabilities.max(1), said == labels
    bins = np.minimum((confidence * 10).astype(int), 9)
    ece = sum(abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())
    return {"n": len(labels), "accuracy": round(float(right.mean()), 4), "macro_f1": round(float(np.mean(f1)), 4),
            "f1": [round(float(v), 4) for v in f1], "confusion": confusion, "calibration_error": round(float(ece), 4)}


def report(labels, logits):
    result = scores(labels, logits)
    return f"n {result['n']} accuracy {result['accuracy']:.3f} macro-F1 {result['macro_f1']:.3f} F1 {result['f1']} {result['confusion']} ECE {result['calibration_error']:.3f}"


def onnx_logits(model_folder, texts):
    import onnxruntime
    from tokenizers import Tokenizer
    from train import encode, pad
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model_folder / "onnx" / "model_quantized.onnx"), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    ids = encode(tokenizer, texts)
    rows = []
    for start in range(0, len(ids), 32):
        tokens, mask = pad(ids[start:start + 32])
        rows.append(session.run(["logits"], {"input_ids": tokens.numpy(), "attention_mask": mask.numpy()})[0])
    return np.concatenate(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with open(options.data / "data.pickle", "rb") as file:
        tests = pickle.load(file)["tests"]
    results = {}
    for name, (texts, labels) in tests.items():
        logits = onnx_logits(options.model, texts)
        results[name] = scores(labels, logits)
        print(f"{name}:", report(labels, logits))
    tweets = [value["macro_f1"] for name, value in results.items() if name.startswith("umsab")]
    results["umsab average macro-F1"] = round(sum(tweets) / len(tweets), 4)
    print("umsab average macro-F1", results["umsab average macro-F1"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
