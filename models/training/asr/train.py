"""Trains the recogniser from nothing; stops and resumes anywhere.

Usage: python train.py --seconds 6000 --encoder-steps 600 [--decay-steps 1500 --out decayed.pt]

Losses: phonemes of every frame (middle of the encoder), CTC on letters (top of the encoder), the
next token (decoder), and for the alignment heads the attention that misses the spoken word.
The learning rate is constant after the warm-up, so training can go on for as long as there is time;
--decay-steps ends a run by lowering it to nothing, in a checkpoint of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
import torch.nn.functional as F
from torch import Tensor

import dev
import spec
import targets
from batches import PHONES_FILE, Batch, Producer
from model import Heads, Recognizer
from muon import Muon

LAST = spec.WORK_DIR / "last.pt"
LR_FILE = spec.WORK_DIR / "lr"  # if present, overrides --lr while training runs
TOLERANCE_S = 0.02  # the alignment heads may look this far beside the spoken piece
EMA = 0.997


def produce(seed: int, hardness: float, queue) -> None:
    torch.set_num_threads(1)
    for batch in Producer(seed, hardness).batches():
        queue.put(batch)


def build() -> Recognizer:
    phones = len(json.loads(PHONES_FILE.read_text(encoding="utf-8"))) + 1
    return Recognizer(Heads(phones, len(targets.LETTERS)))


def guided_loss(log_attention: Tensor, spans: Tensor) -> Tensor:
    """Minus the log of the attention that falls on the spoken piece."""
    known = spans[..., 0] >= 0
    frame_s = (torch.arange(log_attention.shape[-1]) + 0.5) * spec.FRAME_MS / 1000
    inside = (frame_s > spans[..., :1] - TOLERANCE_S) & (frame_s < spans[..., 1:] + TOLERANCE_S)
    known &= inside.any(-1)
    outside = ~(inside | ~known[..., None])
    hit = log_attention.masked_fill(outside[:, None], -20).logsumexp(-1)
    return -(hit.mean(1) * known).sum() / known.sum().clamp(min=1)


def phone_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Nothing for a batch of clips whose synthesizer reports no phonemes, where the mean would be 0 / 0."""
    total = F.cross_entropy(logits, labels, ignore_index=targets.IGNORE, reduction="sum")
    return total / (labels != targets.IGNORE).sum().clamp(min=1)


def losses(model: Recognizer, batch: Batch, decoder: bool) -> dict[str, Tensor]:
    with torch.autocast("cpu", torch.bfloat16):
        memory, phones, letters = model.encode(batch.mel)
        logits, guided = model.decode(batch.tokens, memory) if decoder else (None, None)
    result = {
        "phone": phone_loss(phones.float().flatten(0, 1), batch.phones.flatten()),
        "ctc": F.ctc_loss(
            letters.float().log_softmax(-1).transpose(0, 1),
            batch.letters,
            batch.frame_counts.clamp(max=letters.shape[1]),
            batch.letter_counts,
            zero_infinity=True,
        ),
    }
    if decoder:
        result["token"] = F.cross_entropy(
            logits.float().flatten(0, 1), batch.labels.flatten(), ignore_index=targets.IGNORE, label_smoothing=0.02
        )
        result["guide"] = guided_loss(guided, batch.spans)
    return result


WEIGHTS = {"phone": 0.3, "ctc": 0.3, "token": 1.0, "guide": 0.15}


def optimizers(model: Recognizer, lr: float) -> list[torch.optim.Optimizer]:
    matrices, others = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (matrices if parameter.ndim == 2 and ".layers." in name else others).append(parameter)
    return [Muon(matrices, lr), torch.optim.AdamW(others, lr, betas=(0.9, 0.98), weight_decay=0.01, fused=True)]


class Team:
    """Equal workers of one thread each, which average their gradients once a step.

    On a machine shared with others this is three times as fast as one worker with two threads,
    because threads that meet after every operation wait for each other's time slice.
    """

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size = rank, size
        if size > 1:
            store = f"file://{spec.WORK_DIR.resolve()}/team-{os.getppid()}"
            dist.init_process_group("gloo", init_method=store, rank=rank, world_size=size)

    def average(self, parameters: list[Tensor]) -> None:
        if self.size == 1:
            return
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.size
        at = 0
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = flat[at : at + gradient.numel()].view_as(gradient)
            at += gradient.numel()

    def agree(self, wish: bool) -> bool:
        """True as soon as one worker wishes it."""
        if self.size == 1:
            return wish
        flag = torch.tensor([float(wish)])
        dist.all_reduce(flag)
        return bool(flag > 0)


