"""`zhian-gateway attendance`: who came, the sheet to take home, and a teacher's word against the gates."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

import typer
from zhian_models.atomic import replacing

from ..attendance import asking, correcting
from ..attendance.reading import PersonDay
from ..attendance.sheets import Format, clock, written
from ..errors import BadInput
from .cases import print_table
from .common import DEFAULT, ConfigOption, opened, operator

attendance = typer.Typer(no_args_is_help=True, help="Who came to school, by class and day.")

From = Annotated[str | None, typer.Option("--from", help="The first local day; by default today.")]
To = Annotated[str | None, typer.Option("--to", help="The last local day, included.")]
GroupOption = Annotated[list[str] | None, typer.Option("--group", help="Only this class; may be said several times.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON line each.")]
Reason = Annotated[str, typer.Option("--why", help="The reason; it is recorded.")]


class Word(StrEnum):
    """What may be said of a day."""

    ARRIVED = "arrived"
    PRESENT = "present"
    ABSENT = "absent"
    LEFT = "left"
    EXCUSED = "excused"


class Speech(StrEnum):
    """Languages of a sheet."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


@attendance.command()
def show(
    *,
    first: From = None,
    last: To = None,
    group: GroupOption = None,
    person: Annotated[str | None, typer.Option(help="Only this person, by id.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also whoever came by the bell.")] = False,
    as_json: Json = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """Each class in numbers, and by name whoever was late, absent, excused, left early or is here still."""
    with opened(config) as parts, parts.store.read() as link:
        days = asking.days_of(parts, first, last)
        groups = frozenset(group) if group else None
        lines = asking.one(link, parts, person, days, groups) if person else asking.classes(link, parts, days, groups)
        zone = parts.zone
    if as_json:
        for line in lines:
            print(json.dumps(as_plain(line, zone), ensure_ascii=False))
        return
    _print_counts(lines)
    print_table(
        ("day", "class", "id", "name", "result", "arrived", "left", "notes"),
        [_cells(line, zone) for line in lines if all_ or person or _is_told(line)],
    )


def as_plain(line: PersonDay, zone: ZoneInfo) -> dict[str, object]:
    """A line for programs; times are the site's."""
    day = line.result
    return {
        "day": line.day,
        "group": line.person["group"],
        "person": line.person["id"],
        "name": line.person["name"],
        "status": day.status,
        "arrived_at": day.arrived_at and day.arrived_at.astimezone(zone).isoformat(timespec="seconds"),
        "left_at": day.left_at and day.left_at.astimezone(zone).isoformat(timespec="seconds"),
        "late_s": day.late_s,
        "left_early": day.left_early,
        "still_inside": day.still_inside,
        "excused": day.excused,
        "marks": list(day.marks),
        "by_gate": line.by_gate.status,
        "corrections": [
            {"id": row.id, "kind": row.kind, "who": row.who, "reason": row.reason} for row in line.corrections
        ],
    }


def _print_counts(lines: list[PersonDay]) -> None:
    names = ("present", "late", "absent", "excused", "due", "off", "left_early", "still_inside")
    rows = []
    for key in sorted({(line.day, line.person["group"]) for line in lines}):
        found = asking.counts([line for line in lines if (line.day, line.person["group"]) == key])
        rows.append((*key, *(str(found[name]) for name in names)))
    print_table(("day", "class", *(name.replace("_", " ") for name in names)), rows)
    print()


def _is_told(line: PersonDay) -> bool:
    day = line.result
    return day.status in ("late", "absent", "excused") or day.left_early or day.still_inside or bool(line.corrections)


def _cells(line: PersonDay, zone: ZoneInfo) -> tuple[str, ...]:
    day = line.result
    notes = [f"{day.late_s // 60} min late"] if day.late_s else []
    notes += [name for name, said in (("left early", day.left_early), ("still inside", day.still_inside)) if said]
    notes += [mark.replace("_", " ") for mark in day.marks]
    notes += [f"correction {row.id} by {row.who}: {row.kind}: {row.reason}" for row in line.corrections]
    about = (line.day, line.person["group"], line.person["id"], line.person["name"])
    return (*about, day.status, clock(day.arrived_at, zone), clock(day.left_at, zone), "; ".join(notes))


@attendance.command()
def export(
    file: Annotated[Path, typer.Argument(help="A new file, .csv or .xlsx.")],
    *,
    first: From = None,
    last: To = None,
    group: GroupOption = None,
    language: Annotated[Speech, typer.Option("--lang", help="Of the headings.")] = Speech.CHINESE,
    config: ConfigOption = DEFAULT,
) -> None:
    """Write the sheet for a spreadsheet; what somebody typed is never run as a formula."""
    form = file.suffix.lower().removeprefix(".")
    with opened(config) as parts:
        if form not in ("csv", "xlsx"):
            raise BadInput(f"{file}: call it .csv or .xlsx")
        with parts.store.read() as link:
            days = asking.days_of(parts, first, last)
            lines = asking.classes(link, parts, days, frozenset(group) if group else None)
        data = written(lines, cast(Format, form), language.value, parts.zone)
        _save(file, data)
    print(f"{file}: {len(lines)} lines")


def _save(file: Path, data: bytes) -> None:
    if file.exists():
        raise BadInput(f"{file} is there already")
    try:
        with replacing(file) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror or error}") from error


@attendance.command()
def correct(
    person: Annotated[str, typer.Argument(help="The person's id.")],
    kind: Annotated[Word, typer.Argument(help="What became of the day.")],
    *,
    why: Reason,
    day: Annotated[str | None, typer.Option(help="The local day; by default today.")] = None,
    to: Annotated[str | None, typer.Option(help="The last day of a leave (excused).")] = None,
    at: Annotated[str | None, typer.Option(help="When they came or left, such as 08:10.")] = None,
    config: ConfigOption = DEFAULT,
) -> None:
    """Say what became of somebody's day, whatever the gates told or will tell."""
    with opened(config) as parts, parts.store.write() as link:
        (first,) = asking.days_of(parts, day, None)
        last = asking.read_day(to, "to") if to else first
        word, moment = kind.value, _moment(at, first, parts.zone)
        by = {"first": first, "last": last, "reason": why, "who": operator()}
        found = correcting.correct(link, parts, person, kind=word, at=moment, **by)  # type: ignore[arg-type]
    print(f"{person}: {word} on {len(found)} days (correction {', '.join(map(str, found))})")


def _moment(at: str | None, day: date, zone: ZoneInfo) -> datetime | None:
    if at is None:
        return None
    try:
        return datetime.strptime(f"{day} {at}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError as error:
        raise BadInput(f"at: {at!r} is no time such as 08:10") from error


@attendance.command("take-back")
def take_back(
    correction: Annotated[int, typer.Argument(help="Its number, as `attendance show` says.")],
    why: Reason,
    config: ConfigOption = DEFAULT,
) -> None:
    """End a correction: the gates' word holds again."""
    with opened(config) as parts, parts.store.write() as link:
        person = correcting.take_back(link, parts, correction, reason=why, who=operator())
    print(f"{person}: correction {correction} holds no more")
