"""Whether the machine's clock may be believed, before anybody is withdrawn or anything deleted for its age.

A clock whose battery failed may stand years ahead when the machine starts. Within a minute every ground would have
ended and every class of data be too old, and nothing of that can be taken back. So a moment far after the last one that
was believed is believed only when the kernel says that something synchronises the clock, or a person that it is right.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update
from zhian_wire import times

from ..services import Services
from ..store import audit
from ..store.tables import audit as entries
from ..store.tables import counters

#: A gateway may be off for so long, or its clock so far ahead, without anybody being asked. What is deleted for its
#: age is kept for a month and more.
JUMP: Final = timedelta(days=7)
#: How often it is written down.
NOTED: Final = timedelta(hours=1)
#: In `counters`: the last moment that was believed, in seconds since 1970.
NAME: Final = "believed_s"


class Doubt(NamedTuple):
    """The clock stands at `now`, long after `last`, when it was last believed, and nothing synchronises it."""

    last: datetime
    now: datetime


def doubt(parts: Services, link: Connection) -> Doubt | None:
    """Why the clock is not believed; None: it is."""
    last, now = _last(link), parts.clock()
    if last is None or now - last <= JUMP or parts.synchronised():
        return None
    return Doubt(last, now)


def believes(parts: Services) -> bool:
    """Whether the clock is believed; if so, up to now."""
    with parts.store.read() as link:
        found, written = doubt(parts, link), _written(link)
    now = parts.clock() if found is None else found.last
    # Back to where something vouches for it: what was believed by mistake would vouch for the next mistake.
    # Also when it is not believed: by the next look the audit's newest entry may be one that this clock dated.
    back = written is not None and now < written and parts.synchronised()
    if written is None or back or now - written >= NOTED:
        with parts.store.write() as link:
            _note(link, now)
    return found is None


def confirm(parts: Services, *, who: str) -> None:
    """A person has looked: the clock is right."""
    now = parts.clock()
    with parts.store.write() as link:
        _note(link, now)
        audit.record(link, site=parts.site, at=parts.now(), who=who, action="clock.confirmed", subject="", detail="")


def _last(link: Connection) -> datetime | None:
    """When the clock was believed last; by the audit's newest entry where that was never written down."""
    if (written := _written(link)) is not None:
        return written
    newest = link.execute(select(entries.c.at).order_by(entries.c.id.desc()).limit(1)).scalar()
    return None if newest is None else times.from_text(newest)


def _written(link: Connection) -> datetime | None:
    seconds = link.execute(select(counters.c.value).where(counters.c.name == NAME)).scalar()
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _note(link: Connection, moment: datetime) -> None:
    seconds = int(moment.timestamp())
    if link.execute(update(counters).where(counters.c.name == NAME).values(value=seconds)).rowcount == 0:
        link.execute(insert(counters).values(name=NAME, value=seconds))
