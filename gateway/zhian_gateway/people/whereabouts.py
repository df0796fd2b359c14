"""Who went where last today, by the passages of all nodes: what gates of one site agree on.

One row for each person of the roster who came today, and of who stayed over night for a roll call; older ones are
deleted. Nodes get opaque ids, zones and ages of today's. What guards recorded is kept for each lane's node besides: one
without siblings hears of nothing else, and of that wherever somebody went since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
    update,
)
from zhian_wire import times
from zhian_wire.events import Clock
from zhian_wire.whereabouts import BY_HAND, Whereabouts

from ..store import counters
from ..store.tables import people, recorded_whereabouts, whereabouts

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
    known = {row.person: row for row in _known(link, whereabouts, list(latest))}
    news = [one for one in latest.values() if one.person not in known or one.at > known[one.person].at]
    words = _words(link, went, known)
    if not news and not words:
        return
    version = counters.take(link, "presence")
    for one in news:
        _move(link, one, version, known=one.person in known)
    for one in words:
        _record(link, one, version)


def take_back(link: Connection, word: Went, before: str) -> None:
    """A guard's word at a lane of `word.lane_node` was a slip: they are where `word` says, as of its moment.

    Unless they have gone elsewhere since: then that node alone is told, which had heard of the word.

    Args:
        before: the moment of the slip.
    """
    known = next(iter(_known(link, whereabouts, [word.person])), None)
    if known is None:
        return
    heard = next((row for row in _known(link, recorded_whereabouts, [word.person]) if row.node == word.lane_node), None)
    still = known.at <= before
    if not still and (heard is None or heard.at > before):
        return
    version = counters.take(link, "presence")
    if still:
        _move(link, word, version, known=True)
    _record(link, word, version)


def _move(link: Connection, one: Went, version: int, *, known: bool) -> None:
    values = one._asdict() | {"version": version}
    del values["lane_node"]
    if known:
        link.execute(update(whereabouts).where(whereabouts.c.person == one.person).values(values))
    else:
        link.execute(whereabouts.insert().values(values))


def _record(link: Connection, word: Went, version: int) -> None:
    row = {"person": word.person, "node": word.lane_node, "zone": word.zone, "day": word.day, "at": word.at}
    _forget_words(link, [(word.person, word.lane_node or "")])
    link.execute(recorded_whereabouts.insert().values(row | {"version": version}))


def _words(link: Connection, went: Sequence[Went], known: Mapping[str, Row[Any]]) -> list[Went]:
    """The latest news of each node's guards. A node that saw somebody since knows better itself: then there is none."""
    last = {(one.person, one.lane_node or one.node): one for one in sorted(went, key=lambda one: one.at)}
    held = {(row.person, row.node): row.at for row in _known(link, recorded_whereabouts, [one.person for one in went])}
    seen = [place for place, one in last.items() if one.lane_node is None and held.get(place, one.at) < one.at]
    _forget_words(link, seen)
    newer = (one for place, one in last.items() if one.lane_node is not None and held.get(place, "") < one.at)
    return [one for one in newer if not _saw_since(known.get(one.person), one)]


def _saw_since(row: Row[Any] | None, word: Went) -> bool:
    return row is not None and row.node == word.lane_node and row.at >= word.at


def _forget_words(link: Connection, places: Sequence[tuple[str, str]]) -> None:
    """Of these persons at these nodes."""
    place = tuple_(recorded_whereabouts.c.person, recorded_whereabouts.c.node)
    for start in range(0, len(places), CHUNK // 2):
        link.execute(delete(recorded_whereabouts).where(place.in_(places[start : start + CHUNK // 2])))


def _known(link: Connection, table: Table, ids: Sequence[str]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(ids), CHUNK):
        found += link.execute(select(table).where(table.c.person.in_(ids[start : start + CHUNK])))
    return found


def told(link: Connection, node: str, *, since: int, day: str, now: datetime) -> tuple[Whereabouts, ...]:
    """What `node` is to know: today's whole, or what other nodes said after version `since`.

    Its own passages it knows better itself, but for one that begins anew.
    """
    theirs = (whereabouts.c.version > since) & (whereabouts.c.node != node)
    return _listed(link, _places(whereabouts, whereabouts.c.node, day).where(theirs if since else true()), now)


def told_by_hand(link: Connection, node: str, *, since: int, day: str, now: datetime) -> tuple[Whereabouts, ...]:
    """Likewise, of what guards recorded or took back at the lanes of `node` alone, wherever somebody went since."""
    words = recorded_whereabouts
    recorded = (words.c.node == node) & (words.c.version > since)
    return _listed(link, _places(words, literal(BY_HAND), day).where(recorded), now)


def _places(table: Table, node: ColumnElement[str], day: str) -> Select[Any]:
    listed = (people.c.opaque == table.c.person) & people.c.withdrawn_at.is_(None) & people.c.watch.is_(False)
    places = select(table.c.person, table.c.zone, table.c.at, node.label("node")).join(people, listed)
    return places.where(table.c.day == day).order_by(table.c.at)


def _listed(link: Connection, places: Select[Any], now: datetime) -> tuple[Whereabouts, ...]:
    return tuple(
        Whereabouts(person=row.person, zone=row.zone, node=row.node, age_ms=_age_ms(row.at, now))
        for row in link.execute(places)
    )


def version(link: Connection) -> int:
    """Rises with every change."""
    return counters.current(link, "presence")


def recorded_at(link: Connection, since: int) -> dict[str, int]:
    """The lanes' nodes of what guards recorded or took back after version `since`, with the last version of each."""
    words = recorded_whereabouts
    query = select(words.c.node, func.max(words.c.version)).where(words.c.version > since)
    return {str(node): int(last) for node, last in link.execute(query.group_by(words.c.node))}


def told_of(link: Connection, person: str) -> Sequence[str]:
    """The lanes' nodes of what guards recorded of somebody today."""
    words = recorded_whereabouts
    return link.execute(select(words.c.node).where(words.c.person == person).order_by(words.c.node)).scalars().all()


def forget(link: Connection, person: str) -> None:
    """Somebody is on the roster no more."""
    for table in (whereabouts, recorded_whereabouts):
        link.execute(delete(table).where(table.c.person == person))


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
    link.execute(delete(recorded_whereabouts).where(recorded_whereabouts.c.day < since.day))


def _age_ms(at: str, now: datetime) -> int:
    return max(0, (now - times.from_text(at)) // timedelta(milliseconds=1))