def train(rank: int, options: argparse.Namespace) -> None:
    os.setsid()  # Linux shares cores between sessions first: each worker gets its own share
    torch.manual_seed(0)
    torch.set_num_threads(1)
    team = Team(rank, options.workers)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    if rank == 0:
        (spec.WORK_DIR / "train.pid").write_text(str(os.getpid()))
    model = build()
    opts = optimizers(model, options.lr)
    model.model["encoder"].freeze(options.freeze)
    parameters = [p for p in model.parameters() if p.requires_grad]
    step, ema = 0, {name: value.clone() for name, value in model.state_dict().items()}
    if LAST.exists():
        saved = torch.load(LAST, weights_only=True)
        model.load_state_dict(saved["model"])
        ema, step = saved["ema"], saved["step"]
        if saved["optimizers"]:  # from_export.py writes none
            for optimizer, state in zip(opts, saved["optimizers"], strict=True):
                optimizer.load_state_dict(state)
    out = spec.WORK_DIR / options.out
    context = multiprocessing.get_context("spawn")
    queue = context.Queue(maxsize=12)
    producer = context.Process(target=produce, args=(options.seed + step * options.workers + rank, options.hardness, queue), daemon=True)
    producer.start()
    began, saved_at, evaluated_at = time.time(), time.time(), time.time()
    first, sums, count, clips, waited = step, {}, 0, 0, 0.0
    while not team.agree(bool(stop) or time.time() - began > options.seconds):
        left = 1.0
        if options.decay_steps:
            left = 1 - (step - first) / options.decay_steps
            if left <= 0:
                break
        if LR_FILE.exists() and step % 10 == 0:
            options.lr = float(LR_FILE.read_text())
        for optimizer in opts:
            for group in optimizer.param_groups:
                group["lr"] = options.lr * min(1, (step + 1) / 300) * max(left, 0.02)
        start = time.time()
        batch = queue.get()
        waited += time.time() - start
        parts = losses(model, batch, decoder=step >= options.encoder_steps)
        loss = sum(WEIGHTS[name] * value for name, value in parts.items() if value.requires_grad)
        if not torch.isfinite(loss):
            print(json.dumps({"step": step, "skipped": {k: float(v) for k, v in parts.items()}}), flush=True)
            loss = sum((p.sum() * 0 for p in parameters), torch.zeros(()))
        for optimizer in opts:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        team.average(parameters)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        for optimizer in opts:
            optimizer.step()
        step += 1
        mix = min(EMA, (step + 1) / (step + 20)) if not options.decay_steps else 0.99
        with torch.no_grad():
            for name, value in model.state_dict().items():
                ema[name].lerp_(value, 1 - mix)
        count, clips = count + 1, clips + len(batch.mel)
        for name, value in parts.items():
            sums[name] = sums.get(name, 0) + float(value.detach())
        if rank:
            continue
        if step % 50 == 0:
            line = {name: round(value / count, 3) for name, value in sums.items()}
            seconds = time.time() - began
            print(json.dumps({"step": step, **line, "clips": clips, "s": round(seconds), "wait": round(waited)}), flush=True)
            sums, count = {}, 0
        if time.time() - evaluated_at > options.evaluate_every and step > options.encoder_steps:
            print(json.dumps({"step": step, "dev": dev.evaluate(model, ema)}), flush=True)
            evaluated_at = time.time()
        if time.time() - saved_at > 180:
            save(out, model, ema, opts, step)
            saved_at = time.time()
    if rank == 0:
        save(out, model, ema, opts, step)
        print(json.dumps({"step": step, "done": True}), flush=True)
    producer.kill()


def save(path: Path, model: Recognizer, ema: dict[str, Tensor], opts: list, step: int) -> None:
    state = {"model": model.state_dict(), "ema": ema, "optimizers": [o.state_dict() for o in opts], "step": step}
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=6000)
    arguments.add_argument("--encoder-steps", type=int, default=600, help="steps before the decoder joins")
    arguments.add_argument("--decay-steps", type=int, default=0)
    arguments.add_argument("--out", default=LAST.name)
    arguments.add_argument("--lr", type=float, default=1.5e-3)
    arguments.add_argument("--seed", type=int, default=1_000_000)
    arguments.add_argument("--freeze", type=int, default=0, help="encoder layers that learn no more")
    arguments.add_argument("--hardness", type=float, default=0.2, help="0 clean lines, 1 bad ones")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--evaluate-every", type=float, default=600, help="seconds")
    options = arguments.parse_args()
    multiprocessing.spawn(train, (options,), nprocs=options.workers)


if __name__ == "__main__":
    main()
