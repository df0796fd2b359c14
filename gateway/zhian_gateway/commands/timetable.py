"""`zhian-gateway schedules|calendar`: when people may come, out of the office's own files."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from zhian_wire.calendar import Group, Schedule

from ..people import timetable, timetable_marks
from ..people.timetable_files import read_days, read_hours
from .common import DEFAULT, ConfigOption, opened, operator

schedules = typer.Typer(no_args_is_help=True, help="Schedules of the week, and what holds for groups.")
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Take the file also where it undoes what was changed on the page meanwhile.")
]
calendar = typer.Typer(no_args_is_help=True, help="Holidays, and the workdays that are moved for them (调休).")


@schedules.command("import")
def import_schedules(
    file: Annotated[Path, typer.Argument(help="TOML with [[schedules]] and [[groups]].")],
    replace: ReplaceOption = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """These schedules and groups, and no others, hold from now on at every node."""
    with opened(config) as parts:
        hours = read_hours(file)
        with parts.store.write() as link:
            if not replace:
                timetable_marks.check_hours(link, file, hours)
            by = {"site": parts.site, "who": operator(), "now": parts.now()}
            timetable.replace_hours(link, hours.schedules, hours.groups, **by)
            lost = timetable.unknown_schedules(link)
    print(f"{len(hours.schedules)} schedules, {len(hours.groups)} groups")
    for person, schedule in lost:
        print(f"{person}: schedule {schedule} is not among them; a node that does not know it lets them in never")


@schedules.command("show")
def show_schedules(config: ConfigOption = DEFAULT) -> None:
    """What holds now, as a file that can be changed and imported again."""
    with opened(config) as parts, parts.store.read() as link:
        found, of, bells = timetable.schedules_of(link), timetable.groups_of(link), timetable.bells_of(link)
        print(timetable_marks.mark(link, "timetable"))
    print(_text(found, of, bells), end="")


@calendar.command("import")
def import_calendar(
    file: Annotated[Path, typer.Argument(help="A table (CSV): day,works_as,name. Without works_as it is a day off.")],
    replace: ReplaceOption = False,
    config: ConfigOption = DEFAULT,
) -> None:
    """These days, and no others of their years, are unlike their weekday."""
    with opened(config) as parts:
        days = read_days(file)
        with parts.store.write() as link:
            if not replace:
                timetable_marks.check_days(link, file, days)
            years = timetable.replace_days(link, days, site=parts.site, who=operator(), now=parts.now())
    off = sum(1 for day in days if day.works_as is None)
    print(f"{', '.join(years)}: {off} days off, {len(days) - off} moved workdays")


@calendar.command("show")
def show_calendar(config: ConfigOption = DEFAULT) -> None:
    """What holds now, as a table that can be changed and imported again."""
    with opened(config) as parts, parts.store.read() as link:
        days = timetable.days_of(link)
        print(timetable_marks.mark(link, "year"))
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(timetable.Day._fields)
    table.writerows((day.day, day.works_as or "", day.name) for day in days)


def _text(found: tuple[Schedule, ...], of: tuple[Group, ...], bells: Mapping[str, timetable.Bells]) -> str:
    """As TOML, of which texts, lists and truths of JSON are a part."""
    lines: list[str] = []
    for schedule in found:
        lines += ["[[schedules]]", *_pairs({"id": schedule.id, "holidays": schedule.holidays}), ""]
        for span in schedule.spans:
            said = {"days": list(span.days), "start": span.start, "end": span.end}
            lines += ["[[schedules.spans]]", *_pairs(said), ""]
    for group in of:
        lines += ["[[groups]]", *_pairs(msgspec.structs.asdict(group) | _rung(bells[group.id])), ""]
    return "\n".join(lines)


def _rung(bells: timetable.Bells) -> dict[str, object]:
    """The bells that were said."""
    return {name: at for name, at in bells._asdict().items() if at}


def _pairs(said: Mapping[str, object]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()]
