"""Takes notices back: what waits is not sent, and who was told already is named, so that they can be told better."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update

from ..store import stream
from ..store.tables import notices

TOLD: Final = ("sent", "unsure", "sending")
NOT_YET: Final = ("queued", "held")


def take_back(link: Connection, key: str, now: str) -> frozenset[str]:
    """Send no more of what a happening's `key` has led to; the receivers who were told of it."""
    told = receivers(link, key, TOLD)
    theirs = notices.c.key.startswith(f"{key}/", autoescape=True) & notices.c.state.in_(NOT_YET)
    for number in list(link.execute(select(notices.c.id).where(theirs)).scalars()):
        values = {"state": "expired", "error": "taken back before it was sent", "next_at": now}
        link.execute(update(notices).where(notices.c.id == number).values(values))
        stream.push(link, "notice", str(number), now)
    return told


def receivers(link: Connection, key: str, states: tuple[str, ...]) -> frozenset[str]:
    """Whom something was told, as the last part of a notice's key names them."""
    theirs = notices.c.key.startswith(f"{key}/", autoescape=True)
    rows = link.execute(select(notices.c.key).where(theirs, notices.c.state.in_(states))).scalars()
    return frozenset(found.removeprefix(f"{key}/") for found in rows)
