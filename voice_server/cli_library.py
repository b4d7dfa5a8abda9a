"""`voice-server library …` and `voice-server evaluate`: look after the library from a terminal."""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from rag.evaluate import Answer, Scores, keep, read_cases
from rag.evaluate import evaluate as score_cases
from rag.loading import MEDIA_TYPES
from storage.faults import Fault, Invalid
from voice_server.library_shelf import Shelf, open_shelf
from voice_server.settings import load_settings

library = typer.Typer(help="Add, list, remove and search documents.", no_args_is_help=True)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Result = TypeVar("Result")
Url = Annotated[str, typer.Option(help="a running server; default: where the settings put it")]
Email = Annotated[str, typer.Option(help="who you are, when a server runs")]
Password = Annotated[
    str,
    typer.Option(
        help="your password; better: put it in the environment variable LIBRARY_PASSWORD",
        envvar="LIBRARY_PASSWORD",
    ),
]


@library.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="files or folders: md, txt, html, pdf, docx")],
    url: Url = "",
    email: Email = "admin@example.org",
    password: Password = "",
) -> None:
    """Add documents; what is there already costs nothing."""
    files = list(_files(paths))
    failed = _with_shelf(url, email, password, lambda shelf: _add_all(shelf, files))
    out.print(f"{len(files) - failed} of {len(files)} documents are in the library.")
    if failed:
        raise typer.Exit(1)


@library.command("list")
def list_documents(
    url: Url = "", email: Email = "admin@example.org", password: Password = ""
) -> None:
    """List every document."""
    rows = _with_shelf(url, email, password, lambda shelf: shelf.list())
    table = Table(Column("id", no_wrap=True), "title", "edition", "passages", "")
    for row in rows:
        notes = ["superseded"] * row.superseded + ["sample"] * row.sample
        table.add_row(
            str(row.id), escape(row.title), row.edition, str(row.passages), ", ".join(notes)
        )
    out.print(table if rows else "The library is empty.")


@library.command()
def remove(
    documents: Annotated[list[UUID], typer.Argument(help="ids, as `library list` shows them")],
    url: Url = "",
    email: Email = "admin@example.org",
    password: Password = "",
) -> None:
    """Remove documents; citations of them in past calls stay."""

    async def remove_all(shelf: Shelf) -> None:
        for document_id in documents:
            await shelf.remove(document_id)

    _with_shelf(url, email, password, remove_all)
    out.print(f"{len(documents)} removed.")


@library.command()
def search(
    question: Annotated[str, typer.Argument(help="what you would ask aloud")],
    limit: Annotated[int, typer.Option(min=1, max=20, help="most passages shown")] = 5,
    url: Url = "",
    email: Email = "admin@example.org",
    password: Password = "",
) -> None:
    """Search as a call does."""
    matches = _with_shelf(url, email, password, lambda shelf: shelf.search(question, limit))
    if matches.weak:
        out.print("[bold]Nothing in the library answers this.[/]")
        if matches.found:
            out.print("The nearest passages:")
    for place, match in enumerate(matches.found, start=1):
        where = " › ".join(part for part in (match.title, match.section) if part)
        page = f", page {match.page}" if match.page else ""
        out.print(f"\n[bold]{place}. {escape(where)}{page}[/] ({match.score:.2f})")
        out.print(match.text, markup=False)


def evaluate(
    questions: Annotated[Path, typer.Argument(help="JSON lines: question, relevant, facts")],
    url: Url = "",
    email: Email = "admin@example.org",
    password: Password = "",
) -> None:
    """Measure how well the library answers a set of questions, beside the last run."""
    cases = read_cases(_existing(questions))

    async def run(shelf: Shelf) -> Scores:
        async def ask(question: str, limit: int) -> Answer:
            matches = await shelf.search(question, limit)
            names = tuple(
                frozenset((match.title, str(match.document_id), str(match.passage_id)))
                for match in matches.found
            )
            return Answer(names, tuple(match.text for match in matches.found), matches.weak)

        with _bar() as bar:
            task = bar.add_task("Asking", total=len(cases))
            return await score_cases(
                ask, cases, lambda share: bar.update(task, completed=round(share * len(cases)))
            )

    scores = _with_shelf(url, email, password, run)
    digest = hashlib.sha256(questions.read_bytes()).hexdigest()[:16]
    before = keep(scores, load_settings().data / "evaluations" / f"{digest}.json")
    out.print(_comparison(scores, before))


async def _add_all(shelf: Shelf, files: Sequence[Path]) -> int:
    """How many failed; each says why."""
    failed = 0
    with _bar() as bar:
        whole = bar.add_task("Documents", total=len(files))
        for file in files:
            task = bar.add_task(file.name, total=100)
            try:
                await shelf.add(
                    file,
                    lambda share, task=task: bar.update(task, completed=100 * share),  # type: ignore[misc]
                )
            except Fault as fault:
                failed += 1
                err.print(f"[red]{escape(fault.sentence)}[/] {escape(fault.remedy)}".rstrip())
            bar.remove_task(task)
            bar.advance(whole)
    return failed


def _with_shelf(
    url: str, email: str, password: str, work: Callable[[Shelf], Awaitable[Result]]
) -> Result:
    async def run() -> Result:
        async with open_shelf(load_settings(), url=url, email=email, password=password) as shelf:
            return await work(shelf)

    return asyncio.run(run())


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in MEDIA_TYPES)
            if not inside:
                raise Invalid(
                    "library.empty_folder",
                    f"{path} holds no document we can read.",
                    field="PATH",
                    remedy="Documents end in .md, .txt, .html, .pdf or .docx.",
                )
            yield from inside
        else:
            yield _existing(path)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise Invalid(
            "library.no_file", f"There is no file {path}.", field="PATH", remedy="Check its name."
        )
    return path


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=err, transient=True)


def _comparison(scores: Scores, before: Scores | None) -> Table:
    table = Table("measure", "now", "last run", "change")
    for name in (field.name for field in fields(Scores)):
        now, then = getattr(scores, name), getattr(before, name) if before else math.nan
        change = "" if math.isnan(now - then) or now == then else f"{now - then:+.3g}"
        table.add_row(name.replace("_", " "), _shown(now), _shown(then), change)
    return table


def _shown(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "" if math.isnan(value) else f"{value:.3f}"
