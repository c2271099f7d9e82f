"""Makes clean labelled words look like recogniser output."""

from words import split_words

FILLERS = {"nl": ("eh", "ehm", "uh", "nou"), "en": ("um", "uh", "er", "like"), "de": ("äh", "ähm", "also"), "fr": ("euh", "ben"), "it": ("ehm", "eh", "cioè")}
# What recognisers of the five languages confuse: same sound, other spelling.
CONFUSIONS = {
    "nl": (("ij", "ei"), ("ei", "ij"), ("au", "ou"), ("ou", "au"), ("c", "k"), ("k", "c"), ("ck", "k"), ("ks", "x"), ("ph", "f"), ("z", "s"), ("v", "f"), ("th", "t"), ("dt", "t"), ("d", "t"), ("g", "ch"), ("y", "i"), ("ie", "i"), ("sch", "s"), ("aa", "a"), ("ee", "e")),
    "en": (("ph", "f"), ("ck", "k"), ("ee", "ea"), ("ea", "ee"), ("y", "ie"), ("ie", "y"), ("ough", "uff"), ("c", "k"), ("th", "f"), ("ei", "ie"), ("tt", "t"), ("ll", "l"), ("s", "z"), ("er", "a"), ("gh", "g")),
    "de": (("ei", "ai"), ("ai", "ei"), ("ie", "i"), ("ck", "k"), ("v", "f"), ("f", "v"), ("dt", "t"), ("th", "t"), ("tz", "z"), ("ß", "ss"), ("ä", "e"), ("ph", "f"), ("ö", "oe"), ("ü", "ue"), ("y", "i"), ("mm", "m")),
    "fr": (("eau", "o"), ("au", "o"), ("ai", "é"), ("é", "er"), ("ph", "f"), ("qu", "k"), ("c", "k"), ("ss", "s"), ("ll", "l"), ("y", "i"), ("t", ""), ("s", ""), ("en", "an"), ("an", "en"), ("ain", "in")),
    "it": (("cc", "c"), ("tt", "t"), ("zz", "z"), ("ll", "l"), ("ch", "c"), ("gh", "g"), ("gn", "ni"), ("gli", "li"), ("nn", "n"), ("ss", "s"), ("qu", "cu"), ("b", "p"), ("v", "b")),
}


def misspell(word, language, random):
    """One plausible recognition error in a word."""
    if random.random() < 0.7:
        for source, target in random.sample(CONFUSIONS[language], 4):
            if source in word.lower() and len(word) > 3:
                position = word.lower().index(source)
                return word[:position] + target + word[position + len(source):]
    position = random.randrange(len(word))
    choice = random.random()
    if choice < 0.35 and len(word) > 3:
        return word[:position] + word[position + 1:]
    if choice < 0.6:
        return word[:position] + word[position] + word[position:]
    return word[:position] + random.choice("aeioutnrsld") + word[position + 1:]


def is_mark(word):
    return not any(char.isalnum() for char in word)


def distort(words, language, random, misspelling=0.25, blends=0.08):
    """Most turns lower-cased without marks; some misspelled, with fillers, or cut off."""
    words = blend_some(words, random) if random.random() < blends else list(words)
    if random.random() < misspelling:
        for index, (word, label) in enumerate(words):
            if len(word) > 2 and random.random() < (0.12 if label == "O" else 0.2) and word.isalpha():
                word = misspell(word, language, random)
                words[index] = (word or "e", label)
    if random.random() < 0.12 and len(words) > 3:
        position = random.randrange(1, len(words))
        inside = words[position][1].startswith("I-")
        words.insert(position, (random.choice(FILLERS[language]), words[position][1] if inside else "O"))
    if random.random() < 0.08 and len(words) > 6:
        words = words[random.randrange(1, len(words) // 2):]
    elif random.random() < 0.08 and len(words) > 6:
        words = words[:random.randrange(len(words) // 2, len(words))]
    roll = random.random()
    if roll < 0.66:
        words = lower(words)
    elif roll < 0.71:
        words = [(word.lower(), label) for word, label in words]
    elif roll < 0.75:
        words = [pair for pair in words if not is_mark(pair[0]) or pair[0] in "'’-"]
    return repair(words)


def blend_some(words, random):
    """Some ordinary words become unknown ones, so that an unknown word is not taken for a name."""
    ordinary = [word for word, label in words if label == "O" and len(word) > 4 and word.isalpha()]
    result = []
    for word, label in words:
        if label == "O" and len(word) > 4 and word.isalpha() and random.random() < 0.2:
            other = random.choice(ordinary)
            word = word[:len(word) // 2 + 1] + other[len(other) // 2:]
        result.append((word, label))
    return result


def lower(words):
    """As a plain recogniser writes: lower case, no marks except the apostrophe and, half the time, the hyphen."""
    return [(word.lower(), label) for word, label in words if not is_mark(word) or word in "'’-"]


def repair(words):
    """Entities that lost their first word begin at the next one."""
    fixed, previous = [], "O"
    for word, label in words:
        if label.startswith("I-") and previous[2:] != label[2:]:
            label = "B-" + label[2:]
        fixed.append((word, label))
        previous = label
    return fixed


def from_text(text, spans, language, random):
    return distort(split_words(text, spans), language, random)
