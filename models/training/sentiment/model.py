"""A small transformer for text classification: neighbours, then attention, then the mean and the maximum over all
tokens. Position is only known through the neighbours; for short turns that is enough and hard to overfit."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Shape:
    vocab_size: int
    labels: int = 3
    hidden_size: int = 96
    layers: int = 1
    heads: int = 4
    intermediate_size: int = 192
    dropout: float = 0.4
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


class TextClassifier(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.vocab_size, shape.hidden_size)
        nn.init.normal_(self.pieces.weight, std=0.05)
        self.dropout = nn.Dropout(shape.dropout)
        self.encoder = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(3 * shape.hidden_size)
        self.classifier = nn.Linear(3 * shape.hidden_size, shape.labels)
        # Calibration: divides the logits, fitted after training.
        self.register_buffer("temperature", torch.ones(1))

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
        return self.classifier(self.dropout(self.norm(pooled))) / self.temperature
