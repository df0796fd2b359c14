"""A phone's session: long, because a parent is no guard who comes on shift, and ended by the school or the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update
from zhian_wire import times

from .. import moments
from ..store import Store
from ..store.tables import carer_sessions, carers
from ..tokens import digest, new_secret
from .carers import Carer

#: How often it is written down that a phone is in use.
NOTED_EVERY: Final = timedelta(hours=12)
#: A phone that nobody uses for so long is another's by now.
IDLE: Final = timedelta(days=60)


@dataclass(frozen=True)
class CarerSession:
    """A phone that is bound. `digest` finds the session again; the cookie itself is not kept."""

    carer: Carer
    csrf: str
    digest: str


def open_session(link: Connection, carer: Carer, now: datetime, lasts: timedelta) -> tuple[CarerSession, str]:
    """A new session, and its cookie."""
    cookie, csrf = new_secret(), new_secret()
    values = {"digest": digest(cookie), "carer_id": carer.id, "csrf": csrf, "created_at": moments.text(now)}
    values |= {"expires_at": moments.text(now + lasts), "seen_at": moments.text(now)}
    link.execute(carer_sessions.insert().values(values))
    return CarerSession(carer, csrf, digest(cookie)), cookie


def find(store: Store, cookie: str, now: datetime) -> CarerSession | None:
    """Whose cookie it is, while the session lasts and is used."""
    key = digest(cookie)
    fields = (carers.c.id, carers.c.name, carers.c.language, carer_sessions.c.csrf, carer_sessions.c.seen_at)
    query = select(*fields).join(carer_sessions, carer_sessions.c.carer_id == carers.c.id)
    alive = (carer_sessions.c.expires_at > moments.text(now)) & (carer_sessions.c.seen_at > moments.text(now - IDLE))
    with store.read() as link:
        row = link.execute(query.where(carer_sessions.c.digest == key, alive)).one_or_none()
    if row is None:
        return None
    if now - times.from_text(row.seen_at) >= NOTED_EVERY:
        with store.write() as link:
            link.execute(update(carer_sessions).where(carer_sessions.c.digest == key).values(seen_at=moments.text(now)))
    return CarerSession(Carer(row.id, row.name, row.language), row.csrf, key)


def close(link: Connection, session: CarerSession) -> None:
    """End this very one."""
    link.execute(delete(carer_sessions).where(carer_sessions.c.digest == session.digest))


def close_others(link: Connection, session: CarerSession) -> int:
    """End the sessions of the same carer on other phones; how many."""
    theirs = (carer_sessions.c.carer_id == session.carer.id) & (carer_sessions.c.digest != session.digest)
    return link.execute(delete(carer_sessions).where(theirs)).rowcount


def sweep(link: Connection, now: datetime) -> int:
    """Delete what is over; how many."""
    over = or_(carer_sessions.c.expires_at <= moments.text(now), carer_sessions.c.seen_at <= moments.text(now - IDLE))
    return link.execute(delete(carer_sessions).where(over)).rowcount
