"""English contact-centre turns in spoken words."""

from __future__ import annotations

import grammar
from readings import Reading

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def number(n: int) -> str:
    if n < 20:
        return UNITS[n]
    if n < 100:
        return TENS[n // 10] + (f" {UNITS[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{UNITS[n // 100]} hundred" + (f" and {number(n % 100)}" if n % 100 else "")
    return f"{number(n // 1000)} thousand" + (f"{' and' if n % 1000 < 100 else ''} {number(n % 1000)}" if n % 1000 else "")


READING = Reading(
    digits=UNITS[:10],
    number=number,
    letters="A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(),
    alphabet="Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliet Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu".split(),
    double=("double",),
    triple=("triple",),
    at=("at",),
    dot="dot",
    dash=("dash", "hyphen"),
    underscore="underscore",
    spelled_as=("for", "as in"),
    domains=("gmail dot com", "hotmail dot com", "outlook dot com", "yahoo dot co dot uk", "hotmail dot co dot uk", "icloud dot com", "btinternet dot com", "aol dot com", "live dot co dot uk", "proton dot me"),
)  # fmt: skip

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
ORDINALS = ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
            "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
            "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first").split()  # fmt: skip


def run(rng, digits: str) -> str:
    """"Oh" for zero now and then."""
    spoken = READING.run(rng, digits)
    return spoken.replace("zero", "oh") if rng.random() < 0.35 else spoken


def date(rng) -> str:
    day, month, year = grammar.pick(rng, ORDINALS), grammar.pick(rng, MONTHS), int(rng.integers(1940, 2027))
    if year >= 2010:
        spoken = f"twenty {number(year % 100)}"
    else:
        spoken = f"nineteen {number(year % 100)}" if year < 2000 and year % 100 > 9 else number(year)
    return grammar.pick(rng, [f"the {day} of {month}", f"{month} the {day}", f"the {day} of {month} {spoken}", f"{month} {day} {spoken}", f"{grammar.pick(rng, DAYS)} the {day}"])


def time(rng) -> str:
    hour = number(int(rng.integers(1, 13)))
    return grammar.pick(rng, [f"{hour} o'clock", f"half past {hour}", f"quarter to {hour}", f"quarter past {hour}", f"{hour} thirty", f"ten past {hour}", f"{hour} in the morning", f"{hour} fifteen"])


def amount(rng) -> str:
    whole, cents = int(rng.choice([rng.integers(2, 100), rng.integers(100, 3000)])), int(rng.integers(1, 100))
    unit = grammar.pick(rng, ["pounds", "pounds", "euros", "dollars"])
    return grammar.pick(rng, [f"{number(whole)} {unit}", f"{number(whole)} {unit} {number(cents)}", f"{number(whole)} {unit} and {number(cents)} {'pence' if unit == 'pounds' else 'cents'}"])


def phone(rng) -> str:
    return run(rng, ("07" if rng.random() < 0.6 else "0") + grammar.random_digits(rng, 9)) if rng.random() < 0.7 else run(rng, grammar.random_digits(rng, 10))


def postcode(rng) -> str:
    if rng.random() < 0.25:
        return run(rng, grammar.random_digits(rng, 5))
    return f"{READING.letters_of(rng, int(rng.integers(1, 3)))} {number(int(rng.integers(1, 30)))}, {run(rng, grammar.random_digits(rng, 1))} {READING.letters_of(rng, 2)}"


SLOTS = {
    "number": lambda rng: number(int(rng.choice([rng.integers(0, 20), rng.integers(20, 100), rng.integers(100, 2000)]))),
    "house": lambda rng: number(int(rng.integers(1, 300))),
    "year": lambda rng: f"twenty {number(int(rng.integers(15, 30)))}",
    "digits": lambda rng: run(rng, grammar.random_digits(rng, int(rng.integers(4, 11)))) if rng.random() < 0.5 else READING.number_run(rng),
    "code": lambda rng: f"{READING.letters_of(rng, int(rng.integers(1, 4)))} {READING.number_run(rng, 3, 6)}",
    "phone": phone, "postcode": postcode, "date": date, "time": time, "amount": amount,
    "plate": lambda rng: f"{READING.letters_of(rng, 2)} {run(rng, grammar.random_digits(rng, 2))} {READING.letters_of(rng, 3)}",
    "letters": lambda rng: READING.letters_of(rng, int(rng.integers(2, 6))),
    "iban": lambda rng: READING.iban(rng, "GB", grammar.pick(rng, ["BARC", "LOYD", "MIDL", "NWBK"]), 14),
    "sort": lambda rng: run(rng, grammar.random_digits(rng, 6)),
    "day": DAYS, "month": MONTHS, "title": ("sir", "madam", "Mister {last}", "Missus {last}", "Miss {last}", "Doctor {last}"),
    "product": ("my internet", "the television", "the router", "my subscription", "the insurance", "the invoice", "my order", "the parcel", "the washing machine", "my phone",
                "the meter", "my credit card", "my debit card", "the mortgage", "the trip", "the app", "my account", "the laptop", "the ticket", "the appointment", "the policy", "the refund", "my booking"),
    "dept": ("customer service", "the billing department", "technical support", "reception", "sales", "the help desk", "the claims department", "the accounts team"),
    "agent": ("Good morning", "Good afternoon", "Good evening", "Hello", "Welcome", "Thank you for calling"),
    "yes": ("yes", "yes, please", "yes, that's right", "correct", "sure", "of course", "okay", "that's fine", "exactly", "yeah", "all right", "absolutely"),
    "no": ("no", "no, thank you", "no, that's wrong", "not yet", "I'm afraid not", "not really", "no, I don't think so"),
    "issue": ("doesn't work", "is broken", "hasn't arrived yet", "stopped working on {day}", "was delivered late", "keeps disconnecting", "is damaged", "is wrong", "was charged twice", "was stolen", "has been blocked", "is far too expensive", "is still open"),
    "mood": ("I'm really not happy about this.", "This is the third time I've called.", "That is ridiculous.", "Lovely, thank you very much.", "What great service.", "I'd like to make a complaint.", "I've been on hold for half an hour.", "That's very kind of you.", "That's a shame.", "I'm very pleased with it."),
    "company": ("British Gas", "Vodafone", "Barclays", "Amazon", "the council", "the hospital", "Virgin Media", "Lloyds Bank", "Tesco", "Royal Mail", "British Airways", "the surgery", "Sky", "Aviva", "Octopus Energy"),
}  # fmt: skip

