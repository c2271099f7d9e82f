"""Expands the carrier phrases of `grammar/*.txt` into text with labelled character spans.

Syntax of a line: `(a|b|)` is a choice (nesting is allowed), `{SLOT}` is filled with a value. Labelled slots:
PER FULL FIRST LAST INI LETTERS SPELL (PERSON), LOC (LOCATION), ADR STREET HNR (STREET_ADDRESS), ORG (ORGANIZATION),
HLT MED HSTATE (HEALTH, only in [health]). All other slots stay unlabelled.
"""

import pathlib
import random
import re
import zlib

from gazetteers import LANGUAGES
from spoken_numbers import SPEAK
from words import split_words

GRAMMAR = pathlib.Path(__file__).parent / "grammar"
LABEL = {
    "LETTERS": "PERSON", "PER": "PERSON", "FULL": "PERSON", "FIRST": "PERSON", "LAST": "PERSON", "INI": "PERSON", "SPELL": "PERSON",
    "LOC": "LOCATION", "ADR": "STREET_ADDRESS", "STREET": "STREET_ADDRESS", "HNR": "STREET_ADDRESS",
    "ORG": "ORGANIZATION", "HLT": "HEALTH", "MED": "HEALTH", "HSTATE": "HEALTH",
}
LEADING_ARTICLE = re.compile(r"^((een|de la|de|het|an?|the|eine?|einen|der|die|das|une?|une|las?|les?|des|du|il|lo|una|uno|i|gli) |de l'|l'|un')")
SPELLING = {
    "nl": "Anton Bernard Cornelis Dirk Eduard Ferdinand Gerard Hendrik Izaak Johan Karel Lodewijk Maria Nico Otto Pieter Quotiënt Rudolf Simon Theodoor Utrecht Victor Willem Xantippe IJmuiden Zaandam",
    "en": "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whisky x-ray yankee zulu",
    "de": "Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius Kaufmann Ludwig Martha Nordpol Otto Paula Quelle Richard Samuel Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon Zacharias",
    "fr": "Anatole Berthe Célestin Désiré Eugène François Gaston Henri Irma Joseph Kléber Louis Marcel Nicolas Oscar Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé",
    "it": "Ancona Bologna Como Domodossola Empoli Firenze Genova hotel Imola jolly kappa Livorno Milano Napoli Otranto Palermo quarto Roma Savona Torino Udine Venezia Washington xeres yacht Zara",
}
SPELLING_LINK = {"nl": "van", "en": "for", "de": "wie", "fr": "comme", "it": "come"}
FILLERS = {"nl": ("eh", "ehm"), "en": ("um", "er", "uh"), "de": ("äh", "ähm"), "fr": ("euh",), "it": ("ehm", "eh")}
CORRECTION = {
    "nl": ("nee sorry", "nee wacht", "nee", "pardon", "ik bedoel"), "en": ("no sorry", "no wait", "no", "sorry", "I mean"),
    "de": ("nein", "nein Moment", "Entschuldigung", "ich meine"), "fr": ("non pardon", "non", "pardon", "je veux dire"),
    "it": ("no scusi", "no aspetti", "no", "anzi", "volevo dire"),
}
# How silver and generated numbers continue a house number.
ADDITION = {
    "nl": ("a", "b", "bis", "hs", "huis", "II", "drie hoog", "C", "rood", "zwart", "toevoeging b", "-2"),
    "en": ("a", "b", "c"), "de": ("a", "b", "c"), "fr": ("bis", "ter"), "it": ("bis", "/a", " barra b", "interno 5", "scala b", "interno tre"),
}


