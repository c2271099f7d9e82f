"""Words to model inputs, exactly as the service does it: every word by itself, [CLS] and [SEP] around them."""

import random

import numpy as np
from tokenizers import Tokenizer

from words import LABEL_ID

MAX_TOKENS = 128


def starts_with_capital(word):
    return word[0] != word[0].lower()


class Encoder:
    def __init__(self, tokenizer_json):
        self.tokenizer = Tokenizer.from_file(str(tokenizer_json))
        self.cls, self.sep, self.pad, self.unknown, self.mask_token = (
            self.tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"))
        self.vocabulary = self.tokenizer.get_vocab()
        self.cache, self.variants = {}, {}

    def broken(self, word, refuse=0.35, variants=6):
        """The word in other, mostly smaller pieces: longest match first, but a match is now and then refused
        (MaxMatch-Dropout, Hiraoka 2022). So what is learned of a name carries over to names never seen."""
        known = self.variants.setdefault(word, [])
        if len(known) < variants:
            text, ids, start = self.tokenizer.normalizer.normalize_str(word), [], 0
            while start < len(text):
                for end in range(len(text), start, -1):
                    piece = self.vocabulary.get(("##" if start else "") + text[start:end])
                    if piece is not None and (end == start + 1 or random.random() > refuse):
                        break
                if piece is None:
                    return self.pieces(word)
                ids.append(piece)
                start = end
            known.append(ids or [self.unknown])
            return known[-1]
        return random.choice(known)

    def pieces(self, word):
        ids = self.cache.get(word)
        if ids is None:
            ids = self.tokenizer.encode(word, add_special_tokens=False).ids or [self.unknown]
            self.cache[word] = ids
        return ids

    def encode(self, words, breaking=0.0):
        """(token ids, capital bits, label ids or -100, index of each word's first token) of (word, label) pairs;
        in training, this share of the words is broken into other pieces."""
        ids, capitals, labels, firsts = [self.cls], [0], [-100], []
        for word, label in words:
            pieces = self.broken(word) if breaking and random.random() < breaking else self.pieces(word)
            if len(ids) + len(pieces) > MAX_TOKENS - 1:
                break
            firsts.append(len(ids))
            capital = int(starts_with_capital(word))
            ids += pieces
            capitals += [capital] * len(pieces)
            labels += [LABEL_ID.get(label, -100) if label[-1] != "?" else -100] + [-100] * (len(pieces) - 1)
        return ids + [self.sep], capitals + [0], labels + [-100], firsts

    def batch(self, encoded):
        length = max(len(item[0]) for item in encoded)
        ids = np.full((len(encoded), length), self.pad, np.int64)
        mask, capitals = np.zeros_like(ids), np.zeros_like(ids)
        labels = np.full_like(ids, -100)
        for row, (tokens, capital, label, _) in enumerate(encoded):
            ids[row, :len(tokens)], mask[row, :len(tokens)] = tokens, 1
            capitals[row, :len(tokens)], labels[row, :len(tokens)] = capital, label
        return ids, mask, capitals, labels
