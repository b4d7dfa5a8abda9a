"""A server that is told to stop closes in order, whoever tells it."""

from __future__ import annotations

import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.fixtures_server import start, stop


@pytest.fixture
def blocking_allowed() -> bool:
    """The server is a process."""
    return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_leaves_no_database_running(how: signal.Signals) -> None:
    with TemporaryDirectory(prefix="voice-test-") as name:
        data = Path(name) / "data"
        process, _, _ = start(
            data,
            Path(name) / "log",
            VOICE_SAMPLE_LIBRARY="false",
            VOICE_EMBEDDER__URL="none://",
            VOICE_HEARING__URL="scripted://",
            VOICE_VOICE__URL="tone://",
        )
        try:
            assert list(data.rglob("postmaster.pid"))
            process.send_signal(how)
            process.wait(30)
            assert not list(data.rglob("postmaster.pid"))
        finally:
            stop(process)
