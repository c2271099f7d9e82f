"""House and other numbers from 0 to 9999 as they are spoken in the five languages."""

NL_UNITS = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
NL_TENS = "- - twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
EN_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
EN_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
DE_UNITS = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
DE_TENS = "- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
FR_UNITS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
FR_TENS = "- - vingt trente quarante cinquante soixante".split()
IT_UNITS = "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove".split()
IT_TENS = "- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()


def nl(n):
    if n < 20:
        return NL_UNITS[n]
    if n < 100:
        tens, unit = divmod(n, 10)
        if not unit:
            return NL_TENS[tens]
        link = "ën" if NL_UNITS[unit].endswith("e") else "en"
        return NL_UNITS[unit] + link + NL_TENS[tens]
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return ("" if hundreds == 1 else NL_UNITS[hundreds]) + "honderd" + (nl(rest) if rest else "")
    thousands, rest = divmod(n, 1000)
    return ("" if thousands == 1 else NL_UNITS[thousands]) + "duizend" + (" " + nl(rest) if rest else "")


def en(n):
    if n < 20:
        return EN_UNITS[n]
    if n < 100:
        tens, unit = divmod(n, 10)
        return EN_TENS[tens] + (f" {EN_UNITS[unit]}" if unit else "")
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return f"{EN_UNITS[hundreds]} hundred" + (f" and {en(rest)}" if rest else "")
    thousands, rest = divmod(n, 1000)
    return f"{EN_UNITS[thousands]} thousand" + (f" {en(rest)}" if rest else "")


def de(n, final=True):
    if n < 20:
        return "ein" if n == 1 and not final else DE_UNITS[n]
    if n < 100:
        tens, unit = divmod(n, 10)
        return (de(unit, False) + "und" if unit else "") + DE_TENS[tens]
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return ("" if hundreds == 1 else DE_UNITS[hundreds]) + "hundert" + (de(rest) if rest else "")
    thousands, rest = divmod(n, 1000)
    return de(thousands, False) + "tausend" + (de(rest) if rest else "")


def fr(n):
    if n < 20:
        return FR_UNITS[n]
    if n < 70:
        tens, unit = divmod(n, 10)
        link = " et " if unit == 1 else "-"
        return FR_TENS[tens] + (link + FR_UNITS[unit] if unit else "")
    if n < 80:
        return "soixante et onze" if n == 71 else "soixante-" + fr(n - 60)
    if n < 100:
        return "quatre-vingts" if n == 80 else "quatre-vingt-" + fr(n - 80)
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return ("" if hundreds == 1 else FR_UNITS[hundreds] + " ") + "cent" + (" " + fr(rest) if rest else "")
    thousands, rest = divmod(n, 1000)
    return ("" if thousands == 1 else FR_UNITS[thousands] + " ") + "mille" + (" " + fr(rest) if rest else "")


def it(n):
    if n < 20:
        return IT_UNITS[n]
    if n < 100:
        tens, unit = divmod(n, 10)
        word = IT_TENS[tens]
        return (word[:-1] if unit in (1, 8) else word) + (IT_UNITS[unit] if unit else "")
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        return ("" if hundreds == 1 else IT_UNITS[hundreds]) + "cento" + (it(rest) if rest else "")
    thousands, rest = divmod(n, 1000)
    return ("mille" if thousands == 1 else IT_UNITS[thousands] + "mila") + (it(rest) if rest else "")


SPEAK = {"nl": nl, "en": en, "de": de, "fr": fr, "it": it}
