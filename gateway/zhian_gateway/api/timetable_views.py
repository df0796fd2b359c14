"""Groups and schedules as a caller sees them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from sqlalchemy import Connection, select
from zhian_wire.calendar import Calendar, Group, Schedule

from ..configurations.naming import Named, named
from ..people import timetable, windows
from ..store.tables import people, user_groups
from . import timetable_shapes as shapes
from .tags import tag_of_shape


def seen(link: Connection, site: str, allowed: frozenset[str] | None, *, with_teachers: bool) -> shapes.Timetable:
    """Everything; of groups those that are `allowed` (None: all)."""
    said = {each.id: each for each in timetable.groups_of(link)}
    by_schedule, members, own = _counts(link)
    nodes = named(link, site)
    teachers = _teachers(link) if with_teachers else {}
    ids = sorted(each for each in {*said, *members} if allowed is None or each in allowed)
    return shapes.Timetable(
        groups=[
            shapes.GroupSeen(
                **msgspec.structs.asdict(said.get(each) or Group(id=each)),
                members=members[each],
                own_hours=own[each],
                teachers=teachers.get(each, []),
                lanes=_lanes(nodes, each),
                said=each in said,
                said_at=[] if each in said else [node.node for node in nodes if each in node.groups],
                tag=group_tag(said.get(each) or Group(id=each)),
            )
            for each in ids
        ],
        schedules=[_schedule(each, said.values(), by_schedule[each.id]) for each in timetable.schedules_of(link)],
        open_lanes=[
            shapes.LanePlace(node=each.node, lane=lane)
            for each in nodes
            for lane, groups in each.lanes.items()
            if not groups
        ],
    )


def group_tag(of: Group) -> str:
    """What a change of a group names in `If-Match`."""
    return tag_of_shape(shapes.GroupText.model_construct(**msgspec.structs.asdict(of)))


def schedule_tag(of: Schedule) -> str:
    """What a change of a schedule names in `If-Match`."""
    return tag_of_shape(shapes.ScheduleText.model_construct(id=of.id, spans=_spans(of), holidays=of.holidays))


def outlook(of: Schedule | None, year: Calendar, names: Mapping[str, str], days: Iterable[date]) -> shapes.Outlook:
    """What a schedule (None: always) means on these days; `names`: what the calendar calls them."""
    return shapes.Outlook(always=of is None, days=[_looked(of, year, day, names) for day in days])


def _looked(of: Schedule | None, year: Calendar, day: date, names: Mapping[str, str]) -> shapes.DayLooked:
    text = day.isoformat()
    holds = (windows.Window("00:00", "24:00"),) if of is None else windows.windows(of, year, day)
    return shapes.DayLooked(
        day=text,
        weekday=windows.DAYS[day.weekday()],
        works_as=year.workdays.get(text),
        off=text in year.holidays,
        name=names.get(text, ""),
        windows=[shapes.WindowSeen(**each._asdict()) for each in holds],
    )


def _schedule(of: Schedule, groups: Iterable[Group], count: int) -> shapes.ScheduleSeen:
    return shapes.ScheduleSeen(
        id=of.id,
        spans=_spans(of),
        holidays=of.holidays,
        groups=[each.id for each in groups if of.id in {each.schedule, each.lessons}],
        people=count,
        tag=schedule_tag(of),
    )


def _spans(of: Schedule) -> list[shapes.SpanText]:
    """Unchecked: a file may say what a page would not."""
    return [shapes.SpanText.model_construct(days=list(one.days), start=one.start, end=one.end) for one in of.spans]


def _lanes(nodes: Iterable[Named], group: str) -> list[shapes.LanePlace]:
    return [
        shapes.LanePlace(node=each.node, lane=lane)
        for each in nodes
        for lane, groups in each.lanes.items()
        if group in groups
    ]


def _counts(link: Connection) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By schedule, by group, and by group of those who have a schedule of their own."""
    may = people.c.withdrawn_at.is_(None) & ~people.c.watch & ~people.c.visitor
    rows = link.execute(select(people.c.group, people.c.schedule).where(may)).all()
    return (
        Counter(row.schedule for row in rows if row.schedule),
        Counter(row.group for row in rows),
        Counter(row.group for row in rows if row.schedule),
    )


def _teachers(link: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in link.execute(select(user_groups).order_by(user_groups.c.user)):
        found[row.group].append(row.user)
    return found
