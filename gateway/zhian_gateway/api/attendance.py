"""Who came to school: classes and people by day, a teacher's word, sheets to take home, and what is to be told."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import Path, Query, Response
from sqlalchemy import Connection, select

from ..attendance import asking, correcting, signals
from ..attendance.reading import timetable_of
from ..attendance.sheets import Format, Language, written
from ..auth.scope import narrowed, scope
from ..auth.sessions import Session
from ..services import Services
from ..store import audit
from ..store.tables import people
from . import attendance_shapes as shapes
from . import attendance_views as views
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .paging import MOST_ID
from .when import Day, read_moment

router = GuardedRouter(prefix="/api/attendance")
First = Annotated[Day, Query(alias="from")]
Last = Annotated[Day, Query(alias="to")]
Group = Annotated[str | None, Query(max_length=64)]
PersonId = Annotated[str, Path(max_length=64)]
CorrectionId = Annotated[str, Path(pattern=r"^[0-9]{1,9}$")]
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
SHEET: dict[int | str, dict[str, object]] = {200: {"content": {"text/csv": {}, TYPES["xlsx"]: {}}}}


@router.get("")
@users("admin", "guard", "teacher")
def classes(
    parts: Parts, caller: Caller, *, first: First = None, last: Last = None, group: Group = None
) -> shapes.ClassDays:
    """Each class on local days (by default today); a teacher sees their own."""
    with parts.store.read() as link:
        days = asking.days_of(parts, first, last)
        lines = asking.classes(link, parts, days, _groups(link, caller, group))
        table = timetable_of(link, parts.zone)
    _seen(parts, caller, group or "", f"{days[0]} to {days[-1]}")
    items = [
        views.class_day(name, day, table.hours(name, asking.read_day(day, "day")), list(some))
        for (day, name), some in groupby(lines, lambda line: (line.day, line.person["group"]))
    ]
    return shapes.ClassDays(items=items)


@router.get("/classes")
@users("admin", "guard", "teacher")
def counts(parts: Parts, caller: Caller, day: Day = None) -> shapes.ClassCounts:
    """Each class in numbers on a local day (by default today), without anybody's name; a teacher sees their own."""
    with parts.store.read() as link:
        (wanted,) = asking.days_of(parts, day, None)
        lines = asking.classes(link, parts, [wanted], _groups(link, caller, None))
        table = timetable_of(link, parts.zone)
    items = [
        views.class_count(name, wanted.isoformat(), table.hours(name, wanted), list(some))
        for name, some in groupby(lines, lambda line: str(line.person["group"]))
    ]
    return shapes.ClassCounts(items=items)


@router.get("/people/{person_id}")
@users("admin", "guard", "teacher")
def person(
    parts: Parts, caller: Caller, person_id: PersonId, *, first: First = None, last: Last = None
) -> shapes.PersonDays:
    """Somebody's days, with every correction that was made of them, also those that were taken back."""
    with parts.store.read() as link:
        days = asking.days_of(parts, first, last)
        lines = asking.one(link, parts, person_id, days, _groups(link, caller, None))
        every = correcting.history(link, person_id, days[0], days[-1])
    _seen(parts, caller, person_id, f"{days[0]} to {days[-1]}")
    about = lines[0].person
    return shapes.PersonDays(
        person_id=person_id,
        name=about["name"],
        group=about["group"],
        items=[views.line(each) for each in lines],
        corrections=[views.correction(row) for row in every],
    )


@router.get("/export", response_class=Response, responses=SHEET)
@users("admin", "guard", "teacher")
def export(
    parts: Parts,
    caller: Caller,
    *,
    first: First = None,
    last: Last = None,
    group: Group = None,
    form: Annotated[Format, Query(alias="format")] = "csv",
    language: Annotated[Language, Query(alias="lang")] = "zh-CN",
) -> Response:
    """The sheet for a spreadsheet."""
    with parts.store.read() as link:
        days = asking.days_of(parts, first, last)
        lines = asking.classes(link, parts, days, _groups(link, caller, group))
    _seen(parts, caller, group or "", f"{days[0]} to {days[-1]} as {form}")
    name = f"attendance-{days[0]}{f'-{days[-1]}' if len(days) > 1 else ''}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(written(lines, form, language, parts.zone), media_type=TYPES[form], headers=headers)


@router.post("/corrections")
@users("admin", "teacher")
def correct(parts: Parts, caller: Caller, wanted: shapes.CorrectionRequest) -> shapes.PersonDays:
    """Say what became of somebody's day; it stands until it is taken back, whatever the gates still tell."""
    first, last = asking.read_day(wanted.day, "day"), asking.read_day(wanted.to or wanted.day, "to")
    at = read_moment(wanted.at)
    with parts.store.write() as link:
        asking.one(link, parts, wanted.person_id, [first], _groups(link, caller, None))
        said = {"kind": wanted.kind, "at": at, "reason": wanted.reason, "who": caller.user}
        correcting.correct(link, parts, wanted.person_id, first=first, last=last, **said)  # type: ignore[arg-type]
    parts.bell.ring()
    return person(parts, caller, wanted.person_id, first=wanted.day, last=wanted.day)


@router.post("/corrections/{correction_id}/end")
@users("admin", "teacher")
def take_back(parts: Parts, caller: Caller, correction_id: CorrectionId, wanted: shapes.TakeBack) -> shapes.PersonDays:
    """End a correction: the gates' word holds again."""
    with parts.store.write() as link:
        row = correcting.find(link, int(correction_id))
        asking.one(link, parts, row.person_id, [asking.read_day(row.day, "day")], _groups(link, caller, None))
        correcting.take_back(link, parts, row.id, reason=wanted.reason, who=caller.user)
    parts.bell.ring()
    return person(parts, caller, row.person_id, first=row.day, last=row.day)


@router.get("/signals")
@users("admin", "guard", "teacher")
def told(
    parts: Parts,
    caller: Caller,
    after: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> shapes.Signals:
    """Who is not here by the bell or here still after closing, and what of it was taken back, after change `after`."""
    with parts.store.read() as link:
        rows = signals.after(link, after, limit)
        allowed = _groups(link, caller, None)
        shown = [row for row in rows if allowed is None or row.group in allowed]
        named = select(people.c.id, people.c.name).where(people.c.id.in_({row.person_id for row in shown}))
        names = {row.id: row.name for row in link.execute(named)}
    _seen(parts, caller, "signals", "")
    return shapes.Signals(
        items=[views.signal(row, names.get(row.person_id, "")) for row in shown],
        next=rows[-1].change if rows else after,
        store=parts.store.store_id,
    )


def _groups(link: Connection, caller: Session, group: str | None) -> frozenset[str] | None:
    return narrowed(scope(link, caller.user, caller.role), group)


def _seen(parts: Services, caller: Session, subject: str, detail: str) -> None:
    """Who looked at whose days: reads of children's data are on the record, a page left open as one look."""
    told = {"who": caller.user, "action": "attendance.view", "subject": subject, "detail": detail}
    with parts.looks.recording((caller.user, subject, detail), parts.clock()) as new:
        if new:
            with parts.store.write() as link:
                audit.record(link, site=parts.site, at=parts.now(), **told)
