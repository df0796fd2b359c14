"""`zhian-gateway retention`: for how long what is kept, and what a run deletes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import monotonic, sleep
from typing import Annotated

import typer

from .. import moments
from ..retention import believing
from ..retention.job import Job, Report
from ..retention.standing import holds, last_runs, standings
from ..services import Services
from .common import DEFAULT, ConfigOption, opened, operator

retention = typer.Typer(no_args_is_help=True, help="For how long each class of data is kept; deleting what is older.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@retention.command()
def run(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what a run would delete now.")] = False,
    as_json: Json = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Delete what is older than its class is kept, now and not at night; the gateway may run meanwhile."""
    with opened(config) as parts:
        report = Job(parts).rehearse() if dry_run else _run(parts)
    if as_json:
        print(json.dumps({"dry_run": report.dry, "deleted": dict(report.counts)}))
        return
    print(("would delete " if report.dry else "deleted ") + _counted(report.counts))


def _run(parts: Services) -> Report:
    last = Report(dry=False)
    before = monotonic()
    for last in Job(parts).batches(operator()):  # noqa: B007 - the last one is the whole
        # As long for the gateway's own writers as for this one: SQLite itself lets nobody queue.
        sleep(monotonic() - before)
        before = monotonic()
    return last


@retention.command()
def clock(
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="It is right: go on with what goes for its age.")] = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Whether the clock is believed; nobody is withdrawn and nothing deleted for its age while it is not."""
    with opened(config) as parts:
        if confirm:
            believing.confirm(parts, who=operator())
        with parts.store.read() as link:
            doubted = believing.doubt(parts, link)
        now = parts.now()
    if doubted is None:
        print(f"{now}: believed")
        return
    print(f"{now}: not believed, {(doubted.now - doubted.last).days} days after {moments.text(doubted.last)}")
    print("Nothing synchronises it. Where it is right: zhian-gateway retention clock --confirm")
    raise typer.Exit(1)


@retention.command()
def show(as_json: Json = False, config: ConfigOption = DEFAULT) -> None:
    """For how long each class is kept, how much of it there is, what open cases hold, and the last runs."""
    with opened(config) as parts, parts.store.read() as link:
        every, held = standings(link, parts.config.retention), holds(link)
        runs = last_runs(link)
    if as_json:
        found = {
            "classes": [one._asdict() for one in every],
            "held": held._asdict(),
            "runs": [r._asdict() for r in runs],
        }
        print(json.dumps(found))
        return
    for one in every:
        days = f"{one.days} days" if one.days else "for ever (0 is set)"
        print(f"{one.name:17} {days:20} {one.kept} kept")
    print(f"open cases hold {held.passages} passages and {held.pictures} pictures until they are closed")
    print(f"{held.emptied} events are proven by number and hash, their contents are gone")
    for ran in runs:
        print(f"{ran.at}  {ran.who}  deleted {_counted(ran.counts)}")
    if not runs:
        print("no run yet")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"
