"""Says the wording corpus with the embedded voice and hears it again: `python -m perf.hear_back`.

flite speaks what the wording hands to the voice; PocketSphinx, which has learned the corpus as it
would a library, writes down what it hears. Prints how many numbers, units and words come back,
and the strings whose numbers did not. `--every 1` takes the whole corpus.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from agents.number_words import with_digits
from agents.wording import word
from perf.speech_bench import LEAD, PIECE, TAIL, distance, plain, said
from voice_server.speech.hearing import learning
from voice_server.speech.hearing.recogniser import LanguageFiles, Recogniser
from voice_server.speech.hearing.wording import as_text

CORPUS = Path("tests/agents/wording_corpus.yaml")
VOICE = "flite://slt"


@dataclass(frozen=True, slots=True)
class HeardBack:
    """A written string, what was said for it, and what was heard of that."""

    shown: str
    spoken: str
    heard: str

    @property
    def numbers_kept(self) -> bool:
        """Whether the same numbers were heard in the same order."""
        return numbers(self.spoken) == numbers(self.heard)


def numbers(text: str) -> list[str]:
    """The numbers of a spoken text, as digits."""
    return re.findall(r"\d+(?:\.\d+)?", with_digits(" ".join(plain(text))))


def hear_back(shown: Sequence[str], *, voice: str = VOICE, learned: str = "") -> list[HeardBack]:
    """Say and hear each string. `learned` is further text that the recogniser is taught."""
    spoken = [word(one).spoken for one in shown]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = LanguageFiles(folder / "a.arpa", folder / "a.dict")
        learning.make("\n".join(f"{one}." for one in (*spoken, learned)), files)
        ear = Recogniser(files)
        audio = asyncio.run(said(voice, spoken, folder))
        heard = [_heard(ear, pcm) for pcm in audio]
    return [HeardBack(*row) for row in zip(shown, spoken, heard, strict=True)]


def _heard(ear: Recogniser, pcm: bytes) -> str:
    stretch = LEAD + pcm + TAIL
    ear.start()
    for at in range(0, len(stretch), PIECE):
        ear.feed(stretch[at : at + PIECE])
    return as_text(ear.finish())


def main() -> None:
    """Run the loop and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=6, help="take one string of so many")
    parser.add_argument("--voice", default=VOICE)
    options = parser.parse_args()
    corpus = [row["shown"] for row in yaml.safe_load(CORPUS.read_text("utf-8"))]
    rows = hear_back(corpus[:: options.every], voice=options.voice)
    numbered = [row for row in rows if numbers(row.spoken)]
    kept = sum(row.numbers_kept for row in numbered)
    words = sum(len(plain(row.spoken)) for row in rows)
    wrong = sum(distance(plain(row.spoken), plain(row.heard)) for row in rows)
    print(f"{len(rows)} strings, {options.voice}\n\n| figure | value |\n|---|---|")
    print(f"| strings with numbers whose numbers all came back | {kept} of {len(numbered)} |")
    print(f"| words heard wrong | {100 * wrong / words:.1f} % of {words} |\n")
    for row in numbered:
        if not row.numbers_kept:
            print(f"- {row.shown}: {row.spoken} → {row.heard}")


if __name__ == "__main__":
    main()
