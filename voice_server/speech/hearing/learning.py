"""From the library's text to files that PocketSphinx loads, made once per text.

`learned` runs this module as a process of its own: `python -m …learning FOLDER` with the text on
standard input. The files are named by a hash of the text, so a second start finds them made.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from pathlib import Path

import numpy as np
import pocketsphinx
from loguru import logger

from voice_server.speech.hearing.language.counting import Sentence, counted
from voice_server.speech.hearing.language.letters import by_letters
from voice_server.speech.hearing.language.mixing import mixed
from voice_server.speech.hearing.language.pronunciations import pronounced
from voice_server.speech.hearing.language.questions import asked, commanded
from voice_server.speech.hearing.language.shipped_model import read_trie
from voice_server.speech.hearing.language.spoken import sentences
from voice_server.speech.hearing.language.trigrams import Floats, write_arpa
from voice_server.speech.hearing.recogniser import LanguageFiles

RECIPE = "2"
"""Part of the files' names: another recipe makes other files."""

LIBRARY_SHARE = 0.5
"""Weight of the library's model against general English."""

GENERAL_WORDS = 20_000
"""The commonest words of general English that are kept."""

LEAST_GAIN = 2e-7
"""General n-grams that add less are left out."""

QUESTION_WEIGHT = 4.0
COMMAND_WEIGHT = 20.0

MOST_HEADING_WORDS = 6

ASKING = frozenset("what what's how when which who where why is are can should do does".split())

NICENESS = 10
DEADLINE_S = 300.0


async def learned(text: str, folder: Path) -> LanguageFiles | None:
    """The files for `text`, made where they are missing. None when there is nothing to learn from
    or making them failed; recognition then stays as it is."""
    if not text.strip():
        return None
    name = hashlib.sha256(f"{RECIPE}\n{text}".encode()).hexdigest()[:16]
    files = LanguageFiles(folder / f"{name}.arpa", folder / f"{name}.dict")
    if await asyncio.to_thread(lambda: files.model.exists() and files.dictionary.exists()):
        return files
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voice_server.speech.hearing.learning"),
        *(str(files.model), str(files.dictionary)),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            await process.communicate(text.encode())
    except TimeoutError:
        logger.warning("Learning the library's words took too long.")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        logger.warning("The recogniser could not learn the library's words.")
        return None
    return files


def make(text: str, files: LanguageFiles) -> None:
    """Make both files. Blocks for seconds; a half-made file is never left under its name."""
    model_folder = Path(pocketsphinx.get_model_path()) / "en-us"
    shipped = read_trie(model_folder / "en-us.lm.bin")
    lexicon = read_lexicon(model_folder / "cmudict-en-us.dict")
    common = [word for word in _by_frequency(shipped.words, shipped.unigram) if word in lexicon]
    common = common[:GENERAL_WORDS]

    heard = list(sentences(text))
    rare = rare_words(heard, set(common))
    terms = [(word,) for word in rare] + headings(text)
    taught = [
        *heard,
        *asked(terms, weight=QUESTION_WEIGHT),
        *commanded(weight=COMMAND_WEIGHT),
    ]
    library = counted(taught)
    missing = [w for w in library.words if w not in lexicon and w not in {"<s>", "</s>"}]
    lexicon |= pronounced(missing)
    for word, phones in by_letters({*missing, *rare}).items():
        if phones not in lexicon.setdefault(word, []):
            lexicon[word].append(phones)
    words = {w for w in (*common, *library.words) if w in lexicon} | {"<s>", "</s>"}
    model = mixed(shipped, library, share=LIBRARY_SHARE, words=words, least_gain=LEAST_GAIN)

    files.model.parent.mkdir(parents=True, exist_ok=True)
    half = files.model.with_suffix(".half")
    write_arpa(model, half)
    with files.dictionary.open("w", encoding="utf-8") as file:
        for word in sorted(words - {"<s>", "</s>"}):
            for number, phones in enumerate(lexicon[word], 1):
                file.write(f"{word if number == 1 else f'{word}({number})'} {phones}\n")
    half.rename(files.model)
    for old in files.model.parent.glob("*.arpa"):
        if old != files.model:
            old.unlink(missing_ok=True)
            old.with_suffix(".dict").unlink(missing_ok=True)


def read_lexicon(path: Path) -> dict[str, list[str]]:
    """Pronunciations by word, e.g. {'read': ['R EH D', 'R IY D']}."""
    lexicon: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry, _, phones = line.partition(" ")
        if phones:
            lexicon.setdefault(entry.partition("(")[0], []).append(phones.strip())
    return lexicon


def rare_words(heard: list[tuple[Sentence, float]], common: set[str]) -> list[str]:
    """Words of the library that general English hardly uses: drugs, diseases, tests."""
    counts: Counter[str] = Counter()
    for sentence, weight in heard:
        for word in sentence:
            if word not in common and len(word) > 3:
                counts[word] += int(2 * weight)
    return [word for word, count in counts.most_common() if count >= 2]


def headings(text: str) -> list[Sentence]:
    """Short lines that name a topic, in their spoken forms; questions are none."""
    found: dict[Sentence, None] = {}
    for line in text.splitlines():
        title = line.lstrip("# ").strip()
        if title and (line.startswith("#") or title[-1].isalnum()):
            for sentence, _ in sentences(title):
                if len(sentence) <= MOST_HEADING_WORDS and sentence[0] not in ASKING:
                    found[sentence] = None
    return list(found)


def _by_frequency(words: list[str], log10: Floats) -> list[str]:
    return [words[index] for index in np.argsort(-log10)]


if __name__ == "__main__":
    os.nice(NICENESS)
    make(sys.stdin.read(), LanguageFiles(Path(sys.argv[1]), Path(sys.argv[2])))
