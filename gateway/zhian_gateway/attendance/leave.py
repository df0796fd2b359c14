"""Leave slips: a child may be away from then until then, and goes home with whom the slip says.

Nodes have them with their roster, so that no gate raises a child who leaves with leave; attendance excuses the time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec
from sqlalchemy import Connection, Row, RowMapping, select, update
from zhian_wire import times

from .. import moments
from ..errors import BadInput, Conflict, NotFound
from ..people.files import Plate
from ..people.masking import tail
from ..services import Services
from ..store import audit, counters
from ..store.tables import leave_slips, people

#: alone: with nobody; listed: with whoever is listed; person, plate: with this one, or with whoever is listed.
Collected = Literal["alone", "listed", "person", "plate"]
COLLECTED: Final[tuple[Collected, ...]] = get_args(Collected)
#: Longer ones are a leave of days: a correction says so.
LONGEST: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=366)
REASON: Final = 500


class Slip(NamedTuple):
    """A slip with the names of whom it is about and of who collects them ("": nobody named, or a car)."""

    row: Row[Any]
    name: str
    group: str
    collector_name: str


class Wanted(NamedTuple):
    """What a teacher says."""

    person_id: str
    begins: datetime
    ends: datetime
    reason: str
    collected: Collected = "listed"
    collector: str = ""


def give(link: Connection, parts: Services, wanted: Wanted, *, who: str) -> int:
    """Let somebody be away; the slip's number.

    Raises:
        NotFound: nobody is enrolled by that id, or the one who is to collect them is not.
        BadInput: no reason, times that are none, over, or too far away, or a collector that does not fit.
    """
    person = _enrolled(link, wanted.person_id)
    _check(parts, wanted)
    collector = _collector(link, wanted)
    last = moments.local_day(wanted.ends - timedelta(milliseconds=1), parts.zone)
    values = {"site": parts.site, "person_id": wanted.person_id, "day": last, "reason": wanted.reason.strip()}
    values |= {"begins": moments.text(wanted.begins), "ends": moments.text(wanted.ends), "who": who}
    values |= {"collected": wanted.collected, "collector": collector, "made_at": parts.now()}
    number = int(link.execute(leave_slips.insert().values(values).returning(leave_slips.c.id)).scalar_one())
    whom = tail(collector) if wanted.collected == "plate" else collector
    told = f"{values['begins']} to {values['ends']}, {wanted.collected} {whom}".rstrip()
    told = f"{number}: {told}: {values['reason']}"
    _changed(link, parts, person["id"], action="leave.give", detail=told, who=who)
    return number


def end(link: Connection, parts: Services, number: int, *, why: str, who: str) -> Row[Any]:
    """A slip holds no more; what it excused stays excused only as far as something else does.

    Raises:
        NotFound: there is no such slip.
        Conflict: it was ended before.
        BadInput: no reason.
    """
    row = find(link, number)
    if row.ended_at is not None:
        raise Conflict(f"leave slip {number} was ended at {row.ended_at} by {row.ended_by}")
    _check_reason(why)
    ended = {"ended_at": parts.now(), "ended_by": who, "ended_why": why.strip()}
    link.execute(update(leave_slips).where(leave_slips.c.id == number).values(ended))
    _changed(link, parts, row.person_id, action="leave.end", detail=f"{number}: {why.strip()}", who=who)
    return row


def find(link: Connection, number: int) -> Row[Any]:
    """A slip by its number; NotFound."""
    row = link.execute(select(leave_slips).where(leave_slips.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no leave slip {number}")
    return row


def listed(
    link: Connection, groups: Collection[str] | None, begins: str, ends: str, person_id: str | None = None
) -> list[Slip]:
    """The slips that touch the time from `begins` to `ends`, by when they begin; those that were ended too."""
    child, other = people.alias("child"), people.alias("other")
    query = (
        select(leave_slips, child.c.name.label("child_name"), child.c.group.label("child_group"), other.c.name)
        .join(child, child.c.id == leave_slips.c.person_id)
        .outerjoin(other, (other.c.id == leave_slips.c.collector) & (leave_slips.c.collected == "person"))
        .where(leave_slips.c.begins < ends, leave_slips.c.ends > begins)
        .order_by(leave_slips.c.begins, leave_slips.c.id)
    )
    if groups is not None:
        query = query.where(child.c.group.in_(sorted(groups)))
    if person_id is not None:
        query = query.where(leave_slips.c.person_id == person_id)
    return [Slip(row, row.child_name, row.child_group, row.name or "") for row in link.execute(query)]


def ends_after(link: Connection, since: datetime) -> Sequence[datetime]:
    """When the slips end that end after `since` and were not called off: whoever is not back then is missed."""
    query = select(leave_slips.c.ends).where(leave_slips.c.ended_at.is_(None), leave_slips.c.ends > moments.text(since))
    return [times.from_text(each) for each in link.execute(query.distinct()).scalars()]


def _enrolled(link: Connection, person_id: str) -> RowMapping:
    where = (people.c.id == person_id) & people.c.withdrawn_at.is_(None) & people.c.watch.is_(False)
    row = link.execute(select(people).where(where)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    return row


def _check(parts: Services, wanted: Wanted) -> None:
    _check_reason(wanted.reason)
    now = parts.clock()
    if not timedelta(0) < wanted.ends - wanted.begins <= LONGEST:
        raise BadInput(f"a leave slip lasts until after it begins, and for {LONGEST.days} days at most")
    if wanted.ends <= now or wanted.begins > now + AHEAD:
        raise BadInput("a leave slip is for a time to come: what is over is corrected")
    if wanted.collected in ("person", "plate") and not wanted.collector.strip():
        raise BadInput("say who collects the child")
    if wanted.collected in ("alone", "listed") and wanted.collector.strip():
        raise BadInput(f"{wanted.collected} names nobody who collects the child")


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > REASON:
        raise BadInput(f"a leave slip needs a reason, of {REASON} characters at most")


def _collector(link: Connection, wanted: Wanted) -> str:
    """As it is kept: an id, or a plate as plates are written."""
    said = wanted.collector.strip()
    if wanted.collected == "person":
        return str(_enrolled(link, said)["id"])
    if wanted.collected == "plate":
        try:
            return msgspec.convert(said.upper(), Plate)
        except msgspec.ValidationError as error:
            raise BadInput(f"{said!r} is no plate, such as 京A12345") from error
    return ""


def _changed(link: Connection, parts: Services, person_id: str, *, action: str, detail: str, who: str) -> None:
    version = counters.take(link, "roster")
    link.execute(update(people).where(people.c.id == person_id).values(version=version))
    audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=person_id, detail=detail)
