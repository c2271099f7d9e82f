"""German contact-centre turns in spoken words."""

from __future__ import annotations

import grammar
from readings import Reading

UNITS = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
TENS = "_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def _joined(n: int) -> str:
    return "ein" if n == 1 else UNITS[n]


def number(n: int) -> str:
    if n < 20:
        return UNITS[n]
    if n < 100:
        return (f"{_joined(n % 10)}und" if n % 10 else "") + TENS[n // 10]
    if n < 1000:
        return f"{_joined(n // 100)}hundert" + (number(n % 100) if n % 100 else "")
    head = "ein" if n < 2000 else number(n // 1000)
    return f"{head}tausend" + (number(n % 1000) if n % 1000 else "")


READING = Reading(
    digits=UNITS[:10],
    number=number,
    letters="A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(),
    alphabet="Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius Kaufmann Ludwig Martha Nordpol Otto Paula Quelle Richard Samuel Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon Zacharias".split(),
    double=("doppel", "zweimal"),
    triple=("dreimal",),
    at=("at", "ät", "Klammeraffe"),
    dot="Punkt",
    dash=("Bindestrich", "minus"),
    underscore="Unterstrich",
    spelled_as=("wie",),
    domains=("gmail Punkt com", "web Punkt de", "gmx Punkt de", "gmx Punkt net", "t Bindestrich online Punkt de", "hotmail Punkt com", "outlook Punkt de", "freenet Punkt de", "yahoo Punkt de"),
)  # fmt: skip

MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
FIRST = "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte".split()


def date(rng) -> str:
    n = int(rng.integers(1, 32))
    day = (FIRST[n - 1] if n < 20 else number(n) + "ste") + grammar.pick(rng, ["", "r", "n"])
    month, year = grammar.pick(rng, MONTHS), int(rng.integers(1940, 2027))
    spoken = number(year) if year >= 2000 else f"neunzehnhundert{number(year % 100)}"
    return grammar.pick(rng, [f"{day} {month}", f"{day} {month} {spoken}", f"{grammar.pick(rng, DAYS)}, {day} {month}"])


def time(rng) -> str:
    n = int(rng.integers(1, 13))
    hour = _joined(n)
    return grammar.pick(rng, [f"{hour} Uhr", f"halb {number(n)}", f"Viertel nach {number(n)}", f"Viertel vor {number(n)}", f"{hour} Uhr {number(int(rng.integers(5, 60)))}", f"fünf vor {number(n)}"])


def amount(rng) -> str:
    euros, cents = int(rng.choice([rng.integers(2, 100), rng.integers(100, 3000)])), int(rng.integers(2, 100))
    return grammar.pick(rng, [f"{number(euros)} Euro", f"{number(euros)} Euro {number(cents)}", f"{number(euros)} Euro und {number(cents)} Cent"])


def run(rng, digits: str) -> str:
    """"Zwo" for two now and then."""
    spoken = READING.run(rng, digits)
    return " ".join("zwo" if word == "zwei" else word for word in spoken.split(" ")) if rng.random() < 0.15 else spoken


SLOTS = {
    "number": lambda rng: number(int(rng.choice([rng.integers(0, 20), rng.integers(20, 100), rng.integers(100, 2000)]))),
    "house": lambda rng: number(int(rng.integers(2, 300))),
    "digits": lambda rng: READING.number_run(rng) if rng.random() < 0.6 else run(rng, grammar.random_digits(rng, 7)),
    "code": lambda rng: f"{READING.letters_of(rng, int(rng.integers(1, 4)))} {READING.number_run(rng, 3, 6)}",
    "phone": lambda rng: run(rng, "0" + grammar.random_digits(rng, int(rng.integers(9, 11)))),
    "postcode": lambda rng: run(rng, grammar.random_digits(rng, 5)),
    "plate": lambda rng: f"{READING.letters_of(rng, int(rng.integers(2, 5)))} {number(int(rng.integers(2, 2000)))}",
    "letters": lambda rng: READING.letters_of(rng, int(rng.integers(2, 6))),
    "iban": lambda rng: READING.iban(rng, "DE", "", 18),
    "date": date, "time": time, "amount": amount, "day": DAYS, "month": MONTHS, "title": ("Herr {last}", "Frau {last}"),
    "product": ("mein Internet", "der Fernseher", "der Router", "mein Vertrag", "die Versicherung", "die Rechnung", "meine Bestellung", "das Paket", "die Waschmaschine", "mein Telefon",
                "der Zähler", "meine Kreditkarte", "meine Karte", "die Reise", "die App", "mein Konto", "der Laptop", "der Termin", "die Police", "die Gutschrift"),
    "dept": ("der Kundenservice", "die Rechnungsabteilung", "der technische Dienst", "die Buchhaltung", "der Vertrieb", "die Schadensabteilung"),
    "agent": ("Guten Morgen", "Guten Tag", "Guten Abend", "Hallo", "Willkommen"),
    "yes": ("ja", "ja, bitte", "ja, genau", "richtig", "sicher", "natürlich", "okay", "in Ordnung", "das stimmt", "ja, gerne", "alles klar"),
    "no": ("nein", "nein, danke", "nein, das stimmt nicht", "noch nicht", "leider nicht", "eigentlich nicht"),
    "issue": ("funktioniert nicht", "ist kaputt", "ist noch nicht angekommen", "geht seit {day} nicht mehr", "kam zu spät", "ist beschädigt", "stimmt nicht", "wurde doppelt abgebucht", "wurde gestohlen", "ist gesperrt", "ist viel zu teuer", "ist noch offen"),
    "mood": ("Ich bin wirklich nicht zufrieden.", "Ich rufe schon zum dritten Mal an.", "Das ist eine Frechheit.", "Wunderbar, vielen Dank.", "Das ist ein toller Service.", "Ich möchte mich beschweren.", "Ich warte seit einer halben Stunde.", "Das ist sehr nett von Ihnen.", "Das ist schade.", "Ich bin sehr zufrieden."),
    "company": ("Vodafone", "die Telekom", "die Sparkasse", "die Stadtwerke", "die Post", "Lufthansa", "die Bahn", "das Krankenhaus", "die Allianz", "Amazon", "die Volksbank"),
}  # fmt: skip

TURNS = (
    "{agent}, {dept}, mein Name ist {first} {last}[.|, wie kann ich Ihnen helfen?|, was kann ich für Sie tun?]", "{agent}, Sie sprechen mit {first} {last} von {company}.", "{last}, guten Tag.", "[Guten Tag|Hallo|Guten Morgen], [hier ist|mein Name ist|ich bin] {first} {last}[.| aus {place}.]",
    "[Mein Nachname ist|Der Name ist|Das ist] {last}, {spell_last}.", "Ich buchstabiere, {spell_last}.", "{spell_first}.", "{spell_last}.", "[Meine Telefonnummer ist|Meine Nummer ist|Sie erreichen mich unter|Meine Handynummer ist] {phone}.", "{phone}.", "{phone}.",
    "[Meine E-Mail-Adresse ist|Meine Mailadresse ist|Schreiben Sie an|Das ist] {email}.", "{email}.", "[Ich wohne in der|Die Adresse ist|Meine Adresse ist] {street} {house}[.| in {place}.|, {postcode} {place}.]", "{street} {house}, {postcode} {place}.", "[Meine Postleitzahl ist|Die Postleitzahl ist|Postleitzahl] {postcode}.", "{postcode}.",
    "[Ich komme aus|Ich wohne in|Wir wohnen in|Die Filiale in] {place}.", "[Meine Kundennummer ist|Die Kundennummer lautet|Meine Bestellnummer ist|Die Vertragsnummer ist|Rechnungsnummer] {digits}.", "[Das Aktenzeichen ist|Der Code ist|Meine Referenznummer ist] {code}.", "{digits}.", "{digits}.", "{digits}.", "{code}.", "{letters}.",
    "[Meine IBAN ist|Die Kontonummer ist] {iban}.", "[Das Kennzeichen ist|Mein Kennzeichen ist] {plate}.", "[Mein Geburtsdatum ist der|Ich bin geboren am] {date}.", "{date}.", "[Geht es auch am|Können Sie am|Passt Ihnen] {date} [um {time}|gegen {time}|vormittags]?", "[Ich habe einen Termin am|Der Termin ist am|Die Lieferung kommt am] {date}[.| um {time}.]", "Um {time}.", "[Morgen|Heute|Nächsten {day}|Am {day}] um {time}.",
    "[Der Betrag ist|Das kostet|Die Rechnung war|Ich habe bezahlt] {amount}.", "{amount}.", "Es wurden {amount} [abgebucht|zu viel bezahlt|erstattet].", "{yes}.", "{yes}.", "{no}.", "{yes}, {yes}.", "{number}.", "{number}, {number}.", "{product} {issue}.", "{product} {issue}. {mood}", "{mood}", "[Ich möchte|Ich würde gerne|Kann ich] {product_acc} [kündigen|ändern|verlängern|stornieren|verschieben|aktivieren].",
    "[Können Sie|Könnten Sie|Würden Sie] [mir bitte helfen|das wiederholen|etwas lauter sprechen|mir Ihre Postleitzahl geben|Ihren Namen buchstabieren|mir Ihr Geburtsdatum nennen|die Adresse prüfen|mich zurückrufen|einen Moment warten|das bestätigen]?", "[Einen Moment|Einen Augenblick|Moment], [bitte|ich schaue nach|ich verbinde Sie|ich prüfe das].", "[Vielen Dank|Danke|Herzlichen Dank] [fürs Warten|für Ihre Geduld|für Ihren Anruf|und einen schönen Tag|{title}].",
    "[Auf Wiederhören|Tschüss|Bis bald|Schönen Tag noch|Schönes Wochenende] [{title}|].", "Guten Tag {title}[.|, wie kann ich helfen?]", "Spreche ich mit {title}?", "[Ist das|War das|Sagten Sie] {digits}?", "[Wann|Um wie viel Uhr|An welchem Tag] [kommt der Techniker|wird es geliefert|sind Sie erreichbar|kann ich vorbeikommen]?", "Wie ist [Ihre Postleitzahl|Ihre Hausnummer|Ihre Kundennummer|Ihr Geburtsdatum|Ihre Kontonummer|Ihre E-Mail-Adresse]?",
    "Hallo.", "Ja.", "Nein.", "Okay.", "Gut.", "Ja, ja.", "Danke.", "Guten Tag.", "Wie bitte?", "Entschuldigung, was haben Sie gesagt?", "Mal sehen.", "Moment.", "Ähm, ja, gut.", "[Mein Mann|Meine Frau|Meine Tochter|Mein Kollege] heißt {first}[.| {last}.]",
)  # fmt: skip
SLOTS["product_acc"] = ("meinen Vertrag", "die Versicherung", "meine Bestellung", "den Termin", "meine Karte", "das Abonnement", "die Reise")
