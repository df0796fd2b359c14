"""Single changes to schedules, groups and who is in them, as an administrator makes them; each told to the nodes.

Every function works inside the caller's transaction, takes a new version of the roster and writes down who did what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select, update
from zhian_wire.calendar import Group, Schedule, Span

from ..config_types import Config
from ..errors import BadInput, InUse, NameTaken, NoSuchGroup, NoSuchSchedule, NotFound, SpansOverlap, Stale
from ..store import audit, counters
from ..store.tables import attendance_signals, groups, people, schedules, user_groups
from . import uses, windows
from .timetable import changed, groups_of, schedules_of


def schedule(link: Connection, name: str) -> Schedule:
    """NotFound: nobody described it."""
    found = next((each for each in schedules_of(link) if each.id == name), None)
    if found is None:
        raise NotFound(f"there is no schedule {name!r}")
    return found


def group(link: Connection, name: str) -> Group:
    """A group as it is; one of which nothing is said, and somebody is in it, asks for nothing. NotFound: neither."""
    found = next((each for each in groups_of(link) if each.id == name), None)
    if found is None and not _has_members(link, name):
        raise NotFound(f"there is no group {name!r}")
    return found or Group(id=name)


def add_schedule(link: Connection, wanted: Schedule, *, site: str, who: str, now: str) -> None:
    """Another schedule.

    Raises:
        NameTaken: there is one of that name.
        BadInput, SpansOverlap: spans that cannot be meant.
    """
    check(wanted.spans)
    if link.execute(select(schedules.c.id).where(schedules.c.id == wanted.id)).first() is not None:
        raise NameTaken(wanted.id)
    link.execute(schedules.insert().values(id=wanted.id, **_row(wanted)))
    changed(link, "timetable", "schedule.add", windows.told(wanted), wanted.id, site=site, who=who, now=now)


def change_schedule(link: Connection, wanted: Schedule, *, site: str, who: str, now: str) -> None:
    """Other hours for everybody who comes by it.

    Raises:
        NotFound: nobody described it.
        BadInput, SpansOverlap: as `add_schedule`.
    """
    check(wanted.spans)
    before = windows.told(schedule(link, wanted.id))
    link.execute(update(schedules).where(schedules.c.id == wanted.id).values(_row(wanted)))
    detail = f"{windows.told(wanted)} (was {before})"
    changed(link, "timetable", "schedule.change", detail, wanted.id, site=site, who=who, now=now)


def remove_schedule(link: Connection, config: Config, name: str, *, site: str, who: str, now: str) -> None:
    """It is not any more.

    Raises:
        NotFound: nobody described it.
        InUse: somebody comes by it, who would come in never.
    """
    before = windows.told(schedule(link, name))
    if by := uses.of_schedule(link, config, name).more():
        raise InUse(name, by)
    link.execute(delete(schedules).where(schedules.c.id == name))
    changed(link, "timetable", "schedule.remove", f"was {before}", name, site=site, who=who, now=now)


def add_group(link: Connection, wanted: Group, *, site: str, who: str, now: str) -> None:
    """Another group, with nobody in it.

    Raises:
        NameTaken: there is one of that name, or somebody is in it.
        NoSuchSchedule: nobody described one that it names.
    """
    _check_schedules(link, wanted)
    _check_name(link, wanted.id)
    link.execute(groups.insert().values(msgspec.structs.asdict(wanted)))
    changed(link, "timetable", "group.add", _told(wanted), wanted.id, site=site, who=who, now=now)


def change_group(link: Connection, config: Config, name: str, wanted: Group, *, site: str, who: str, now: str) -> None:
    """Other hours for a group, and another name where `wanted` has one: whoever is in it stays in it.

    Raises:
        NotFound: there is no such group.
        NameTaken, NoSuchSchedule: as `add_group`.
        InUse: a lane or the gateway's configuration names it by the old name alone.
    """
    before = group(link, name)
    _check_schedules(link, wanted)
    if wanted.id != name:
        _rename(link, config, name, wanted.id, site=site, who=who, now=now)
    if msgspec.structs.replace(wanted, id=name) != before:
        values = msgspec.structs.asdict(wanted)
        if link.execute(update(groups).where(groups.c.id == wanted.id).values(values)).rowcount == 0:
            link.execute(groups.insert().values(values))
        detail = f"{_told(wanted)} (was {_told(before)})"
        changed(link, "timetable", "group.change", detail, wanted.id, site=site, who=who, now=now)


def remove_group(link: Connection, config: Config, name: str, *, site: str, who: str, now: str) -> None:
    """It is not any more, and neither are its bells.

    Raises:
        NotFound: there is no such group.
        InUse: somebody is in it, or something names it.
    """
    before = group(link, name)
    if by := uses.of_group(link, config, name).more():
        raise InUse(name, by)
    link.execute(delete(groups).where(groups.c.id == name))
    changed(link, "timetable", "group.remove", f"was {_told(before)}", name, site=site, who=who, now=now)


def move(link: Connection, seen: Mapping[str, str], to: str, *, site: str, who: str, now: str) -> int:
    """Everybody of `seen` (by id, the group in which the caller saw them) is in group `to`; how many were not yet.

    A whole year is moved by a few statements: receipts wait for the store's one pen meanwhile.

    Raises:
        NoSuchGroup: there is no group `to`.
        NotFound: one is not enrolled; visitors and entries of watch lists have their groups by other ways.
        Stale: one is in another group than was seen.
    """
    if not any(each.id == to for each in groups_of(link)) and not _has_members(link, to):
        raise NoSuchGroup(to)
    may = people.c.withdrawn_at.is_(None) & ~people.c.watch & ~people.c.visitor
    query = select(people.c.id, people.c.group).where(people.c.id.in_(sorted(seen)), may)
    now_in = {row.id: row.group for row in link.execute(query)}
    if strange := sorted(set(seen) - set(now_in)):
        raise NotFound(f"there is nobody enrolled as {strange[0]!r}")
    if other := sorted(each for each, was in seen.items() if now_in[each] != was):
        raise Stale(f"{other[0]} is in {now_in[other[0]]} meanwhile; look at it again")
    moving = [each for each in seen if now_in[each] != to]
    if moving:
        values = {"group": to, "version": counters.take(link, "roster")}
        link.execute(update(people).where(people.c.id.in_(moving)).values(values))
        told = {each: f"group: {to} (was {seen[each]})" for each in moving}
        audit.record_all(link, told, site=site, at=now, who=who, action="people.place")
    return len(moving)


def _rename(link: Connection, config: Config, name: str, new: str, *, site: str, who: str, now: str) -> None:
    _check_name(link, new)
    if by := uses.kept_from(link, config, name, new).more():
        raise InUse(name, by)
    detail = f"{name} is now {new}"
    version = changed(link, "timetable", "group.rename", detail, new, site=site, who=who, now=now)
    link.execute(update(groups).where(groups.c.id == name).values(id=new))
    link.execute(update(people).where(people.c.group == name).values(group=new, version=version))
    link.execute(update(attendance_signals).where(attendance_signals.c.group == name).values(group=new))
    theirs = select(user_groups.c.user).where(user_groups.c.group == name).scalar_subquery()
    link.execute(delete(user_groups).where(user_groups.c.group == new, user_groups.c.user.in_(theirs)))
    link.execute(update(user_groups).where(user_groups.c.group == name).values(group=new))


def check(spans: tuple[Span, ...]) -> None:
    """Raises BadInput and SpansOverlap: spans that cannot be meant."""
    if not spans:
        raise BadInput("a schedule without any span lets nobody in")
    for span in spans:
        if not span.days or span.start in {"24:00", span.end}:
            raise BadInput(f"{span.start}-{span.end} on {', '.join(span.days) or 'no day'} is no span")
    if found := windows.overlap(spans):
        first, second = (f"{span.start}-{span.end}" for span in (found.first, found.second))
        raise SpansOverlap(found.day, first, second)


def _check_schedules(link: Connection, wanted: Group) -> None:
    known = {each.id for each in schedules_of(link)}
    for name in (wanted.schedule, wanted.lessons):
        if name and name not in known:
            raise NoSuchSchedule(name)


def _check_name(link: Connection, name: str) -> None:
    if any(each.id == name for each in groups_of(link)) or _has_members(link, name):
        raise NameTaken(name)


def _has_members(link: Connection, name: str) -> bool:
    query = select(people.c.id).where(people.c.group == name, people.c.withdrawn_at.is_(None))
    return link.execute(query.limit(1)).first() is not None


def _row(wanted: Schedule) -> dict[str, Any]:
    return {"spans": msgspec.json.encode(wanted.spans).decode(), "holidays": wanted.holidays}


def _told(of: Group) -> str:
    collected = "; leaves collected" if of.collected else ""
    return f"comes by {of.schedule or 'always'}; lessons {of.lessons or 'none'}{collected}"
