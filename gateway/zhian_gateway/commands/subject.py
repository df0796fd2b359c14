"""`zhian-gateway people erase|export|deletions`: what one person may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, select

from ..errors import Conflict
from ..people import deletions as asked
from ..people.erasing import erase as erase_person
from ..people.exporting import export as export_person
from ..store.tables import visits
from .common import DEFAULT, ConfigOption, opened, operator

Person = Annotated[str, typer.Argument(help="The person's id.")]


def erase(
    person: Person,
    why: Annotated[str, typer.Option(help="Recorded, such as a request and its date.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """Erase everything that says who somebody was, here and on every node; counts and proof stay."""
    with opened(config) as parts:
        with parts.store.read() as link:
            _check_no_visitor(link, person)
        done = erase_person(parts, person, who=operator(), why=why)
        with parts.store.read() as link:
            nodes = [row["node"] for row in asked.of(link, done.record) if row["confirmed_at"] is None]
    print(f"{person}: erased; {done.passages} passages, {done.events} events and {done.cases} cases are nobody's now")
    print(f"The proof stays as {done.record}: `zhian-gateway people deletions {done.record}`")
    if nodes:
        print(f"To confirm, within a minute or so where they are heard: {', '.join(nodes)}")
    print("Backups from before hold them still: delete these in their time, or erase again after a restore.")


def _check_no_visitor(link: Connection, person: str) -> None:
    """Conflict for a visitor of whom the visit is kept: it says more of them, and goes with them."""
    visit = link.execute(select(visits.c.id).where(visits.c.person_id == person)).scalar()
    if visit is not None:
        raise Conflict(f"{person} is the visitor of visit {visit}: erase the visit, which erases them too")


def export(
    person: Person,
    file: Annotated[Path, typer.Argument(help="A new ZIP file.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """Write everything that is held about somebody into one file, for machines and for people."""
    with opened(config) as parts:
        done = export_person(parts, person, file, who=operator())
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in done.rows.items() if count)
    print(f"{file}: {counts}, {done.pictures} pictures, {done.events} events")
    print("It shows somebody's whole record: hand it to nobody else, and delete it afterwards.")


def deletions(
    person: Annotated[str | None, typer.Argument(help="The person's id, or their record's after `erase`.")] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Which nodes say that they deleted who withdrew; without an id: which do not yet. Exit code 1: some do not."""
    with opened(config) as parts, parts.store.read() as link:
        found = asked.waiting(link) if person is None else asked.of(link, person)
    for row in found:
        state = f"deleted, said {row['confirmed_at']}" if row["confirmed_at"] else "not confirmed yet"
        print(f"{row['person_id']}  {row['node']}  asked {row['asked_at']}  {state}")
    if not found:
        print("nothing is waited for" if person is None else "no node was asked")
    if any(row["confirmed_at"] is None for row in found):
        raise typer.Exit(1)
