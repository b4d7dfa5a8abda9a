"""A real CTranslate2 Whisper model that always says one text: each token leads to the next one.

Its layers add nothing (their weights are zero); the decoder's embeddings and projection form the
chain start, <|0.00|>, the words, <|2.00|>, end. Words must differ from one another.
"""

from __future__ import annotations

import json
from pathlib import Path

import ctranslate2
import numpy as np
import tokenizers

WIDTH, MELS, STATES = 64, 80, 1500
SPECIALS = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
)


def write_tiny_whisper(folder: Path, text: str) -> Path:
    """Write the model that says `text` (at most 40 different words) into `folder`."""
    words = text.split()
    assert len(set(words)) == len(words) <= 40
    times = [f"<|{index * 0.02:.2f}|>" for index in range(1501)]
    tokens = ["[?]", *words, *SPECIALS, *times]
    number = {token: index for index, token in enumerate(tokens)}

    spec = ctranslate2.specs.WhisperSpec(1, 2, 1, 2)
    _fill(spec.encoder, len(tokens))
    _fill(spec.decoder, len(tokens))
    chain = ["<|startoftranscript|>", "<|0.00|>", *words, "<|2.00|>", "<|endoftext|>"]
    embedding = np.zeros((len(tokens), WIDTH), np.float32)
    projection = np.zeros((len(tokens), WIDTH), np.float32)
    for axis, (before, after) in enumerate(zip(chain, chain[1:], strict=False)):
        embedding[number[before], axis] = 1.0
        projection[number[after], axis] = 4.0
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = projection
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [(0, 0)]
    spec.config.lang_ids = []
    spec.validate()
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))

    vocabulary = tokenizers.models.WordLevel(number, unk_token="[?]")
    tokenizer = tokenizers.Tokenizer(vocabulary)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MELS}))
    return folder


def _fill(part: object, tokens: int) -> None:
    """Zeros of the right shape for every weight, ones for the norms."""
    shapes: dict[str, tuple[int, ...]] = {
        "conv1/weight": (WIDTH, MELS, 3),
        "conv2/weight": (WIDTH, WIDTH, 3),
        "ffn/linear_0/weight": (4 * WIDTH, WIDTH),
        "ffn/linear_0/bias": (4 * WIDTH,),
        "ffn/linear_1/weight": (WIDTH, 4 * WIDTH),
    }

    def visit(node: object, path: str) -> None:
        for name, value in list(vars(node).items()):
            where = f"{path}/{name}".strip("/")
            if isinstance(value, list):
                for index, item in enumerate(value):
                    visit(item, f"{where}_{index}")
            elif isinstance(value, ctranslate2.specs.model_spec.LayerSpec):
                visit(value, where)
            elif name == "gamma":
                node.gamma = np.ones(WIDTH, np.float32)  # type: ignore[attr-defined]
            elif name in {"beta", "weight", "bias", "encodings"}:
                shape: tuple[int, ...] = (WIDTH,) if name != "weight" else (WIDTH, WIDTH)
                for ending, special in shapes.items():
                    if where.endswith(ending):
                        shape = special
                if name == "encodings":
                    shape = (
                        STATES if part.__class__.__name__.startswith("Whisper") else 448,
                        WIDTH,
                    )
                elif "self_attention/linear_0" in where:
                    shape = (3 * WIDTH, WIDTH) if name == "weight" else (3 * WIDTH,)
                elif "attention/linear_1" in where and "self" not in where:
                    shape = (2 * WIDTH, WIDTH) if name == "weight" else (2 * WIDTH,)
                elif where in {"embeddings/weight", "projection/weight"}:
                    shape = (tokens, WIDTH)
                elif where == "projection/bias":
                    continue
                setattr(node, name, np.zeros(shape, np.float32))

    visit(part, "")
