"""Vectors from an OpenAI-compatible embedding endpoint (`POST {url}/embeddings`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import numpy as np
from numpy.typing import NDArray

from storage.faults import EngineDown

BATCH = 64
QUERY_TIMEOUT_S = 5.0
PASSAGES_TIMEOUT_S = 60.0

Vectors = NDArray[np.float32]


class Endpoint:
    """Implements `Embedder`. `dimensions` is what the endpoint answered when it was opened."""

    reason = ""

    def __init__(self, client: httpx.AsyncClient, url: str, model: str) -> None:
        self._client = client
        self._address = url.rstrip("/") + "/embeddings"
        self._model = model
        self.identity = f"endpoint:{model}"
        self.label = f"{model or 'embedding endpoint'}"
        self.dimensions = 0

    async def query(self, text: str) -> Vectors:
        return np.asarray((await self._embed([text], QUERY_TIMEOUT_S))[0])

    async def passages(self, texts: Sequence[str]) -> Vectors:
        parts = [
            await self._embed(texts[start : start + BATCH], PASSAGES_TIMEOUT_S)
            for start in range(0, len(texts), BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    async def _embed(self, texts: Sequence[str], timeout_s: float) -> Vectors:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            answer = await self._client.post(self._address, json=body, timeout=timeout_s)
            answer.raise_for_status()
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            vectors = np.asarray([row["embedding"] for row in rows], np.float32)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
            raise _down() from None
        wrong_width = self.dimensions and vectors.shape[-1] != self.dimensions
        if vectors.ndim != 2 or len(vectors) != len(texts) or wrong_width:
            raise _down()
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
            raise _down()
        return np.asarray(vectors / lengths)


def _down() -> EngineDown:
    return EngineDown(
        "embedder.endpoint",
        "The embedding endpoint does not answer as it should.",
        remedy="Check VOICE_EMBEDDER__URL, its model name and its key.",
    )


@asynccontextmanager
async def open_endpoint(url: str, *, model: str, api_key: str) -> AsyncIterator[Endpoint]:
    """The endpoint, after it has answered once. Raises EngineDown when it does not."""
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        endpoint = Endpoint(client, url, model)
        endpoint.dimensions = int((await endpoint.query("ready")).shape[0])
        yield endpoint
