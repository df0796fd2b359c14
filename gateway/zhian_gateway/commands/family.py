"""`zhian-gateway family`: codes by which guardians bind their phones, who has one, and taking it away."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import RowMapping
from zhian_wire import times

from ..errors import NotFound
from ..family import carers
from ..notices import office
from ..services import Services
from .cases import print_table
from .common import DEFAULT, ConfigOption, opened, operator

family = typer.Typer(no_args_is_help=True, help="Guardians' phones: codes to bind them, who has one.")
Person = Annotated[str, typer.Argument(help="The child's id.")]
Guardian = Annotated[int | None, typer.Option(help="Only this guardian, by number (`family list`); by default each.")]


@family.command("list")
def list_(person: Person, *, config: ConfigOption = DEFAULT) -> None:
    """A child's guardians, and since when each has a phone bound."""
    with opened(config) as parts:
        rows = _guardians(parts, person, None)
        with parts.store.read() as link:
            since = carers.bound(link, [row["id"] for row in rows])
        said = [(str(row["id"]), row["name"], _local(parts, since.get(row["id"]))) for row in rows]
    print_table(("guardian", "name", "phone since"), said)


@family.command()
def invite(person: Person, *, guardian: Guardian = None, config: ConfigOption = DEFAULT) -> None:
    """A code for each guardian, to hand over on paper: good once, for 14 days. Codes of before are good no more."""
    with opened(config) as parts:
        for row in _guardians(parts, person, guardian):
            with parts.store.write() as link:
                code = carers.issue(link, row["id"], site=parts.site, who=operator(), now=parts.clock())
            print(f"{row['name']}  {code}")


@family.command()
def end(person: Person, *, guardian: Guardian = None, config: ConfigOption = DEFAULT) -> None:
    """Guardians' phones see that child no more; codes that were not used are good no more."""
    with opened(config) as parts:
        for row in _guardians(parts, person, guardian):
            try:
                with parts.store.write() as link:
                    carers.unbind(link, row["id"], site=parts.site, who=operator(), now=parts.clock())
            except NotFound as error:
                print(f"{row['name']}: {error}")
            else:
                print(f"{row['name']}: ended")


def _guardians(parts: Services, person: str, number: int | None) -> list[RowMapping]:
    with parts.store.read() as link:
        rows = [row for row in office.guardians_of(link, person) if number in (None, row["id"])]
    if not rows:
        raise NotFound(f"{person!r} has no such guardian")
    return rows


def _local(parts: Services, at: str | None) -> str:
    return f"{times.from_text(at).astimezone(parts.zone):%Y-%m-%d %H:%M}" if at else "-"
