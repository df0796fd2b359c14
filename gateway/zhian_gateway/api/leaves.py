"""Leave slips: given and ended by teachers of their own classes, shown to guards without the reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from sqlalchemy import Connection

from ..attendance import asking, leave
from ..attendance.reading import edges
from ..auth.scope import narrowed, scope
from ..auth.sessions import Session
from ..errors import BadInput
from ..services import Services
from ..store import audit
from . import attendance_shapes as shapes
from . import attendance_views as views
from .access import Caller, Parts, users
from .attendance import Group
from .guarded import GuardedRouter
from .when import Day, read_moment

router = GuardedRouter(prefix="/api/leaves")
SlipId = Annotated[str, Path(pattern=r"^[0-9]{1,9}$")]


@router.get("")
@users("admin", "guard", "teacher")
def list_slips(
    parts: Parts,
    caller: Caller,
    *,
    day: Day = None,
    group: Group = None,
    person_id: Annotated[str | None, Query(max_length=64)] = None,
) -> shapes.LeaveSlips:
    """The leave slips of a local day (by default today); a teacher sees those of the own classes."""
    with parts.store.read() as link:
        (wanted,) = asking.days_of(parts, day, None)
        begins, ends = edges(wanted, wanted, parts.zone)
        found = leave.listed(link, _groups(link, caller, group), begins, ends, person_id)
    with parts.looks.recording(
        (caller.user, "leaves", group or "", person_id or "", str(wanted)), parts.clock()
    ) as new:
        if new:
            _seen(parts, caller, person_id or group or "", str(wanted))
    return shapes.LeaveSlips(items=[views.slip(each, with_reason=caller.role != "guard") for each in found])


@router.post("")
@users("admin", "teacher")
def give(parts: Parts, caller: Caller, wanted: shapes.LeaveRequest) -> shapes.LeaveSlip:
    """Let a child be away; attendance excuses the time, and no gate raises their going."""
    begins, ends = read_moment(wanted.begins), read_moment(wanted.ends)
    if begins is None or ends is None:
        raise BadInput("a leave slip begins and ends")
    with parts.store.write() as link:
        _check_theirs(link, parts, caller, wanted.person_id)
        said = leave.Wanted(wanted.person_id, begins, ends, wanted.reason, wanted.collected, wanted.collector)
        number = leave.give(link, parts, said, who=caller.user)
        made = _one(link, number)
    parts.bell.ring()
    return made


@router.post("/{slip_id}/end")
@users("admin", "teacher")
def end(parts: Parts, caller: Caller, slip_id: SlipId, wanted: shapes.TakeBack) -> shapes.LeaveSlip:
    """The slip holds no more."""
    with parts.store.write() as link:
        row = leave.find(link, int(slip_id))
        _check_theirs(link, parts, caller, row.person_id)
        leave.end(link, parts, row.id, why=wanted.reason, who=caller.user)
        ended = _one(link, row.id)
    parts.bell.ring()
    return ended


def _one(link: Connection, number: int) -> shapes.LeaveSlip:
    row = leave.find(link, number)
    found = leave.listed(link, None, row.begins, row.ends, row.person_id)
    return next(views.slip(each, with_reason=True) for each in found if each.row.id == number)


def _check_theirs(link: Connection, parts: Services, caller: Session, person_id: str) -> None:
    """NotFound for whom a teacher does not teach."""
    asking.one(link, parts, person_id, asking.days_of(parts, None, None), scope(link, caller.user, caller.role))


def _groups(link: Connection, caller: Session, group: str | None) -> frozenset[str] | None:
    return narrowed(scope(link, caller.user, caller.role), group)


def _seen(parts: Services, caller: Session, subject: str, detail: str) -> None:
    with parts.store.write() as link:
        audit.record(
            link,
            site=parts.site,
            at=parts.now(),
            who=caller.user,
            action="leave.view",
            subject=subject,
            detail=detail,
        )
