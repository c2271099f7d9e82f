"""Words as the service cuts them, and BIO labels from character spans."""

import regex

# The same expression as in the TypeScript that runs the model: letters with marks and digits, or one other character.
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]")
ENTITY_TYPES = ("PERSON", "LOCATION", "STREET_ADDRESS", "ORGANIZATION", "HEALTH")
LABELS = ["O"] + [f"{prefix}-{entity}" for entity in ENTITY_TYPES for prefix in ("B", "I")]
LABEL_ID = {label: index for index, label in enumerate(LABELS)}
IGNORED = -100  # torch's ignore_index: the source does not say whether this word is an entity


def split_words(text, spans=()):
    """[(word, BIO label)] of a text with (start, end, entity type) spans."""
    result, previous = [], None
    for match in WORD.finditer(text):
        span = next((span for span in spans if span[0] <= match.start() < span[1]), None)
        label = "O" if span is None else ("I-" if span is previous else "B-") + span[2]
        previous = span
        result.append((match.group(), label))
    return result


def entities(labels):
    """{(first word, end word, type)} of BIO labels; a stray I- begins an entity, as in the service."""
    found, start, kind = set(), None, None
    for index, label in enumerate([*labels, "O"]):
        prefix, _, entity = label.partition("-")
        if start is not None and (prefix != "I" or entity != kind):
            found.add((start, index, kind))
            start = None
        if start is None and prefix in ("B", "I"):
            start, kind = index, entity
    return found
