"""Takes notices back: what waits is not sent, and who was told already is named, so that they can be told better."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update

from ..store import stream
from ..store.tables import notices
from .rows import TAKEN_BACK

TOLD: Final = ("sent", "unsure", "sending")
NOT_YET: Final = ("queued", "held")


def take_back(link: Connection, key: str, now: str) -> frozenset[str]:
    """Send no more of what a happening's `key` has led to; the receivers who were told of it.

    What is on its way may arrive, so its receiver counts as told; but it is tried no second time.
    """
    told = receivers(link, key, TOLD)
    ours = notices.c.key.startswith(f"{key}/", autoescape=True)
    under_way = ours & (notices.c.state == "sending") & (notices.c.expires_at > now)
    link.execute(update(notices).where(under_way).values(expires_at=now))
    for number in list(link.execute(select(notices.c.id).where(ours, notices.c.state.in_(NOT_YET))).scalars()):
        values = {"state": "expired", "error": TAKEN_BACK, "next_at": now}
        link.execute(update(notices).where(notices.c.id == number).values(values))
        stream.push(link, "notice", str(number), now)
    return told


def happening(link: Connection, key: str) -> str:
    """As what a happening's `key` was told; "": as nothing."""
    theirs = notices.c.key.startswith(f"{key}/", autoescape=True)
    return str(link.execute(select(notices.c.happening).where(theirs).limit(1)).scalar() or "")


def receivers(link: Connection, key: str, states: tuple[str, ...]) -> frozenset[str]:
    """Whom something was told, as the last part of a notice's key names them."""
    theirs = notices.c.key.startswith(f"{key}/", autoescape=True)
    rows = link.execute(select(notices.c.key).where(theirs, notices.c.state.in_(states))).scalars()
    return frozenset(found.removeprefix(f"{key}/") for found in rows)
