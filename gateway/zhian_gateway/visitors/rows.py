"""Visits in the store: found, and changed in one place, where every step is audited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update
from zhian_wire import times

from ..auth.sessions import Session
from ..errors import BadInput, NotFound
from ..services import Services
from ..store import audit
from ..store.tables import visits
from . import agreeing, life
from .life import State

Visit = Row[Any]
REASON: Final = 300


def find(link: Connection, visit: int) -> Visit:
    """A visit by its number; NotFound."""
    row = link.execute(select(visits).where(visits.c.id == visit)).one_or_none()
    if row is None:
        raise NotFound(f"there is no visit {visit}")
    return row


def seen_by(caller: Session) -> ColumnElement[bool]:
    """Which visits somebody may see, as a condition: the desk all, a host their own."""
    if caller.role in ("admin", "guard"):
        return visits.c.id.is_not(None)
    return visits.c.host_user == caller.user


def find_for(link: Connection, caller: Session, visit: int) -> Visit:
    """Likewise, among those that the caller may see: another's is as one that never was."""
    row = link.execute(select(visits).where(visits.c.id == visit, seen_by(caller))).one_or_none()
    if row is None:
        raise NotFound(f"there is no visit {visit}")
    return row


def between(link: Connection, which: ColumnElement[bool], begins: str, ends: str) -> Sequence[Visit]:
    """Visits whose time touches these moments, and whoever is inside however long; by their beginning."""
    touches = and_(visits.c.begins < ends, visits.c.ends >= begins)
    query = select(visits).where(which, or_(touches, visits.c.state == "inside"))
    return link.execute(query.order_by(visits.c.begins, visits.c.id)).all()


def step(link: Connection, parts: Services, row: Visit, wanted: life.Step, *, who: str, why: str = "") -> State:
    """Take a step of a visit's life, and write down who did.

    Raises:
        Conflict: it does not follow from where the visit is.
    """
    target = life.advance(cast(State, row.state), wanted)
    change(link, parts, row.id, {"state": target}, action=f"visit.{wanted}", who=who, why=why)
    return target


def change(
    link: Connection, parts: Services, visit: int, values: dict[str, Any], *, action: str, who: str, why: str = ""
) -> None:
    """Write columns of a visit; the audit says by whom and why, and nothing of the person."""
    if values:
        link.execute(update(visits).where(visits.c.id == visit).values(values))
    audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=str(visit), detail=why)


def reason(said: str) -> str:
    """A reason that somebody gave.

    Raises:
        BadInput: none, or too long.
    """
    found = " ".join(said.split())
    if not 0 < len(found) <= REASON:
        raise BadInput(f"reason: 1 to {REASON} characters")
    return found


def agreed_words(row: Visit) -> list[str]:
    """The purposes that somebody agreed to."""
    return [each for each in agreeing.PURPOSES if each in row.agreed.split()]


def moment(row: Visit, name: str) -> datetime:
    """A time of a visit, aware."""
    return times.from_text(getattr(row, name))
