"""CTranslate2 (what faster-whisper runs on) as a peer of bench/engine/throughput.ts: a line in, a line out.

Usage: python ctranslate2_peer.py MODEL_FOLDER THREADS POSITIONS TOKENS

Each line of standard input is a batch size; the answer is {"encodeMs", "decodeMs", "cpuMs", "tokens"} for that
many windows of noise, encoded and decoded greedily to TOKENS tokens as faster-whisper does (WhisperModel.encode, .generate).
"""

from __future__ import annotations

import json
import sys
import time

import ctranslate2
import numpy as np


def main() -> None:
    folder, threads, positions, tokens = sys.argv[1], *map(int, sys.argv[2:])
    model = ctranslate2.models.Whisper(folder, device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1)
    rng = np.random.default_rng(0)
    prompt = [50258, 50271, 50359]
    print(json.dumps({"version": ctranslate2.__version__}), flush=True)
    for line in sys.stdin:
        batch = int(line)
        features = ctranslate2.StorageView.from_array(
            rng.uniform(-1, 1, (batch, 80, 2 * positions)).astype(np.float32)
        )
        begun, begun_cpu = time.perf_counter(), time.process_time()
        encoded = model.encode(features)
        encoded_at = time.perf_counter()
        results = model.generate(
            encoded,
            [prompt] * batch,
            beam_size=1,
            max_length=2 * tokens,  # CTranslate2 generates half of it at most
            suppress_tokens=[-1, 50257],
            max_initial_timestamp_index=50,
        )
        done = time.perf_counter()
        lengths = [len(result.sequences_ids[0]) for result in results]
        answer = {
            "encodeMs": 1000 * (encoded_at - begun),
            "decodeMs": 1000 * (done - encoded_at),
            "cpuMs": 1000 * (time.process_time() - begun_cpu),
            "tokens": min(lengths),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
