"""Expands `phrases/<language>.txt`: contact-centre turns by sentiment, with "(a|b|)" as a choice."""

import pathlib
import re

PHRASES = pathlib.Path(__file__).parent / "phrases"
LABELS = ("negative", "neutral", "positive")
REDACTED = ("PERSON", "LOCATION", "PHONE_NUMBER", "EMAIL_ADDRESS", "IBAN_CODE", "CUSTOMER_REFERENCE", "STREET_ADDRESS", "POSTCODE", "DATE_OF_BIRTH", "ORGANIZATION")
OPENERS = {
    "nl": ("ja", "nee", "nou", "eh", "nou ja", "luister", "kijk", "ja hallo", "goedemiddag", "dus", "oké", "weet u", "mevrouw", "meneer", "[AGENT]", "nou [AGENT]"),
    "en": ("yes", "no", "well", "um", "look", "listen", "hello", "so", "okay", "you know", "sir", "[AGENT]", "honestly"),
    "de": ("ja", "nein", "also", "äh", "hören Sie", "hallo", "schauen Sie", "okay", "na ja", "wissen Sie", "[AGENT]", "ehrlich gesagt"),
    "fr": ("oui", "non", "alors", "euh", "écoutez", "bonjour", "bon", "d'accord", "vous savez", "[AGENT]", "franchement"),
    "it": ("sì", "no", "allora", "ehm", "senta", "buongiorno", "guardi", "va bene", "sa", "[AGENT]", "sinceramente"),
}
TAILS = {
    "nl": ("hoor", "zeg", "dus", "hè", "meneer", "mevrouw", "eerlijk gezegd", "ja", "echt waar", "snapt u", "[PERSON_1]", "met [PERSON_1]"),
    "en": ("you know", "really", "honestly", "to be honest", "yeah", "I mean it", "[PERSON_1]"),
    "de": ("ehrlich gesagt", "wirklich", "ja", "wissen Sie", "also", "[PERSON_1]"),
    "fr": ("franchement", "vraiment", "quoi", "hein", "vous savez", "[PERSON_1]"),
    "it": ("sinceramente", "davvero", "sa", "ecco", "capisce", "[PERSON_1]"),
}


def read(language):
    sections, section = {}, None
    for line in (PHRASES / f"{language}.txt").read_text(encoding="utf8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            section = sections.setdefault(line[1:-1], [])
        elif line.strip() and not line.startswith("#"):
            section.append(line)
    return sections


def expand(line, random):
    while match := re.search(r"\(([^()]*)\)", line):
        line = line[:match.start()] + random.choice(match.group(1).split("|")) + line[match.end():]
    return re.sub(r" +", " ", line).strip()


def turn(sections, language, label, random):
    """One turn: a clause of the sentiment, sometimes beside a neutral one, written well or as recognisers write."""
    clauses = [expand(random.choice(sections[label]), random)]
    if random.random() < 0.25:
        other = label if random.random() < 0.5 else "neutral"
        clauses.insert(random.randrange(2), expand(random.choice(sections[other]), random))
    text = random.choice((". ", ", ", " en " if language == "nl" else ", ")).join(clauses)
    if random.random() < 0.3:
        text = random.choice(OPENERS[language]) + random.choice((" ", ", ")) + text
    if random.random() < 0.15:
        text += random.choice((" ", ", ")) + random.choice(TAILS[language])
    text = re.sub(r"\[([A-Z_]+)_1\]", lambda m: f"[{m.group(1)}_{random.randint(1, 4)}]", text)
    style = random.random()
    if style < 0.5:
        return re.sub(r"[.,?!]", "", re.sub(r"(?<!\[)\b[A-Z](?![A-Z_])", lambda m: m.group().lower(), text))
    return text[0].upper() + text[1:] + random.choice((".", ".", "!" if label != "neutral" else "."))
