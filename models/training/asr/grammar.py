"""Expands templates: {slot} is filled by a language's slots, [one|two|] is a choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from numpy.random import Generator

Slot = Sequence[str] | Callable[[Generator], str]
_INNERMOST = re.compile(r"\[([^\[\]]*)\]")


def pick(rng: Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def expand(template: str, rng: Generator, slots: Mapping[str, Slot]) -> str:
    """A finished sentence: first letter upper case, single spaces, slots expanded in turn."""
    while match := _INNERMOST.search(template):
        template = template[: match.start()] + pick(rng, match[1].split("|")) + template[match.end() :]

    def fill(match: re.Match[str]) -> str:
        slot = slots[match[1]]
        return slot(rng) if callable(slot) else expand_raw(pick(rng, slot), rng, slots)

    return sentence(re.sub(r"\{(\w+)\}", fill, template))


def expand_raw(template: str, rng: Generator, slots: Mapping[str, Slot]) -> str:
    if "{" not in template and "[" not in template:
        return template
    expanded = expand(template, rng, slots)
    return expanded[0].lower() + expanded[1:] if template[:1].islower() else expanded


def sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([.,?])", r"\1", text)
    text = re.sub(r"[,.]+([.,?])", r"\1", text)
    text = re.sub(r"([.?] )(\w)", lambda match: match[1] + match[2].upper(), text)
    return text[:1].upper() + text[1:]


def split_digits(rng: Generator, digits: str, sizes: Sequence[int]) -> list[str]:
    """Cuts a digit string into groups of random allowed sizes, as people read numbers."""
    groups, at = [], 0
    while at < len(digits):
        size = int(sizes[int(rng.integers(len(sizes)))])
        groups.append(digits[at : at + size])
        at += size
    return groups


def random_digits(rng: Generator, count: int) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, size=count))
