"""Text classification as the sum of a wide and a deep part, both from token ids alone.

Wide: the linear model of teacher.py, folded into one table row per token; lexicon words after a negation count the
other way round. Deep: a small transformer (neighbours, attention, mean and maximum over the tokens) that learns what
the wide part gets wrong.
"""

from dataclasses import dataclass

import torch
from torch import nn

from teacher import MOST_POLARITY, NEGATED, NEGATION_REACH, PAIR_PLACES, pair_check, pair_place


@dataclass
class Shape:
    vocab_size: int
    lexicons: int
    labels: int = 3
    hidden_size: int = 64
    layers: int = 1
    heads: int = 4
    intermediate_size: int = 128
    dropout: float = 0.5
    piece_dropout: float = 0.15


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        size = shape.hidden_size
        self.heads = shape.heads
        self.near_norm, self.near = nn.LayerNorm(size), nn.Linear(3 * size, size)
        self.attention_norm = nn.LayerNorm(size)
        self.query_key_value, self.attention_out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.feed_norm = nn.LayerNorm(size)
        self.feed_in, self.feed_out = nn.Linear(size, shape.intermediate_size), nn.Linear(shape.intermediate_size, size)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, x, keep, bias):
        near = self.near_norm(x) * keep  # padding must not reach its neighbours
        edge = torch.zeros_like(near[:, :1])
        near = torch.cat([torch.cat([edge, near[:, :-1]], 1), near, torch.cat([near[:, 1:], edge], 1)], -1)
        x = x + self.dropout(nn.functional.relu(self.near(near)))
        x = x + self.dropout(self.attend(self.attention_norm(x), bias))
        return x + self.dropout(self.feed_out(nn.functional.relu(self.feed_in(self.feed_norm(x)))))

    def attend(self, x, bias):
        batch, length, size = x.shape
        query, key, value = (part.reshape(batch, length, self.heads, size // self.heads).transpose(1, 2)
                             for part in self.query_key_value(x).split(size, -1))
        weights = (query @ key.transpose(-1, -2) / (size // self.heads) ** 0.5 + bias).softmax(-1)
        return self.attention_out((weights @ value).transpose(1, 2).reshape(batch, length, size))


class Deep(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.vocab_size, shape.hidden_size)
        nn.init.normal_(self.pieces.weight, std=0.05)
        self.dropout = nn.Dropout(shape.dropout)
        self.encoder = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(3 * shape.hidden_size)
        self.classifier = nn.Linear(3 * shape.hidden_size, shape.labels)
        nn.init.zeros_(self.classifier.weight)

    def forward(self, input_ids, attention_mask):
        keep = attention_mask.unsqueeze(-1).to(self.pieces.weight.dtype)
        bias = (1.0 - keep).transpose(1, 2).unsqueeze(1) * -1e4
        pieces = self.pieces(input_ids)
        if self.training and self.shape.piece_dropout:
            pieces = pieces * (torch.rand(input_ids.shape) > self.shape.piece_dropout).unsqueeze(-1)
        x = self.dropout(pieces)
        for layer in self.encoder:
            x = layer(x, keep, bias)
        count = keep.sum(1)
        # The plain mean of the pieces is a bag of words beside the encoder's view.
        pooled = torch.cat([(x * keep).sum(1) / count, (x + (1.0 - keep) * -1e4).max(1).values, (pieces * keep).sum(1) / count], -1)
        return self.classifier(self.dropout(self.norm(pooled)))


class Wide(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.columns = 8 + shape.lexicons + 1  # see Teacher.fold; the last one says whether the token is a negation
        self.table = nn.Embedding(shape.vocab_size, self.columns)
        self.pairs = nn.Embedding(PAIR_PLACES, 5)  # see Teacher.fold_pairs
        self.lexicon = nn.Linear(2 * shape.lexicons, shape.labels)
        self.requires_grad_(False)

    def load(self, table, pairs, negations, lexicon_weights, intercept):
        self.pairs.weight[:] = torch.from_numpy(pairs)
        self.table.weight[:] = torch.cat([torch.from_numpy(table), torch.from_numpy(negations).unsqueeze(1)], 1)
        self.lexicon.weight[:], self.lexicon.bias[:] = torch.from_numpy(lexicon_weights), torch.from_numpy(intercept)

    def forward(self, input_ids, attention_mask):
        rows = self.table(input_ids) * attention_mask.unsqueeze(-1).to(self.table.weight.dtype)
        total = rows[..., :8].sum(1)
        # Rows 3 and 7 hold squared tf-idf: the linear model divides each text by the length of its vector.
        logits = total[:, 0:3] / (total[:, 3:4] + 1e-6).sqrt() + total[:, 4:7] / (total[:, 7:8] + 1e-6).sqrt()
        logits = logits + self.of_pairs(input_ids)
        negation = rows[..., -1:]
        edge = torch.zeros_like(negation[:, :1])
        before, reached = negation, torch.zeros_like(negation)
        for _ in range(NEGATION_REACH):
            before = torch.cat([edge, before[:, :-1]], 1)
            reached = torch.maximum(reached, before)
        polarity = rows[..., 8:-1] * (1.0 + (NEGATED - 1.0) * reached)
        positive, negative = polarity.clamp(min=0).sum(1), (-polarity).clamp(min=0).sum(1)
        features = torch.stack([positive, negative], -1).flatten(1).clamp(max=MOST_POLARITY)
        return (logits + self.lexicon(features)).log_softmax(-1)


    def of_pairs(self, input_ids):
        first, second = input_ids[:, :-1], input_ids[:, 1:]
        rows = self.pairs(pair_place(first, second))
        known = (rows[..., 4] == pair_check(first, second).to(rows.dtype)).unsqueeze(-1).to(rows.dtype)
        total = (rows[..., :4] * known).sum(1)
        return total[:, 0:3] / (total[:, 3:4] + 1e-6).sqrt()


class TextClassifier(nn.Module):
    """What is exported: calibrated logits of the wide and the deep part together."""

    def __init__(self, shape):
        super().__init__()
        self.wide, self.deep = Wide(shape), Deep(shape)
        # How much the deep part has to say, and how flat the scores are: fitted after training.
        self.register_buffer("share", torch.ones(1))
        self.register_buffer("temperature", torch.ones(1))

    def forward(self, input_ids, attention_mask):
        return (self.wide(input_ids, attention_mask) + self.share * self.deep(input_ids, attention_mask)) / self.temperature
