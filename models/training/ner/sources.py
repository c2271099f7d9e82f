"""Real sentences: shared corpora with labels, and everyday sentences with silver labels."""

import csv
import json
import random
import re

from grammar import Grammar
from words import split_words

EUROPEANA = {"nl": ("enp_NL.kb.bio",), "fr": ("enp_FR.bnf.bio",), "de": ("enp_DE.lft.bio", "enp_DE.onb.bio", "enp_DE.sbb.bio")}
SOURCE_LABEL = {
    "PER": "PERSON", "LOC": "LOCATION", "person": "PERSON", "location": "LOCATION",
}
# Old spellings of the newspapers, modernised so that they look like what people say today.
MODERN = {
    "nl": ((r"\bden\b", "de"), (r"sch(e?)\b", r"s\1"), (r"\b(z|d|m)ijnen\b", r"\1ijn"), (r"\beene\b", "een"), (r"oo(?=[lmnrtdgkpsv][eo])", "o"), (r"ee(?=[lmnrtdgkpsv]e)", "e")),
    "de": ((r"th(?=[aeiou])", "t"), (r"\bsey", "sei"), (r"iren\b", "ieren"), (r"ſ", "s")),
    "fr": ((r"oit\b", "ait"), (r"oient\b", "aient")),
}


def read_conll(path, last_column=True):
    """Sentences of (word, label) from a two-column file; long runs without empty lines are cut at full stops."""
    sentences, current = [], []
    for line in path.read_text(encoding="utf8", errors="replace").splitlines():
        parts = line.split()
        if line.startswith("# ") or len(parts) < 2:
            if current and not line.startswith("# "):
                sentences.append(current)
                current = []
            continue
        current.append((parts[0], parts[-1]))
        if (parts[0].endswith(".") and len(parts[0]) > 3 or parts[0] in ".?!") and len(current) > 8 or len(current) >= 60:
            sentences.append(current)
            current = []
    if current:
        sentences.append(current)
    return sentences


def normalise(sentence, language, countries):
    """Our words and labels; organisations and other types are left open, countries are no entity."""
    words, previous = [], "O"
    for token, label in sentence:
        prefix, _, kind = label.partition("-")
        kind = SOURCE_LABEL.get(kind, "?" if kind else "")
        pieces = [piece for piece, _ in split_words(token)]
        if kind == "LOCATION" and token.strip(".,") in countries:
            kind = ""
        for position, piece in enumerate(pieces):
            if any(char.isalnum() for char in piece):
                for old, new in MODERN.get(language, ()):
                    piece = re.sub(old, new, piece)
            if not kind:
                ours = "O"
            elif kind == "?":
                ours = "?"
            elif not piece.isalnum() and position == len(pieces) - 1 and len(pieces) > 1:
                ours = "O"  # the comma stuck to a name
            else:
                begins = (prefix == "B" and position == 0) or previous[2:] != kind
                ours = ("B-" if begins else "I-") + kind
            words.append((piece, ours))
            previous = ours
    return words


def country_names():
    names = set("Europa Europe Engeland Frankrijk Duitschland Duitsland Rusland Pruisen Oostenrijk Spanje Italië Belgie België Nederland Nederlandsche Indië America Amerika Deutschland Rußland Österreich Oesterreich Frankreich England Italien Preußen Türkei Russie Angleterre Allemagne Autriche Espagne Italie France Belgique US USA UK America".split())
    for language in ("nl", "en", "de", "fr", "it"):
        names |= set(Grammar(language).values["COUNTRY"])
    return names


