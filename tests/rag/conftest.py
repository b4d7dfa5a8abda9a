"""The encoder is built once for all tests of this folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from subprocess import run

import pytest
from fakeredis import FakeRedis

from rag.minilm import MiniLm, verified_weights
from rag.vocabulary import warm


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that already holds the int8 model."""
    data = tmp_path_factory.getbasetemp().parent / "rag-models"
    model = data / "models" / f"{MiniLm.identity.replace(':', '-')}.onnx"
    if not model.exists():
        model.parent.mkdir(parents=True, exist_ok=True)
        weights = verified_weights() / "model.safetensors"
        half = model.with_suffix(f".{os.getpid()}")
        run([sys.executable, "-m", "rag.minilm_graph", weights, half], check=True)
        half.rename(model)  # whole or not there, for a run beside this one
    return data


@pytest.fixture(scope="session", autouse=True)
def tables() -> None:
    """The tables are read before any loop runs, as the server does; so are fakeredis's."""
    warm()
    FakeRedis().ping()
