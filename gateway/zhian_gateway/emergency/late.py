"""Whether a press of a wired button comes too late to sound sirens for: from a node cut off, or after a restore."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, RowMapping, select
from zhian_wire import codec, times
from zhian_wire.alerts import OPEN
from zhian_wire.events import TYPE_OF, Alert

from ..store.tables import alerts, events

#: A press older than this is told as a case only: whoever pressed was helped meanwhile, or nobody is there any more.
LATE: Final = timedelta(minutes=10)


def is_late(link: Connection, alert: RowMapping, now: str) -> bool:
    """Whether the latest press of a case is older than `LATE`; by a clock that is not believed it never is."""
    pressed = times.from_text(alert["last_at"])
    return times.from_text(now) - pressed > LATE and not (_is_off(link, alert) or _is_doubted(link, alert))


def _is_off(link: Connection, alert: RowMapping) -> bool:
    """The gateway found the node's clock wrong, whatever the node thinks of it."""
    query = select(alerts.c.id).where(alerts.c.site == alert["site"], alerts.c.node == alert["node"])
    return (
        link.execute(query.where(alerts.c.kind == "clock_off", alerts.c.state.in_(OPEN)).limit(1)).first() is not None
    )


def _is_doubted(link: Connection, alert: RowMapping) -> bool:
    """The node itself did not trust its clock when it told of the press."""
    pressed = times.from_text(alert["last_at"]).date()
    # The site's day of a moment is a day beside that of UTC at most; without it the search is long.
    days = [(pressed + timedelta(days=step)).isoformat() for step in (-1, 0, 1)]
    query = select(events.c.body).where(
        events.c.site == alert["site"],
        events.c.node == alert["node"],
        events.c.day.in_(days),
        events.c.type == TYPE_OF[Alert],
        events.c.time == alert["last_at"],
        events.c.digest.is_(None),
    )
    return any(codec.decode(body).clock != "trusted" for body in link.execute(query).scalars())
