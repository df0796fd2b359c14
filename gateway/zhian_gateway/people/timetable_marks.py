"""Which state an office's file was made from, so that an import undoes nothing that somebody did on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from ..errors import BadInput, Conflict
from ..typed_files import table_text
from . import timetable
from .timetable_files import HoursFile

#: A spreadsheet puts a cell with a comma in quotes, and commas behind it.
_MARK: Final = re.compile(r'^"?# version (\d+)\b')
#: So many differences are named.
_MOST: Final = 8


def mark(link: Connection, what: timetable.Kept) -> str:
    """The first line of a file that says what holds now."""
    return f"# version {timetable.version(link, what)} - an import of this file is refused once something else changed"


def check_hours(link: Connection, path: Path, hours: HoursFile) -> None:
    """Conflict: a page changed schedules or groups since the file was made, and the file would undo that."""
    bells = timetable.bells_of(link)
    now = {f"schedule {each.id}": msgspec.to_builtins(each) for each in timetable.schedules_of(link)}
    groups = {each.id: msgspec.structs.asdict(each) for each in timetable.groups_of(link)}
    now |= {f"group {name}": said | bells[name]._asdict() for name, said in groups.items()}
    then = {f"schedule {each.id}": msgspec.to_builtins(each) for each in hours.schedules}
    then |= {f"group {each.id}": msgspec.structs.asdict(each) for each in hours.groups}
    _check(link, "timetable", path, _differing(now, then))


def check_days(link: Connection, path: Path, days: Sequence[timetable.Day]) -> None:
    """Conflict: a page changed days of the file's years since it was made, and the file would undo that."""
    years = {each.day[:4] for each in days}
    now = {each.day: each for each in timetable.days_of(link) if each.day[:4] in years}
    _check(link, "year", path, _differing(now, {each.day: each for each in days}))


def _check(link: Connection, what: timetable.Kept, path: Path, differing: Sequence[str]) -> None:
    made_from = _made_from(path)
    if made_from is None:
        made_from = timetable.of_file(link, what)
    if not differing or made_from == timetable.version(link, what):
        return
    more = f" and {len(differing) - _MOST} more" if len(differing) > _MOST else ""
    raise Conflict(
        f"{path}: something was changed on the page since this file was made (see the audit), and it says otherwise of "
        f"{', '.join(differing[:_MOST])}{more}: `show` writes what holds now, --replace takes the file all the same"
    )


def _made_from(path: Path) -> int | None:
    lines = table_text(path, BadInput).splitlines()
    found = _MARK.match(lines[0]) if lines else None
    return int(found[1]) if found else None


def _differing(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted({*now, *then}) if now.get(name) != then.get(name)]
