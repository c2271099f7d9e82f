"""What is said in training and in the tests: everyday sentences and contact-centre turns.

Names, sentences and places are split by a hash: what the test set uses is never trained on.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from functools import cache
from types import ModuleType

from numpy.random import Generator

import grammar
import spec
import texts_de
import texts_en
import texts_fr
import texts_it
import texts_nl

LANGUAGE: dict[str, ModuleType] = {"nl": texts_nl, "en": texts_en, "de": texts_de, "fr": texts_fr, "it": texts_it}
NAMES_FILE = spec.WORK_DIR / "names.json"
TURN_SHARE = 0.5
SENTENCE_TEST_PART = 50  # one sentence in so many belongs to the test set
NAME_TEST_PART = 12
COUNTRIES = {"nl": ("NL", "BE"), "en": ("GB", "US", "IE"), "de": ("DE", "AT"), "fr": ("FR", "BE"), "it": ("IT",)}
POSTCODES = {"nl": "NL", "en": "GB", "de": "DE", "fr": "FR", "it": "IT"}
_SPEAKABLE = re.compile(r"^[A-Za-zÀ-ÖØ-öø-ÿœŒ' ,.?-]+$")
_NAME = re.compile(r"^[A-Za-zÀ-ÖØ-öø-ÿœŒ' -]{2,28}$")


def sample(rng: Generator, language: str, test: bool = False) -> str:
    if rng.random() < TURN_SHARE:
        return turn(rng, language, test)
    return grammar.pick(rng, sentences(language, test))


def turn(rng: Generator, language: str, test: bool = False) -> str:
    words = LANGUAGE[language]
    names = {key: names_of(language, key, test) for key in ("first", "last", "street", "place")}
    first, last = grammar.pick(rng, names["first"]), grammar.pick(rng, names["last"])
    slots = {
        **words.SLOTS,
        "first": (first,),
        "last": (last,),
        "street": names["street"],
        "place": names["place"],
        "email": lambda r: words.READING.email(r, first, last),
        "spell_first": lambda r: words.READING.spell(r, first),
        "spell_last": lambda r: words.READING.spell(r, last),
        "utterance": utterances(test) if language == "en" else (),
    }
    for _ in range(20):
        text = grammar.expand(grammar.pick(rng, words.TURNS), rng, slots)
        if len(text) <= 130:
            return text
    return text


def clean(line: str) -> str | None:
    """A sentence that can be read aloud as written, or None."""
    line = line.translate(str.maketrans({"’": "'", "!": ".", ";": ",", ":": ",", '"': "", "…": ".", "`": "'"})).strip()
    line = re.sub(r"\s+", " ", re.sub(r"[.,]{2,}", ".", line))
    capitals = sum(map(str.isupper, line))
    return line if _SPEAKABLE.match(line) and 2 <= len(line) <= 110 and capitals < 0.4 * len(line) else None


def _in_test(text: str, part: int) -> bool:
    return zlib.crc32(text.encode()) % part == 0


@cache
def sentences(language: str, test: bool = False) -> list[str]:
    lines: set[str] = set()
    for file in sorted((spec.DATA_DIR / "sentences" / language).glob("*.txt")):
        lines.update(filter(None, map(clean, file.read_text(encoding="utf-8").splitlines())))
    return sorted(line for line in lines if _in_test(line, SENTENCE_TEST_PART) == test)


@cache
def utterances(test: bool = False) -> list[str]:
    """English customer questions of Banking77 and CLINC150."""
    folder = spec.DATA_DIR / "utterances"
    with (folder / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        lines = [row["text"] for row in csv.DictReader(file)]
    data = json.loads((folder / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    lines += [text for name in ("train", "val") for text, _ in data[name]]
    kept = {grammar.sentence(re.sub(r"\bi\b", "I", line)) for line in filter(None, map(clean, lines))}
    kept = {line if line[-1] in ".?" else line + "." for line in kept}
    return sorted(line for line in kept if _in_test(line, SENTENCE_TEST_PART) == test)


@cache
def names_of(language: str, key: str, test: bool = False) -> list[str]:
    names = set(json.loads(NAMES_FILE.read_text(encoding="utf-8"))[language][key if key != "place" else "first"])
    if key == "street":
        names = {re.sub(r"str\.", "straße", re.sub(r"Str\.", "Straße", name)) for name in names}
    if key == "place":
        names = places(language)
    if key in ("first", "last"):
        names |= common_names(language, key)
    names = {name for name in names if _NAME.match(name)}
    return sorted(name for name in names if _in_test(name, NAME_TEST_PART) == test)


def common_names(language: str, key: str) -> set[str]:
    file = {"first": "common-forenames-by-country.csv", "last": "common-surnames-by-country.csv"}[key]
    with (spec.DATA_DIR / "names" / file).open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Country"] in COUNTRIES[language]]
    return {row["Localized Name"] for row in rows}


def places(language: str) -> set[str]:
    """Each place as often as it wants to be: the names of all postcode areas."""
    country = POSTCODES[language]
    with zipfile.ZipFile(spec.DATA_DIR / "names" / f"postcodes-{country}.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith(".csv"))
        rows = csv.DictReader(io.TextIOWrapper(archive.open(name), encoding="utf-8"))
        return {row["place"] for row in rows}


def tokenizer_lines() -> list[str]:
    """Balanced text for the tokenizer: Dutch first, as in training."""
    import numpy as np

    rng = np.random.default_rng(1)
    return [sample(rng, language) for language in spec.LANGUAGES for _ in range(int(90_000 * spec.LANGUAGE_WEIGHTS[language]))]
