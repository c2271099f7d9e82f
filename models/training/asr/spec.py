"""What the recogniser is: dimensions, languages, special tokens, paths.

Everything else in this folder reads its constants here.
"""

from __future__ import annotations

import os
from pathlib import Path

LANGUAGES = ("nl", "en", "de", "fr", "it")
# Share of each language among the training clips: Dutch first, then English.
LANGUAGE_WEIGHTS = {"nl": 0.40, "en": 0.42, "de": 0.06, "fr": 0.06, "it": 0.06}

# Model. A 15 s window halves the cost of the encoder for short turns.
D_MODEL = 256
HEADS = 4
FFN = 1024
ENCODER_LAYERS = 4
DECODER_LAYERS = 3
MEL_BINS = 80
WINDOW_S = 15
MAX_SOURCE_POSITIONS = 50 * WINDOW_S
MAX_TARGET_POSITIONS = 224
ALIGNMENT_HEADS = ((1, 0), (1, 1), (2, 0))  # (decoder layer, head), trained to point at the word

# Audio as Whisper wants it.
SAMPLE_RATE_HZ = 16_000
TELEPHONE_RATE_HZ = 8_000
HOP = 160
N_FFT = 400
FRAME_MS = 20  # one encoder position

# Tokens: 256 bytes and merges first, then the special tokens in Whisper's order.
TEXT_VOCAB = 2048
TIMESTAMP_STEP_S = 0.02
TIMESTAMPS = tuple(f"<|{i * TIMESTAMP_STEP_S:.2f}|>" for i in range(WINDOW_S * 50 + 1))
SPECIAL_TOKENS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
TOKEN_ID = {token: TEXT_VOCAB + i for i, token in enumerate(SPECIAL_TOKENS + TIMESTAMPS)}
VOCAB = TEXT_VOCAB + len(SPECIAL_TOKENS) + len(TIMESTAMPS)
EOT = TOKEN_ID["<|endoftext|>"]
SOT = TOKEN_ID["<|startoftranscript|>"]
TRANSCRIBE = TOKEN_ID["<|transcribe|>"]
PREV = TOKEN_ID["<|startofprev|>"]
NO_SPEECH = TOKEN_ID["<|nospeech|>"]
NO_TIMESTAMPS = TOKEN_ID["<|notimestamps|>"]
TIMESTAMP_0 = TOKEN_ID["<|0.00|>"]
# First timestamp of a window may be at most this late (1 s), as in OpenAI's decoder.
MAX_INITIAL_TIMESTAMP_INDEX = 50

HERE = Path(__file__).parent
EXPORT_DIR = HERE.parent.parent / "embedded" / "asr"
DATA_DIR = Path(os.environ.get("SOTTO_TRAINING_DATA", "shared/data"))  # public data, see NOTICE.md
WORK_DIR = Path(os.environ.get("SOTTO_TRAINING_WORK", "build/asr"))  # shards, checkpoints, logs
