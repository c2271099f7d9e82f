"""Trains tokenizer, wide and deep part: python train.py --data <folder> --out <folder> [--steps 400] [--dev]."""

import argparse
import copy
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
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

import lexicons
from evaluate import report
from model import Shape, TextClassifier
from teacher import NEGATION_WORDS, Teacher, out_of_fold

SEED = 20260717
WHOLE_WORDS = 34_000
PIECES = 6_000
MAX_TOKENS = 128
BATCH = 96
# Share of a batch that comes from each source.
MIXTURE = {"tweet": 0.25, "phrase": 0.45, "everyday": 0.25, "word": 0.05}
# How many rows of each source the linear model sees, and what each counts.
TEACHER_ROWS = {"tweet": (None, 1.0), "phrase": (7_000, 0.25), "word": (4_000, 0.08)}


def train_tokenizer(rows, path):
    """Frequent words whole, so that their row of the wide table is exact; pieces for all else."""
    # A redacted value says nothing about sentiment, whatever its type: all become one word.
    normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(r"\[[A-Z]+(_[A-Z]+)*(_[0-9]+)?\]"), " redacted "),
        normalizers.BertNormalizer(lowercase=True, strip_accents=True),
    ])
    pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    weight = {"tweet": 3, "word": 2}
    counts = Counter()
    for source, _, text, _ in rows:
        for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text)):
            counts[word] += weight.get(source, 1)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    small = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    small.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.WordPieceTrainer(vocab_size=PIECES, min_frequency=2, limit_alphabet=900, show_progress=False, special_tokens=special)
    small.train_from_iterator((" ".join([word] * min(4, count)) for word, count in counts.items()), trainer)
    pieces = [piece for piece, _ in sorted(small.get_vocab().items(), key=lambda item: item[1])]
    symbols = {char for word in counts for char in word if ord(char) > 0x2000 and counts[word] > 1}  # emoji, also within runs
    words = [word for word, count in counts.most_common(WHOLE_WORDS) if count >= 2]
    vocabulary = list(dict.fromkeys(pieces + sorted(symbols) + [f"##{char}" for char in sorted(symbols)] + words))

    tokenizer = Tokenizer(models.WordPiece({piece: index for index, piece in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizer
    cls, sep = vocabulary.index("[CLS]"), vocabulary.index("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
                                                             special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    tokenizer.add_special_tokens(special)
    tokenizer.save(str(path))


def encode(tokenizer, texts):
    return [encoding.ids if len(encoding.ids) <= MAX_TOKENS else encoding.ids[:MAX_TOKENS - 1] + encoding.ids[-1:]
            for encoding in tokenizer.encode_batch(texts)]


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


def fit_wide(rows, ids, vocabulary, words_of, rng):
    """The teacher on a sample of the rows, and its log-probabilities of every row (tweets out of fold)."""
    chosen = []
    for source, (limit, weight) in TEACHER_ROWS.items():
        numbers = [number for number, row in enumerate(rows) if row[0] == source]
        chosen += [(number, weight) for number in (rng.sample(numbers, limit) if limit and limit < len(numbers) else numbers)]
    texts = [[vocabulary[i] for i in ids[number][1:-1]] for number, _ in chosen]
    labels = [int(rows[number][3].argmax()) for number, _ in chosen]
    weights = [weight for _, weight in chosen]
    teacher = Teacher(words_of).fit(texts, labels, weights)
    tweets = [position for position, (number, _) in enumerate(chosen) if rows[number][0] == "tweet"]
    unseen = out_of_fold(texts, labels, weights, tweets, words_of)
    return teacher, {chosen[position][0]: unseen[position] for position in tweets}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--share", type=float, default=0.33, help="of the deep part, as found with --dev")
    parser.add_argument("--temperature", type=float, default=1.15, help="of the scores, as found with --dev")
    parser.add_argument("--dev", action="store_true", help="keep the development tweets out of training; fits the temperature")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rng = random.Random(SEED)
    with open(options.data / "data.pickle", "rb") as file:
        data = pickle.load(file)
    start = time.time()
    train_tokenizer(data["rows"], options.out / "tokenizer.json")
    tokenizer = Tokenizer.from_file(str(options.out / "tokenizer.json"))
    vocabulary = [piece for piece, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    words_of = {language: {tokenizer.normalizer.normalize_str(word): value for word, value in words.items()}
                for language, words in lexicons.read(options.shared / "sentiment" / "lexicons").items()}

    rows = [("tweet" if source == "tweet-dev" and not options.dev else source, *rest) for source, *rest in data["rows"]]
    ids = encode(tokenizer, [row[2] for row in rows])
    print(f"{time.time() - start:.0f} s, vocabulary {len(vocabulary)}", flush=True)
    teacher, unseen = fit_wide(rows, ids, vocabulary, words_of, rng)
    print(f"{time.time() - start:.0f} s, wide part fitted", flush=True)

    shape = Shape(vocab_size=len(vocabulary), lexicons=len(words_of))
    model = TextClassifier(shape)
    table, lexicon_weights, intercept = teacher.fold(vocabulary)
    table[:5] = 0  # special tokens
    model.wide.load(table, teacher.fold_pairs(vocabulary), np.array([float(piece in NEGATION_WORDS) for piece in vocabulary], np.float32), lexicon_weights, intercept)
    check_fold(model, teacher, vocabulary, ids[:300])

    pools, dev = {source: [] for source in MIXTURE}, []
    wide = logits_of(model.wide, ids).numpy()
    for number, (source, _, _, soft) in enumerate(rows):
        if source == "tweet-dev":
            dev.append((ids[number], int(soft.argmax())))
        else:
            base = unseen.get(number, wide[number])
            pools[source].append((ids[number], soft.astype(np.float32), base.astype(np.float32)))
    print({name: len(pool) for name, pool in pools.items()}, flush=True)
    print("wide part alone", flush=True)
    show(model.wide, tokenizer, data["tests"], dev)

    deep, average = model.deep, copy.deepcopy(model.deep)
    groups = [{"params": [p for n, p in deep.named_parameters() if "pieces" not in n], "weight_decay": 0.05},
              {"params": [deep.pieces.weight], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98))
    running = []
    for step in range(options.steps):
        progress = step / options.steps
        # First the broad, weakly labelled sources, then more and more of the tweets.
        shares = {name: share * (0.4 + 1.2 * progress if name == "tweet" else 1.0) for name, share in MIXTURE.items()}
        batch = [rng.choice(pools[name]) for name in rng.choices(list(shares), list(shares.values()), k=BATCH)]
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        deep.train()
        base = torch.from_numpy(np.stack([base for *_, base in batch]))
        # Now and then without the wide part, so that the deep part does not only correct it.
        base = base * (torch.rand(len(batch), 1) > 0.25)
        logits = deep(*pad([ids for ids, *_ in batch])) + base
        target = torch.from_numpy(np.stack([soft for _, soft, _ in batch])) * 0.95 + 0.05 / 3
        loss = -(target * logits.log_softmax(-1)).sum(-1).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(deep.parameters(), 1.0)
        optimizer.step()
        decay = min(0.998, step / (step + 50))
        with torch.no_grad():
            for mean, value in zip(average.parameters(), deep.parameters()):
                mean.lerp_(value, 1 - decay)
        running.append(loss.item())
        if (step + 1) % 200 == 0 or step + 1 == options.steps:
            print(f"step {step + 1} {time.time() - start:.0f} s loss {np.mean(running[-300:]):.4f}", flush=True)
            model.deep = average
            show(model, tokenizer, data["tests"], dev)
            if dev:
                fit_share_and_temperature(model, dev)
            else:
                model.share[:], model.temperature[:] = options.share, options.temperature
            print(f"share {float(model.share):.2f} temperature {float(model.temperature):.2f}", flush=True)
            show(model, tokenizer, data["tests"], dev)
            torch.save(model.state_dict(), options.out / "model.pt")
            (options.out / "shape.json").write_text(json.dumps(asdict(shape), indent=2))
            model.share[:], model.temperature[:] = 1.0, 1.0
            model.deep = deep


def check_fold(model, teacher, vocabulary, ids):
    exact = teacher.log_probabilities([[vocabulary[i] for i in tokens[1:-1]] for tokens in ids])
    folded = logits_of(model.wide, ids).numpy()
    print(f"tables give the linear model's label for {(exact.argmax(1) == folded.argmax(1)).mean():.1%} of {len(ids)} texts", flush=True)


def show(model, tokenizer, tests, dev):
    if dev:
        print("tweets set aside:", report([label for _, label in dev], logits_of(model, [ids for ids, _ in dev]).numpy()), flush=True)
    for name, (texts, labels) in tests.items():
        print(f"  {name}:", report(labels, logits_of(model, encode(tokenizer, texts)).numpy()), flush=True)


def fit_share_and_temperature(model, dev):
    """Those with the least cross-entropy on the tweets set aside; the deep part keeps at least a third of its say,
    since what it learns of calls, of Dutch ones above all, does not show in tweets."""
    ids, labels = [ids for ids, _ in dev], torch.tensor([label for _, label in dev])
    wide, deep = logits_of(model.wide, ids), logits_of(model.deep, ids)
    loss, share, temperature = min(
        (torch.nn.functional.cross_entropy((wide + share * deep) / temperature, labels).item(), share, temperature)
        for share in np.linspace(0.33, 1.0, 5) for temperature in np.linspace(0.5, 3.0, 51))
    model.share[:], model.temperature[:] = share, temperature


if __name__ == "__main__":
    main()
