"""Muon: momentum whose matrices are made orthogonal (Keller Jordan, 2024), beside AdamW for the rest.

Equal shapes are stacked into one batch, in bfloat16, and the workers share the stack.
"""

from __future__ import annotations

from collections import defaultdict

import torch
import torch.distributed as dist
from torch import Tensor

_A, _B, _C = 3.4445, -4.7750, 2.0315  # quintic Newton-Schulz coefficients of the paper


def orthogonalise(matrices: Tensor, steps: int = 5) -> Tensor:
    """Stack of wide matrices -> nearest semi-orthogonal matrices, roughly."""
    x = matrices.bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = _A * x + (_B * gram + _C * gram @ gram) @ x
    return x.float()


def shared(matrices: Tensor) -> Tensor:
    """Orthogonalises a part of the stack on each worker and collects the parts."""
    if not dist.is_initialized():
        return orthogonalise(matrices)
    size, rank = dist.get_world_size(), dist.get_rank()
    part = -(-len(matrices) // size)
    padded = torch.cat([matrices, matrices[-1:].expand(part * size - len(matrices), -1, -1)])
    mine = orthogonalise(padded[rank * part : (rank + 1) * part]).contiguous()
    parts = [torch.empty_like(mine) for _ in range(size)]
    dist.all_gather(parts, mine)
    return torch.cat(parts)[: len(matrices)]


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters: list[Tensor], lr: float, momentum: float = 0.95, weight_decay: float = 0.05):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[Tensor]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    rows, columns = parameter.shape
                    shapes[min(rows, columns), max(rows, columns)].append(parameter)
            for parameters in shapes.values():
                self._step(group, parameters)

    def _step(self, group: dict, parameters: list[Tensor]) -> None:
        updates = []
        for parameter in parameters:
            state = self.state[parameter]
            if "momentum" not in state:
                state["momentum"] = torch.zeros_like(parameter)
            state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
            update = parameter.grad.lerp(state["momentum"], group["momentum"])
            updates.append(update if update.shape[0] <= update.shape[1] else update.mT)
        # Scaled to the size of an AdamW update, so both share one learning rate.
        scale = 0.2 * max(updates[0].shape) ** 0.5
        for parameter, update in zip(parameters, shared(torch.stack(updates)), strict=True):
            update = update if parameter.shape[0] <= parameter.shape[1] else update.mT
            parameter.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)
