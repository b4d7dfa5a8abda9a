"""The tables are read once, as the server does before its first call."""

from __future__ import annotations

import pytest

from agents.answering import warm


@pytest.fixture(scope="package", autouse=True)
def tables_read() -> None:
    warm()
