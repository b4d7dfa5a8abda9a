"""`voice-server rehearse`: play scripted calls, and tell whether all went as the scripts expect."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from storage.faults import Invalid
from voice_server.cli_call import Email, Password
from voice_server.library_shelf import server_address
from voice_server.rehearsing.judging import Verdict
from voice_server.rehearsing.kept import kept_call
from voice_server.rehearsing.reading import read_scripts
from voice_server.rehearsing.rehearsal import rehearse as play_all
from voice_server.rehearsing.report_html import report, report_on_kept
from voice_server.rehearsing.report_junit import junit as as_junit
from voice_server.rehearsing.script import Call
from voice_server.rehearsing.servers import Server, own_server
from voice_server.rehearsing.timeline import timeline_of_kept
from voice_server.settings import load_settings

Files = Annotated[list[Path] | None, typer.Argument(help="scripts (YAML), or folders of them")]
Url = Annotated[str, typer.Option(help="a running server; default: one of its own")]
AtOnce = Annotated[int, typer.Option(min=1, max=50, help="calls at the same time")]
Only = Annotated[str, typer.Option(help="only calls with this in their name")]
Junit = Annotated[Path | None, typer.Option(help="write a JUnit XML report here")]
Kept = Annotated[str, typer.Option("--call", help="report on this call that the server kept")]
Html = Annotated[Path | None, typer.Option(help="write a report with a picture of each call here")]


def rehearse(
    files: Files = None,
    url: Url = "",
    email: Email = "admin@example.org",
    password: Password = "",
    at_once: AtOnce = 3,
    only: Only = "",
    junit: Junit = None,
    html: Html = None,
    call: Kept = "",
) -> None:
    """Play scripted calls and check what comes back; exit code 1 when an expectation fails.

    With --call: the same picture of a call that was kept, to see why a turn was slow.
    """
    if call:
        url = url or server_address(load_settings())
        _need(password)
        _report_on_kept(asyncio.run(kept_call(call, url, email, password)), html)
        return
    calls = [call for call in read_scripts(files or []) if only.casefold() in call.name.casefold()]
    if not calls:
        raise Invalid(
            "rehearse.nothing",
            "There is no call to play.",
            field="FILE",
            remedy="Name a script, or a folder of scripts; check --only.",
        )
    if url:
        _need(password)
    skipped = [call for call in calls if url and call.engines != "installed"]
    played = [call for call in calls if call not in skipped]
    console = Console(highlight=False, stderr=True)
    verdicts = asyncio.run(_play(played, url, email, password, at_once, console))
    _print(verdicts, skipped)
    if junit is not None:
        _write(junit, as_junit(verdicts, skipped))
    if html is not None:
        where = f"against {url}" if url else "against a server of its own"
        _write(html, report(verdicts, skipped, where=where).encode())
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(1)


def _need(password: str) -> None:
    if not password:
        raise Invalid(
            "call.password",
            "No password was given.",
            field="--password",
            remedy="Set CALL_PASSWORD, or use --password.",
        )


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Invalid(
            "report.unwritable",
            f"{path} cannot be written ({error.strerror}).",
            field=str(path),
            remedy="Name a file in a folder that is there and may be written to.",
        ) from None


async def _play(
    calls: Sequence[Call], url: str, email: str, password: str, at_once: int, console: Console
) -> list[Verdict]:
    def told(verdict: Verdict) -> None:
        style = "green" if verdict.passed else "bold red"
        late_s = verdict.performance.late_s
        late = "" if verdict.passed else f" (this machine was up to {late_s * 1000:.0f} ms late)"
        name = escape(verdict.performance.call.name)
        console.print(f"  [{style}]{verdict.result}[/]  {name}{late}")

    if url:
        server = Server(url, email, password, own=False)
        return await play_all(calls, server, at_once=at_once, told=told)
    console.print("Starting a server for the rehearsal …")
    async with own_server(calls, at_once) as own:
        return await play_all(calls, own, at_once=at_once, told=told)


def _print(verdicts: Sequence[Verdict], skipped: Sequence[Call]) -> None:
    out = Console(highlight=False)
    table = Table()
    table.add_column("call")
    table.add_column("result")
    table.add_column("first sound", justify="right")
    table.add_column("what failed")
    for verdict in verdicts:
        failures = "\n".join(
            escape(f"{one.what}: wanted {one.wanted}; came {one.came}") for one in verdict.failures
        )
        first = ", ".join(f"{ms:.0f}" for ms in verdict.first_audio_ms())
        table.add_row(
            escape(verdict.performance.call.name),
            verdict.result if verdict.passed else f"[bold red]{verdict.result.upper()}[/]",
            f"{first} ms" if first else "",
            failures,
        )
    for call in skipped:
        table.add_row(escape(call.name), "skipped", "", "needs a server of the rehearsal's own")
    out.print(table)
    passed = sum(verdict.passed for verdict in verdicts)
    out.print(f"{passed} of {len(verdicts)} calls passed.")


def _report_on_kept(call: dict[str, Any], html: Path | None) -> None:
    out = Console(highlight=False)
    for delay in timeline_of_kept(call).delays:
        table = Table(title=escape(delay.question), title_justify="left", show_header=True)
        table.add_column("from the end of speech")
        table.add_column("ms", justify="right")
        for step, at_ms in delay.steps:
            table.add_row(step, f"{at_ms:.0f}")
        out.print(table)
    if html is not None:
        _write(html, report_on_kept(call).encode())
