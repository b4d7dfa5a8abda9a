"""The servers of the bench, each a process of its own with its own children, one at a time."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pipecat.audio.vad
import psutil

from perf.bench.simulated import LONG, MODEL_FIRST_S, PARTIAL_MS, SHORT, VOICE_FIRST_S, WORD_S
from perf.suites import QUESTIONS
from tests.browser.accounts import Account, Accounts
from tests.fixtures_server import READY_S, Server

ROOT = Path(__file__).parents[2]
FASTRTC = ROOT / "build" / "fastrtc"
LOCK = ROOT / "perf" / "fastrtc.lock"
MOST_CALLS = 100
NAMES = ("ours", "pipecat", "pipecat tuned", "fastrtc", "fastrtc tuned")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that takes calls at `url`; `token` is '' where none is asked for."""

    name: str
    url: str
    pid: int
    token: str = ""

    def cpu_s(self) -> float:
        """Processor time used by the process and all its children, those that ended too."""
        own = psutil.Process(self.pid)
        total = 0.0
        for one in (own, *own.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                total += times.user + times.system
                total += times.children_user + times.children_system
        return total

    def resident(self) -> float:
        """Bytes of memory of the server process."""
        return float(psutil.Process(self.pid).memory_info().rss)


@contextmanager
def running(
    name: str,
    *,
    asked: Sequence[str] = QUESTIONS,
    long: bool = False,
    script: Path | None = None,
    core: int | None = None,
) -> Iterator[Running]:
    """The named server, ready, on `core` alone if one is given; ended with the block.

    `long` answers go on for some 20 seconds. Our recogniser hears what is `asked`, in turn; with
    `script` every server's follows that.
    """
    kind, _, tuned = name.partition(" ")
    pinned = ["taskset", "-c", str(core)] if core is not None else []
    if kind == "ours":
        with _ours(pinned, LONG if long else SHORT, asked, script) as server:
            yield server
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*pinned, str(_python(kind)), "-m", f"perf.bench.serve_{kind}", "--port", str(port)]
    command += ["--tuned"] * bool(tuned) + ["--long"] * long
    if kind == "fastrtc":
        command += ["--vad", str(Path(pipecat.audio.vad.__file__).parent / "data/silero_vad.onnx")]
    elif script is not None:
        command += ["--script", str(script)]
    url = f"http://127.0.0.1:{port}"
    with _process(command, os.environ, lambda _: _answers(url)) as (pid, _):
        yield Running(name, url, pid)


@contextmanager
def _ours(
    pinned: Sequence[str], text: str, asked: Sequence[str], script: Path | None
) -> Iterator[Running]:
    """The product, as `make run` starts it, with simulated engines and the sample library."""
    heard = [("text", one.lower().rstrip("?")) for one in asked]
    model = {"first_ms": f"{MODEL_FIRST_S * 1000:.0f}", "text": text}
    voice = {"first_ms": f"{VOICE_FIRST_S * 1000:.0f}", "word_ms": f"{WORD_S * 1000:.0f}"}
    launch = ["perf.bench.serve_ours", str(script)] if script else ["voice_server.cli"]
    environment = {name: value for name, value in os.environ.items() if name[:6] != "VOICE_"}
    environment |= {
        "VOICE_DATA": str(_home()),
        "VOICE_HTTP__PORT": "0",
        "VOICE_HEARING__URL": "scripted://?" + urlencode([*heard, ("partial_ms", str(PARTIAL_MS))]),
        "VOICE_VOICE__URL": f"tone://?{urlencode(voice)}",
        "VOICE_MODEL__URL": f"simulated://?{urlencode(model)}",
        "VOICE_CALLS__MOST": str(MOST_CALLS),
        "COLUMNS": "200",
    }
    command = [*pinned, sys.executable, "-m", *launch, "serve"]
    with _process(command, environment, lambda said: "Press Ctrl+C" in said) as (pid, said):
        url = _found(r"Open (http://\S+)", said)
        if "one-time password" in said:
            password = _found(r"password\s+(\S+)", said)
            server = Server(url, "admin@example.org", password, _home(), _home(), pid)
            people = Accounts(server)
            _callers.append(people.add("Ben Bench", "clinician"))
            people.close()
        body = {"email": _callers[0].email, "password": _callers[0].password}
        session = httpx.post(f"{url}/api/session", json=body).raise_for_status().json()
        yield Running("ours", url, pid, session["access_token"])


_callers: list[Account] = []
"""Who calls our server, once it has been started."""


@cache
def _home() -> Path:
    """The data folder of our server, kept until the bench ends: the library is indexed once."""
    folder = tempfile.TemporaryDirectory(prefix="bench-")
    atexit.register(folder.cleanup)
    return Path(folder.name) / "data"


@contextmanager
def _process(
    command: Sequence[str], environment: Mapping[str, str], ready: Callable[[str], bool]
) -> Iterator[tuple[int, str]]:
    """(pid, what it said until it was ready)."""
    with tempfile.NamedTemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            deadline = time.monotonic() + READY_S
            while not ready(said := Path(log.name).read_text(errors="replace")):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{' '.join(command)} did not start:\n{said}")
                time.sleep(0.2)
            yield process.pid, said
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    assert found, said
    return found[1]


def _answers(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{url}/docs", timeout=2).is_success
    return False


def _python(kind: str) -> Path:
    """The interpreter of a server; FastRTC's environment is made when it is missing or old."""
    if kind != "fastrtc":
        return Path(sys.executable)
    python, mark = FASTRTC / "bin" / "python", FASTRTC / ".installed"
    if not mark.exists() or mark.read_text() != LOCK.read_text():
        print("Installing FastRTC into build/fastrtc …", flush=True)
        shutil.rmtree(FASTRTC, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(FASTRTC)], check=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
        mark.write_text(LOCK.read_text())
    return python
