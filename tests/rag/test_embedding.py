"""One contract for every embedder, and what only MiniLM promises."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from rag.embedding import Embedder, open_embedder
from rag.minilm import MiniLm, open_minilm, verified_weights
from rag.minilm_process import open_encoder_process
from storage.faults import EngineDown, Invalid
from tests.rag.endpoint import embedding_endpoint

QUESTIONS = [
    "what is the maximum daily dose of paracetamol",
    "how is hyperkalaemia with ECG changes treated?",
    "Vancomycin trough level, target range",
    "Give calcium gluconate 10 % 30 ml over 10 minutes, then insulin 10 units with glucose 25 g.",
]


@pytest.fixture(params=["minilm", "endpoint"])
async def embedder(request: pytest.FixtureRequest, models: Path) -> AsyncIterator[Embedder]:
    if request.param == "minilm":
        async with open_embedder("minilm://", data=models) as opened:
            yield opened
    else:
        async with (
            embedding_endpoint() as url,
            open_embedder(url, data=models, model="words") as opened,
        ):
            yield opened


async def test_vectors_have_the_promised_width_and_length_one(embedder: Embedder) -> None:
    vectors = await embedder.passages(QUESTIONS)
    assert vectors.shape == (len(QUESTIONS), embedder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


async def test_a_question_and_a_passage_of_the_same_words_are_closest(embedder: Embedder) -> None:
    passages = await embedder.passages(QUESTIONS)
    for place, question in enumerate(QUESTIONS):
        assert int(np.argmax(passages @ await embedder.query(question))) == place


async def test_no_passages_give_no_vectors(embedder: Embedder) -> None:
    assert (await embedder.passages([])).shape == (0, embedder.dimensions)


async def test_minilm_agrees_with_a_plain_numpy_transformer(models: Path) -> None:
    folder = verified_weights()
    weights = load_file(folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    async with open_minilm(models) as minilm:
        vectors = await minilm.passages(QUESTIONS)
    for text, vector in zip(QUESTIONS, vectors, strict=True):
        reference = numpy_minilm(weights, tokenizer.encode(text).ids)
        assert float(reference @ vector) > 0.985


async def test_a_question_is_embedded_while_the_library_is_being_indexed(models: Path) -> None:
    async with open_minilm(models) as minilm:
        indexing = asyncio.create_task(minilm.passages(["a long passage " * 100] * 64))
        for _ in range(5):
            await minilm.query("what is the dose")
        assert not indexing.done()
        indexing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await indexing


async def test_the_process_that_encodes_passages_ends_when_idle_and_comes_back(
    models: Path,
) -> None:
    model = models / "models" / f"{MiniLm.identity.replace(':', '-')}.onnx"
    tokenizer = verified_weights() / "tokenizer.json"
    async with open_encoder_process(model, tokenizer, idle_s=0) as encoder:
        assert not encoder.running
        first = await encoder.encode(QUESTIONS)
        async with asyncio.timeout(10):
            while encoder.running:  # noqa: ASYNC110
                await asyncio.sleep(0)  # its end comes from another process
        assert np.array_equal(await encoder.encode(QUESTIONS), first)


async def test_a_process_that_cannot_encode_is_an_engine_that_is_down(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    async with open_encoder_process(absent, absent) as encoder:
        with pytest.raises(EngineDown, match=r"embedder\.died"):
            await encoder.encode(QUESTIONS)


async def test_altered_weights_are_refused(models: Path, tmp_path: Path) -> None:
    published = verified_weights()
    for name in ("tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes((published / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(EngineDown, match="embedder.altered"):
        async with open_minilm(models, source=tmp_path):
            pass


async def test_without_an_embedder_the_words_alone_are_left(models: Path) -> None:
    async with open_embedder("none://", data=models) as none:
        assert none.dimensions == 0
        assert (await none.passages(QUESTIONS)).shape == (len(QUESTIONS), 0)


@pytest.mark.parametrize(("status", "garbage"), [(500, False), (0, True)])
async def test_an_endpoint_that_answers_nonsense_is_named(
    models: Path, status: int, garbage: bool
) -> None:
    async with embedding_endpoint(fail_with=status, garbage=garbage) as url:
        with pytest.raises(EngineDown, match="embedder.endpoint"):
            async with open_embedder(url, data=models):
                pass


async def test_an_address_that_means_nothing_is_refused(models: Path) -> None:
    with pytest.raises(Invalid, match="embedder.url"):
        async with open_embedder("ftp://somewhere", data=models):
            pass


def numpy_minilm(weights: dict[str, NDArray[np.float32]], ids: list[int]) -> NDArray[np.float32]:
    """BERT, mean pooling and normalisation in plain numpy, for one text."""

    def dense(x: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return np.asarray(x @ weights[name + ".weight"].T + weights[name + ".bias"])

    def norm(x: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        spread = np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return np.asarray(
            (x - x.mean(-1, keepdims=True)) / spread * weights[name + ".weight"]
            + weights[name + ".bias"]
        )

    n = len(ids)
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][:n]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        at = f"encoder.layer.{layer}."
        query, key, value = (
            dense(x, f"{at}attention.self.{part}").reshape(n, 12, 32).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        weight = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(32))
        weight = weight / weight.sum(-1, keepdims=True)
        mixed = (weight @ value).transpose(1, 0, 2).reshape(n, 384)
        x = norm(x + dense(mixed, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        wide = dense(x, at + "intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        x = norm(x + dense(wide, at + "output.dense"), at + "output.LayerNorm")
    mean = x.mean(0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)
