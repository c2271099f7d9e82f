"""Exports to ONNX with 8-bit embeddings, in the layout of published models:
python export.py --trained <folder> --model <models/embedded/sentiment> [--golden <test/fixtures/sentiment-golden.json>]."""

import argparse
import json
import pathlib
import shutil

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from evaluate import LABELS, onnx_logits
from model import Shape, TextClassifier
from train import MAX_TOKENS, encode

HERE = pathlib.Path(__file__).parent
INPUTS = ["input_ids", "attention_mask"]


def write_config(shape, folder):
    config = {
        # Inputs and outputs are those of BertForSequenceClassification; the layers are of model.py.
        "model_type": "sotto-text-classifier",
        "id2label": {str(index): label for index, label in enumerate(LABELS)},
        "label2id": {label: index for index, label in enumerate(LABELS)},
        "vocab_size": shape.vocab_size,
        "hidden_size": shape.hidden_size,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.intermediate_size,
        "max_position_embeddings": MAX_TOKENS + 2,
        "pad_token_id": 0,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def write_tokenizer(trained, folder):
    shutil.copy(trained / "tokenizer.json", folder / "tokenizer.json")
    special = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "strip_accents": True, "model_max_length": MAX_TOKENS, **special}, indent=2) + "\n")


def to_onnx(model, path):
    """The deep part's embeddings go to 8 bits. The wide table and the matrices stay float32: the table's columns
    differ too much in size for one scale, and 8-bit products would make a text's score depend on its batch."""
    model.eval()
    example = torch.ones((2, 9), dtype=torch.int64)
    full = path.with_name("model.onnx")
    axes = {name: {0: "batch", 1: "sequence"} for name in INPUTS} | {"logits": {0: "batch"}}
    torch.onnx.export(model, (example, example), str(full), input_names=INPUTS, output_names=["logits"],
                      dynamic_axes=axes, opset_version=17, dynamo=False)
    import onnx
    wide = [node.name for node in onnx.load(str(full)).graph.node if node.op_type == "Gather" and "wide" in node.name]
    quantize_dynamic(str(full), str(path), weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"], nodes_to_exclude=wide)
    full.unlink()


def golden(folder, path):
    """Texts with token ids and rounded logits, for the service's tests."""
    texts = json.loads((HERE / "golden-texts.json").read_text(encoding="utf8"))
    ids = encode(Tokenizer.from_file(str(folder / "tokenizer.json")), texts)
    items = []
    for text, tokens in zip(texts, ids):
        logits = onnx_logits(folder, [text])[0]
        items.append({"text": text, "input_ids": tokens, "label": LABELS[int(np.argmax(logits))], "logits": [round(float(v), 3) for v in logits]})
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
    model = TextClassifier(shape)
    model.load_state_dict(torch.load(options.trained / "model.pt"))
    write_config(shape, options.model)
    write_tokenizer(options.trained, options.model)
    path = options.model / "onnx" / "model_quantized.onnx"
    to_onnx(model, path)
    print(f"{path.stat().st_size / 1e6:.2f} MB")
    if options.golden:
        golden(options.model, options.golden)


if __name__ == "__main__":
    main()
