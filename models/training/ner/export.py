"""Exports to ONNX with 8-bit embeddings, in the layout of published models:
python export.py --trained <folder> --model <models/embedded/ner> [--golden <test/fixtures/ner-golden.json>]."""

import argparse
import json
import pathlib
import shutil
import time

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from encoding import MAX_TOKENS, Encoder
from evaluate import onnx_predict
from model import Shape, TokenClassifier
from words import LABELS, split_words

HERE = pathlib.Path(__file__).parent
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def write_config(shape, folder):
    config = {
        # Inputs and outputs are those of BertForTokenClassification; the layers are of model.py.
        "model_type": "sotto-token-classifier",
        "id2label": {str(index): label for index, label in enumerate(LABELS)},
        "label2id": {label: index for index, label in enumerate(LABELS)},
        "vocab_size": shape.vocab_size,
        "hidden_size": shape.hidden_size,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.intermediate_size,
        "max_position_embeddings": MAX_TOKENS + 2,
        "type_vocab_size": 2,
        "pad_token_id": 0,
        # Read by the service: token_type_ids say whether a word begins with a capital, and words are cut by its regular expression.
        "sotto": {"token_type_ids": "initial-capital", "words": "word-level"},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_tokenizer(trained, folder):
    shutil.copy(trained / "tokenizer.json", folder / "tokenizer.json")
    special = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "strip_accents": True, "model_max_length": MAX_TOKENS, **special}, indent=2) + "\n")


def to_onnx(model, path):
    """Full precision first, then the embeddings, three quarters of the weights, to 8 bits.

    The matrices stay float32: dynamic 8-bit products scale by the largest value of the whole batch, so that what is
    found in one call would depend on the words of another, and they are no faster at this size.
    """
    model.eval()
    example = torch.ones((2, 9), dtype=torch.int64)
    full = path.with_name("model.onnx")
    axes = {name: {0: "batch", 1: "sequence"} for name in [*INPUTS, "logits"]}
    torch.onnx.export(model, (example, example, torch.zeros_like(example)), str(full), input_names=INPUTS, output_names=["logits"],
                      dynamic_axes=axes, opset_version=17, dynamo=False)
    quantize_dynamic(str(full), str(path), weight_type=QuantType.QInt8, per_channel=False, op_types_to_quantize=["Gather"])
    return full


def speed(predict, encoder):
    """Words a second at one thread, batches of 16 turns of 32 words, tokenisation not counted."""
    words = [[("goedemiddag", "O"), ("met", "O"), ("jansen", "O"), ("uit", "O")] * 8] * 16
    ids, mask, capitals, _ = encoder.batch([encoder.encode(w) for w in words])
    predict(ids, mask, capitals)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        predict(ids, mask, capitals)
        times.append(time.perf_counter() - start)
    return 16 * 32 / np.median(times)


def golden(predict, encoder, path):
    """Texts with token ids, capital bits and rounded logits, for the service's tests."""
    items = []
    for text in json.loads((HERE / "golden-texts.json").read_text(encoding="utf8")):
        words = split_words(text)
        ids, capitals, _, firsts = encoder.encode(words)
        logits = predict(np.array([ids]), np.ones((1, len(ids)), np.int64), np.array([capitals]))[0]
        items.append({"text": text, "words": [word for word, _ in words], "input_ids": ids, "token_type_ids": capitals, "first_tokens": firsts,
                      "labels": [LABELS[logits[first].argmax()] for first in firsts],
                      "logits": [[round(float(value), 3) for value in logits[first]] for first in firsts]})
    path.write_text(json.dumps(items, ensure_ascii=False, indent=1) + "\n", encoding="utf8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--golden", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    (options.model / "onnx").mkdir(parents=True, exist_ok=True)
    shape = Shape(**json.loads((options.trained / "shape.json").read_text()))
    model = TokenClassifier(shape)
    model.load_state_dict(torch.load(options.trained / "model.pt"))
    write_config(shape, options.model)
    write_tokenizer(options.trained, options.model)
    path = options.model / "onnx" / "model_quantized.onnx"
    full = to_onnx(model, path)
    encoder, predict = Encoder(options.model / "tokenizer.json"), onnx_predict(path)
    ids, mask, capitals, _ = encoder.batch([encoder.encode(split_words(t)) for t in ("Met Jan de Vries uit Utrecht.", "ja")])
    difference = np.abs(predict(ids, mask, capitals) - onnx_predict(full)(ids, mask, capitals))[mask == 1].max()
    full.unlink()
    print(f"{path.stat().st_size / 1e6:.2f} MB, largest logit difference to full precision {difference:.3f}, {speed(predict, encoder):.0f} words/s at 1 thread")
    if options.golden:
        golden(predict, encoder, options.golden)


if __name__ == "__main__":
    main()
