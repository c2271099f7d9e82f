"""Writes training and test texts: python make_data.py --shared <shared/data> --out <folder>."""

import argparse
import json
import pathlib
import pickle
import random
import re
import zlib

import numpy as np

import lexicons
import phrases

SEED = 20260717
LANGUAGES = ("nl", "en", "de", "fr", "it")
UMSAB = {"en": "english", "de": "german", "fr": "french", "it": "italian"}
PHRASE_TURNS = {"nl": 12_000, "en": 5_000, "de": 5_000, "fr": 5_000, "it": 5_000}
EVERYDAY = {"nl": 20_000, "en": 12_000, "de": 12_000, "fr": 12_000, "it": 10_000}
HERE = pathlib.Path(__file__).parent


def read_umsab(shared, language, split):
    folder = shared / "sentiment" / "umsab" / UMSAB[language]
    texts = (folder / f"{split}_text.txt").read_text(encoding="utf8").rstrip("\n").split("\n")
    labels = [int(line) for line in (folder / f"{split}_labels.txt").read_text().split()]
    assert len(texts) == len(labels)
    return [clean_tweet(text) for text in texts], labels


def clean_tweet(text):
    text = text.replace("\\u002c", ",").replace("\\u2019", "’").replace('\\""', '"').replace("\\", "")
    return re.sub(r"&(amp|lt|gt);", lambda m: {"amp": "&", "lt": "<", "gt": ">"}[m.group(1)], text)


def dutch_test():
    rows = [json.loads(line) for line in (HERE / "test-nl.jsonl").read_text(encoding="utf8").splitlines()]
    return [row["text"] for row in rows], [phrases.LABELS.index(row["label"]) for row in rows]


def trigrams(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i:i + 3]) for i in range(len(words) - 2)}


class Overlap:
    """Says whether a text resembles a test sentence: same words, or half of its three-word runs."""

    def __init__(self, texts):
        self.texts = {" ".join(re.findall(r"\w+", text.lower())) for text in texts}
        self.runs = [trigrams(text) for text in texts]
        self.index = {}
        for number, runs in enumerate(self.runs):
            for run in runs:
                self.index.setdefault(run, []).append(number)

    def resembles(self, text):
        if " ".join(re.findall(r"\w+", text.lower())) in self.texts:
            return True
        shared = {}
        for run in trigrams(text):
            for number in self.index.get(run, ()):
                shared[number] = shared.get(number, 0) + 1
        return any(count >= 2 and count >= 0.5 * len(self.runs[number]) for number, count in shared.items())


def lexicon_opinion(text, language, lexicon):
    """Soft label from the lexicon alone."""
    positive, negative = lexicons.counts(text, language, lexicon)
    # 0.5 of neutral evidence: one weak word does not decide.
    logits = np.array([3.0 * negative, 1.0, 3.0 * positive])
    scores = np.exp(logits - logits.max())
    return scores / scores.sum()


def one_hot(label):
    return np.eye(3)[label]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    words = lexicons.read(options.shared / "sentiment" / "lexicons")
    test_texts, test_labels = dutch_test()
    overlap = Overlap(test_texts)

    tests = {"nl-calls": (test_texts, test_labels)}
    tweets = []
    for language in UMSAB:
        texts, labels = read_umsab(options.shared, language, "train")
        tweets += [(language, text, label) for text, label in zip(texts, labels)]
        tests[f"umsab-{language}"] = read_umsab(options.shared, language, "val")
    rng.shuffle(tweets)
    # Each row: source, language, text, soft label. One tweet in eight is the development set.
    rows = [("tweet-dev" if zlib.crc32(text.encode()) % 8 == 0 else "tweet", language, text, one_hot(label))
            for language, text, label in tweets]

    for language in LANGUAGES:
        sections = phrases.read(language)
        made = 0
        while made < PHRASE_TURNS[language]:
            label = made % 3
            text = phrases.turn(sections, language, phrases.LABELS[label], rng)
            made += 1
            if not overlap.resembles(text):
                rows.append(("phrase", language, text, one_hot(label)))
        lines = []
        for name in ("general.txt", "books.txt"):
            path = options.shared / "sentences" / language / name
            lines += path.read_text(encoding="utf8").splitlines() if path.exists() else []
        lines = [line for line in lines if 3 <= len(line.split()) <= 25 and not overlap.resembles(line)]
        lines = rng.sample(lines, min(EVERYDAY[language], len(lines)))
        for line in lines:
            soft = lexicon_opinion(line, language, words[language])
            # Polar sentences teach more than the many plain ones.
            if soft.max() < 0.45 or (soft.argmax() == 1 and rng.random() < 0.4):
                continue
            rows.append(("everyday", language, as_recognised(line, rng), soft))
        for word, value in words[language].items():
            if abs(value) >= 0.3 and len(word) > 2:
                rows.append(("word", language, word, np.array([0.8 if value < 0 else 0.05, 0.15, 0.8 if value > 0 else 0.05])))
    for language, rows_of_ner in neutral_turns(options.shared, rng).items():
        rows += [("phrase", language, text, one_hot(1)) for text in rows_of_ner if not overlap.resembles(text)]

    rng.shuffle(rows)
    with open(options.out / "data.pickle", "wb") as file:
        pickle.dump({"rows": rows, "tests": tests}, file)
    counts = {}
    for source, language, _, soft in rows:
        key = (source, language)
        counts.setdefault(key, [0, 0, 0])[int(soft.argmax())] += 1
    for key, value in sorted(counts.items()):
        print(*key, value)


def as_recognised(text, rng):
    return re.sub(r"[.,?!;:\"“”«»]", "", text.lower()) if rng.random() < 0.5 else text


# Lines of the neutral sections of ../ner/grammar, with their slots as redacted tokens.
SLOT = {
    "PER": "PERSON", "FULL": "PERSON", "FIRST": "PERSON", "LAST": "PERSON", "INI": "PERSON", "SPELL": "PERSON", "LOC": "LOCATION",
    "ADR": "STREET_ADDRESS", "STREET": "STREET_ADDRESS", "HNR": "STREET_ADDRESS", "ORG": "ORGANIZATION", "PC": "POSTCODE",
    "DATE": "DATE_OF_BIRTH", "REF": "CUSTOMER_REFERENCE", "PHONE": "PHONE_NUMBER",
}


def neutral_turns(shared, rng, per_language=3_000):
    result = {}
    for language in LANGUAGES:
        text = (HERE.parent / "ner" / "grammar" / f"{language}.txt").read_text(encoding="utf8")
        lines = [line for section in ("person", "location", "address", "organization")
                 for line in re.search(rf"\[{section}\]\n(.*?)\[/{section}\]", text, re.S).group(1).splitlines()]
        # Turns about accidents, thanks or quarrels are no examples of neutral.
        lines = [line for line in lines if "{TITLE}" not in line and "{FIRST}, (" not in line and "overleden" not in line]
        result[language] = []
        for _ in range(per_language):
            turn = phrases.expand(rng.choice(lines), rng)
            turn = re.sub(r"\{(\w+)\}", lambda m: f"[{SLOT[m.group(1)]}_{rng.randint(1, 3)}]" if m.group(1) in SLOT else str(rng.randint(1, 200)), turn)
            if rng.random() < 0.5:
                turn = re.sub(r"[.,?!]", "", re.sub(r"(?<!\[)\b[A-Z](?![A-Z_])", lambda m: m.group().lower(), turn))
            result[language].append(turn)
    return result


if __name__ == "__main__":
    main()
