"""Groups and schedules: who belongs where, and when they may come; looked at before it is saved, never half done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import msgspec
from fastapi import Path
from sqlalchemy import Connection
from zhian_wire.calendar import Calendar, Group, Schedule

from ..auth.scope import scope
from ..auth.sessions import Session
from ..errors import BadInput, NoSuchSchedule, Stale
from ..people import arranging, timetable
from ..services import Services
from . import timetable_shapes as shapes
from . import timetable_views as views
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .tags import IfMatch

router = GuardedRouter(prefix="/api/timetable")
Named = Annotated[str, Path(max_length=64)]


@router.get("")
@users("admin", "guard", "teacher")
def look_at_all(parts: Parts, caller: Caller) -> shapes.Timetable:
    """All schedules, and the groups that the caller may see."""
    with parts.store.read() as link:
        return _all(link, parts, caller)


@router.post("/look")
@users("admin", "guard", "teacher")
def look_ahead(parts: Parts, wanted: shapes.LookRequest) -> shapes.Outlook:
    """What a schedule, or a draft of one, means on the next days; nothing is saved."""
    with parts.store.read() as link:
        year, days = timetable.calendar_of(link) or Calendar(), timetable.days_of(link)
        found = _named(link, wanted.schedule) if wanted.draft is None else _schedule("draft", wanted.draft)
    if wanted.draft is not None and found is not None:
        arranging.check(found.spans)
    return views.outlook(found, year, {each.day: each.name for each in days}, _days(wanted))


@router.post("/schedules")
@users("admin")
def add_schedule(parts: Parts, caller: Caller, wanted: shapes.ScheduleText) -> shapes.Timetable:
    """Another schedule. 409 `name_taken`; 422 `spans_overlap`."""
    with parts.changing() as link:
        arranging.add_schedule(link, _schedule(wanted.id, wanted), **_by(parts, caller))
        return _all(link, parts, caller)


@router.put("/schedules/{name}")
@users("admin")
def change_schedule(
    parts: Parts, caller: Caller, name: Named, wanted: shapes.Hours, if_match: IfMatch = None
) -> shapes.Timetable:
    """Other hours for all who come by it; with `If-Match` 412 when somebody else changed it meanwhile."""
    with parts.changing() as link:
        _check(if_match, views.schedule_tag(arranging.schedule(link, name)))
        arranging.change_schedule(link, _schedule(name, wanted), **_by(parts, caller))
        return _all(link, parts, caller)


@router.delete("/schedules/{name}")
@users("admin")
def remove_schedule(parts: Parts, caller: Caller, name: Named, if_match: IfMatch = None) -> shapes.Timetable:
    """It is not any more. 409 `in_use` as long as somebody comes by it."""
    with parts.changing() as link:
        _check(if_match, views.schedule_tag(arranging.schedule(link, name)))
        arranging.remove_schedule(link, parts.config, name, **_by(parts, caller))
        return _all(link, parts, caller)


@router.post("/groups")
@users("admin")
def add_group(parts: Parts, caller: Caller, wanted: shapes.GroupText) -> shapes.Timetable:
    """Another group, with nobody in it. 409 `name_taken`; 422 `no_such_schedule`."""
    with parts.changing() as link:
        arranging.add_group(link, Group(**wanted.model_dump()), **_by(parts, caller))
        return _all(link, parts, caller)


@router.put("/groups/{name}")
@users("admin")
def change_group(
    parts: Parts, caller: Caller, name: Named, wanted: shapes.GroupText, if_match: IfMatch = None
) -> shapes.Timetable:
    """What holds for a group, and another name: its people go along. With `If-Match` 412, as for schedules.

    409 `in_use` where a lane, or the gateway's configuration, lets it through by the old name alone.
    """
    with parts.changing() as link:
        _check(if_match, views.group_tag(arranging.group(link, name)))
        said = Group(**wanted.model_dump())
        arranging.change_group(link, parts.config, name, said, **_by(parts, caller))
        return _all(link, parts, caller)


@router.delete("/groups/{name}")
@users("admin")
def remove_group(parts: Parts, caller: Caller, name: Named, if_match: IfMatch = None) -> shapes.Timetable:
    """It is not any more. 409 `in_use` as long as somebody is in it, or something names it."""
    with parts.changing() as link:
        _check(if_match, views.group_tag(arranging.group(link, name)))
        arranging.remove_group(link, parts.config, name, **_by(parts, caller))
        return _all(link, parts, caller)


@router.post("/move")
@users("admin")
def move(parts: Parts, caller: Caller, wanted: shapes.MoveRequest) -> shapes.Moved:
    """Move people into another group, all or nobody. 412 when one is in another group than the caller saw."""
    seen = {each.id: each.group for each in wanted.people}
    with parts.changing() as link:
        count = arranging.move(link, seen, wanted.to, site=parts.site, who=caller.user, now=parts.now())
    return shapes.Moved(count=count)


def _all(link: Connection, parts: Services, caller: Session) -> shapes.Timetable:
    allowed = scope(link, caller.user, caller.role)
    return views.seen(link, parts.site, allowed, with_teachers=caller.role == "admin")


def _named(link: Connection, name: str) -> Schedule | None:
    """None: always."""
    found = next((each for each in timetable.schedules_of(link) if each.id == name), None)
    if name and found is None:
        raise NoSuchSchedule(name)
    return found


def _schedule(name: str, said: shapes.Hours) -> Schedule:
    return msgspec.convert({"id": name, **said.model_dump(include={"spans", "holidays"})}, Schedule)


def _check(if_match: str | None, tag: str) -> None:
    if if_match is not None and if_match.strip() != "*" and if_match.strip() != tag:
        raise Stale("this was changed meanwhile; look at it again")


def _days(wanted: shapes.LookRequest) -> list[date]:
    try:
        first = date.fromisoformat(wanted.first)
        return [first + timedelta(days=number) for number in range(-1, wanted.days)][1:]
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{wanted.first!r} is no day such as 2026-10-01") from error


def _by(parts: Services, caller: Session) -> dict[str, str]:
    return {"site": parts.site, "who": caller.user, "now": parts.now()}
