"""How a visit ends, or goes on longer: the pass holds no more, a face is forgotten, a case about it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update
from zhian_wire import times
from zhian_wire.whereabouts import BY_HAND

from .. import moments
from ..cases.signals import Clear
from ..errors import BadInput, Conflict
from ..people import whereabouts
from ..people.whereabouts import Went
from ..services import Services
from ..store import counters
from ..store.tables import credentials, people, visits
from . import grounds, life, rows
from .rows import Visit


def extend(link: Connection, parts: Services, visit: int, minutes: int, *, who: str) -> None:
    """More time, counted from the end or from now, whichever is later; what was overdue is not any more.

    Raises:
        Conflict: it is over.
        BadInput: longer than a visit may be.
    """
    row = rows.find(link, visit)
    if row.state in life.OVER:
        raise Conflict(f"the visit is {row.state}")
    now = parts.clock()
    ends = max(rows.moment(row, "ends"), now) + timedelta(minutes=minutes)
    if ends - rows.moment(row, "begins") > timedelta(minutes=parts.config.visitors.longest_minutes):
        raise BadInput(f"minutes: a visit lasts {parts.config.visitors.longest_minutes / 60:g} hours at most")
    values: dict[str, Any] = {"ends": moments.text(ends), "overdue_at": None}
    values |= {"token_ends": moments.text(ends)} if row.token else {}
    rows.change(link, parts, visit, values, action="visit.extend", who=who, why=f"until {moments.text(ends)}")
    if row.person_id is not None and opaque_of(link, row) is not None:
        grounds.renew(link, parts, rows.find(link, visit), who=who)
    _ends(link, row, moments.text(ends))
    _clear(link, parts, row, "extended")


def leave(link: Connection, parts: Services, row: Visit, *, who: str, at: str, why: str = "") -> None:
    """Out: the pass holds no more, wherever they went through.

    Raises:
        Conflict: they are not in.
    """
    target = life.advance(row.state, "leave")
    values = {"state": target, "left_at": at, "overdue_at": None, "token": None}
    rows.change(link, parts, row.id, values, action="visit.leave", who=who, why=why)
    _ends(link, row, parts.now())
    _forget_face(link, parts, row, who=who)
    _out(link, parts, row, at)
    _clear(link, parts, row, "left")


def take_back(link: Connection, parts: Services, row: Visit, *, who: str) -> None:
    """They were let in by a slip: they are still to come, and card, face and pass hold no more.

    Raises:
        Conflict: they are not in.
    """
    values = {"state": life.advance(row.state, "take_back"), "admitted_at": None}
    rows.change(link, parts, row.id, values, action="visit.take_back", who=who)
    _ends(link, row, parts.now())
    _forget_face(link, parts, row, who=who)
    if row.card:
        free_card(link, parts, row, who=who)
    _out(link, parts, row, parts.now())


def free_card(link: Connection, parts: Services, row: Visit, *, who: str) -> None:
    """The card of a visit is the desk's again, for the next visitor."""
    theirs = (credentials.c.person_id == row.person_id) & (credentials.c.value == row.card)
    link.execute(delete(credentials).where(theirs, credentials.c.kind == "card"))
    told(link, row.person_id)
    rows.change(link, parts, row.id, {"card": None}, action="visit.card", who=who, why="given back")


def _out(link: Connection, parts: Services, row: Visit, at: str) -> None:
    """By a guard's word: no lane told of it, and neither nodes nor a roll call shall look for them inside."""
    opaque = opaque_of(link, row)
    if opaque is None:
        return
    day = moments.local_day(times.from_text(at), parts.zone)
    # Where a guard's word led them in, that lane's node hears of this one too.
    nodes: Sequence[str | None] = whereabouts.told_of(link, opaque) or (None,)
    whereabouts.keep(link, [Went(opaque, "", BY_HAND, at, day, lane_node=node) for node in nodes])


def _forget_face(link: Connection, parts: Services, row: Visit, *, who: str) -> None:
    """A face was for the visit alone. The photograph stays, for the guards."""
    portrait = select(people.c.portrait).where(people.c.id == row.person_id, people.c.withdrawn_at.is_(None))
    found = link.execute(portrait.where(people.c.face.is_(True))).one_or_none()
    if found is None:
        return
    parts.registry.forget_face(link, row.person_id, who=who, now=parts.now(), why="the visit ended")
    shown = {"portrait": found.portrait, "face": False}
    link.execute(update(people).where(people.c.id == row.person_id).values(shown))


def turn_away(link: Connection, parts: Services, visit: int, wanted: life.Step, why: str, *, who: str) -> None:
    """They do not come in (`refuse`), or are not expected any more (`cancel`).

    Raises:
        Conflict: they are in already, or it is over.
        BadInput: no reason.
    """
    row = rows.find(link, visit)
    said = rows.reason(why)
    rows.step(link, parts, row, wanted, who=who, why=said)
    values = {"decided_by": who, "decided_why": said, "token": None, "ends": min(row.ends, parts.now())}
    link.execute(update(visits).where(visits.c.id == visit).values(values))


def _ends(link: Connection, row: Visit, ends: str) -> None:
    """Nodes hear at once of another end."""
    if row.person_id is not None:
        link.execute(update(people).where(people.c.id == row.person_id).values(ends=ends))
        told(link, row.person_id)


def told(link: Connection, person_id: str) -> None:
    version = counters.take(link, "roster")
    link.execute(update(people).where(people.c.id == person_id).values(version=version))


def overdue_key(visit: int) -> str:
    """By which the case of an overdue visitor is known."""
    return f"visitor_overdue/{visit}"


def _clear(link: Connection, parts: Services, row: Visit, note: str) -> None:
    parts.book.clear(link, Clear(key=overdue_key(row.id), at=parts.now(), note=note), parts.now())


def opaque_of(link: Connection, row: Visit) -> str | None:
    """What nodes call a visitor; None where they were never let in, or were erased since."""
    theirs = (people.c.id == row.person_id) & people.c.withdrawn_at.is_(None)
    return link.execute(select(people.c.opaque).where(theirs)).scalar()
