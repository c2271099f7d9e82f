"""Italian contact-centre turns in spoken words."""

from __future__ import annotations

import grammar
from readings import Reading

UNITS = "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove".split()
TENS = "_ _ venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()


def number(n: int) -> str:
    if n < 20:
        return UNITS[n]
    if n < 100:
        ten, unit = TENS[n // 10], n % 10
        if not unit:
            return ten
        return (ten[:-1] if unit in (1, 8) else ten) + ("tré" if unit == 3 else UNITS[unit])
    if n < 1000:
        return (UNITS[n // 100] if n >= 200 else "") + "cento" + (number(n % 100) if n % 100 else "")
    return ("mille" if n < 2000 else number(n // 1000) + "mila") + (number(n % 1000) if n % 1000 else "")


READING = Reading(
    digits=UNITS[:10],
    number=number,
    letters="A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(),
    alphabet="Ancona Bologna Como Domodossola Empoli Firenze Genova Hotel Imola Jolly Kappa Livorno Milano Napoli Otranto Padova Quarto Roma Savona Torino Udine Venezia Washington Xilofono York Zara".split(),
    double=("doppio", "due volte"),
    triple=("tre volte",),
    at=("chiocciola", "chiocciola", "at"),
    dot="punto",
    dash=("trattino", "meno"),
    underscore="trattino basso",
    spelled_as=("come", "di"),
    domains=("gmail punto com", "libero punto it", "hotmail punto it", "virgilio punto it", "alice punto it", "tiscali punto it", "outlook punto it", "yahoo punto it", "tim punto it", "hotmail punto com"),
)  # fmt: skip

MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
DAYS = "lunedì martedì mercoledì giovedì venerdì sabato domenica".split()


def date(rng) -> str:
    n = int(rng.integers(1, 32))
    day, month, year = "primo" if n == 1 else number(n), grammar.pick(rng, MONTHS), int(rng.integers(1940, 2027))
    return grammar.pick(rng, [f"il {day} {month}", f"il {day} {month} {number(year)}", f"{grammar.pick(rng, DAYS)} {day} {month}", f"{day} {month} {number(year)}"])


def time(rng) -> str:
    hour = number(int(rng.integers(2, 21)))
    return grammar.pick(rng, [f"le {hour}", f"le {hour} e mezza", f"le {hour} e un quarto", f"le {hour} meno un quarto", f"le {hour} e {number(int(rng.integers(5, 60)))}", "mezzogiorno"])


def amount(rng) -> str:
    euros, cents = int(rng.choice([rng.integers(2, 100), rng.integers(100, 3000)])), int(rng.integers(2, 100))
    return grammar.pick(rng, [f"{number(euros)} euro", f"{number(euros)} euro e {number(cents)}", f"{number(euros)} euro e {number(cents)} centesimi"])


SLOTS = {
    "number": lambda rng: number(int(rng.choice([rng.integers(0, 20), rng.integers(20, 100), rng.integers(100, 2000)]))),
    "house": lambda rng: number(int(rng.integers(2, 300))),
    "digits": lambda rng: READING.number_run(rng),
    "code": lambda rng: f"{READING.letters_of(rng, int(rng.integers(1, 4)))} {READING.number_run(rng, 3, 6)}",
    "phone": lambda rng: READING.run(rng, ("3" if rng.random() < 0.7 else "0") + grammar.random_digits(rng, 9)),
    "postcode": lambda rng: READING.run(rng, grammar.random_digits(rng, 5)),
    "plate": lambda rng: f"{READING.letters_of(rng, 2)} {READING.run(rng, grammar.random_digits(rng, 3))} {READING.letters_of(rng, 2)}",
    "fiscal": lambda rng: f"{READING.letters_of(rng, 6)} {READING.run(rng, grammar.random_digits(rng, 2))} {READING.letters_of(rng, 1)} {READING.run(rng, grammar.random_digits(rng, 2))}",
    "letters": lambda rng: READING.letters_of(rng, int(rng.integers(2, 6))),
    "iban": lambda rng: READING.iban(rng, "IT", "X", 14),
    "date": date, "time": time, "amount": amount, "day": DAYS, "month": MONTHS, "title": ("signor {last}", "signora {last}", "dottore", "signora"),
    "product": ("la mia linea", "la televisione", "il modem", "il mio abbonamento", "l'assicurazione", "la fattura", "il mio ordine", "il pacco", "la lavatrice", "il mio telefono", "il contatore",
                "la mia carta di credito", "il bancomat", "il viaggio", "l'applicazione", "il mio conto", "il computer", "l'appuntamento", "la polizza", "il rimborso"),
    "dept": ("il servizio clienti", "l'ufficio fatture", "l'assistenza tecnica", "la segreteria", "l'ufficio commerciale", "l'ufficio sinistri"),
    "agent": ("Buongiorno", "Buonasera", "Salve", "Benvenuto", "Pronto, buongiorno"),
    "yes": ("sì", "sì, certo", "sì, esatto", "esatto", "va bene", "d'accordo", "certamente", "sì, per favore", "perfetto", "giusto"),
    "no": ("no", "no, grazie", "no, non è così", "non ancora", "purtroppo no", "veramente no"),
    "issue": ("non funziona", "è rotto", "non è ancora arrivato", "non va più da {day}", "è arrivato in ritardo", "è danneggiato", "è sbagliato", "è stato addebitato due volte", "è stato rubato", "è bloccato", "costa troppo"),
    "mood": ("Non sono per niente contento.", "È la terza volta che chiamo.", "È una vergogna.", "Benissimo, grazie mille.", "Che ottimo servizio.", "Vorrei fare un reclamo.", "Aspetto da mezz'ora.", "È molto gentile.", "Peccato.", "Sono molto soddisfatta."),
    "company": ("Enel", "la banca", "il comune", "l'ospedale", "Poste Italiane", "Vodafone", "Trenitalia", "Amazon", "Generali", "Fastweb", "Alitalia"),
}  # fmt: skip

TURNS = (
    "{agent}, {dept}, sono {first}[.|, come posso aiutarla?|, in cosa posso esserle utile?]", "{agent}, parla con {first} {last} di {company}.", "[Buongiorno|Pronto|Salve], [sono|mi chiamo|qui è] {first} {last}[.| di {place}.]", "Mi chiamo {first} {last}.", "[Il cognome è|Il mio cognome è|È] {last}, {spell_last}.", "Glielo scandisco, {spell_last}.", "{spell_first}.", "{spell_last}.",
    "[Il mio numero di telefono è|Il mio numero è|Può chiamarmi al|Il mio cellulare è|È] {phone}.", "{phone}.", "{phone}.", "[La mia e-mail è|Il mio indirizzo e-mail è|Scriva a|È] {email}.", "{email}.", "[Abito in|L'indirizzo è|Il mio indirizzo è] {street} {house}[.| a {place}.|, {postcode} {place}.]", "{street} {house}, {postcode} {place}.", "[Il mio CAP è|Il codice postale è|Codice postale] {postcode}.", "{postcode}.", "[Vengo da|Abito a|Abitiamo a|La filiale di] {place}.",
    "[Il mio codice cliente è|Il numero cliente è|Il numero d'ordine è|Il numero di contratto è|Fattura numero] {digits}.", "[Il riferimento è|Il codice è|Il numero di pratica è] {code}.", "{digits}.", "{digits}.", "{digits}.", "{code}.", "{letters}.", "[Il mio IBAN è|Il conto è] {iban}.", "[La targa è|La mia targa è] {plate}.", "[Il codice fiscale è|Codice fiscale] {fiscal}.", "[La mia data di nascita è|Sono nato|Sono nata] {date}.", "{date}.",
    "[È possibile|Può venire|È libero] {date} [verso {time}|alle otto|la mattina]?", "[Ho un appuntamento|L'appuntamento è|La consegna è prevista] {date}[.| verso {time}.]", "Verso {time}.", "[Domani|Oggi|Dopodomani|{day}] verso {time}.", "[L'importo è di|Costa|La bolletta era di|Ho pagato] {amount}.", "{amount}.", "{yes}.", "{yes}.", "{no}.", "{yes}, {yes}.", "{number}.", "{number}, {number}.", "{product} {issue}.", "{product} {issue}. {mood}", "{mood}",
    "[Voglio|Vorrei|Posso] [disdire|cambiare|rinnovare|annullare|attivare|spostare] {product}.", "[Può|Potrebbe] [aiutarmi|ripetere|parlare più forte|darmi il codice postale|scandire il cognome|dirmi la data di nascita|controllare l'indirizzo|richiamarmi|attendere un attimo|confermare], per favore?", "[Un attimo|Un momento|Attenda], [per favore|controllo subito|le passo il collega|guardo subito].", "[Grazie|Grazie mille|La ringrazio] [per l'attesa|per la pazienza|per la chiamata|e buona giornata|{title}].", "[Arrivederci|Buona giornata|A presto|Buona serata|Buon fine settimana] [{title}|].",
    "Buongiorno {title}[.|, come sta?]", "Parlo con {title}?", "[È|Ha detto] {digits}?", "[Quando|A che ora|In che giorno] [viene il tecnico|arriva la consegna|posso richiamarla|posso passare]?", "Qual è [il codice postale|il numero civico|il codice cliente|la data di nascita|il numero di conto|il motivo della chiamata]?", "Pronto?", "Sì.", "No.", "Va bene.", "Bene.", "Sì, sì.", "Grazie.", "Buongiorno.", "Prego?", "Scusi, cosa ha detto?", "Vediamo.", "Un attimo.", "Ehm, sì, va bene.", "[Mio marito|Mia moglie|Mia figlia|Il mio collega] si chiama {first}[.| {last}.]",
)  # fmt: skip
