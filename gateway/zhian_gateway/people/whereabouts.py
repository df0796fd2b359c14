"""Who went where last today, by the passages of all nodes: what gates of one site agree on.

One row for each person of the roster who came today, and of who stayed over night for a roll call; older ones are
deleted. Nodes get opaque ids, zones and ages of today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, not_, or_, select, true, update
from zhian_wire import times
from zhian_wire.events import Clock
from zhian_wire.whereabouts import Whereabouts

from ..store import counters
from ..store.tables import people, whereabouts

#: A time that its node does not vouch for is believed when the gateway got the event so soon afterwards.
WITNESSED: Final = timedelta(seconds=60)
CHUNK: Final = 500


class Went(NamedTuple):
    """Somebody went into a zone; `at` is RFC 3339.

    `lane_node`: whose lane it was, where `node` is `BY_HAND`.
    """

    person: str
    zone: str
    node: str
    at: str
    day: str
    lane_node: str | None = None


def moment(time: str, clock: Clock, received: datetime) -> str | None:
    """When an event was, as far as it can be believed: never after it came; None where nobody knows."""
    said = times.from_text(time)
    if clock != "trusted" and abs(received - said) > WITNESSED:
        return None
    return times.to_text(min(said, received))


def keep(link: Connection, went: Sequence[Went]) -> None:
    """Take these, in any order: of one person the latest counts, and an older one than is known changes nothing."""
    latest = {one.person: one for one in sorted(went, key=lambda one: one.at)}
    known = _known(link, list(latest))
    news = [one for one in latest.values() if one.person not in known or one.at > known[one.person]]
    if not news:
        return
    version = counters.take(link, "presence")
    for one in news:
        values = one._asdict() | {"version": version}
        if one.person in known:
            link.execute(update(whereabouts).where(whereabouts.c.person == one.person).values(values))
        else:
            link.execute(whereabouts.insert().values(values))


def _known(link: Connection, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(ids), CHUNK):
        some = whereabouts.c.person.in_(ids[start : start + CHUNK])
        found |= {row.person: row.at for row in link.execute(select(whereabouts).where(some))}
    return found


def told(link: Connection, node: str, *, since: int, day: str, now: datetime) -> tuple[Whereabouts, ...]:
    """What `node` is to know: today's whole, or what other nodes said after version `since`.

    Its own passages it knows better itself, but for one that begins anew.
    """
    theirs = (whereabouts.c.version > since) & (whereabouts.c.node != node)
    return _listed(link, theirs if since else true(), day, now)


def told_by_hand(link: Connection, node: str, *, since: int, day: str, now: datetime) -> tuple[Whereabouts, ...]:
    """Likewise, of what guards recorded or took back at the lanes of `node` alone."""
    recorded = (whereabouts.c.lane_node == node) & (whereabouts.c.version > since)
    return _listed(link, recorded, day, now)


def _listed(link: Connection, which: ColumnElement[bool], day: str, now: datetime) -> tuple[Whereabouts, ...]:
    query = (
        select(whereabouts)
        .join(people, people.c.opaque == whereabouts.c.person)
        .where(whereabouts.c.day == day, people.c.withdrawn_at.is_(None), people.c.watch.is_(False), which)
    )
    return tuple(
        Whereabouts(person=row.person, zone=row.zone, node=row.node, age_ms=_age_ms(row.at, now))
        for row in link.execute(query.order_by(whereabouts.c.at))
    )


def version(link: Connection) -> int:
    """Rises with every change."""
    return counters.current(link, "presence")


def recorded_at(link: Connection, since: int) -> dict[str, int]:
    """The lanes' nodes of what guards recorded or took back after version `since`, with the last version of each."""
    query = select(whereabouts.c.lane_node, func.max(whereabouts.c.version))
    query = query.where(whereabouts.c.version > since, whereabouts.c.lane_node.is_not(None))
    return {str(node): int(last) for node, last in link.execute(query.group_by(whereabouts.c.lane_node))}


class Since(NamedTuple):
    """From when on it counts where people are: the local day `day`; of who went in and not out, the moment `night`."""

    day: str
    night: str


def counts(since: Since) -> ColumnElement[bool]:
    """Whether where somebody is still counts."""
    stayed = (whereabouts.c.zone != "") & (whereabouts.c.at > since.night)
    return or_(whereabouts.c.day >= since.day, stayed)


def forget_before(link: Connection, since: Since) -> None:
    """What does not count any more is nobody's business."""
    link.execute(delete(whereabouts).where(not_(counts(since))))


def _age_ms(at: str, now: datetime) -> int:
    return max(0, (now - times.from_text(at)) // timedelta(milliseconds=1))
