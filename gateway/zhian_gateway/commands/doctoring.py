"""`zhian-gateway doctor`."""

from __future__ import annotations

import typer
from rich.console import Console

from ..config import load
from .common import DEFAULT, ConfigFile, ConfigOption, told

_MARKS = {"ok": "[green]ok[/]  ", "warn": "[yellow]warn[/]", "fail": "[red]FAIL[/]"}


def doctor(config: ConfigFile = None, option: ConfigOption = DEFAULT) -> None:
    """Try everything that the gateway needs, and say what to do about what is wrong; exit code 1 when something is."""
    console, failed = Console(soft_wrap=True), False
    with told():
        path = config or option
        settings = load(path)
        # The rest is not needed to say that a configuration is wrong.
        from ..operations.doctor import examine  # noqa: PLC0415

        for check in examine(settings, path):
            console.print(_MARKS[check.verdict], end=" ")
            console.print(f"{check.name}: {check.text}", markup=False, highlight=False)
            if check.advice:
                console.print(f"       {check.advice}", markup=False, highlight=False, style="cyan")
            failed = failed or check.verdict == "fail"
    if failed:
        raise typer.Exit(1)
