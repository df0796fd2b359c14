"""The command line `zhian-models`: which networks there are, pulling and verifying them, trying them out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from .errors import ModelsError
from .fetching import Report, pull
from .manifest import Network
from .progress_bars import progress_on
from .store import Store
from .version import Version

if TYPE_CHECKING:
    from .trial import Outcome

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Names as `list` shows them.")]
All = Annotated[bool, typer.Option("--all", help="Optional networks too.")]


class Kind(StrEnum):
    """What `try` looks for."""

    face = "face"
    plate = "plate"
    body = "body"


Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]


def main() -> None:
    """Entry point: a known error is one line on stderr and the exit code 1."""
    try:
        app()
    except ModelsError as error:
        Console(stderr=True).print(f"zhian-models: {error}", style="red", markup=False, soft_wrap=True)
        raise SystemExit(1) from error


@app.callback()
def options(version: Version = False) -> None:
    """What holds for every command."""


@app.command("list")
def list_networks(as_json: Json = False) -> None:
    """Say which networks there are, and which of them are here.

    Here means present; `verify` reads them.
    """
    store = Store()
    rows = [(n, "here" if store.has(n.name) else "-") for n in store.manifest]
    if as_json:
        typer.echo(json.dumps([_row(n, state) for n, state in rows], ensure_ascii=False, indent=1))
        return
    _print(_table(rows))


@app.command()
def verify(names: Names = None, as_json: Json = False) -> None:
    """Read every network and compare it with its hash.

    The exit code is 1 if a wanted one is wrong or missing: those named, otherwise the default ones.
    An optional network that is not here is no fault.
    """
    store = Store()
    chosen = store.manifest.select(names or (), group="all")
    rows = [(n, store.state(n)) for n in chosen]
    if not names:
        rows = [(n, state) for n, state in rows if n.group == "default" or state != "missing"]
    if as_json:
        typer.echo(json.dumps([_row(n, state) for n, state in rows], ensure_ascii=False, indent=1))
    else:
        _print(_table(rows))
    if any(state != "ok" for _, state in rows):
        raise typer.Exit(1)


@app.command("pull")
def pull_networks(
    names: Names = None,
    folder: Annotated[Path | None, typer.Option("--from", help="Take files from this folder, use no network.")] = None,
    everything: All = False,
) -> None:
    """Fetch networks into the store: the default ones, or those named.

    The exit code is 1 if one failed.
    """
    store = Store()
    chosen = store.manifest.select(names or (), group="all" if everything else "default")
    console = Console(stderr=True)
    with progress_on(console) as shown:
        report = pull(store, chosen, folder=folder, progress=shown)
    _tell(console, store, report)
    if report.failed:
        raise typer.Exit(1)


@app.command("try")
def try_out(
    kind: Annotated[Kind, typer.Argument(help="What to look for.")],
    pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="Picture files.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a picture, in order.")] = False,
    drawings: Annotated[Path | None, typer.Option("--draw", metavar="DIR", help="Write annotated pictures.")] = None,
    embedding: Annotated[bool, typer.Option("--embedding", help="Faces: their templates too.")] = False,
) -> None:
    """Show what the networks see in pictures.

    An unreadable picture is answered with its error and the others go on.
    The exit code is 1 only if none could be read.
    """
    from .trial import open_look, try_pictures  # noqa: PLC0415 - loads the networks' libraries, half a second

    console = Console()
    readable = False
    for outcome in try_pictures(open_look(kind.value, Store(), embedding=embedding), pictures, drawings):
        readable |= not outcome.error
        if as_json:
            typer.echo(json.dumps(outcome.line(), ensure_ascii=False))
        else:
            _show(console, outcome)
    if not readable:
        raise typer.Exit(1)


def _show(console: Console, outcome: Outcome) -> None:
    """One picture for a person's eyes."""
    size = outcome.error or f"{outcome.width}x{outcome.height}, {len(outcome.findings)} {outcome.key}"
    console.print(f"{outcome.path}: {size}", style="red" if outcome.error else "bold", markup=False, soft_wrap=True)
    for finding in outcome.findings:
        x, y = finding.outline.min(axis=0)
        console.print(f"  at {x:.0f},{y:.0f}  {finding.label}", markup=False, highlight=False, soft_wrap=True)
    if outcome.drawing:
        console.print(f"  drawn in {outcome.drawing}", markup=False, highlight=False, soft_wrap=True)


def _tell(console: Console, store: Store, report: Report) -> None:
    for done in report.pulled:
        console.print(f"pulled {done.name}", highlight=False)
    for failed in report.failed:
        console.print(f"{failed.name}: {failed.error}", style="red", markup=False, soft_wrap=True)
    here = len(report.kept) + len(report.pulled)
    console.print(f"{here} of {here + len(report.failed)} are in {store.folder}", highlight=False, soft_wrap=True)


def _row(network: Network, state: str) -> dict[str, object]:
    return {
        "name": network.name,
        "state": state,
        "task": network.task,
        "group": network.group,
        "licence": network.licence,
        "commercial": network.commercial,
        "training": network.training,
        "verified": network.verified,
        "size": network.size,
        "sha256": network.sha256,
    }


def _table(rows: Sequence[tuple[Network, str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    longest = max((len(network.name) for network, _ in rows), default=0)
    table.add_column("name", no_wrap=True, min_width=longest)  # it is what `pull` is given
    for heading in ("task", "state", "group", "licence", "size"):
        table.add_column(heading, justify="right" if heading == "size" else "left")
    for network, state in rows:
        size = f"{network.size / 1e6:.1f} MB" if network.size else "?"
        style = {"wrong": "bold red", "missing": "yellow"}.get(state, "")
        table.add_row(network.name, network.task, state, network.group, network.licence, size, style=style)
    return table


def _print(table: Table) -> None:
    Console().print(table)
