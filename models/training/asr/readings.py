"""How identifiers are read aloud, from the few words in which languages differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numpy.random import Generator

import grammar


@dataclass(frozen=True)
class Reading:
    """The words of one language; `number` speaks an integer."""

    digits: Sequence[str]
    number: Callable[[int], str]
    letters: Sequence[str]  # how each letter a to z is written when spelled
    alphabet: Sequence[str]  # spelling names a to z
    double: Sequence[str]  # "dubbel", "double"; empty where people do not say it
    triple: Sequence[str]
    at: Sequence[str]
    dot: str
    dash: Sequence[str]
    underscore: str
    spelled_as: Sequence[str]  # "van", "for", "wie": joins letter and spelling name
    domains: Sequence[str]  # already in spoken words

    def run(self, rng: Generator, digits: str) -> str:
        """A digit string in one of the readings people use, with a comma between groups at times."""
        style = rng.choice(["single", "grouped", "pairs", "mixed", "doubles"], p=[0.3, 0.2, 0.2, 0.15, 0.15])
        if style == "single":
            return " ".join(self.digits[int(d)] for d in digits)
        if style == "doubles" and self.double:
            return self._doubles(rng, digits)
        sizes = {"grouped": (2, 3, 3, 4), "pairs": (2,), "mixed": (1, 2, 3), "doubles": (1, 2)}[style]
        groups = grammar.split_digits(rng, digits, sizes)
        if style == "grouped":
            spoken = [" ".join(self.digits[int(d)] for d in group) for group in groups]
            return (", " if rng.random() < 0.6 else " ").join(spoken)
        return " ".join(self._group(group) for group in groups)

    def _group(self, group: str) -> str:
        if group[0] == "0" or (len(group) == 3 and group[1:] == "00"):
            return " ".join(self.digits[int(d)] for d in group)
        return self.number(int(group))

    def _doubles(self, rng: Generator, digits: str) -> str:
        words, i = [], 0
        while i < len(digits):
            if self.triple and digits[i : i + 3] == digits[i] * 3:
                words.append(f"{grammar.pick(rng, self.triple)} {self.digits[int(digits[i])]}")
                i += 3
            elif digits[i : i + 2] == digits[i] * 2:
                words.append(f"{grammar.pick(rng, self.double)} {self.digits[int(digits[i])]}")
                i += 2
            else:
                words.append(self.digits[int(digits[i])])
                i += 1
        return " ".join(words)

    def number_run(self, rng: Generator, low: int = 4, high: int = 10) -> str:
        digits = grammar.random_digits(rng, int(rng.integers(low, high + 1)))
        if rng.random() < 0.4:  # repeats, so that double and triple occur
            at = int(rng.integers(0, len(digits) - 1))
            digits = digits[: at + 1] + digits[at] * int(rng.integers(1, 3)) + digits[at + 2 :]
        return self.run(rng, digits)

    def spell(self, rng: Generator, word: str, style: str | None = None) -> str:
        """Letters, spelling names, or "s van Simon"."""
        known = [ord(letter) - 97 for letter in word.lower() if "a" <= letter <= "z"]
        style = style or str(rng.choice(["letters", "names", "both"], p=[0.5, 0.25, 0.25]))
        if style == "letters":
            glue = ", " if rng.random() < 0.5 else " "
            return glue.join(self.letters[i] for i in known)
        if style == "names":
            return " ".join(self.alphabet[i] for i in known)
        joint = grammar.pick(rng, self.spelled_as)
        return ", ".join(f"{self.letters[i]} {joint} {self.alphabet[i]}" for i in known)

    def letters_of(self, rng: Generator, count: int) -> str:
        word = "".join(chr(97 + int(i)) for i in rng.integers(0, 26, size=count))
        return self.spell(rng, word, str(rng.choice(["letters", "names"], p=[0.7, 0.3])))

    def email(self, rng: Generator, first: str, last: str) -> str:
        first, last = first.lower().replace("-", " "), last.lower().replace("-", " ").replace("'", "")
        glue = grammar.pick(rng, [f" {self.dot} ", f" {self.dot} ", " ", f" {self.underscore} ", f" {grammar.pick(rng, self.dash)} "])
        shape = rng.integers(4)
        if shape == 0:
            name = f"{first}{glue}{last}"
        elif shape == 1:
            name = f"{self.letters[(ord(first[0]) - 97) % 26]}{glue}{last}"
        elif shape == 2:
            name = f"{first} {self.number(int(rng.integers(1, 100)))}"
        else:
            name = f"{first}{glue}{last} {self.run(rng, grammar.random_digits(rng, 2))}"
        return f"{name} {grammar.pick(rng, self.at)} {grammar.pick(rng, self.domains)}"

    def iban(self, rng: Generator, country: str, bank: str, digits: int) -> str:
        check = self.run(rng, grammar.random_digits(rng, 2))
        bank_part = self.spell(rng, bank, "letters") if bank else ""
        return f"{self.spell(rng, country, 'letters')} {check} {bank_part} {self.run(rng, grammar.random_digits(rng, digits))}"
