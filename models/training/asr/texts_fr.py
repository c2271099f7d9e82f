"""French contact-centre turns in spoken words."""

from __future__ import annotations

import grammar
from readings import Reading

UNITS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
TENS = "_ _ vingt trente quarante cinquante soixante".split()


def number(n: int) -> str:
    if n < 20:
        return UNITS[n]
    if n < 70:
        unit = n % 10
        return TENS[n // 10] + ("" if not unit else " et un" if unit == 1 else f"-{UNITS[unit]}")
    if n < 80:
        return "soixante et onze" if n == 71 else f"soixante-{UNITS[n - 60]}"
    if n < 100:
        return "quatre-vingts" if n == 80 else f"quatre-vingt-{UNITS[n - 80]}"
    if n < 1000:
        return (f"{UNITS[n // 100]} " if n >= 200 else "") + "cent" + (f" {number(n % 100)}" if n % 100 else "s" if n >= 200 else "")
    return (f"{number(n // 1000)} " if n >= 2000 else "") + "mille" + (f" {number(n % 1000)}" if n % 1000 else "")


READING = Reading(
    digits=UNITS[:10],
    number=number,
    letters="A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(),
    alphabet="Anatole Berthe Célestin Désiré Eugène François Gaston Henri Irma Joseph Kléber Louis Marcel Nicolas Oscar Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé".split(),
    double=("double", "deux fois"),
    triple=("trois fois", "triple"),
    at=("arobase",),
    dot="point",
    dash=("tiret",),
    underscore="tiret bas",
    spelled_as=("comme",),
    domains=("gmail point com", "orange point fr", "wanadoo point fr", "free point fr", "hotmail point fr", "hotmail point com", "laposte point net", "sfr point fr", "yahoo point fr", "outlook point fr"),
)  # fmt: skip

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


def date(rng) -> str:
    n = int(rng.integers(1, 32))
    day, month, year = "premier" if n == 1 else number(n), grammar.pick(rng, MONTHS), int(rng.integers(1940, 2027))
    spoken = number(year) if year >= 2000 else f"mille neuf cent {number(year % 100)}"
    return grammar.pick(rng, [f"le {day} {month}", f"le {day} {month} {spoken}", f"{grammar.pick(rng, DAYS)} {day} {month}"])


def time(rng) -> str:
    n = int(rng.integers(2, 20))
    hour = number(n) + " heures"
    return grammar.pick(rng, [hour, f"{hour} et demie", f"{hour} et quart", f"{hour} moins le quart", f"{hour} {number(int(rng.integers(5, 60)))}", "midi", f"{hour} trente"])


def amount(rng) -> str:
    euros, cents = int(rng.choice([rng.integers(2, 100), rng.integers(100, 3000)])), int(rng.integers(2, 100))
    return grammar.pick(rng, [f"{number(euros)} euros", f"{number(euros)} euros {number(cents)}", f"{number(euros)} euros et {number(cents)} centimes"])


def phone(rng) -> str:
    """Pairs, as every French speaker reads them."""
    pairs = [f"0{rng.integers(1, 8)}", *(grammar.random_digits(rng, 2) for _ in range(4))]
    if rng.random() < 0.2:
        return READING.run(rng, "".join(pairs))
    return (", " if rng.random() < 0.4 else " ").join(READING._group(pair) for pair in pairs)


def postcode(rng) -> str:
    digits = grammar.random_digits(rng, 5)
    return READING.run(rng, digits) if rng.random() < 0.4 else f"{READING._group(digits[:2])} {number(int(digits[2:]))}"


SLOTS = {
    "number": lambda rng: number(int(rng.choice([rng.integers(0, 20), rng.integers(20, 100), rng.integers(100, 2000)]))),
    "house": lambda rng: number(int(rng.integers(2, 300))),
    "digits": lambda rng: READING.number_run(rng),
    "code": lambda rng: f"{READING.letters_of(rng, int(rng.integers(1, 4)))} {READING.number_run(rng, 3, 6)}",
    "phone": phone, "postcode": postcode, "date": date, "time": time, "amount": amount, "day": DAYS, "month": MONTHS,
    "plate": lambda rng: f"{READING.letters_of(rng, 2)} {READING.run(rng, grammar.random_digits(rng, 3))} {READING.letters_of(rng, 2)}",
    "letters": lambda rng: READING.letters_of(rng, int(rng.integers(2, 6))),
    "iban": lambda rng: READING.iban(rng, "FR", "", 20),
    "title": ("monsieur", "madame", "monsieur {last}", "madame {last}"),
    "product": ("mon internet", "la télévision", "la box", "mon abonnement", "l'assurance", "la facture", "ma commande", "le colis", "la machine à laver", "mon téléphone", "le compteur",
                "ma carte bancaire", "le voyage", "l'application", "mon compte", "l'ordinateur", "le rendez-vous", "le contrat", "le remboursement"),
    "dept": ("le service client", "le service facturation", "le service technique", "l'accueil", "le service commercial", "le service des sinistres"),
    "agent": ("Bonjour", "Bonsoir", "Bienvenue", "Allô, bonjour"),
    "yes": ("oui", "oui, bien sûr", "oui, c'est ça", "exactement", "d'accord", "très bien", "tout à fait", "oui, s'il vous plaît", "parfait", "absolument"),
    "no": ("non", "non, merci", "non, ce n'est pas ça", "pas encore", "malheureusement non", "pas vraiment"),
    "issue": ("ne marche pas", "est en panne", "n'est pas encore arrivé", "ne fonctionne plus depuis {day}", "est arrivé en retard", "est abîmé", "est faux", "a été débité deux fois", "a été volé", "est bloqué", "est beaucoup trop cher"),
    "mood": ("Je ne suis vraiment pas content.", "C'est la troisième fois que j'appelle.", "C'est inadmissible.", "Parfait, merci beaucoup.", "Quel bon service.", "Je voudrais faire une réclamation.", "J'attends depuis une demi-heure.", "C'est très gentil de votre part.", "C'est dommage.", "Je suis très satisfait."),
    "company": ("Orange", "la banque", "la mairie", "l'hôpital", "La Poste", "Air France", "la Société Générale", "Amazon", "la mutuelle", "Bouygues", "Engie"),
}  # fmt: skip

TURNS = (
    "{agent}, {dept}, {first} à l'appareil[.|, que puis-je faire pour vous?|, comment puis-je vous aider?]", "{agent}, vous êtes avec {first} {last} de {company}.", "[Bonjour|Allô|Bonsoir], [ici|je m'appelle|je suis|c'est] {first} {last}[.| de {place}.]", "Je m'appelle {first} {last}.",
    "[Mon nom de famille est|Le nom est|C'est] {last}, {spell_last}.", "Je vous l'épelle, {spell_last}.", "{spell_first}.", "{spell_last}.", "[Mon numéro de téléphone est le|Mon numéro est le|Vous pouvez me joindre au|Mon portable est le|C'est le] {phone}.", "{phone}.", "{phone}.",
    "[Mon adresse e-mail est|Mon mail est|Écrivez à|C'est] {email}.", "{email}.", "[J'habite au|L'adresse est|Mon adresse est] {house} {street}[.| à {place}.|, {postcode} {place}.]", "{house} {street}, {postcode} {place}.", "[Mon code postal est le|Le code postal est|Code postal] {postcode}.", "{postcode}.", "[Je viens de|J'habite à|Nous habitons à|L'agence de] {place}.",
    "[Mon numéro de client est|Le numéro de client est|Mon numéro de commande est|Le numéro de contrat est|Numéro de facture] {digits}.", "[La référence est|Le code est|Le numéro de dossier est] {code}.", "{digits}.", "{digits}.", "{digits}.", "{code}.", "{letters}.", "[Mon IBAN est|Le compte est] {iban}.", "[La plaque est|Mon immatriculation est] {plate}.", "[Ma date de naissance est|Je suis né|Je suis née] {date}.", "{date}.",
    "[Est-ce possible|Pouvez-vous venir|Êtes-vous libre] {date} [à {time}|vers {time}|le matin]?", "[J'ai un rendez-vous|Le rendez-vous est|La livraison est prévue] {date}[.| à {time}.]", "À {time}.", "[Demain|Aujourd'hui|Après-demain|{day}] à {time}.", "[Le montant est de|Ça coûte|La facture était de|J'ai payé] {amount}.", "{amount}.", "{yes}.", "{yes}.", "{no}.", "{yes}, {yes}.", "{number}.", "{number}, {number}.",
    "{product} {issue}.", "{product} {issue}. {mood}", "{mood}", "[Je veux|Je voudrais|J'aimerais] [résilier|modifier|renouveler|annuler|activer|déplacer] {product}.", "[Pouvez-vous|Pourriez-vous] [m'aider|répéter|parler plus fort|me donner votre code postal|épeler votre nom|me donner votre date de naissance|vérifier l'adresse|me rappeler|patienter un instant|confirmer], s'il vous plaît?",
    "[Un instant|Un moment|Ne quittez pas], [s'il vous plaît|je vérifie|je vous mets en relation|je regarde].", "[Merci|Merci beaucoup|Je vous remercie] [d'avoir patienté|de votre patience|de votre appel|et bonne journée|{title}].", "[Au revoir|Bonne journée|À bientôt|Bonne soirée|Bon week-end] [{title}|].", "Bonjour {title}[.|, comment allez-vous?]", "[C'est bien|Vous avez dit] {digits}?", "[Quand|À quelle heure|Quel jour] [vient le technicien|est la livraison|puis-je vous joindre|puis-je passer]?",
    "Quel est [votre code postal|votre numéro de client|votre nom|votre numéro de compte|le motif de votre appel]?", "Allô?", "Oui.", "Non.", "D'accord.", "Bien.", "Oui, oui.", "Merci.", "Bonjour.", "Pardon?", "Excusez-moi, qu'avez-vous dit?", "Voyons voir.", "Un instant.", "Euh, oui, d'accord.", "[Mon mari|Ma femme|Ma fille|Mon collègue] s'appelle {first}[.| {last}.]",
)  # fmt: skip
