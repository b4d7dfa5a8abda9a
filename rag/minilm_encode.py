"""Texts to unit vectors by the int8 model, on the calling thread alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

WIDTH = 384
MOST_TOKENS = 256
"""The encoder was trained on texts of up to 256 word pieces; what follows is not embedded."""


class Encode:
    """Texts in, unit vectors out: float32 [texts, WIDTH]. Thread-safe."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch(list(texts))
        feed = {
            "ids": np.asarray([text.ids for text in encoded], np.int64),
            "mask": np.asarray([text.attention_mask for text in encoded], np.int64),
        }
        return np.asarray(self._session.run(None, feed)[0], np.float32)
