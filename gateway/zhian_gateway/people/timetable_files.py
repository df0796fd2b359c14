"""The office's own files: schedules and groups as TOML, the year and cards as tables (CSV)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final, get_args

import msgspec
from zhian_wire import calendar

from ..errors import BadInput
from ..faults import line_of
from ..typed_files import table_text, toml_text
from .files import Name, read_toml
from .timetable import Day

#: A time of the day, or "".
Bell = Annotated[str, msgspec.Meta(pattern=r"^(|([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
WEEKDAYS: Final = get_args(calendar.Day)


class SpanFile(calendar.Span, frozen=True, kw_only=True, forbid_unknown_fields=True):
    __doc__ = calendar.Span.__doc__


class ScheduleFile(calendar.Schedule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    __doc__ = calendar.Schedule.__doc__

    id: Name
    spans: Annotated[tuple[SpanFile, ...], msgspec.Meta(min_length=1)]


class GroupFile(calendar.Group, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group as nodes know it, and its bells, which are the gateway's alone.

    Attributes:
        arrive_by: who is not here by then is late or absent; without it the day's first lesson begins then.
        leave_from: who leaves earlier leaves early; without it the day's last lesson ends then.
        closes: who is here still then is told of; without it nobody is.
    """

    id: Name
    arrive_by: Bell = ""
    leave_from: Bell = ""
    closes: Bell = ""

    def __post_init__(self) -> None:
        rung = [bell for bell in (self.arrive_by, self.leave_from, self.closes) if bell]
        if rung != sorted(rung):
            raise ValueError("arrive_by, leave_from and closes follow each other on one day")


class HoursFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[schedules]]` and `[[groups]]`, written as in a node's configuration."""

    schedules: tuple[ScheduleFile, ...] = ()
    groups: tuple[GroupFile, ...] = ()


def read_hours(path: Path) -> HoursFile:
    """Schedules and groups.

    Raises:
        BadInput: it names file, line and key.
    """
    found = read_toml(path, HoursFile, BadInput)
    text = toml_text(path, BadInput)
    known = [schedule.id for schedule in found.schedules]
    for table, ids in (("schedules", known), ("groups", [group.id for group in found.groups])):
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise BadInput(f"{path}:{line_of(text, [table, index, 'id'])}: {table}[{index}]: {name} is there twice")
    for index, group in enumerate(found.groups):
        for key in ("schedule", "lessons"):
            name = getattr(group, key)
            if name and name not in known:
                place = f"{path}:{line_of(text, ['groups', index, key])}: groups[{index}].{key}"
                raise BadInput(f"{place}: no schedule {name!r} in this file")
    return found


def read_days(path: Path) -> list[Day]:
    """A year's holidays and moved workdays: `day,works_as,name`; without `works_as` it is a day off.

    Raises:
        BadInput: it names file, line and column.
    """
    found: dict[str, Day] = {}
    for number, row in read_rows(path, ("day",), ("works_as", "name")):
        day, works_as = row["day"], row["works_as"].lower()
        if not _is_day(day):
            raise BadInput(f"{path}:{number}: day: {day!r} is no day such as 2026-10-01")
        if works_as and works_as not in WEEKDAYS:
            raise BadInput(f"{path}:{number}: works_as: {works_as!r} is none of {', '.join(WEEKDAYS)}")
        if day in found:
            raise BadInput(f"{path}:{number}: day: {day} is there twice")
        found[day] = Day(day, works_as or None, row["name"])
    return [found[day] for day in sorted(found)]


def read_rows(path: Path, needed: Sequence[str], other: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with a head, each with its line; empty lines are passed over.

    `typed_files` says in which encodings it may be.

    Raises:
        BadInput: it cannot be read, lacks a column, has one too many, or nothing in one that is needed.
    """
    lines = table_text(path, BadInput).splitlines()
    # From which state `calendar show` wrote it; `timetable_marks` reads that.
    marked = 1 if lines and lines[0].lstrip('"').startswith("# ") else 0
    lines = lines[marked:]
    # What spreadsheets call "Unicode text" has its columns parted by tabs.
    parted = "\t" if lines and "\t" in lines[0] and "," not in lines[0] else ","
    reader = csv.reader(lines, delimiter=parted)
    head = [name.strip().lower() for name in next(reader, [])]
    if not set(needed) <= set(head) <= {*needed, *other}:
        may = f", and may have {', '.join(other)}" if other else ""
        raise BadInput(f"{path}:{1 + marked}: the first line must name the columns: {', '.join(needed)}{may}")
    rows = [
        (reader.line_num + marked, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))
    ]
    if not rows:
        raise BadInput(f"{path}: no line below the first")
    for number, cells in rows:
        if len(cells) > len(head):
            raise BadInput(f"{path}:{number}: {len(cells)} columns, the first line names {len(head)}")
        row = dict.fromkeys(other, "") | dict(zip(head, cells, strict=False))
        for name in needed:
            if not row.get(name):
                raise BadInput(f"{path}:{number}: {name}: missing")
        yield number, row


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
