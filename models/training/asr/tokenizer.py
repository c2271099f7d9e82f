"""Trains the byte-level BPE tokenizer and writes it in Whisper's published layout.

Usage: python tokenizer.py   (reads texts, writes WORK_DIR/tokenizer.json)
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

import spec

TOKENIZER_FILE = spec.WORK_DIR / "tokenizer.json"


def train(lines: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=spec.TEXT_VOCAB,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=[],
        max_token_length=12,
        show_progress=False,
    )
    tokenizer.train_from_iterator((" " + line for line in lines), trainer)
    assert tokenizer.get_vocab_size() == spec.TEXT_VOCAB, tokenizer.get_vocab_size()
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False, special=True) for token in spec.SPECIAL_TOKENS]
    )
    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in spec.TIMESTAMPS])
    for token, token_id in spec.TOKEN_ID.items():
        assert tokenizer.token_to_id(token) == token_id, token
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|startoftranscript|> <|notimestamps|> $A <|endoftext|>",
        pair="<|startoftranscript|> <|notimestamps|> $A $B:1 <|endoftext|>:1",
        special_tokens=[
            (token, spec.TOKEN_ID[token])
            for token in ("<|startoftranscript|>", "<|notimestamps|>", "<|endoftext|>")
        ],
    )
    return tokenizer


@cache
def load(path: Path = TOKENIZER_FILE) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def write_hugging_face_files(folder: Path) -> None:
    """tokenizer.json, tokenizer_config.json and special_tokens_map.json beside the model."""
    (folder / "tokenizer.json").write_bytes(TOKENIZER_FILE.read_bytes())
    extra = list(spec.SPECIAL_TOKENS)
    tokens = {
        str(token_id): {
            "content": token,
            "lstrip": False,
            "normalized": False,
            "rstrip": False,
            "single_word": False,
            "special": token in spec.SPECIAL_TOKENS,
        }
        for token, token_id in spec.TOKEN_ID.items()
    }
    config = {
        "add_bos_token": False,
        "add_prefix_space": False,
        "added_tokens_decoder": tokens,
        "additional_special_tokens": extra,
        "bos_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|endoftext|>",
        "errors": "replace",
        "model_max_length": spec.MAX_TARGET_POSITIONS,
        "pad_token": "<|endoftext|>",
        "processor_class": "WhisperProcessor",
        "return_attention_mask": False,
        "tokenizer_class": "WhisperTokenizer",
        "unk_token": "<|endoftext|>",
    }
    special = {
        "additional_special_tokens": extra,
        **{f"{name}_token": "<|endoftext|>" for name in ("bos", "eos", "pad", "unk")},
    }
    _write_json(folder / "tokenizer_config.json", config)
    _write_json(folder / "special_tokens_map.json", special)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    import texts

    TOKENIZER_FILE.parent.mkdir(parents=True, exist_ok=True)
    train(texts.tokenizer_lines()).save(str(TOKENIZER_FILE), pretty=False)


if __name__ == "__main__":
    main()
