"""Names, places, streets and firms per language, each split into training and held-out test values."""

import csv
import importlib.resources
import io
import json
import pathlib
import re
import zlib
import zipfile
from collections import Counter, defaultdict

LANGUAGES = ("nl", "en", "de", "fr", "it")
HERE = pathlib.Path(__file__).parent
FAKER_LOCALES = {
    "nl": ("nl", "nl_BE"), "en": ("en", "en_GB", "en_US"), "de": ("de", "de_AT", "de_CH"),
    "fr": ("fr", "fr_BE", "fr_CH"), "it": ("it",),
}
MIMESIS_LOCALES = {"nl": ("nl", "nl-be"), "en": ("en", "en-gb"), "de": ("de", "de-at", "de-ch"), "fr": ("fr",), "it": ("it",)}
CENSUS_SURNAMES = 30_000  # the most frequent of the US census of 1990: names of every origin
NAME_COUNTRIES = {"nl": ("NL", "BE", "SR"), "en": ("GB", "IE", "US", "AU"), "de": ("DE", "AT", "CH", "LI"), "fr": ("FR", "BE", "LU"), "it": ("IT", "SM")}
PLACE_COUNTRIES = {"nl": ("NL", "BE"), "en": ("GB",), "de": ("DE",), "fr": ("FR", "BE"), "it": ("IT",)}
# Large cities come up more often than villages; the files do not say which they are.
CITIES = {
    "nl": "Amsterdam|Rotterdam|Den Haag|Utrecht|Eindhoven|Groningen|Tilburg|Almere|Breda|Nijmegen|Apeldoorn|Haarlem|Arnhem|Enschede|Amersfoort|Zaandam|Den Bosch|'s-Hertogenbosch|Hoofddorp|Zwolle|Leiden|Maastricht|Dordrecht|Ede|Delft|Alkmaar|Venlo|Deventer|Sittard|Helmond|Oss|Hilversum|Heerlen|Leeuwarden|Lelystad|Roosendaal|Purmerend|Gouda|Schiedam|Vlaardingen|Assen|Emmen|Bergen op Zoom|Capelle aan den IJssel|Veenendaal|Katwijk|Zeist|Nieuwegein|Hardenberg|Roermond|Middelburg|Vlissingen|Terneuzen|Antwerpen|Gent|Brugge|Leuven|Mechelen|Hasselt|Brussel|Oostende|Kortrijk|Aalst",
    "en": "London|Birmingham|Manchester|Leeds|Glasgow|Liverpool|Sheffield|Edinburgh|Bristol|Cardiff|Leicester|Coventry|Belfast|Nottingham|Newcastle|Hull|Plymouth|Wolverhampton|Stoke-on-Trent|Derby|Southampton|Portsmouth|Brighton|Reading|Northampton|Luton|Bolton|Aberdeen|Norwich|Swansea|Milton Keynes|York|Oxford|Cambridge|Ipswich|Dundee|Exeter|Gloucester|Blackpool|Bath|Chester|Lincoln|Carlisle|Inverness|Perth|Dublin|Cork|Galway|Croydon|Slough|Watford|Swindon|Middlesbrough|Sunderland|Huddersfield|Bournemouth|Peterborough|Warrington|Stockport|Worthing",
    "de": "Berlin|Hamburg|München|Köln|Frankfurt|Frankfurt am Main|Stuttgart|Düsseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Hannover|Nürnberg|Duisburg|Bochum|Wuppertal|Bielefeld|Bonn|Münster|Mannheim|Karlsruhe|Augsburg|Wiesbaden|Mönchengladbach|Gelsenkirchen|Aachen|Braunschweig|Kiel|Chemnitz|Halle|Magdeburg|Freiburg|Krefeld|Mainz|Lübeck|Erfurt|Rostock|Kassel|Hagen|Potsdam|Saarbrücken|Ulm|Regensburg|Würzburg|Wien|Graz|Linz|Salzburg|Innsbruck|Klagenfurt|Zürich|Basel|Bern|Luzern|Winterthur|Heilbronn|Ingolstadt|Göttingen",
    "fr": "Paris|Marseille|Lyon|Toulouse|Nice|Nantes|Montpellier|Strasbourg|Bordeaux|Lille|Rennes|Reims|Toulon|Saint-Étienne|Le Havre|Grenoble|Dijon|Angers|Nîmes|Villeurbanne|Clermont-Ferrand|Le Mans|Aix-en-Provence|Brest|Tours|Amiens|Limoges|Annecy|Perpignan|Besançon|Metz|Orléans|Rouen|Mulhouse|Caen|Nancy|Argenteuil|Montreuil|Avignon|Poitiers|Dunkerque|Versailles|Pau|La Rochelle|Cannes|Antibes|Calais|Colmar|Bruxelles|Liège|Namur|Charleroi|Mons|Tournai|Genève|Lausanne|Neuchâtel|Fribourg|Quimper|Valence",
    "it": "Roma|Milano|Napoli|Torino|Palermo|Genova|Bologna|Firenze|Bari|Catania|Venezia|Verona|Messina|Padova|Trieste|Brescia|Taranto|Prato|Parma|Modena|Reggio Calabria|Reggio Emilia|Perugia|Ravenna|Livorno|Rimini|Cagliari|Foggia|Ferrara|Salerno|Latina|Monza|Siracusa|Bergamo|Pescara|Trento|Forlì|Vicenza|Terni|Bolzano|Novara|Piacenza|Ancona|Andria|Udine|Arezzo|Cesena|Lecce|La Spezia|Pisa|Lucca|Como|Varese|Cremona|Pavia|Siena|Matera|Lugano|Bellinzona|Treviso",
}


