"""Trains tokenizer and model: python train.py --data <folder> --out <folder> [--steps 6000] [--dev]."""

import argparse
import copy
import json
import math
import pathlib
import pickle
import random
import re
import time
from collections import Counter
from dataclasses import asdict

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from evaluate import report
from model import Shape, TextClassifier

SEED = 20260717
VOCABULARY = 20_000
MAX_TOKENS = 128
# Share of a batch that comes from each source, and the batch.
MIXTURE = {"tweet": 0.42, "phrase": 0.22, "everyday": 0.30, "word": 0.06}
BATCH = 96


def train_tokenizer(rows, path):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=60))
    # A redacted value says nothing about sentiment, whatever its type: all become one word.
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(r"\[[A-Z]+(_[A-Z]+)*(_[0-9]+)?\]"), " redacted "),
        normalizers.BertNormalizer(lowercase=True, strip_accents=True),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, min_frequency=3, limit_alphabet=700, show_progress=False,
                                        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    # Lexicon words count more often, so that most stay whole.
    tokenizer.train_from_iterator((text for source, _, text, _ in rows for _ in range(6 if source in ("word", "tweet") else 1)), trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
                                                             special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    tokenizer.save(str(path))


def encode(tokenizer, texts):
    cut = [encoding.ids if len(encoding.ids) <= MAX_TOKENS else encoding.ids[:MAX_TOKENS - 1] + encoding.ids[-1:]
           for encoding in tokenizer.encode_batch(texts)]
    return cut


def pad(ids, pad_id=0):
    array = np.full((len(ids), max(map(len, ids))), pad_id, np.int64)
    mask = np.zeros_like(array)
    for row, tokens in enumerate(ids):
        array[row, :len(tokens)], mask[row, :len(tokens)] = tokens, 1
    return torch.from_numpy(array), torch.from_numpy(mask)


def logits_of(model, ids):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(*pad(ids[i:i + 64])) for i in range(0, len(ids), 64)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--tweets", type=float, default=MIXTURE["tweet"])
    parser.add_argument("--dev", action="store_true", help="keep the development tweets out of training")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = random.Random(SEED)
    with open(options.data / "data.pickle", "rb") as file:
        data = pickle.load(file)
    train_tokenizer(data["rows"], options.out / "tokenizer.json")
    tokenizer = Tokenizer.from_file(str(options.out / "tokenizer.json"))

    pools = {source: [] for source in MIXTURE}
    dev = []
    encoded = encode(tokenizer, [text for _, _, text, _ in data["rows"]])
    for (source, language, _, soft), ids in zip(data["rows"], encoded):
        if source == "tweet-dev":
            dev.append((ids, int(soft.argmax())))
            source = "tweet"
            if options.dev:
                continue
        pools[source].append((ids, soft.astype(np.float32)))
    print({name: len(pool) for name, pool in pools.items()}, tokenizer.get_vocab_size(), flush=True)

    shape = Shape(vocab_size=tokenizer.get_vocab_size(), layers=options.layers, hidden_size=options.hidden,
                  intermediate_size=2 * options.hidden, dropout=options.dropout)
    model = TextClassifier(shape)
    average = copy.deepcopy(model)
    groups = [{"params": [p for n, p in model.named_parameters() if "pieces" not in n], "weight_decay": 0.05},
              {"params": [model.pieces.weight], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98))
    mixture = {**MIXTURE, "tweet": options.tweets}
    start, running = time.time(), []
    for step in range(options.steps):
        # First the broad, weakly labelled sources, then more and more of the tweets.
        progress = step / options.steps
        shares = {name: share * (0.3 + 1.2 * progress if name == "tweet" else 1.0) for name, share in mixture.items()}
        batch = [rng.choice(pools[name]) for name in rng.choices(list(shares), list(shares.values()), k=BATCH)]
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        model.train()
        logits = model(*pad([ids for ids, _ in batch]))
        target = torch.from_numpy(np.stack([soft for _, soft in batch])) * 0.95 + 0.05 / 3
        loss = -(target * logits.log_softmax(-1)).sum(-1).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        decay = min(0.998, step / (step + 50))
        with torch.no_grad():
            for mean, value in zip(average.parameters(), model.parameters()):
                mean.lerp_(value, 1 - decay)
        running.append(loss.item())
        if (step + 1) % 1000 == 0 or step + 1 == options.steps:
            print(f"step {step + 1} {time.time() - start:.0f} s loss {np.mean(running[-500:]):.4f}", flush=True)
            show(average, tokenizer, data["tests"], dev)
    average.temperature[:] = fit_temperature(average, tokenizer, data["tests"], dev)
    torch.save(average.state_dict(), options.out / "model.pt")
    (options.out / "shape.json").write_text(json.dumps(asdict(shape), indent=2))


def show(model, tokenizer, tests, dev):
    if dev:
        ids, labels = [item[0] for item in dev], [item[1] for item in dev]
        print("tweets set aside:", report(labels, logits_of(model, ids).numpy()), flush=True)
    for name, (texts, labels) in tests.items():
        print(f"  {name}:", report(labels, logits_of(model, encode(tokenizer, texts)).numpy()), flush=True)


def fit_temperature(model, tokenizer, tests, dev):
    """The temperature with the least cross-entropy on labelled tweets (--dev) or as found with --dev."""
    logits = logits_of(model, [ids for ids, _ in dev])
    labels = torch.tensor([label for _, label in dev])
    candidates = np.linspace(0.5, 3.0, 51)
    losses = [torch.nn.functional.cross_entropy(logits / t, labels).item() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


if __name__ == "__main__":
    main()