def europeana(data, language):
    """(training, development) sentences: every tenth block of 50 sentences is kept for development."""
    countries, train, dev = country_names(), [], []
    for name in EUROPEANA[language]:
        for index, sentence in enumerate(read_conll(data / "ner" / "europeana" / name)):
            words = normalise(sentence, language, countries)
            legible = sum(word.isalpha() or word in ",.'-" for word, _ in words)
            if 4 <= len(words) <= 90 and legible > 0.85 * len(words):
                (dev if index // 50 % 10 == 7 else train).append(words)
    return train, dev


def twitter(data):
    """Broad Twitter Corpus and WNUT17 for training, WNUT17 dev for development."""
    countries = country_names()
    def read(path):
        result = []
        for sentence in read_conll(path):
            sentence = [(w, l) for w, l in sentence if not w.startswith(("http", "@", "#", "RT")) and w.isascii()]
            words = normalise(sentence, "en", countries)
            if 4 <= len(words) <= 60:
                result.append(words)
        return result
    train = read(data / "ner" / "wnut17" / "train.conll")
    for name in "abefgh":
        train += read(data / "ner" / "btc" / f"{name}.conll")
    return train, read(data / "ner" / "wnut17" / "dev.conll")


def presidio(data):
    """Presidio's synthetic texts; organisations, titles and dates are left open, postal addresses become one span."""
    kinds = {"PERSON": "PERSON", "STREET_ADDRESS": "STREET_ADDRESS", "GPE": "?", "ORGANIZATION": "?"}
    result = []
    for item in json.loads((data / "ner" / "presidio-synth" / "synth_dataset_v2.json").read_text(encoding="utf8")):
        text = item["full_text"]
        if len(text) > 250:
            continue
        spans = []
        for span in item["spans"]:
            kind = kinds.get(span["entity_type"])
            if kind:
                spans.append((span["start_position"], span["end_position"], kind))
        words = split_words(text, spans)
        # A postal address there runs on through city and country: only its first line is a street.
        result.append([(w, "?" if l.endswith(("-?", "STREET_ADDRESS")) else l) for w, l in words])
    return result


def french_addresses(data):
    """Common Voice's spoken addresses: street, postcode in words, place."""
    numbers = set("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingts cent cents mille et".split())
    result = []
    for line in (data / "sentences" / "fr" / "addresses.txt").read_text(encoding="utf8").splitlines():
        line = line.strip(" .")
        # "a, b, c à D" or "a, zéro un, cinq cents D" or "a à D"
        parts = re.split(r",\s*", line)
        spans = []
        tail = parts[-1]
        offset = line.rindex(tail)
        words = list(re.finditer(r"\S+", tail))
        first = 0
        while first < len(words) and all(piece in numbers for piece in re.split("-| ", words[first].group().lower())):
            first += 1
        if first < len(words) and words[first].group() == "à":
            first += 1
        if len(parts) > 1 and 0 < len(words) - first <= 4:
            spans.append((offset + words[first].start(), len(line), "LOCATION"))
            street = parts[0]
            place = re.search(r" à (?=[A-ZÉ])", street)
            spans.append((0, place.start() if place else len(street), "STREET_ADDRESS"))
            if place:
                spans.append((place.end(), len(street), "LOCATION"))
        elif len(parts) == 1 and (place := re.search(r" à (?=[A-ZÉ])", line)):
            spans += [(0, place.start(), "STREET_ADDRESS"), (place.end(), len(line), "LOCATION")]
        else:
            continue
        result.append(split_words(line, spans))
    return result


def everyday(data, language, gazetteers, seed):
    """Common Voice sentences. Without a capital inside they have no entity; forenames in them are PERSON, and are
    replaced by other ones so that the model learns the context instead of the name. All other capitals: left out."""
    rng = random.Random(f"{seed}-everyday-{language}")
    lines = []
    for name in ("general.txt", "books.txt"):
        path = data / "sentences" / language / name
        if path.exists():
            lines += path.read_text(encoding="utf8").splitlines()
    rng.shuffle(lines)
    lowercase = set()
    for line in lines:
        lowercase |= {word for word, _ in split_words(line) if word.islower()}
    forenames = gazetteers.known_names()[language]
    surnames = set(gazetteers.last[language].train + gazetteers.last[language].test)
    places = set(gazetteers.city[language].train + gazetteers.place[language].train)
    plain, named = [], []
    for line in lines:
        words = [word for word, _ in split_words(line)]
        if not 3 <= len(words) <= 40:
            continue
        labels, clean = ["O"] * len(words), True
        for index, word in enumerate(words):
            if not word[:1].isupper():
                continue
            sentence_start = index == 0 or words[index - 1] in ".?!\"“”„«»—:-"
            common = word.lower() in lowercase
            if word in forenames and not common and len(word) > 2:
                labels[index] = "B-PERSON"
            elif index and labels[index - 1].endswith("PERSON") and not common:
                labels[index] = "I-PERSON"
            elif language == "de":
                # German nouns are capitalised: only names give a word away.
                clean &= word not in places and not (word in surnames and not common)
            elif not (sentence_start and common) and word not in ("I", "Ik", "U"):
                clean = False
        if not clean:
            continue
        if "B-PERSON" in labels:
            for index, label in enumerate(labels):
                if label == "B-PERSON" and rng.random() < 0.8:
                    words[index] = rng.choice(gazetteers.first[language].train)
            named.append(split_words_again(words, labels))
        else:
            plain.append(list(zip(words, labels)))
    return plain, named


# Words for a person, in whose place a name can stand.
PERSON_WORDS = {
    "nl": "hij|hem|iemand|niemand|iedereen|de man|de vrouw|de jongen|het meisje|mijn (?:vader|moeder|broer|zus|man|vrouw|zoon|dochter|vriend|vriendin|oom|tante|collega|buurman)|de (?:dokter|leraar|baas|chef|burgemeester|koning|koningin|professor|buurman)",
    "en": "he|she|him|someone|somebody|nobody|everyone|everybody|the (?:man|woman|boy|girl|doctor|teacher|boss|king|queen|captain)|my (?:father|mother|brother|sister|husband|wife|son|daughter|friend|uncle|aunt|boss)",
    "de": "er|ihm|ihn|jemand|niemand|der (?:Mann|Junge|Arzt|Lehrer|Chef|König|Bürgermeister)|die (?:Frau|Ärztin|Lehrerin|Chefin)|mein (?:Vater|Bruder|Mann|Sohn|Freund|Onkel|Chef)|meine (?:Mutter|Schwester|Frau|Tochter|Freundin|Tante)",
    "fr": "elle|lui|quelqu'un|l'homme|la femme|le (?:garçon|roi|docteur|ministre|président|professeur)|la (?:fille|reine)|mon (?:père|frère|mari|fils|ami|oncle|patron)|ma (?:mère|sœur|femme|fille|tante)|monsieur le (?:ministre|président|rapporteur)",
    "it": "lui|lei|egli|ella|qualcuno|nessuno|l'uomo|la donna|il (?:ragazzo|bambino|dottore|professore|re|medico)|la (?:ragazza|bambina|professoressa|regina)|mio (?:padre|fratello|marito|figlio|amico|zio)|mia (?:madre|sorella|moglie|figlia|amica|zia)",
}


def peopled(plain, language, generator):
    """Everyday sentences in which a name stands for "he" or "my sister": names in the places names have in a language."""
    person = re.compile(rf"(?<![\w'-])(?:{PERSON_WORDS[language]})(?![\w'-])", re.I)
    result = []
    for words in plain:
        text = " ".join(word for word, _ in words).replace(" ' ", "'")
        found = list(person.finditer(text))
        if found:
            chosen = generator.random.choice(found)
            name = generator.addressed() if generator.chance(0.2) else ("", generator.person())
            start = chosen.start() + len(name[0])
            text = text[:chosen.start()] + "".join(name) + text[chosen.end():]
            result.append(split_words(text, [(start, start + len(name[1]), "PERSON")]))
    return result


def split_words_again(words, labels):
    result = []
    for word, label in zip(words, labels):
        for position, (piece, _) in enumerate(split_words(word)):
            result.append((piece, "I-" + label[2:] if position and label != "O" else label))
    return result


def utterances(data):
    """English customer requests. Some name places and people, so capitals inside are left out."""
    texts = []
    with open(data / "utterances" / "banking77" / "train.csv", encoding="utf8") as file:
        texts += [row["text"].replace("\n", " ") for row in csv.DictReader(file)]
    clinc = json.loads((data / "utterances" / "clinc150" / "data_full.json").read_text(encoding="utf8"))
    texts += [text for text, intent in clinc["train"] if intent in SAFE_INTENTS]
    result = []
    for text in texts:
        words = split_words(text)
        if 2 <= len(words) <= 50 and not any(word[:1].isupper() and index and word != "I" and len(word) > 1 for index, (word, _) in enumerate(words)):
            result.append(words)
    return result


# Intents of clinc150 whose texts (all lower case) name neither people nor places.
SAFE_INTENTS = set("""transfer balance pay_bill bill_due pin_change freeze_account transactions report_lost_card order_checks credit_score
credit_limit interest_rate min_payment bill_balance routing card_declined spending_history account_blocked damaged_card report_fraud
new_card application_status expiration_date rewards_balance apr redeem_rewards improve_credit_score credit_limit_change order
order_status cancel yes no maybe repeat thank_you goodbye greeting are_you_a_bot change_volume change_speed reset_settings
insurance insurance_change schedule_maintenance oil_change_when tire_pressure tire_change jump_start gas gas_type mpg
pto_balance pto_request payday taxes income w2 direct_deposit rollover_401k shopping_list todo_list timer alarm
reminder calculator definition spelling roll_dice flip_coin""".split())
