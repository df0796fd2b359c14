"""`zhian-gateway cards|collectors`: the life of cards, and with whom children may leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from sqlalchemy import select
from zhian_wire import times

from .. import moments
from ..errors import BadInput, GatewayError
from ..people.files import Card, Plate
from ..people.timetable_files import read_rows
from ..people.validity import validity
from ..services import Services
from ..store.tables import collectors as collecting
from ..store.tables import credentials, people
from .common import DEFAULT, ConfigOption, opened, operator, spoken

cards = typer.Typer(no_args_is_help=True, help="Cards: whose they are, and which hold no more.")
collectors = typer.Typer(no_args_is_help=True, help="With whom children may leave.")

Json = Annotated[bool, typer.Option("--json", help="One JSON line each.")]
Person = Annotated[str, typer.Argument(help="The person's id.")]
Child = Annotated[str, typer.Argument(help="The child's id.")]
CardText = Annotated[str, typer.Argument(help="As readers tell it, hexadecimal.")]
Other = Annotated[str | None, typer.Option("--person", help="Id of somebody enrolled.")]
PlateText = Annotated[str | None, typer.Option("--plate", help="A plate.")]


@cards.command("list")
def list_cards(
    person: Annotated[str | None, typer.Argument(help="Only of this person.")] = None,
    as_json: Json = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """All cards, with whose they are and why some hold no more."""
    query = select(credentials).where(credentials.c.kind == "card").order_by(credentials.c.person_id)
    with opened(config) as parts, parts.store.read() as link:
        rows = link.execute(query.where(credentials.c.person_id == person) if person else query).mappings().all()
    for row in rows:
        if as_json:
            shown = ("person_id", "value", "issued_at", "withdrawn_at", "reason")
            print(json.dumps({name: row[name] for name in shown}, ensure_ascii=False))
        else:
            at = row["withdrawn_at"]
            day = moments.local_day(times.from_text(at), parts.zone) if at else ""
            print(f"{row['value']}  {row['person_id']}" + (f"  withdrawn {day}: {row['reason']}" if at else ""))


@cards.command("issue")
def issue_card(person: Person, card: CardText, config: ConfigOption = DEFAULT) -> None:
    """Give somebody a card, or one of theirs back."""
    with opened(config) as parts, parts.store.write() as link:
        parts.editor.issue(link, person, _card(card), who=operator(), now=parts.now())
    print(f"{card.upper()}: {person}'s from now on")


@cards.command("import")
def import_cards(
    file: Annotated[Path, typer.Argument(help="A table (CSV) with the columns person and card.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """Give many people their cards: all of them, or none where one line is wrong."""
    with opened(config) as parts:
        count = _issue_all(parts, file)
    print(f"{count} cards issued")


def _issue_all(parts: Services, file: Path) -> int:
    rows = list(read_rows(file, ("person", "card")))
    with parts.store.write() as link:
        for number, row in rows:
            try:
                parts.editor.issue(link, row["person"], _card(row["card"]), who=operator(), now=parts.now())
            except GatewayError as error:
                raise BadInput(f"{file}:{number}: {error}") from error
    return len(rows)


@cards.command("withdraw")
def withdraw_card(
    card: CardText,
    why: Annotated[str, typer.Option(help="Recorded, such as lost, stolen or replaced.")],
    config: ConfigOption = DEFAULT,
) -> None:
    """A card opens nothing any more; whoever shows it is told of."""
    with opened(config) as parts, parts.store.write() as link:
        owner = parts.editor.withdraw_card(link, _card(card), why=why, who=operator(), now=parts.now())
    print(f"{card.upper()}: withdrawn from {owner}; nodes refuse it with their next roster, within seconds")


@collectors.command("list")
def list_collectors(
    child: Annotated[str | None, typer.Argument(help="Only of this child.")] = None,
    as_json: Json = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """With whom children may leave."""
    query = (
        select(collecting, people.c.withdrawn_at, people.c.id.label("known"))
        .outerjoin(people, (people.c.id == collecting.c.value) & (collecting.c.kind == "person"))
        .order_by(collecting.c.person_id, collecting.c.kind, collecting.c.value)
    )
    with opened(config) as parts, parts.store.read() as link:
        rows = link.execute(query.where(collecting.c.person_id == child) if child else query).mappings().all()
    for row in rows:
        if as_json:
            shown = ("person_id", "kind", "value", "begins", "ends", "days", "turn", "turn_from")
            print(json.dumps({name: row[name] for name in shown}, ensure_ascii=False))
            continue
        strange = row["kind"] == "person" and (row["known"] is None or row["withdrawn_at"] is not None)
        more = (["not enrolled"] if strange else []) + spoken(row, parts.zone)
        more += [row["days"]] if row["days"] else []
        more += [f"{row['turn']} weeks {row['turn_from']}".rstrip()] if row["turn"] else []
        print("  ".join([row["person_id"], f"{row['kind']} {row['value']}", *more]))


@collectors.command("add")
def add_collector(
    child: Child,
    *,
    person: Other = None,
    plate: PlateText = None,
    begins: Annotated[str, typer.Option(help="From this day (or moment) on.")] = "",
    ends: Annotated[str, typer.Option(help="Until the end of this day (or until this moment).")] = "",
    config: ConfigOption = DEFAULT,
) -> None:
    """Somebody, or whoever sits in a car, may collect the child."""
    key = _key(person, plate)
    with opened(config) as parts, parts.store.write() as link:
        holds = validity(begins, ends, parts.zone)
        parts.editor.add_collector(link, child, key, holds, who=operator(), now=parts.now())
    print(f"{child}: may leave with {key[1]}")


@collectors.command("remove")
def remove_collector(
    child: Child, *, person: Other = None, plate: PlateText = None, config: ConfigOption = DEFAULT
) -> None:
    """They may not any more."""
    key = _key(person, plate)
    with opened(config) as parts, parts.store.write() as link:
        parts.editor.remove_collector(link, child, key, who=operator(), now=parts.now())
    print(f"{child}: may not leave with {key[1]} any more")


def _key(person: str | None, plate: str | None) -> tuple[str, str]:
    if (person is None) == (plate is None):
        raise typer.BadParameter("say whom: --person ID or --plate PLATE")
    if person is not None:
        return "person", person
    try:
        return "plate", msgspec.convert(plate, Plate)
    except msgspec.ValidationError as error:
        raise typer.BadParameter(f"{plate!r} is no plate, such as 京A12345") from error


def _card(text: str) -> str:
    try:
        return msgspec.convert(text.strip().upper(), Card)
    except msgspec.ValidationError as error:
        raise BadInput(f"{text!r} is no card: 4 to 32 hexadecimal digits, as a reader tells it") from error
