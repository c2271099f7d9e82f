"""Polarity of words from Pattern's lexicons, and of sentences by counting them."""

import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict

NEGATIONS = {
    "nl": "niet geen nooit niks niemand zonder nauwelijks", "en": "not no never nothing nobody without hardly n't don don't doesn't didn't can't won't isn't wasn't",
    "de": "nicht kein keine keinen nie niemals niemand ohne kaum", "fr": "ne pas jamais rien personne sans aucun plus", "it": "non mai niente nessuno senza",
}
NEGATIONS = {language: set(words.split()) for language, words in NEGATIONS.items()}
# There is no German lexicon among the shared data: own list of frequent words, each -2 to 2.
GERMAN = {
    2: "toll super großartig wunderbar fantastisch hervorragend ausgezeichnet perfekt genial herrlich traumhaft liebe begeistert spitze klasse exzellent hammer geil fabelhaft bestens phänomenal glücklich liebevoll sensationell",
    1: "gut gute guter gutes guten besser schön schöne schöner schönen schönes nett nette lieb liebe froh zufrieden freue freut freuen danke dank gern gerne freundlich hilfsbereit angenehm erfolgreich gelungen lustig lecker lächeln hoffnung hoffe sicher gesund interessant spannend cool praktisch leicht empfehlen empfehle genießen spaß freude glück erfolg gewonnen gewinnt gewinnen stark bravo glückwunsch herzlichen herzlich stolz richtig lohnt süß wow mag lacht lachen hübsch fein frisch gemütlich erleichtert beeindruckend bester beste besten echt nice happy",
    -1: "schlecht schlechte schlechter schlechten leider schade traurig müde krank kalt langweilig schwer schwierig problem probleme fehler falsch kaputt verloren verlieren verlor angst sorge sorgen streit krise stau verspätung ärger nervig nervt nerven doof dumm blöd blöde blöder teuer unfair enttäuscht enttäuschend beschwerde warnung gefahr gefährlich verletzt schmerz schmerzen schmutzig hässlich arm armut weint weinen peinlich mies mangel kritik schuld schulden tot tod gestorben opfer unfall verboten lüge lügen stress unwetter fehlt gescheitert scheitern dunkel einsam hart böse wütend sauer kaum nichts",
    -2: "scheiße scheiss scheiß furchtbar schrecklich grauenhaft hass hasse katastrophe katastrophal ekelhaft widerlich unerträglich unverschämt frechheit skandal schlimm schlimmer schlimmste mord krieg terror verbrechen betrug arschloch idiot idioten mist kotzen kotzt verdammt horror unmöglich lächerlich entsetzlich grausam elend dreck asozial versagt pleite",
}


def read(folder):
    """{language: {word: polarity from -1 to 1}}, senses averaged."""
    polarity = {"de": {word: score / 2 for score, words in GERMAN.items() for word in words.split()}}
    for language in ("nl", "en", "fr", "it"):
        senses = defaultdict(list)
        for word in ElementTree.parse(folder / f"{language}-sentiment.xml").getroot():
            senses[word.get("form").lower()].append(float(word.get("polarity") or 0))
        polarity[language] = {word: sum(values) / len(values) for word, values in senses.items()}
    polarity["nl"].update(inflected_dutch(polarity["nl"]))
    return polarity


def inflected_dutch(words):
    """The Dutch lexicon lists plain adjectives: add -e and the comparative where that is regular."""
    forms = {}
    for word, value in words.items():
        if len(word) < 4 or " " in word:
            continue
        if re.search(r"[^aeiou][aeiou][bdfgklmnprst]$", word):
            forms[word + word[-1] + "e"] = value
        elif match := re.search(r"(aa|ee|oo|uu)([bdgklmnprt])$", word):
            forms[word[:match.start()] + match.group(1)[0] + match.group(2) + "e"] = value
        elif match := re.search(r"(ie|eu|ij|ei|oe|ou|ui|l|n|r|aa|ee|oo)([fs])$", word):
            forms[word[:-1] + {"f": "v", "s": "z"}[match.group(2)] + "e"] = value
        forms.setdefault(word + "e", value)
        forms.setdefault(word + "er", value)
    return {form: value for form, value in forms.items() if form not in words}


def counts(text, language, lexicon):
    """(sum of positive, sum of negative) polarities; a negation within three words before turns a word round."""
    words = re.findall(r"[\w'’]+", text.lower())
    positive = negative = 0.0
    for index, word in enumerate(words):
        value = lexicon.get(word, 0)
        if not value:
            continue
        if NEGATIONS[language] & set(words[max(0, index - 3):index]):
            value *= -0.7
        if value > 0:
            positive += value
        else:
            negative -= value
    return positive, negative
