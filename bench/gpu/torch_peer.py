"""PyTorch and transformers on the weights that random-whisper.ts wrote: what our throughput is compared with.

    python3 torch_peer.py limits [--device cuda]
    python3 torch_peer.py archive FOLDER --tokens 100 --batches 1,8,32 --seconds 20 [--device cuda]

`limits` measures the rate of a large float16 matrix product and of a copy on the device: the roofline. `archive` measures
windows of `transformers`' Whisper with SDPA attention, float16 on a GPU and float32 elsewhere: encoder and greedy
generation of exactly so many tokens, for each batch size until the time is over or memory is. Prints one JSON line.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["limits", "archive"])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--batches", default="1,8,16,32,64,128")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    found = limits(options.device) if options.what == "limits" else archive(options)
    print(json.dumps(found))


def timed(device, work, repeats):
    for _ in range(2):
        work()
    synchronize(device)
    begun = time.perf_counter()
    for _ in range(repeats):
        work()
    synchronize(device)
    return (time.perf_counter() - begun) / repeats


def synchronize(device):
    if device == "cuda":
        torch.cuda.synchronize()


def limits(device):
    on_gpu = device == "cuda"
    size, kind, repeats = (8192, torch.float16, 20) if on_gpu else (1024, torch.float32, 3)
    a, b = (torch.randn(size, size, device=device, dtype=kind) for _ in range(2))
    seconds = timed(device, lambda: a @ b, repeats)
    block = torch.empty((2 << 30) if on_gpu else (64 << 20), dtype=torch.uint8, device=device)
    target = torch.empty_like(block)
    copying = timed(device, lambda: target.copy_(block), repeats)
    return {
        "operationsPerSecond": 2 * size**3 / seconds,
        "bytesPerSecond": 2 * block.numel() / copying,
        "type": str(kind),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
    }


def load(folder, device):
    import transformers
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    config = WhisperConfig(**json.loads((folder / "config.json").read_text()))
    kind = torch.float16 if device == "cuda" else torch.float32
    with torch.device("meta"):
        model = WhisperForConditionalGeneration._from_config(config, attn_implementation="sdpa", dtype=kind)
    index = json.loads((folder / "weights.json").read_text())
    stored = np.float16 if index["half"] else np.float32
    state = {}
    for weight in index["weights"]:
        values = np.memmap(
            folder / index["file"], stored, "r", weight["offset"], tuple(weight["dims"])
        )
        name, tensor = weight["name"], torch.from_numpy(np.array(values)).to(device=device, dtype=kind)
        if name.endswith(".weight_T"):
            name, tensor = name.removesuffix("_T"), tensor.T.contiguous()
        state[name if name.startswith("proj_out") else f"model.{name}"] = tensor
    # Published models tie the projection to the embedding; what is multiplied is of the same size.
    state.pop("proj_out.weight")
    missing, unexpected = model.load_state_dict(state, strict=False, assign=True)
    if set(missing) - {"proj_out.weight"} or unexpected:
        raise SystemExit(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    return model.eval(), config, kind, transformers.__version__


def archive(options):
    model, config, kind, version = load(options.folder, options.device)
    prompt = [config.decoder_start_token_id]
    deadline = time.perf_counter() + options.seconds
    rows = []
    for batch in map(int, options.batches.split(",")):
        try:
            rows.append(measure(model, config, kind, options, prompt, batch))
        except torch.cuda.OutOfMemoryError:
            break
        if time.perf_counter() > deadline:
            break
    return {"transformers": version, "torch": torch.__version__, "type": str(kind), "batches": rows}


def measure(model, config, kind, options, prompt, batch):
    device, frames = options.device, 2 * config.max_source_positions
    features = torch.randn(batch, config.num_mel_bins, frames, device=device, dtype=kind)
    encoding = timed(device, lambda: model.model.encoder(features), 1)
    encoded = model.model.encoder(features)
    prompts = torch.tensor([prompt] * batch, device=device)

    def generate():
        # Greedy with the cache, as `generate` does it, without what it does beside: the peer at its fastest.
        cache, tokens = None, prompts
        for _ in range(options.tokens):
            out = model(
                encoder_outputs=encoded, decoder_input_ids=tokens, past_key_values=cache, use_cache=True
            )
            cache, tokens = out.past_key_values, out.logits[:, -1:].argmax(-1)

    decoding = timed(device, generate, 1)
    return {"batch": batch, "encodeMs": 1000 * encoding, "decodeMs": 1000 * decoding}


main()