def held_out(value):
    """One value in ten is kept for the test set; capitals and accents do not matter to the choice."""
    return zlib.crc32(value.lower().encode()) % 10 == 0


class Pool:
    """Values of one kind, and which of them training must not see."""

    def __init__(self, values):
        unique = sorted({value.strip() for value in values if value and value.strip()})
        self.train = [value for value in unique if not held_out(value)]
        self.test = [value for value in unique if held_out(value)]

    def of(self, split):
        return self.test if split == "test" and self.test else self.train


def read_lists(name):
    """`lists/<name>.txt`: lines of "key: value|value"."""
    result = {}
    for line in (HERE / "lists" / f"{name}.txt").read_text(encoding="utf8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, values = line.split(":", 1)
            result[key.strip()] = [value.strip(" ") for value in values.strip("\n").lstrip().split("|")]
    return result


def latin(name):
    return re.fullmatch(r"[A-Za-zÀ-ɏ' .\-]{2,30}", name) is not None


def speakable(street):
    """Street names without digits, abbreviations and initials."""
    return re.fullmatch(r"[A-Za-zÀ-ɏ' \-]{4,40}", street) is not None and not re.search(r"\b[A-Z] |\b[A-Z]{2,}", street)


def read_name_csv(path):
    by_country = defaultdict(set)
    for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
        for name in (row["Localized Name"], row["Romanized Name"]):
            if name and latin(name):
                by_country[row.get("Country") or row.get("\ufeffCountry")].add(name.strip())
    return by_country


def faker_values(faker, language, *path):
    values = []
    for locale in FAKER_LOCALES[language]:
        node = faker.get(locale) or {}
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict):
            for part in node.values():
                values += [value for value in (part or []) if isinstance(value, str)]
        elif isinstance(node, list):
            values += [value for value in node if isinstance(value, str)]
    return values


def mimesis_file(locale, file):
    return json.loads(importlib.resources.files("mimesis").joinpath("datasets", locale, f"{file}.json").read_text(encoding="utf8"))


def mimesis_values(language, file, *path):
    """Values of the Python package mimesis: surnames, first names by gender, street names."""
    values = []
    for locale in MIMESIS_LOCALES[language]:
        node = mimesis_file(locale, file)
        for key in path:
            node = node.get(key, {}) if isinstance(node, dict) else {}
        for part in node.values() if isinstance(node, dict) else [node]:
            values += part
    return values


def towns(language):
    """Towns of mimesis; its English ones are mostly American."""
    locale = {"en": "en-gb"}.get(language, language)
    return [name for name in mimesis_file(locale, "address").get("city", ()) if latin(name) and not name.isupper()]


def census_surnames():
    """Surnames of the Python package names, which are all in capitals: McDonald comes out as Mcdonald."""
    lines = importlib.resources.files("names").joinpath("dist.all.last").read_text(encoding="ascii").splitlines()
    return [line.split()[0].capitalize() for line in lines[:CENSUS_SURNAMES]]


def read_places(folder, country):
    places = set()
    with zipfile.ZipFile(folder / f"postcodes-{country}.zip") as archive:
        text = archive.read(f"zipcodes.{country.lower()}.csv").decode("utf8")
    for row in csv.DictReader(io.StringIO(text)):
        place = re.sub(r"\s*(\(.*?\)|\d+.*|CEDEX.*|Cedex.*)$", "", row["place"]).strip()
        # German large receivers have a postcode of their own: firms, not places.
        if latin(place) and len(place) > 2 and len(place.split()) <= 4 and not re.search(r"GmbH|AG\b|KG\b|eV\b|Bank|Versich|Service|Post|Verlag|Insurance|Finanz|Kasse|Amt\b", place):
            places.add(place)
    return places


