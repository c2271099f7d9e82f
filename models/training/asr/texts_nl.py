"""Dutch contact-centre turns in spoken words."""

from __future__ import annotations

import grammar
from readings import Reading

UNITS = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
TENS = "_ _ twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()


def number(n: int) -> str:
    if n < 20:
        return UNITS[n]
    if n < 100:
        unit, ten = n % 10, TENS[n // 10]
        if not unit:
            return ten
        return UNITS[unit] + ("ën" if UNITS[unit].endswith("e") else "en") + ten
    if n < 1000:
        return ("" if n < 200 else UNITS[n // 100]) + "honderd" + (number(n % 100) if n % 100 else "")
    if n < 2000 and n % 1000 >= 100 and n % 100:
        return number(n // 100) + "honderd" + number(n % 100)
    head = "duizend" if n < 2000 else number(n // 1000) + "duizend"
    return head + (" " + number(n % 1000) if n % 1000 else "")


READING = Reading(
    digits=UNITS[:10],
    number=number,
    letters="A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(),
    alphabet="Anton Bernard Cornelis Dirk Eduard Ferdinand Gerard Hendrik Isaac Johan Karel Lodewijk Maria Nico Otto Pieter Quotiënt Rudolf Simon Theodoor Utrecht Victor Willem Xantippe Ypsilon Zacharias".split(),
    double=("dubbel", "twee keer", "tweemaal"),
    triple=("drie keer", "driemaal"),
    at=("apenstaartje", "apenstaartje", "at"),
    dot="punt",
    dash=("streepje", "min", "liggend streepje"),
    underscore="underscore",
    spelled_as=("van",),
    domains=("gmail punt com", "hotmail punt com", "outlook punt com", "ziggo punt nl", "kpnmail punt nl", "hotmail punt nl",
             "live punt nl", "xs vier all punt nl", "planet punt nl", "telenet punt be", "home punt nl", "icloud punt com"),
)  # fmt: skip

MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
DAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()
PART = ("'s ochtends", "'s middags", "'s avonds", "vanmiddag", "morgenochtend", "morgenmiddag")


def date(rng) -> str:
    day, month = number(int(rng.integers(1, 32))), MONTHS[rng.integers(12)]
    year = int(rng.integers(1940, 2027))
    spoken = number(year) if year >= 2000 else f"negentien{'honderd' if rng.random() < 0.4 else ''} {number(year % 100)}"
    return grammar.pick(rng, [f"{day} {month}", f"{day} {month} {spoken}", f"{grammar.pick(rng, DAYS)} {day} {month}"])


def time(rng) -> str:
    hour = number(int(rng.integers(1, 13)))
    return grammar.pick(rng, [f"{hour} uur", f"half {hour}", f"kwart over {hour}", f"kwart voor {hour}", f"tien over {hour}",
        f"vijf voor half {hour}", f"{number(int(rng.integers(8, 22)))} uur {number(int(rng.integers(10, 60)))}"])  # fmt: skip


def amount(rng) -> str:
    euros, cents = int(rng.choice([rng.integers(1, 100), rng.integers(100, 3000)])), int(rng.integers(1, 100))
    return grammar.pick(rng, [f"{number(euros)} euro", f"{number(euros)} euro {number(cents)}", f"{number(euros)} euro en {number(cents)} cent"])


def phone(rng) -> str:
    if rng.random() < 0.7:
        return "nul zes " + READING.run(rng, grammar.random_digits(rng, 8))
    area = grammar.pick(rng, ["nul tien", "nul twintig", "nul dertig", "nul zeventig", "nul veertig", "nul vijftig", "nul drieëntwintig", "nul zesentwintig"])
    return f"{area}{',' if rng.random() < 0.5 else ''} {READING.run(rng, grammar.random_digits(rng, 7))}"


def postcode(rng) -> str:
    digits = grammar.random_digits(rng, 4)
    spoken = READING.run(rng, digits) if rng.random() < 0.6 else f"{READING._group(digits[:2])} {READING._group(digits[2:])}"
    return f"{spoken} {READING.letters_of(rng, 2)}"


def plate(rng) -> str:
    return f"{READING.letters_of(rng, 2)} {READING.run(rng, grammar.random_digits(rng, 3))} {READING.letters_of(rng, 1)}"


SLOTS = {
    "number": lambda rng: number(int(rng.choice([rng.integers(0, 20), rng.integers(20, 100), rng.integers(100, 2000)]))),
    "house": lambda rng: number(int(rng.integers(1, 300))) + grammar.pick(rng, ["", "", "", " A", " B", " bis"]),
    "year": lambda rng: number(int(rng.integers(2015, 2028))),
    "digits": lambda rng: READING.number_run(rng),
    "code": lambda rng: f"{READING.letters_of(rng, int(rng.integers(1, 4)))} {READING.number_run(rng, 3, 6)}",
    "phone": phone, "postcode": postcode, "plate": plate, "date": date, "time": time, "amount": amount,
    "letters": lambda rng: READING.letters_of(rng, int(rng.integers(2, 6))),
    "iban": lambda rng: READING.iban(rng, "NL", grammar.pick(rng, ["ABNA", "INGB", "RABO", "SNSB", "TRIO", "BUNQ"]), 10),
    "bsn": lambda rng: READING.run(rng, grammar.random_digits(rng, 9)),
    "day": DAYS, "month": MONTHS, "part": PART,
    "title": ("meneer", "mevrouw"),
    "product": ("internet", "televisie", "de router", "het modem", "mijn abonnement", "de verzekering", "de factuur", "mijn bestelling", "het pakket",
                "de wasmachine", "de stofzuiger", "mijn telefoon", "de energiemeter", "mijn creditcard", "mijn pinpas", "de hypotheek", "de reis",
                "de app", "mijn account", "mijn simkaart", "de vaatwasser", "de laptop", "de bank", "het ticket", "de afspraak", "de polis"),
    "dept": ("de klantenservice", "de afdeling facturen", "de technische dienst", "de receptie", "de verkoop", "de helpdesk", "de schadeafdeling", "de planning", "de administratie"),
    "agent": ("Goedemorgen", "Goedemiddag", "Goedenavond", "Hallo", "Welkom"),
    "yes": ("ja", "ja hoor", "jazeker", "ja, dat klopt", "klopt", "zeker", "inderdaad", "oké", "prima", "is goed", "precies", "ja, graag"),
    "no": ("nee", "nee, dat klopt niet", "nee hoor", "nee, helaas", "nog niet", "nee, dank u", "eigenlijk niet"),
    "issue": ("doet het niet", "is kapot", "is nog niet aangekomen", "werkt niet meer sinds {day}", "is te laat geleverd", "valt steeds uit", "is beschadigd",
              "klopt niet", "is dubbel afgeschreven", "is gestolen", "is geblokkeerd", "is veel te duur", "staat nog open", "is verkeerd bezorgd"),
    "mood": ("Ik ben hier echt niet blij mee.", "Dit is nu al de derde keer dat ik bel.", "Ik vind het belachelijk.", "Fijn, dank u wel.", "Wat een goede service.",
             "Ik wil graag een klacht indienen.", "Ik sta al een half uur in de wacht.", "Heel vriendelijk van u.", "Dat is jammer.", "Ik ben erg tevreden."),
    "company": ("Ziggo", "KPN", "Eneco", "Vattenfall", "Coolblue", "Bol", "ING", "Rabobank", "de gemeente", "PostNL", "DHL", "Essent", "Interpolis", "Achmea", "het ziekenhuis", "de huisarts", "Centraal Beheer", "Transavia", "de NS", "Odido"),
}  # fmt: skip

TURNS = (
    "{agent}, {dept}, u spreekt met {first}[. Waarmee kan ik u helpen?|, waar kan ik u mee helpen?|.]",
    "{agent}, u spreekt met {first} {last} van {company}.", "Met {first} {last}.", "[Goedemorgen|Goedemiddag|Hallo|Dag], [u spreekt met|met|ik ben] {first} {last}[.| uit {place}.]",
    "Mijn naam is {first} {last}.", "[De achternaam is|Mijn achternaam is|Dat is] {last}, {spell_last}.", "Ik spel het even, {spell_last}.", "{spell_first}.", "{spell_last}.",
    "[Mijn telefoonnummer is|Mijn nummer is|U kunt mij bereiken op|Mijn mobiele nummer is|Het nummer is|Dat is] {phone}.", "{phone}.", "{phone}.", "Belt u mij maar op {phone}.",
    "[Mijn e-mailadres is|Mijn mailadres is|U kunt mailen naar|Dat is|Stuurt u het naar] {email}.", "{email}.",
    "[Ik woon op|Ik woon aan de|Het adres is|Mijn adres is] {street} {house}[.| in {place}.|, {postcode}.|, {postcode} {place}.]", "{street} {house}, {postcode}, {place}.",
    "[Mijn postcode is|De postcode is|Postcode] {postcode}[.|, huisnummer {house}.| en het huisnummer is {house}.]", "{postcode}.", "[Ik kom uit|Ik woon in|Wij wonen in|Het filiaal in] {place}.", "Ik moet morgen naar {place}.", "De monteur komt uit {place}.",
    "[Mijn klantnummer is|Het klantnummer is|Klantnummer|Mijn ordernummer is|Het bestelnummer is|Het polisnummer is|Het dossiernummer is|Factuurnummer] {digits}.", "[Het referentienummer is|De code is|Mijn kenmerk is] {code}.",
    "{digits}.", "{digits}.", "{digits}.", "{code}.", "{letters}.", "[Mijn rekeningnummer is|Het IBAN is|De rekening is|Dat is] {iban}.", "{iban}.", "[Mijn BSN is|Mijn burgerservicenummer is|Mijn kaartnummer is] {bsn}.",
    "[Het kenteken is|Mijn kenteken is|Kenteken] {plate}.", "[Mijn geboortedatum is|Ik ben geboren op|Geboren] {date}.", "{date}.", "[Kan het ook op|Schikt|Kunt u op|Zullen we] {date} [om {time}|rond {time}|{part}]?",
    "[Ik heb een afspraak op|De afspraak is op|De levering is op] {date}[.| om {time}.]", "Om {time}.", "[Morgen|Vandaag|Overmorgen|Volgende week {day}] om {time}.", "[Het bedrag is|Dat kost|De rekening was|Ik heb betaald|Ik krijg nog] {amount}.",
    "{amount}.", "Er is {amount} [afgeschreven|te veel betaald|teruggestort].", "{yes}.", "{yes}.", "{no}.", "{yes}, {yes}.", "{number}.", "{number}, {number}.",
    "[Ik bel omdat|Het probleem is dat|Ik zie dat] {product} {issue_verb}.", "{product} {issue}.", "{product} {issue}. {mood}", "{mood}", "[Ik wil|Ik wou|Ik zou graag] {product} [opzeggen|wijzigen|verlengen|annuleren|verzetten|omruilen|activeren].",
    "[Kunt u|Kan u|Zou u] [mij even helpen|dat herhalen|iets harder praten|uw postcode geven|uw naam spellen|uw geboortedatum noemen|het adres controleren|mij terugbellen|een momentje wachten|dat bevestigen]?",
    "[Een momentje|Een ogenblik|Momentje], [alstublieft|ik kijk het even na|ik zoek het voor u op|ik verbind u door].", "Ik verbind u door met {dept}.", "[Dank u wel|Bedankt|Hartelijk dank|Dank je wel] [voor het wachten|voor uw geduld|voor uw telefoontje|en nog een fijne dag|{title} {last}].",
    "[Fijne dag|Tot ziens|Dag|Tot straks|Nog een prettige avond|Een goed weekend] [nog|hoor|{title}|]." , "Goedemorgen {title} {last}[.|, hoe gaat het met u?|, waarmee kan ik helpen?]", "Spreek ik met {title} {last}?", "[Is dat|Was dat|Zei u] {digits}?", "Dus dat is {digits}, klopt dat?",
    "[Wanneer|Hoe laat|Op welke dag] [komt de monteur|wordt het bezorgd|bent u bereikbaar|kan ik langskomen]?", "Wat is [uw postcode|uw huisnummer|uw klantnummer|uw geboortedatum|het nummer van uw rekening|uw e-mailadres|de reden van uw telefoontje]?",
    "[Ik wil graag|Mag ik] {number} [stuks|kaartjes|dozen|exemplaren] [bestellen|reserveren].", "Hallo.", "Ja.", "Nee.", "Oké.", "Goed.", "Hm, ja.", "Ja, ja.", "Dank u.", "Goedemorgen.", "Pardon?", "Sorry, wat zegt u?", "Even kijken.", "Momentje.", "Eh, ja, goed.",
    "[Mijn man|Mijn vrouw|Mijn dochter|Mijn collega|Mijn zoon] heet {first}[.| {last}.]", "[Ik heb|Wij hebben] {product} [gekocht|besteld|betaald] op {date}.", "Het contract loopt af in {month} {year}.", "Kunt u het opsturen naar {street} {house} in {place}?",
)  # fmt: skip
SLOTS["issue_verb"] = ("het niet doet", "kapot is", "niet is aangekomen", "niet werkt", "steeds uitvalt", "niet klopt", "dubbel is afgeschreven", "geblokkeerd is", "te duur is")
