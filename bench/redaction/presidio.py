"""Presidio's default analyzer on the redaction corpus, for comparison.

    pip install presidio-analyzer==2.2.366
    python bench/redaction/presidio.py < calls.jsonl > found.jsonl

Reads and writes the JSON lines of `sotto redact --jsonl`: {"id", "language", "turns": [{"speaker", "text"}]} becomes
{"id", "turns": [{"entities": [{"type", "start", "end"}]}]}, offsets in UTF-16 units.

Presidio's default engine pairs its recognizers with a spaCy model. Those models are not packages of PyPI, so a blank
pipeline stands in: it tokenizes, and every word is its own lemma, which keeps Presidio's context words working. All
predefined pattern recognizers run; PERSON, LOCATION and ORGANIZATION, which need the model, are never found.
"""

import json
import sys
import time

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language

LANGUAGES = ["nl", "en", "de", "fr", "it"]


@Language.component("lower_case_lemmas")
def lower_case_lemmas(doc):
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class BlankNlpEngine(SpacyNlpEngine):
    """spaCy without a model."""

    def load(self):
        self.nlp = {}
        for language in LANGUAGES:
            pipeline = spacy.blank(language)
            pipeline.add_pipe("lower_case_lemmas")
            self.nlp[language] = pipeline


def utf16_length(text):
    return len(text.encode("utf-16-le")) // 2


def time_of(analyzer, calls):
    """Seconds for all texts, once warm: the recognizers compile their patterns at first use."""
    for language in LANGUAGES:
        analyzer.analyze(text="06 12345678", language=language)
    start = time.perf_counter()
    for call in calls:
        for turn in call["turns"]:
            analyzer.analyze(text=turn["text"], language=call["language"])
    return time.perf_counter() - start


def main():
    # Presidio asks tldextract whether a domain exists; its bundled list answers without the network.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    analyzer = AnalyzerEngine(nlp_engine=BlankNlpEngine(), supported_languages=LANGUAGES)
    calls = [json.loads(line) for line in sys.stdin]
    if "--time" in sys.argv:
        print(time_of(analyzer, calls))
        return
    for call in calls:
        turns = []
        for turn in call["turns"]:
            text = turn["text"]
            found = analyzer.analyze(text=text, language=call["language"])
            turns.append(
                {
                    "entities": [
                        {
                            "type": result.entity_type,
                            "start": utf16_length(text[: result.start]),
                            "end": utf16_length(text[: result.end]),
                        }
                        for result in sorted(found, key=lambda result: result.start)
                    ]
                }
            )
        print(json.dumps({"id": call["id"], "turns": turns}))


if __name__ == "__main__":
    main()
