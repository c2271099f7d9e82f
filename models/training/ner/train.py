"""Trains tokenizer and model: python train.py --data <folder> --out <folder> [--steps 4000] [--resume]."""

import argparse
import json
import math
import pathlib
import pickle
import random
import time
from collections import Counter
from dataclasses import asdict

import numpy as np
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from encoding import Encoder
from evaluate import evaluate, summary
from model import Shape, TokenClassifier
from words import LABELS

SEED = 20260717
VOCABULARY = 14_000
TOKENS_PER_STEP = 1_600


def train_tokenizer(sentences, path):
    counts = Counter(word for _, words in sentences for word, _ in words)
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, min_frequency=3, limit_alphabet=150, show_progress=False,
                                        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    # Square roots flatten the counts: names are many and rare, carrier words few and frequent.
    tokenizer.train_from_iterator((" ".join([word] * math.ceil(math.sqrt(count))) for word, count in sorted(counts.items())), trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
                                                             special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    tokenizer.save(str(path))


def batches(sentences, rng):
    """Batches of about TOKENS_PER_STEP tokens, of sentences of like length."""
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i][1]) + rng.random() * 4)
    result, current = [], []
    for index in order:
        # One and a half tokens a word, and [CLS] and [SEP].
        if current and (len(current) + 1) * (len(sentences[index][1]) * 1.5 + 2) > TOKENS_PER_STEP:
            result.append(current)
            current = []
        current.append(index)
    result.append(current)
    rng.shuffle(result)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--resume", action="store_true", help="start from the weights in --out")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = random.Random(SEED)

    with open(options.data / "data.pickle", "rb") as file:
        data = pickle.load(file)
    tokenizer_path = options.out / "tokenizer.json"
    if not (options.resume and tokenizer_path.exists()):
        train_tokenizer(data["train"], tokenizer_path)
    encoder = Encoder(tokenizer_path)
    sentences = data["train"]
    print(f"{len(sentences)} sentences, vocabulary {encoder.tokenizer.get_vocab_size()}", flush=True)

    shape = Shape(vocab_size=encoder.tokenizer.get_vocab_size(), labels=len(LABELS))
    model = TokenClassifier(shape)
    if options.resume and (options.out / "model.pt").exists():
        model.load_state_dict(torch.load(options.out / "model.pt"))
    print(sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=-100, label_smoothing=0.02)

    start, step, epoch, running = time.time(), 0, 0, []
    while step < options.steps:
        for batch in batches(sentences, rng)[:options.steps - step]:
            # Warm-up of 100 steps, then a straight line to zero.
            rate = options.rate * min(1, (step + 1) / 100, 1 - step / options.steps)
            for group in optimizer.param_groups:
                group["lr"] = rate
            ids, mask, capitals, labels = (torch.from_numpy(array) for array in encoder.batch([encoder.encode(sentences[i][1], breaking=0.4) for i in batch]))
            capitals = capitals * (torch.rand(len(batch), 1) < 0.7)  # marks without capitals also come
            model.train()
            # Some pieces are hidden: names are to be known by their context too, and no phrase is learned by heart.
            ids = torch.where((torch.rand(ids.shape) < 0.08) & (mask == 1), encoder.mask_token, ids)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, mask, capitals).float()
            chosen = labels.reshape(-1) != -100
            loss = loss_of(logits.reshape(-1, len(LABELS))[chosen], labels.reshape(-1)[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            running.append(loss.item())
            step += 1
            if step % 100 == 0:
                print(f"step {step} epoch {epoch} {time.time() - start:.0f} s loss {np.mean(running[-100:]):.4f}", flush=True)
            if step % 300 == 0:
                save(model, shape, options.out)
        epoch += 1
    save(model, shape, options.out)
    print(summary(evaluate(torch_predict(model), encoder, data["tests"], limit=300)), flush=True)


def torch_predict(model):
    def predict(ids, mask, capitals):
        model.eval()
        with torch.no_grad():
            return model(*(torch.from_numpy(array) for array in (ids, mask, capitals))).numpy()
    return predict


def save(model, shape, out):
    torch.save(model.state_dict(), out / "model.pt")
    (out / "shape.json").write_text(json.dumps(asdict(shape), indent=2))


if __name__ == "__main__":
    main()
