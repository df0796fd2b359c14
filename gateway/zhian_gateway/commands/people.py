"""`zhian-gateway people`: enrol on a ground, list, withdraw, audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from sqlalchemy import select

from ..errors import BadInput
from ..people import lookup
from ..people.consent import ground as read_ground
from ..people.files import Guardian
from ..people.importing import Defaults, Importer, Report
from ..store import audit as chain
from ..store.tables import audit
from .common import DEFAULT, ConfigOption, opened, operator

SHOWN = ("id", "name", "group", "templates", "ground", "until")

app = typer.Typer(no_args_is_help=True, help="People, on what ground they are known, and what was done with them.")


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="One sub-folder per person (its name is the id), pictures inside.")],
    *,
    ground: Annotated[str, typer.Option(help="On what ground these people are enrolled; it is recorded.")],
    until: Annotated[str, typer.Option(help="Last day of the ground, YYYY-MM-DD; templates are deleted afterwards.")],
    group: Annotated[str | None, typer.Option(help="Group of everybody whose person.toml names none.")] = None,
    guardian: Annotated[
        list[str] | None, typer.Option(help="Apprise address (or inbox://NAME) for who has no guardian of their own.")
    ] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Enrol everybody in a folder, and say per person what came of it."""
    with opened(config) as parts:
        basis = read_ground(text=ground, until=until, granted_by=operator(), now=parts.clock(), zone=parts.zone)
        defaults = Defaults(group=group, guardians=tuple(_guardian(address) for address in guardian or ()))
        # Networks take seconds to load; other commands need none.
        from ..people.networks import NetworkEnroller  # noqa: PLC0415

        importer = Importer(parts.store, parts.registry, parts.pictures, NetworkEnroller(), parts.clock)
        reports = []
        for report in importer.run(folder, basis, defaults, who=operator()):
            reports.append(report)
            _print(report)
    usable = sum(1 for report in reports if report.templates)
    print(f"{usable} of {len(reports)} people can be recognised; ground: {basis.text}; until {until}")
    if not usable:
        raise typer.Exit(1)


def _guardian(address: str) -> Guardian:
    try:
        return msgspec.convert({"address": address}, Guardian)
    except msgspec.ValidationError as error:
        raise BadInput(f"guardian {address!r} is no address such as inbox://parents or an apprise URL") from error


def _print(report: Report) -> None:
    if report.failed:
        print(f"{report.id}: not enrolled: {report.failed}")
        return
    print(f"{report.id}: {report.templates} templates")
    for complaint in report.complaints:
        print(f"  {complaint}")


@app.command("list")
def list_(
    config: ConfigOption = DEFAULT, as_json: Annotated[bool, typer.Option("--json", help="One JSON line each.")] = False
) -> None:
    """Everybody enrolled, with the ground and how many templates there are."""
    with opened(config) as parts, parts.store.read() as link:
        for row in lookup.enrolled(link):
            if as_json:
                print(json.dumps({name: row[name] for name in SHOWN}, ensure_ascii=False))
            else:
                print(
                    f"{row['id']}  {row['name']}  {row['group']}  {row['templates']} templates  "
                    f"until {row['until'][:10]}  {row['ground']}"
                )


@app.command()
def withdraw(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    why: Annotated[str, typer.Option(help="Recorded.")] = "withdrawn",
    config: ConfigOption = DEFAULT,
) -> None:
    """Delete somebody's templates, pictures, cards and guardians, here and on every node; the record of it stays."""
    with opened(config) as parts:
        with parts.store.write() as link:
            orphan = parts.registry.withdraw(link, person, who=operator(), now=parts.now(), why=why)
        if orphan:
            parts.pictures.delete_portrait(orphan)
    print(f"{person}: withdrawn; nodes delete the templates with their next roster")


@app.command("audit")
def show_audit(
    person: Annotated[str | None, typer.Argument(help="Only of this person.")] = None, config: ConfigOption = DEFAULT
) -> None:
    """Who did or saw what, and whether the record is whole; exit code 1 when it is not."""
    query = select(audit).order_by(audit.c.id)
    if person is not None:
        query = query.where(audit.c.subject == person)
    with opened(config) as parts, parts.store.read() as link:
        for row in link.execute(query):
            print(f"{row.at}  {row.who}  {row.action}  {row.subject}  {row.detail}")
        fault = chain.first_fault(link)
    if fault is not None:
        print(f"the chain is broken at entry {fault}")
        raise typer.Exit(1)
    print("the chain is whole")