TURNS = (
    "{agent}, {dept}, {first} speaking[.|, how can I help you?|. How can I help?]", "{agent}, you're speaking to {first} {last} from {company}.", "This is {first} {last}.", "[Hello|Hi|Good morning], [this is|my name is|it's] {first} {last}[.| from {place}.]",
    "My name is {first} {last}.", "[The surname is|My last name is|That's] {last}, {spell_last}.", "I'll spell that for you, {spell_last}.", "{spell_first}.", "{spell_last}.",
    "[My phone number is|My number is|You can reach me on|My mobile is|The number is|It's] {phone}.", "{phone}.", "{phone}.", "Please call me back on {phone}.",
    "[My email address is|My email is|You can email me at|It's|Please send it to] {email}.", "{email}.", "[I live at|The address is|My address is|It's] {house} {street}[.|, {place}.|, {postcode}.|, {place}, {postcode}.]", "{house} {street}, {place}.",
    "[My postcode is|The postcode is|Postcode] {postcode}.", "{postcode}.", "[I'm from|I live in|We live in|The branch in|I'm calling from] {place}.", "The engineer is coming from {place}.",
    "[My customer number is|The account number is|My order number is|The policy number is|The case number is|Invoice number] {digits}.", "[The reference is|The code is|My reference number is] {code}.", "{digits}.", "{digits}.", "{digits}.", "{code}.", "{letters}.",
    "[My IBAN is|The account is] {iban}.", "[The sort code is|My sort code is] {sort}.", "[The registration is|My number plate is] {plate}.", "[My date of birth is|I was born on] {date}.", "{date}.", "[Could we do|Are you free on|Can you come on|Would] {date} [at {time}|around {time}|in the morning|suit you]?",
    "[I have an appointment on|The appointment is on|The delivery is on] {date}[.| at {time}.]", "At {time}.", "[Tomorrow|Today|Next {day}|On {day}] at {time}.", "[The amount is|That costs|The bill was|I paid|You owe me] {amount}.", "{amount}.", "{amount} was [taken from my account|overpaid|refunded].",
    "{yes}.", "{yes}.", "{no}.", "{yes}, {yes}.", "{number}.", "{number}, {number}.", "[I'm calling because|The problem is that|I can see that] {product} {issue}.", "{product} {issue}.", "{product} {issue}. {mood}", "{mood}", "[I want to|I'd like to|Can I] [cancel|change|renew|return|activate|upgrade] {product}[.|, please.]",
    "[Could you|Can you|Would you] [help me please|repeat that|speak up a little|give me your postcode|spell your name|tell me your date of birth|check the address|call me back|hold for a moment|confirm that]?",
    "[One moment|Just a second|Bear with me], [please|I'll check that for you|I'll look it up|I'll put you through].", "I'll transfer you to {dept}.", "[Thank you|Thanks|Many thanks] [for waiting|for your patience|for calling|and have a nice day|{title}].",
    "[Goodbye|Bye|See you soon|Have a nice day|Take care|Have a good weekend] [now|then|{title}|].", "Good morning {title}[.|, how are you?|, how can I help?]", "Am I speaking to {title}?", "[Is that|Was that|Did you say] {digits}?", "So that's {digits}, is that right?",
    "[When|What time|On which day] [is the engineer coming|will it be delivered|can I reach you|can I come in]?", "What is [your postcode|your house number|your customer number|your date of birth|your account number|your email address|the reason for your call]?",
    "[I'd like|Can I have] {number} [pieces|tickets|boxes|copies], please.", "Hello.", "Yes.", "No.", "Okay.", "Good.", "Mm, yes.", "Yeah, yeah.", "Thank you.", "Good morning.", "Pardon?", "Sorry, what did you say?", "Let me see.", "One moment.", "Right.", "Um, yes, fine.",
    "[My husband|My wife|My daughter|My colleague|My son] is called {first}[.| {last}.]", "[I|We] [bought|ordered|paid for] {product} on {date}.", "The contract ends in {month} {year}.", "Can you send it to {house} {street} in {place}?", "{utterance}", "{utterance}", "{utterance}",
)  # fmt: skip
