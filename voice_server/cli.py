"""`voice-server`: start the server, call it, look after its library and people, see how it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from storage.faults import Fault
from voice_server.cli_call import call
from voice_server.cli_doctor import doctor
from voice_server.cli_library import evaluate, library
from voice_server.cli_rehearse import rehearse
from voice_server.cli_user import user
from voice_server.settings import load_settings, settings_table

app = typer.Typer(
    help="A voice-first assistant for clinicians, on your own machines.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(call)
app.command()(doctor)
app.command()(evaluate)
app.command()(rehearse)
app.add_typer(library, name="library")
app.add_typer(user, name="user")
err = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command()
def serve() -> None:
    """Start the server. Settings come from VOICE_… variables; the README lists them."""
    from voice_server.serving import serve_forever

    serve_forever(load_settings())


@app.command()
def settings() -> None:
    """Print the settings as the README's table."""
    out = Console(soft_wrap=True, highlight=False, markup=False)
    out.print("| variable | default | meaning |\n|---|---|---|")
    for name, default, meaning in settings_table():
        out.print(f"| `{name}` | {f'`{default}`' if default else ''} | {meaning} |")


@app.command(hidden=True)
def openapi(to: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Write the API's description, from which the page's client is generated."""
    from voice_server.app import create_app

    text = json.dumps(create_app().openapi(), indent=1) + "\n"
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.write_text(text)


def main() -> None:
    """The command line; a fault is one clear line and exit code 1."""
    try:
        app()
    except Fault as fault:
        err.print(f"[bold red]{escape(fault.sentence)}[/] {escape(fault.remedy)}".rstrip())
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
