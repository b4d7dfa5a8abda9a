"""The seam of dense retrieval: texts to unit vectors. The URL picks who computes them.

auto                MiniLM if its weights are installed, else none
minilm://           MiniLM, or refuse to start
none://             no vectors: the library is searched by its words alone
http(s)://…/v1      an OpenAI-compatible embedding endpoint
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.embedding_endpoint import open_endpoint
from rag.minilm import open_minilm
from storage.faults import EngineDown, Invalid

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into vectors of length 1. `dimensions` is 0 when there is no encoder.

    `identity` names the vectors' space: vectors of two identities are never compared.
    `reason` says why it is not the one asked for ('' when it is).
    """

    identity: str
    label: str
    dimensions: int
    reason: str

    async def query(self, text: str) -> Vectors:
        """float32 [dimensions]. Takes precedence over passages. Raises EngineDown, Busy."""

    async def passages(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), dimensions]. Raises EngineDown."""


class NoEmbedder:
    """No vectors; the words of the question find the passages."""

    identity = "none"
    label = "BM25 alone"
    dimensions = 0

    def __init__(self, reason: str = "") -> None:
        self.reason = reason

    async def query(self, text: str) -> Vectors:
        return np.zeros(0, np.float32)

    async def passages(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), 0), np.float32)


@asynccontextmanager
async def open_embedder(
    url: str,
    *,
    data: Path,
    model: str = "",
    api_key: str = "",
    on_progress: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Embedder]:
    """The embedder that `url` names, ready to use.

    Raises Invalid for a URL that means nothing, EngineDown when the one asked for is not there.
    """
    async with AsyncExitStack() as stack:
        embedder: Embedder
        if url == "none://":
            embedder = NoEmbedder()
        elif url == "minilm://":
            embedder = await stack.enter_async_context(open_minilm(data, on_progress))
        elif url == "auto":
            try:
                embedder = await stack.enter_async_context(open_minilm(data, on_progress))
            except EngineDown as fault:
                embedder = NoEmbedder(f"{fault.sentence} To install it: {fault.remedy}")
        elif url.startswith(("http://", "https://")):
            embedder = await stack.enter_async_context(
                open_endpoint(url, model=model, api_key=api_key)
            )
        else:
            raise Invalid(
                "embedder.url",
                "The embedder's address is not understood.",
                field="VOICE_EMBEDDER__URL",
                remedy="Use auto, minilm://, none://, or the http(s) address of an endpoint.",
            )
        yield embedder
