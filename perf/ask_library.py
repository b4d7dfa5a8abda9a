"""Asks the running server spoken sample questions and counts how often the right page comes first.

    python perf/ask_library.py --url http://localhost:8080 --questions 20 --voices slt,rms

Each question is synthesized with each voice, asked over a real WebRTC call, and judged by the first
citation of the answer; the word error rate of the transcript is given too, and how often the
server's caches had what was looked for meanwhile. `CALL_PASSWORD` holds the admin's password.
Prints a table and the totals; exits 1 below 85 %.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from signaling.caller import Caller, open_caller, sign_in
from signaling.server_api import client
from voice_server.speech.audio import Resampler
from voice_server.speech.opening import open_voice

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests/fixtures/questions/sample_questions.yaml"
PAGES = ROOT / "rag/sample_library"


async def main() -> int:
    options = _options()
    password = os.environ["CALL_PASSWORD"]
    asked = yaml.safe_load(QUESTIONS.read_text())["questions"][options.first :][: options.questions]
    titles = {path.name: _title(path) for path in PAGES.glob("*.md")}
    token = await sign_in(options.url, options.email, password)
    before = await _caches(options.url, token)
    right = total = errors = words = 0
    first_audio: list[float] = []
    for voice in options.voices.split(","):
        for question in asked:
            speech = await _speak(voice, question["text"])
            async with open_caller(options.url, token) as caller:
                answer = await _ask(caller, speech)
            title = titles[question["document"]]
            got = answer["title"]
            wrong = _edits(_words(question["text"]), _words(answer["transcript"]))
            errors, words = errors + wrong, words + len(_words(question["text"]))
            right += got == title
            total += 1
            if answer["first_audio_ms"] is not None:
                first_audio.append(answer["first_audio_ms"])
            mark = "ok  " if got == title else "MISS"
            print(
                f"{mark} {voice} {question['text'][:60]:60} | {answer['transcript'][:60]:60} | "
                f"{got}",
                flush=True,
            )
    print(
        f"\nright page first: {right} of {total}; word error rate {errors / words:.1%}; "
        f"first audio p50 {np.median(first_audio):.0f} ms, "
        f"p95 {np.percentile(first_audio, 95):.0f} ms"
    )
    for name, (hits, misses) in (await _caches(options.url, token)).items():
        hits, misses = hits - before[name][0], misses - before[name][1]
        if hits + misses:
            print(f"cache of {name}: {hits} of {hits + misses} ({hits / (hits + misses):.0%})")
    return 0 if right >= 0.85 * total else 1


async def _caches(url: str, token: str) -> dict[str, tuple[int, int]]:
    async with client(url, token) as http:
        process = (await http.get("/api/status/process")).raise_for_status().json()
    return {name: (one["hits"], one["misses"]) for name, one in process["caches"].items()}


async def _ask(caller: Caller, speech: np.ndarray[Any, Any]) -> dict[str, Any]:
    """The transcript and the first source; the call is over as soon as they are known."""
    await caller.events.wait_for("call")
    played = await caller.play(speech)
    got: dict[str, Any] = {"transcript": "", "title": None, "first_audio_ms": None}
    titles: dict[str, str] = {}
    try:
        async with asyncio.timeout(15):
            async for at, message in caller.events:
                data = message.get("data") or {}
                kind = data.get("kind", message["type"])
                if kind == "user-transcription" and data["final"]:
                    got["transcript"] = data["text"]
                elif kind == "evidence":
                    titles |= {one["passage_id"]: one["title"] for one in data["passages"]}
                elif kind == "bot-started-speaking":
                    got["first_audio_ms"] = 1000 * (at - played.last_s)
                elif kind == "cite":
                    got["title"] = next((titles.get(one) for one in data["passage_ids"]), None)
                    break
    except TimeoutError:
        got["title"] = "(no answer)"
    return got


async def _speak(voice: str, text: str) -> np.ndarray[Any, Any]:
    with tempfile.TemporaryDirectory() as folder:
        async with open_voice(f"flite://{voice}", data=Path(folder)) as opened:
            pcm = b"".join([piece.pcm async for piece in opened.say(text)])
            resampler = Resampler(opened.rate_hz, 16_000)
    speech = np.frombuffer(resampler.feed(pcm) + resampler.flush(), np.int16)
    [loud] = np.nonzero(np.abs(speech.astype(np.int32)) > 300)
    return np.concatenate((np.zeros(6400, np.int16), speech[loud[0] : loud[-1] + 1]))


def _title(path: Path) -> str:
    return str(yaml.safe_load(path.read_text().split("---")[1])["title"])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def _edits(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--email", default="admin@example.org")
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--voices", default="slt,rms")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
