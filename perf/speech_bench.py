"""The embedded speech engines: how well they hear, how soon, and what it costs.

    python -m perf.speech_bench [--questions FILE] [--library FOLDER]

Questions are said by the flite voices and heard by PocketSphinx, with general English alone and
after it has learned the library. Prints the tables of perf/RESULTS.md.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from perf.noises import as_pcm, ward_noises
from voice_server.speech.engine_url import parse
from voice_server.speech.engines import Voice
from voice_server.speech.hearing import learning
from voice_server.speech.hearing.pocketsphinx import open_pocketsphinx
from voice_server.speech.hearing.recogniser import LanguageFiles, Recogniser
from voice_server.speech.hearing.wording import as_text
from voice_server.speech.opening import open_voice

VOICES = ("flite://slt", "flite://rms")
COMMANDS = ("stop", "yes", "no", "wait")
LEAD, TAIL = bytes(9600), bytes(6400)
PIECE = 640


@dataclass
class Heard:
    """What hearing a set of questions gave."""

    errors: int = 0
    words: int = 0
    cpu_s: float = 0.0
    audio_s: float = 0.0
    first_ms: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)
    stable_lag_ms: list[float] = field(default_factory=list)
    broken: int = 0

    @property
    def error_rate(self) -> float:
        return 100 * self.errors / max(1, self.words)


def plain(text: str) -> list[str]:
    """Words as they are compared: lower case, no marks, 's and hyphens opened."""
    return re.sub(r"[^a-z0-9 ]", "", text.lower().replace("-", " ")).split()


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to insert, remove or replace (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, 1):
        before, row[0] = row[0], index
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


async def said(url: str, texts: Sequence[str], folder: Path) -> list[bytes]:
    """Each text in the voice of `url`."""
    async with open_voice(url, data=folder) as voice:
        return [b"".join([p.pcm async for p in voice.say(text)]) for text in texts]


def hear(recogniser: Recogniser, texts: Sequence[str], audio: Sequence[bytes], into: Heard) -> None:
    """Hear `audio` in 20 ms pieces and compare with `texts`."""
    for text, pcm in zip(texts, audio, strict=True):
        stretch = LEAD + pcm + TAIL
        began = time.process_time()
        recogniser.start()
        partials: list[tuple[float, str, str]] = []
        for at in range(0, len(stretch), PIECE):
            if news := recogniser.feed(stretch[at : at + PIECE]):
                partials.append(((at + PIECE - len(LEAD)) / 32, *news))
        heard = as_text(recogniser.finish())
        into.cpu_s += time.process_time() - began
        into.audio_s += len(stretch) / 32_000
        into.errors += distance(plain(text), plain(heard))
        into.words += len(plain(text))
        if partials:
            into.first_ms.append(partials[0][0])
            into.per_s.append(len(partials) / (len(pcm) / 32_000))
            stable = partials[-1][1]
            into.broken += not f"{heard} ".startswith(f"{as_text(stable)} ".lstrip())
            for count in range(1, len(stable.split()) + 1):
                prefix = stable.split()[:count]
                shown = next(t for t, s, c in partials if f"{s} {c}".split()[:count] == prefix)
                settled = next(t for t, s, _ in partials if s.split()[:count] == prefix)
                into.stable_lag_ms.append(settled - shown)


async def finalize_ms(
    folder: Path, audio: Sequence[bytes], library: str
) -> tuple[list[float], int]:
    """(time from `finish` to text for audio fed in real time, memory of a process in kB)."""
    took = []
    url = parse("pocketsphinx://", setting="VOICE_HEARING__URL")
    async with open_pocketsphinx(url, decoders=1, data=folder) as ear:
        await ear.learn(library)
        for pcm in audio:
            utterance = await ear.open_utterance(lambda _: None)
            for at in range(0, len(pcm), PIECE):
                utterance.feed(pcm[at : at + PIECE])
                await asyncio.sleep(0.02)
            began = time.perf_counter()
            await utterance.finish()
            took.append(1000 * (time.perf_counter() - began))
        status = Path(f"/proc/{ear.processes[0]}/status").read_text()  # noqa: ASYNC240
    return took, int(status.partition("VmRSS:")[2].split()[0])


