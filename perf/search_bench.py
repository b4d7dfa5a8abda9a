"""Search in the embedded index at 10,000 and 100,000 passages, and the speed of indexing.

`python -m perf.search_bench [PASSAGES …] [--alone]` prints a table. The passages are generated:
BASE of them are embedded by the real encoder, the others are their neighbours (the base's vectors,
moved by noise, under new words), so that the index has the shape of a real one without hours of
embedding.
Questions are all different, so no cache answers them. With `--alone` (as root, on Linux) the
searches run with real-time priority, as on a machine that does nothing else.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from rag.embedding import Embedder
from rag.index import Entry, Index, Vectors, open_index
from rag.indexing import entries, indexed_text
from rag.minilm import open_minilm
from rag.ranking import Rarity
from rag.search import Search
from rag.sentences import sentences
from rag.terms import document_sparse
from rag.vocabulary import drug_groups, warm
from storage.records import Document, Passage

BASE = 400
PER_DOCUMENT = 50
QUESTIONS = 300
NOISE = 0.35
DEADLINE_S = 5.0

SYMPTOMS = """bleeding fever hypotension seizure rash dyspnoea oedema delirium vomiting pain
tachycardia bradycardia hypoxia anuria jaundice ataxia tremor syncope cough haematuria""".split()
ORGANS = "renal hepatic cardiac pulmonary cerebral gastric adrenal thyroid vascular splenic".split()
CHECKS = "creatinine potassium lactate platelets troponin sodium glucose bilirubin INR pH".split()
DRUGS = [names[0] for names in drug_groups()]


def sentence(rng: random.Random) -> str:
    drug, other = rng.choice(DRUGS), rng.choice(DRUGS)
    return rng.choice(
        [
            f"Give {drug} {rng.randint(1, 900)} mg every {rng.choice([4, 6, 8, 12, 24])} hours "
            f"for {rng.choice(SYMPTOMS)} in {rng.choice(ORGANS)} failure.",
            f"Reduce {drug} by {rng.randint(10, 75)} % when {rng.choice(CHECKS)} is above "
            f"{rng.randint(1, 200)}.",
            f"Avoid {drug} with {other}, because {rng.choice(ORGANS)} {rng.choice(SYMPTOMS)} "
            f"has been seen within {rng.randint(1, 14)} days.",
            f"Check {rng.choice(CHECKS)} and {rng.choice(CHECKS)} before {drug} and again after "
            f"{rng.randint(1, 72)} hours.",
        ]
    )


def question(rng: random.Random) -> str:
    drug = rng.choice(DRUGS)
    return rng.choice(
        [
            f"what dose of {drug} is for {rng.choice(SYMPTOMS)} in {rng.choice(ORGANS)} failure",
            f"when is {drug} reduced for {rng.choice(CHECKS)} above {rng.randint(1, 200)}",
            f"can {drug} be given with {rng.choice(DRUGS)} in {rng.choice(SYMPTOMS)}",
        ]
    )


def document(rng: random.Random) -> Document:
    title = f"{rng.choice(ORGANS).title()} {rng.choice(SYMPTOMS)} and {rng.choice(DRUGS)}"
    now = datetime.now(UTC)
    return Document(
        uuid4(), title, "", "", None, "text/plain", uuid4().hex, 0, None, None, False, None, now
    )


def passages(rng: random.Random, of: Document, count: int) -> list[Passage]:
    return [
        Passage(uuid4(), of.id, n, (), None, " ".join(sentence(rng) for _ in range(4)))
        for n in range(count)
    ]


async def base(rng: random.Random, encoder: Embedder) -> tuple[list[Entry], float]:
    """Entries made as the library makes them, and how many a second."""
    made: list[Entry] = []
    started = time.perf_counter()
    while len(made) < BASE:
        one = document(rng)
        async for batch in entries(one, passages(rng, one, PER_DOCUMENT), encoder):
            made += batch
    return made, len(made) / (time.perf_counter() - started)


async def fill(
    index: Index, rng: random.Random, grown: Sequence[Entry], count: int
) -> dict[UUID, Document]:
    """Put `count` passages into the index; returns their documents."""
    noise = np.random.default_rng(1)
    shelf: dict[UUID, Document] = {}
    for _ in range(count // PER_DOCUMENT):
        one = document(rng)
        shelf[one.id] = one

        def neighbours(one: Document = one) -> list[Entry]:
            return [
                Entry(
                    passage,
                    ("everyone",),
                    document_sparse(indexed_text(one, passage)),
                    moved(noise, near.dense)[0],
                    moved(noise, near.sentences)[: len(sentences(passage.text))],
                )
                for passage in passages(rng, one, PER_DOCUMENT)
                for near in [rng.choice(grown)]
            ]

        await index.put(await asyncio.to_thread(neighbours))
    return shelf


def moved(noise: np.random.Generator, vectors: Vectors | None) -> Vectors:
    rows = np.atleast_2d(np.asarray(vectors, np.float32))
    rows = rows + NOISE / rows.shape[1] ** 0.5 * noise.standard_normal(rows.shape)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


async def measure(encoder: Embedder, grown: Sequence[Entry], count: int, alone: bool) -> list[str]:
    rng = random.Random(count)  # noqa: S311
    with TemporaryDirectory() as folder:
        async with open_index(
            "embedded", data=Path(folder), dimensions=384, embedder=encoder.identity
        ) as index:
            shelf = await fill(index, rng, grown, count)
            started = time.perf_counter()
            await index.settle()
            settled_s = time.perf_counter() - started
            rarity = Rarity(*await index.term_counts(5000))
            search = Search(index, encoder, None)
            whole: list[float] = []
            known: list[float] = []
            asked = {question(rng) for _ in range(QUESTIONS * 2)}
            schedule(alone)
            for n, one in enumerate(sorted(asked)[: QUESTIONS + 20]):
                for times, limit in ((whole, 5), (known, 6)):  # the second finds its vector kept
                    evidence = await search.find(
                        one,
                        readers=["everyone", "role:clinician"],
                        limit=limit,
                        deadline_s=DEADLINE_S,
                        generation=1,
                        shelf=shelf,
                        rarity=rarity,
                    )
                    assert evidence.found, evidence.reason
                    if n >= 20:
                        times.append(evidence.took_ms)
            schedule(False)
            kept_mb = await asyncio.to_thread(size_mb, Path(folder))
            memory_mb = psutil.Process().memory_info().rss / 1e6
    return [
        f"{count:,}",
        *(f"{np.percentile(times, p):.1f}" for times in (whole, known) for p in (50, 95)),
        f"{settled_s:.0f}",
        f"{kept_mb:.0f}",
        f"{memory_mb:.0f}",
    ]


def schedule(alone: bool) -> None:
    """Let every thread of this process go before all others, or wait its turn again."""
    for thread in os.listdir("/proc/self/task"):
        if alone:
            os.sched_setscheduler(int(thread), os.SCHED_RR, os.sched_param(1))
        elif os.sched_getscheduler(int(thread)) == os.SCHED_RR:
            os.sched_setscheduler(int(thread), os.SCHED_OTHER, os.sched_param(0))


def size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


async def main(counts: Sequence[int], alone: bool) -> None:
    await asyncio.to_thread(warm)
    with TemporaryDirectory() as folder:
        async with open_minilm(Path(folder)) as encoder:
            grown, speed = await base(random.Random(0), encoder)  # noqa: S311
            table = Table(
                *("passages", "search p50 ms", "p95", "vector known p50 ms", "p95"),
                *("settle s", "disk MB", "memory MB"),
                title=f"Embedded search; indexing {speed:.0f} passages/s (4 sentences each)",
            )
            for count in counts:
                table.add_row(*await measure(encoder, grown, count, alone))
    Console(width=110).print(table)


if __name__ == "__main__":
    counts = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    asyncio.run(main(counts or [10_000, 100_000], "--alone" in sys.argv))