class Gazetteers:
    def __init__(self, data, faker_json):
        faker = json.loads(pathlib.Path(faker_json).read_text(encoding="utf8"))
        forenames = read_name_csv(data / "names" / "common-forenames-by-country.csv")
        surnames = read_name_csv(data / "names" / "common-surnames-by-country.csv")
        own_surnames, streets, companies = read_lists("surnames"), read_lists("streets"), read_lists("companies")
        everyone = set().union(*forenames.values())
        every_surname = set().union(*surnames.values())
        self.world_first, self.world_last = Pool(everyone), Pool(every_surname | set(census_surnames()))
        self.frequent_first, self.frequent_last, self.frequent_city = {}, {}, {}
        self.first, self.last, self.city, self.place, self.firm, self.street = {}, {}, {}, {}, {}, {}
        for language in LANGUAGES:
            countries = NAME_COUNTRIES[language]
            frequent = [name for country in countries for name in forenames.get(country, ())]
            self.frequent_first[language] = Pool(frequent)
            self.first[language] = Pool(
                frequent + [name for name in faker_values(faker, language, "person", "first_name") if latin(name)]
                + [name for name in mimesis_values(language, "person", "names") if latin(name)]
            )
            frequent = own_surnames.get(language, []) + [name for country in countries for name in surnames.get(country, ())]
            self.frequent_last[language] = Pool(frequent)
            self.last[language] = Pool(
                frequent + [name for name in faker_values(faker, language, "person", "last_name") if latin(name)]
                + [name for name in mimesis_values(language, "person", "surnames") if latin(name)]
            )
            self.frequent_city[language] = Pool(CITIES[language].split("|"))
            self.city[language] = Pool(CITIES[language].split("|") + towns(language))
            places = set().union(*(read_places(data / "names", country) for country in PLACE_COUNTRIES[language]))
            if language == "nl":  # the French half of Belgium is French
                places = {p for p in places if not re.search(r"[éèêç]|^(Saint|Sainte|La|Le|Les|Bois|Mont)[- ]", p)}
            self.place[language] = Pool(places)
            self.firm[language] = Pool(companies[f"{language} pattern"])
            self.street[language] = {key.split()[1]: values if key.split()[1] in ("suffix", "type") else Pool(values)
                                     for key, values in streets.items() if key.startswith(language)}
        parts = read_lists("surname-parts")
        self.surname_parts = {language: (parts[f"{language} head"], parts[f"{language} tail"]) for language in LANGUAGES}
        self.noun = {language: Pool(read_nouns(data, language)) for language in LANGUAGES}
        named = {language: [name for name in mimesis_values(language, "address", "street", "name") if speakable(name)] for language in LANGUAGES}
        self.street["nl"]["listed"] = Pool(named["nl"])
        self.street["de"]["listed"] = Pool(faker_values(faker, "de", "location", "street_name") + named["de"])
        self.street["en"]["listed"] = Pool(faker_values(faker, "en", "location", "street_name"))
        self.street["fr"]["listed"] = Pool(read_french_streets(data))
        for language in ("en", "fr", "it"):  # there without Street, rue and via
            self.street[language]["rare"] = Pool(named[language])

    def known_names(self):
        """Every forename, for the silver labels."""
        return {language: set(self.first[language].train + self.first[language].test) for language in LANGUAGES}


def read_nouns(data, language):
    """Middling frequent everyday words: any of them may be the stem of a street name."""
    counts = Counter(re.findall(r"(?<=\w )[^\W\d_]{4,9}\b", (data / "sentences" / language / "general.txt").read_text(encoding="utf8")))
    wanted = (lambda word: word[0].isupper()) if language == "de" else str.islower
    return [word for word, count in counts.items() if 6 <= count <= 150 and wanted(word)]


def read_french_streets(data):
    """Streets of Common Voice's spoken addresses: "deux cent route de Collonges, zéro un, ... Pougny"."""
    streets = set()
    for line in (data / "sentences" / "fr" / "addresses.txt").read_text(encoding="utf8").splitlines():
        found = re.search(r"((?:rue|route|avenue|chemin|impasse|place|allée|boulevard|quai|lotissement|montée|ruelle)\b[^,]*)", line, re.I)
        if found and 2 <= len(found.group(1).split()) <= 7 and " à " not in found.group(1):
            street = found.group(1).strip(" .")
            streets.add(street[0].lower() + street[1:])
    return streets
