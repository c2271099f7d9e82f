"""Whisper in plain PyTorch for training, with the extra heads that teach it quickly.

Parameter names under `model.` equal Hugging Face's WhisperForConditionalGeneration, so a checkpoint
loads there unchanged. Written out here because training needs the cross-attention of single heads
without the cost of returning all of them, and intermediate encoder states.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import spec


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.k_proj = nn.Linear(spec.D_MODEL, spec.D_MODEL, bias=False)
        self.v_proj = nn.Linear(spec.D_MODEL, spec.D_MODEL)
        self.q_proj = nn.Linear(spec.D_MODEL, spec.D_MODEL)
        self.out_proj = nn.Linear(spec.D_MODEL, spec.D_MODEL)

    @staticmethod
    def _heads(x: Tensor) -> Tensor:
        return x.view(x.shape[0], x.shape[1], spec.HEADS, -1).transpose(1, 2)

    def forward(
        self, x: Tensor, memory: Tensor | None = None, causal: bool = False, guided: tuple[int, ...] = ()
    ) -> tuple[Tensor, Tensor | None]:
        """Output, and log attention of the guided heads: (batch, heads, queries, keys)."""
        source = x if memory is None else memory
        q, k, v = self._heads(self.q_proj(x)), self._heads(self.k_proj(source)), self._heads(self.v_proj(source))
        # Written out: on a CPU in bfloat16 twice as fast as the fused kernel at these lengths.
        with torch.autocast("cpu", enabled=False):
            scores = (q * q.shape[-1] ** -0.5) @ k.transpose(2, 3)
            if causal:
                scores = scores + torch.full(scores.shape[-2:], -1e4, dtype=scores.dtype).triu(1)
            out = scores.softmax(-1) @ v
            weights = scores[:, list(guided)].float().log_softmax(-1) if guided else None
        return self.out_proj(out.transpose(1, 2).reshape(x.shape)), weights


class EncoderLayer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.self_attn = Attention()
        self.self_attn_layer_norm = nn.LayerNorm(spec.D_MODEL)
        self.fc1 = nn.Linear(spec.D_MODEL, spec.FFN)
        self.fc2 = nn.Linear(spec.FFN, spec.D_MODEL)
        self.final_layer_norm = nn.LayerNorm(spec.D_MODEL)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.self_attn_layer_norm(x))[0]
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))


class DecoderLayer(nn.Module):
    def __init__(self, guided: tuple[int, ...]) -> None:
        super().__init__()
        self.guided = guided
        self.self_attn = Attention()
        self.self_attn_layer_norm = nn.LayerNorm(spec.D_MODEL)
        self.encoder_attn = Attention()
        self.encoder_attn_layer_norm = nn.LayerNorm(spec.D_MODEL)
        self.fc1 = nn.Linear(spec.D_MODEL, spec.FFN)
        self.fc2 = nn.Linear(spec.FFN, spec.D_MODEL)
        self.final_layer_norm = nn.LayerNorm(spec.D_MODEL)

    def forward(self, x: Tensor, memory: Tensor) -> tuple[Tensor, Tensor | None]:
        x = x + self.self_attn(self.self_attn_layer_norm(x), causal=True)[0]
        attended, weights = self.encoder_attn(self.encoder_attn_layer_norm(x), memory, guided=self.guided)
        x = x + attended
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x)))), weights


def sinusoids(length: int, channels: int) -> Tensor:
    """Whisper's fixed positions."""
    steps = torch.arange(channels // 2) / (channels // 2 - 1)
    angle = torch.arange(length)[:, None] * torch.exp(-torch.log(torch.tensor(10000.0)) * steps)[None]
    return torch.cat([angle.sin(), angle.cos()], 1)


class Encoder(nn.Module):
    MIDDLE = 3  # layers below the phoneme head

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(spec.MEL_BINS, spec.D_MODEL, 3, padding=1)
        self.conv2 = nn.Conv1d(spec.D_MODEL, spec.D_MODEL, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(spec.MAX_SOURCE_POSITIONS, spec.D_MODEL)
        self.embed_positions.weight = nn.Parameter(
            sinusoids(spec.MAX_SOURCE_POSITIONS, spec.D_MODEL), requires_grad=False
        )
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(spec.ENCODER_LAYERS))
        self.layer_norm = nn.LayerNorm(spec.D_MODEL)
        self.frozen = 0

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """States of the top, and of the middle for the phoneme head."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen == 0):
            x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
            x = x + self.embed_positions.weight[: x.shape[1]]
        middle = x
        for i, layer in enumerate(self.layers):
            with torch.set_grad_enabled(torch.is_grad_enabled() and i >= self.frozen):
                x = layer(x)
            if i + 1 == self.MIDDLE:
                middle = x
        return self.layer_norm(x), middle

    def freeze(self, layers: int) -> None:
        """The convolutions and the first layers learn no more, which saves their backward pass."""
        self.frozen = layers
        for part in [self.conv1, self.conv2, *self.layers[:layers]] if layers else []:
            part.requires_grad_(False)


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(spec.VOCAB, spec.D_MODEL)
        self.embed_positions = nn.Embedding(spec.MAX_TARGET_POSITIONS, spec.D_MODEL)
        nn.init.normal_(self.embed_tokens.weight, std=0.03)
        nn.init.normal_(self.embed_positions.weight, std=0.01)
        self.layers = nn.ModuleList(
            DecoderLayer(tuple(head for layer, head in spec.ALIGNMENT_HEADS if layer == i))
            for i in range(spec.DECODER_LAYERS)
        )
        self.layer_norm = nn.LayerNorm(spec.D_MODEL)

    def forward(self, tokens: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Final states (before the tied output matrix) and the guided heads' log attention."""
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        guided = []
        for layer in self.layers:
            x, weights = layer(x, memory)
            if weights is not None:
                guided.append(weights)
        return self.layer_norm(x), torch.cat(guided, 1)


@dataclass
class Heads:
    """Sizes of the two heads that exist in training only."""

    phones: int
    letters: int  # without the CTC blank


class Recognizer(nn.Module):
    def __init__(self, heads: Heads) -> None:
        super().__init__()
        self.model = nn.ModuleDict({"encoder": Encoder(), "decoder": Decoder()})
        self.phone_norm = nn.LayerNorm(spec.D_MODEL)
        self.phone_head = nn.Linear(spec.D_MODEL, heads.phones)
        self.ctc_head = nn.Linear(spec.D_MODEL, heads.letters + 1)

    def encode(self, mel: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encoder states, phoneme logits of every frame, CTC logits of every frame (0 is blank)."""
        top, middle = self.model["encoder"](mel)
        return top, self.phone_head(self.phone_norm(middle)), self.ctc_head(top)

    def decode(self, tokens: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        states, guided = self.model["decoder"](tokens, memory)
        return states @ self.model["decoder"].embed_tokens.weight.T, guided