def parse(source):
    """A template as nested lists: text, {"slot": name} or a list of alternatives."""
    def sequence(position, stop):
        parts, alternatives, text = [], [], ""
        while position < len(source):
            char = source[position]
            if char == "(":
                if text:
                    parts.append(text)
                    text = ""
                choice, position = sequence(position + 1, True)
                parts.append(choice)
                continue
            if char == "{":
                end = source.index("}", position)
                if text:
                    parts.append(text)
                    text = ""
                parts.append({"slot": source[position + 1:end]})
                position = end + 1
                continue
            if stop and char in "|)":
                if text:
                    parts.append(text)
                    text = ""
                alternatives.append(parts)
                parts = []
                position += 1
                if char == ")":
                    return alternatives, position
                continue
            text += char
            position += 1
        if text:
            parts.append(text)
        return parts, position
    return sequence(0, False)[0]


class Grammar:
    def __init__(self, language):
        self.sections, self.values = {}, {}
        section = None
        for line in (GRAMMAR / f"{language}.txt").read_text(encoding="utf8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            if re.fullmatch(r"\[/?\w+\]", line):
                section = None if line[1] == "/" else line[1:-1]
                continue
            if section == "values":
                key, values = line.split(":", 1)
                self.values[key] = [value for value in values.strip().split("|")]
            else:
                self.sections.setdefault(section, []).append(line)

    def templates(self, section, split):
        """Every fifth carrier phrase of a section is kept for the test set."""
        lines = self.sections[section]
        if section in ("opener", "tail"):
            return [parse(line) for line in lines]
        return [parse(line) for index, line in enumerate(lines) if (index % 5 == 2) == (split == "test")]


class Generator:
    """Draws labelled turns of one language."""

    def __init__(self, language, gazetteers, split, seed):
        self.language, self.gazetteers, self.split = language, gazetteers, split
        self.random = random.Random(f"{seed}-{language}-{split}")
        self.grammar = Grammar(language)
        self.sections = {name: self.grammar.templates(name, split) for name in self.grammar.sections}
        for key in ("HLT", "MED", "HSTATE", "WORDNAME", "BRAND"):
            values = self.grammar.values[key]
            kept = [v for v in values if (zlib.crc32(v.encode()) % 10 == 0) == (split == "test")] if key in ("HLT", "MED", "HSTATE") else values
            self.grammar.values[key] = kept if len(kept) > 4 else values

    # -- values ---------------------------------------------------------------------------------------------------
    def pick(self, values):
        return values[int(self.random.random() * len(values))]

    def chance(self, probability):
        return self.random.random() < probability

    def other_language(self):
        """Callers and places come from everywhere: mostly from where the language is spoken."""
        return self.pick(LANGUAGES) if self.chance(0.12) else self.language

    def blend(self, pool):
        """The beginning of one name and the end of another: looks like a name, and nobody can know it by heart."""
        one, other = self.pick(pool), self.pick(pool)
        cut, join = len(one) * (2 + int(self.random.random() * 2)) // 5 + 1, len(other) // 2
        return (one[:cut] + other[join:]).strip(" -'")

    def frequent(self, probability):
        """Whether to draw from the frequent names alone: too few of them are held out for a test."""
        return self.split == "train" and self.chance(probability)

    def first(self):
        if self.split == "train" and self.chance(0.2):
            return self.blend(self.gazetteers.first[self.other_language()].train)
        if self.chance(0.1):
            name = self.pick(self.gazetteers.world_first.of(self.split))
        else:
            pools = self.gazetteers.frequent_first if self.frequent(0.4) else self.gazetteers.first
            name = self.pick(pools[self.other_language()].of(self.split))
        if self.chance(0.04):
            name += self.pick(("-", " ")) + self.pick(self.gazetteers.first[self.language].of(self.split))
        return name

    def last(self):
        if self.chance(0.1):
            return self.pick(self.gazetteers.world_last.of(self.split))
        pools = self.gazetteers.frequent_last if self.frequent(0.35) else self.gazetteers.last
        name = self.pick(pools[self.other_language()].of(self.split))
        if self.split == "train" and self.chance(0.2):
            name = self.invented_surname() if self.chance(0.6) else self.blend(self.gazetteers.last[self.other_language()].train)
        if self.chance(0.05):
            name += "-" + self.pick(self.gazetteers.last[self.language].of(self.split))
        elif self.chance(0.06) and name[0].isupper():
            name = self.pick(PARTICLES[self.language]) + " " + name
        return name

    def invented_surname(self):
        language = self.other_language()
        if language == "nl" and self.chance(0.25):
            return "van " + self.pick(self.gazetteers.place["nl"].train)
        heads, tails = self.gazetteers.surname_parts[language]
        return self.pick(heads) + self.pick(tails)

    def initials(self):
        letters = [chr(65 + int(self.random.random() * 26)) for _ in range(self.pick((1, 1, 2, 2, 3)))]
        style = self.pick((".", ". ", " "))
        return (style.join(letters) + style).strip() + " " + self.last()

    def full(self):
        if self.chance(0.03):
            return f"{self.first()} {self.pick(FILLERS[self.language])} {self.last()}"
        if self.chance(0.04):
            return f"{self.last()} {self.first()}"
        if self.chance(0.06):
            return self.initials()
        return f"{self.first()} {self.last()}"

    def person(self):
        roll = self.random.random()
        return self.full() if roll < 0.5 else self.first() if roll < 0.78 else self.last() if roll < 0.95 else self.initials()

    def addressed(self):
        """(title and blank, surname)"""
        return self.pick(self.grammar.values["TITLE"]) + " ", self.last()

    def spelled(self):
        name = re.sub(r"[^A-Za-z]", "", self.last())[:9] or "Jansen"
        letters = list(name.upper())
        style = self.random.random()
        if style < 0.35:
            return "-".join(letters)
        if style < 0.75:
            return " ".join(letters)
        words = SPELLING[self.language].split()
        link = SPELLING_LINK[self.language]
        return " ".join(f"{letter} {link} {words[ord(letter.upper()) - 65]}" if self.chance(0.7) else letter for letter in letters)

    def place(self):
        language = self.other_language()
        if self.chance(0.04):
            return self.pick(WORLD_CITIES)
        if self.split == "train" and self.chance(0.15):
            return self.blend(self.gazetteers.place[language].train)
        pool = self.gazetteers.frequent_city if self.frequent(0.2) else self.gazetteers.city if self.chance(0.4) else self.gazetteers.place
        return self.pick(pool[language].of(self.split))

    def number(self, low=1, high=400):
        n = self.random.randint(low, min(high, 60) if self.chance(0.5) else high)
        return str(n) if self.chance(0.4) else SPEAK[self.language](n)

    def house_number(self):
        number = self.number(1, 400)
        if self.chance(0.04):
            number += f"{self.pick((', ', ' '))}{self.pick(CORRECTION[self.language])}{self.pick((', ', ' '))}{self.number(1, 400)}"
        if self.chance(0.2):
            addition = self.pick(ADDITION[self.language])
            number += addition if addition[0] in "-/ " else (" " if self.chance(0.7) or number[-1].isalpha() else "") + addition
        return number

    def street(self):
        parts, language = self.gazetteers.street[self.language], self.language
        if "listed" in parts and self.chance(0.4):
            return self.pick(parts["listed"].of(self.split))
        if language in ("fr", "it"):
            kind = self.pick(parts["type"])
            name = self.pick(parts["rare" if self.chance(0.35) else "name"].of(self.split))
            if self.chance(0.2):
                link = self.pick(("de la ", "du ", "des ", "de l'") if language == "fr" else ("del ", "della ", "dei ", "delle "))
                name = link + self.pick(self.gazetteers.noun[language].of(self.split)).capitalize()
            elif self.chance(0.2):
                name = f"{self.first()} {self.last()}"
            return f"{kind} {name}"
        if self.chance(0.08):
            return self.pick(parts["whole"].of(self.split))
        stem = self.pick(parts["rare" if "rare" in parts and self.chance(0.2) else "stem"].of(self.split))
        suffix = self.pick(parts["suffix"])
        if language == "en":
            if self.chance(0.25):
                stem = self.pick((self.last, self.place, self.any_noun))()
            return f"{stem} {suffix}"
        if self.chance(0.2):
            stem = self.any_noun()
        elif self.chance(0.15):
            stem = self.last() if language == "nl" else self.pick((self.last, self.first))() + "-"
        elif language == "nl" and self.chance(0.15):
            stem = self.place()
        if language == "de" and stem.endswith((" ", "-")):
            suffix = suffix.capitalize()
        joiner = " " if self.chance(0.06) and not stem.endswith((" ", "-")) else ""  # recognisers split compounds
        return stem + joiner + suffix

    def any_noun(self):
        return self.pick(self.gazetteers.noun[self.language].of(self.split)).capitalize()

    def address(self):
        street, number = self.street(), self.house_number()
        if self.language == "en":
            flat = f"{self.pick(('flat', 'Flat', 'apartment', 'unit'))} {self.number(1, 40)}{self.pick(('', '', ' b', 'a'))}, " if self.chance(0.15) else ""
            return f"{flat}{self.pick(('', '', '', 'number '))}{number} {street}"
        if self.language == "fr":
            flat = f", appartement {self.number(1, 60)}" if self.chance(0.08) else ""
            return f"{number}{self.pick((' ', ' ', ', '))}{street}{flat}"
        link = {"nl": ("nummer", "huisnummer"), "de": ("Nummer", "Hausnummer"), "it": ("numero", "al numero", "civico")}[self.language]
        return f"{street} " + (f"{self.pick(link)} {number}" if self.chance(0.12) else number)

    def firm(self):
        pattern = self.pick(self.gazetteers.firm[self.language].of(self.split))
        return pattern.replace("{LAST}", self.last()).replace("{FIRST}", self.first()).replace("{LOC}", self.place())

    # -- values that are no entity of this model ------------------------------------------------------------------
    def digits(self, count):
        digits = [self.random.randint(0, 9) for _ in range(count)]
        if self.chance(0.5):
            return " ".join(SPEAK[self.language](digit) for digit in digits)
        text = "".join(map(str, digits))
        return text if self.chance(0.6) else " ".join(text[i:i + 2] for i in range(0, count, 2))

    def any_digits(self):
        return self.digits(self.random.randint(2, 12))

    def code(self):
        """Letters, some with their alphabet word, and digits: a booking, a plate; none of it is a name."""
        words, link = SPELLING[self.language].split(), SPELLING_LINK[self.language]
        parts = []
        for _ in range(self.random.randint(3, 8)):
            if self.chance(0.5):
                parts.append(self.digits(self.pick((1, 1, 2))))
            else:
                letter = int(self.random.random() * 26)
                parts.append(chr(65 + letter) + (f" {link} {words[letter]}" if self.chance(0.3) else ""))
        return self.pick((" ", " ", ", ", "-", "")).join(parts)

    def letters(self):
        return self.pick((".", ". ", " ")).join(chr(65 + int(self.random.random() * 26)) for _ in range(self.random.randint(2, 3)))

    def company(self):
        """The agent's own firm: never an entity."""
        name = self.pick((self.any_noun, self.any_noun, self.invented_surname, self.place))()
        field = self.pick(self.grammar.values["COMPANY"])
        return f"{field} {name}" if self.language in ("fr", "it") and self.chance(0.6) else f"{name} {field}"

    def postcode(self):
        if self.language == "nl":
            letters = self.pick("ABCDEGHJKLNPRSTVXZ") + self.pick("ABCDEGHJKLNPRSTVXZ")
            return f"{self.digits(4)} {letters if self.chance(0.6) else ' '.join(letters)}"
        if self.language == "en":
            area = self.pick(("SW", "B", "M", "LS", "G", "EH", "CF", "BS", "NG", "SE", "N", "E", "OX"))
            return f"{area}{self.random.randint(1, 20)} {self.random.randint(1, 9)}{self.pick('ABDEFGHJLN')}{self.pick('ABDEFGHJLN')}"
        return self.digits(5)

    def date(self):
        day = str(self.random.randint(1, 31)) if self.chance(0.5) else SPEAK[self.language](self.random.randint(1, 31))
        year = str(self.random.randint(1935, 2026)) if self.chance(0.6) else ""
        return f"{day} {self.pick(MONTHS[self.language].split())} {year}".strip()

    def time(self):
        hour = self.random.randint(7, 20)
        return f"{hour}:{self.pick(('00', '15', '30'))}" if self.chance(0.3) else SPEAK[self.language](hour)

    def money(self):
        unit = "pounds" if self.language == "en" else "euro"
        return f"{self.number(1, 900)} {unit}" + (f" {SPEAK[self.language](self.random.randint(1, 99))}" if self.chance(0.5) else "")

    def value(self, slot):
        makers = {
            "PER": self.person, "FULL": self.full, "FIRST": self.first, "LAST": self.last, "INI": self.initials, "SPELL": self.spelled,
            "LOC": self.place, "PLACEO": self.place, "ADR": self.address, "STREET": self.street, "STREETO": self.address,
            "HNR": self.house_number, "ORG": self.firm, "PC": self.postcode, "DATE": self.date, "TIME": self.time, "MONEY": self.money,
            "DIGITS": self.any_digits, "CODE": self.code, "LETTERS": self.letters, "COMPANYO": self.company,
            "PHONE": lambda: self.digits(10), "REF": lambda: self.digits(self.pick((5, 6, 7, 8, 9))), "N": self.number,
        }
        return makers[slot]() if slot in makers else self.pick(self.grammar.values[slot])

    # -- turns ----------------------------------------------------------------------------------------------------
    def expand(self, template, spans, text, labelled_health):
        for part in template:
            if isinstance(part, str):
                text += part
            elif isinstance(part, list):
                text = self.expand(self.pick(part), spans, text, labelled_health)
            else:
                slot, value = part["slot"], self.value(part["slot"])
                label = LABEL.get(slot)
                start = len(text)
                text += value
                if label == "STREET_ADDRESS" and value.startswith("number "):
                    start += len("number ")
                if label == "HEALTH":
                    article = LEADING_ARTICLE.match(value)
                    start += article.end() if article else 0
                    label = label if labelled_health else None
                if label:
                    spans.append((start, len(text), label))
        return text

    def clause(self, section):
        spans = []
        text = self.expand(self.pick(self.sections[section]), spans, "", section == "health")
        stripped = re.sub(r" +", " ", text)
        if stripped != text:  # rare double blanks of empty choices: move the spans along
            spans = [(len(re.sub(r" +", " ", text[:s])), len(re.sub(r" +", " ", text[:e])), label) for s, e, label in spans]
        blank = len(stripped) - len(stripped.lstrip())
        return stripped.strip(), [(s - blank, e - blank, label) for s, e, label in spans]

    def inserted(self, words):
        """A value dropped into any sentence: it must be known by what it looks like, not by its carrier phrase."""
        kind = self.random.choices(("PERSON", "LOCATION", "STREET_ADDRESS"), (60, 15, 25))[0]
        value = {"PERSON": self.pick((self.full, self.full, self.first, self.initials)), "LOCATION": self.place, "STREET_ADDRESS": self.address}[kind]()
        before = self.pick(CONNECTIONS[self.language][kind])
        places = [0, len(words)] + [i + 1 for i, (word, _) in enumerate(words) if word in ",;:.?"]
        position = self.pick(places)
        text = f"{before} {value}".strip()
        new = split_words(text, [(len(text) - len(value), len(text), kind)])
        comma = [(",", "O")] if self.chance(0.5) else []
        return words[:position] + comma + new + comma + words[position:]

    def turn(self):
        """One to three clauses with openers and tails, capitalised and with full stops, as a good recogniser writes."""
        count = self.pick((1, 1, 1, 1, 2, 2, 3))
        text, spans = "", []
        for _ in range(count):
            section = self.random.choices(("person", "location", "address", "organization", "health", "negative"), (36, 18, 17, 5, 7, 35))[0]
            clause, found = self.clause(section)
            opener = self.clause("opener")[0] + self.pick((", ", " ")) if self.chance(0.3) else ""
            tail = self.pick((", ", " ")) + self.clause("tail")[0] if self.chance(0.15) and not clause.endswith(("?", ".")) else ""
            clause = opener + clause
            found = [(s + len(opener), e + len(opener), label) for s, e, label in found]
            clause += tail
            if clause[-1] not in ".?!":
                clause += "."
            offset = len(text) + (1 if text else 0)
            text += (" " if text else "") + clause[0].upper() + clause[1:]
            spans += [(s + offset, e + offset, label) for s, e, label in found]
        return text, spans


WORLD_CITIES = tuple("""Paramaribo|Casablanca|Rabat|Tanger|Istanbul|Ankara|Izmir|Beiroet|Bagdad|Teheran|Kaboel|Damascus|Aleppo|Cairo|Tunis|Alger|Oran|Dakar|Abidjan|Lagos|Accra|Nairobi|Addis Abeba|Asmara|Mogadishu|Kinshasa|Lahore|Karachi|Delhi|Mumbai|Chennai|Colombo|Dhaka|Bangkok|Hanoi|Saigon|Manila|Jakarta|Surabaya|Hongkong|Shanghai|Peking|Tokyo|Seoul|Sydney|Melbourne|New York|Chicago|Boston|Toronto|Montréal|Bogotá|Lima|Caracas|Buenos Aires|São Paulo|Willemstad|Oranjestad|Lissabon|Lisboa|Porto|Madrid|Barcelona|Sevilla|Valencia|Warschau|Krakau|Gdansk|Praag|Brno|Boedapest|Bukarest|Sofia|Belgrado|Zagreb|Sarajevo|Tirana|Athene|Kiev|Lviv|Odessa|Moskau|Riga|Vilnius|Tallinn|Helsinki|Stockholm|Oslo|Kopenhagen""".split("|"))
# What may stand before a value that is dropped into a sentence.
CONNECTIONS = {
    "nl": {"PERSON": ("", "", "met", "van", "en", "voor", "aan", "mevrouw", "dokter", "zegt"), "LOCATION": ("in", "uit", "bij", "te", "in"), "STREET_ADDRESS": ("", "op de", "aan de", "naar")},
    "en": {"PERSON": ("", "", "with", "and", "for", "to", "by", "Mr", "Doctor", "says"), "LOCATION": ("in", "from", "near", "in"), "STREET_ADDRESS": ("", "at", "to", "on")},
    "de": {"PERSON": ("", "", "mit", "von", "und", "für", "an", "Frau", "Doktor", "sagt"), "LOCATION": ("in", "aus", "bei", "in"), "STREET_ADDRESS": ("", "in der", "an der", "zur")},
    "fr": {"PERSON": ("", "", "avec", "de", "et", "pour", "à", "madame", "docteur", "dit"), "LOCATION": ("à", "de", "près de", "à"), "STREET_ADDRESS": ("", "au", "à", "chez moi")},
    "it": {"PERSON": ("", "", "con", "di", "e", "per", "a", "signora", "dottor", "dice"), "LOCATION": ("a", "da", "di", "a"), "STREET_ADDRESS": ("", "in", "a casa in", "da")},
}
PARTICLES = {
    "nl": ("van der", "van de", "van den", "van", "de", "ter", "ten", "van 't"), "en": ("O", "Mac", "de", "St"),
    "de": ("von", "von der", "zu", "van"), "fr": ("de", "de la", "du", "le", "Le", "La"), "it": ("di", "De", "Di", "Del", "Della", "Lo", "La", "Dal"),
}
MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
