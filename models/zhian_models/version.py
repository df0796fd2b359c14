"""The option `--version` of all three programs, which come in one package."""

from __future__ import annotations

import importlib.metadata
from typing import Annotated

import typer


def _say(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhian {importlib.metadata.version('zhian')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_say, is_eager=True, help="Say which version this is, and end.")
]
"""For the callback of an application: `def options(version: Version = False) -> None`."""