async def first_audio(url: str, folder: Path) -> tuple[str, float, float]:
    """(label, median ms to the first audio of an 8-word clause, audio seconds per second)."""
    firsts, speeds = [], []
    async with open_voice(url, data=folder) as voice:
        for _ in range(10):
            first, speed = await _one(voice, "Give one gram of paracetamol every six hours.")
            firsts.append(first)
            speeds.append(speed)
        return voice.label, statistics.median(firsts), statistics.median(speeds)


async def _one(voice: Voice, text: str) -> tuple[float, float]:
    began = time.perf_counter()
    first, length = 0.0, 0
    async for piece in voice.say(text):
        if piece.pcm and not length:
            first = time.perf_counter() - began
        length += len(piece.pcm)
    return 1000 * first, length / 2 / voice.rate_hz / (time.perf_counter() - began)


def noise_words(recogniser: Recogniser, *, minutes: int) -> int:
    """Words heard in `minutes` of each ward noise, in utterances of 3 s."""
    words = 0
    for wave in ward_noises(minutes * 60).values():
        pcm = as_pcm(wave, 1500)
        for begin in range(0, len(pcm), 96_000):
            recogniser.start()
            for at in range(begin, begin + 96_000, 3200):
                recogniser.feed(pcm[at : at + 3200])
            words += len(recogniser.finish().split())
    return words


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.0f} (at most {max(values):.0f})"


def main() -> None:
    """Run everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--questions", type=Path, default=Path("tests/fixtures/questions/sample_questions.yaml")
    )
    parser.add_argument("--library", type=Path, default=Path("rag/sample_library"))
    options = parser.parse_args()
    sets = yaml.safe_load(options.questions.read_text())
    texts = {
        "library questions": [entry["text"] for entry in sets["questions"]],
        "other questions": [entry["text"] for entry in sets["refusals"]],
        "stop, yes, no, wait": list(COMMANDS),
    }
    library = "\n".join(path.read_text() for path in sorted(options.library.glob("*.md")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = LanguageFiles(folder / "a.arpa", folder / "a.dict")
        began = time.perf_counter()
        learning.make(library, files)
        print(f"learning {len(library.split())} words took {time.perf_counter() - began:.1f} s\n")
        ears = {"general English": Recogniser(None), "after learning": Recogniser(files)}
        print("| set | voice | " + " | ".join(f"WER {name}" for name in ears) + " |")
        print("|---|---|---|---|")
        learned = Heard()
        for title, asked in texts.items():
            for voice in VOICES:
                audio = asyncio.run(said(voice, asked, folder))
                rates = []
                for name, ear in ears.items():
                    result = learned if name == "after learning" else Heard()
                    before = (result.errors, result.words)
                    hear(ear, asked, audio, result)
                    part = Heard(result.errors - before[0], result.words - before[1])
                    rates.append(f"{part.error_rate:.1f} %")
                print(f"| {title} ({len(asked)}) | {voice} | " + " | ".join(rates) + " |")
        audio = asyncio.run(said(VOICES[0], texts["library questions"][:8], folder))
        took, memory_kb = asyncio.run(finalize_ms(folder, audio, library))
        changed = f"{learned.broken} of {len(learned.first_ms)}"
        rows = {
            "first partial": f"{_spread(learned.first_ms)} ms of speech",
            "partials per second of speech": f"{statistics.median(learned.per_s):.1f}",
            "a stable word after it was first shown": f"{_spread(learned.stable_lag_ms)} ms",
            "final text that differs from the stable words": changed,
            "finish to final text, fed in real time": f"{_spread(took)} ms",
            "CPU per second of audio": f"{learned.cpu_s / learned.audio_s:.3f} s",
            "memory of a recogniser process": f"{memory_kb / 1024:.0f} MB",
            "words in 35 min of noise": str(noise_words(ears["after learning"], minutes=5)),
        }
        print("\n| PocketSphinx | |\n|---|---|")
        for label, value in rows.items():
            print(f"| {label} | {value} |")
        print("\n| voice | first audio | speed |\n|---|---|---|")
        for url in (*VOICES, "espeak://en-gb"):
            label, first, speed = asyncio.run(first_audio(url, folder))
            print(f"| {label} | {first:.1f} ms | {speed:.0f} × real time |")


if __name__ == "__main__":
    main()
