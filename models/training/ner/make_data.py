"""Writes training and test sentences: python make_data.py --shared <shared/data> --faker <faker.json> --out <folder>."""

import argparse
import pathlib
import pickle
import random
from collections import Counter

import sources
from gazetteers import LANGUAGES, Gazetteers
from grammar import Generator
from noise import distort, from_text, lower
from words import split_words

SEED = 20260717
TEMPLATE_TURNS = 70_000  # per language
INSERTIONS = 30_000  # per language
TEST_TURNS = 800  # per language
PLAIN_SENTENCES = 24_000  # per language
PEOPLED = 20_000  # per language


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--faker", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    gazetteers = Gazetteers(options.shared, options.faker)
    rng = random.Random(SEED)
    train, tests = [], {}

    for language in LANGUAGES:
        generator = Generator(language, gazetteers, "train", SEED)
        for _ in range(TEMPLATE_TURNS):
            train.append((language, from_text(*generator.turn(), language, rng)))
        plain, named = sources.everyday(options.shared, language, gazetteers, SEED)
        train += [(language, distort(words, language, rng)) for words in plain]
        train += [(language, distort(words, language, rng)) for words in named for _ in range(2)]
        train += [(language, distort(generator.inserted(rng.choice(plain)), language, rng)) for _ in range(INSERTIONS)]
        peopled = sources.peopled(plain, language, generator)[:PEOPLED]
        train += [(language, distort(words, language, rng)) for words in peopled]
        generator = Generator(language, gazetteers, "test", SEED)
        cased = [split_words(*generator.turn()) for _ in range(TEST_TURNS)]
        tests[f"{language}-cased"] = cased
        tests[f"{language}-lower"] = [lower(words) for words in cased]
        noisy = random.Random(SEED)
        tests[f"{language}-noisy"] = [distort(words, language, noisy, misspelling=1.0, blends=0.0) for words in cased]

    for language in ("nl", "de", "fr"):
        real, dev = sources.europeana(options.shared, language)
        train += [(language, distort(words, language, rng, misspelling=0.0)) for words in real]
        tests[f"europeana-{language}"] = dev
        tests[f"europeana-{language}-lower"] = [lower(words) for words in dev]
    real, dev = sources.twitter(options.shared)
    train += [("en", distort(words, "en", rng, misspelling=0.0)) for words in real]
    tests["wnut17-dev"], tests["wnut17-dev-lower"] = dev, [lower(words) for words in dev]
    train += [("en", distort(words, "en", rng, misspelling=0.05)) for words in sources.presidio(options.shared)]
    train += [("en", distort(words, "en", rng)) for words in sources.utterances(options.shared)]
    train += [("fr", distort(words, "fr", rng)) for words in sources.french_addresses(options.shared)]

    train = [(language, words) for language, words in train if words]
    rng.shuffle(train)
    with open(options.out / "data.pickle", "wb") as file:
        pickle.dump({"train": train, "tests": tests}, file)
    labels = Counter(label for _, words in train for _, label in words)
    print(len(train), "sentences", sum(labels.values()), "words", dict(labels))


if __name__ == "__main__":
    main()
