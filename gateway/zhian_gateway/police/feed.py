"""What the police are told, and what not.

A feed entry says that there is a case of an agreed kind, where and when, and how it stands. It holds no name, no
picture, no template and no enrolled person's id: children and residents who merely pass have no part in it, and a
crop leaves the site only on a ground of its own, which this feed does not have. Only a watch-list candidate, which
the police themselves had listed, names its subject (the list's own id) and the plate, with the score and the network
behind it, so that a person can confirm or reject it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Row, RowMapping, bindparam, func, select

from ..cases import verdicts
from ..cases.pieces import from_text
from ..emergency.calls import tells_police
from ..store import counters
from ..store.tables import deliveries, people, police_feed, subscribers

# Built once: they are asked for every change of a case.
_LAST: Final = (
    select(police_feed.c.body)
    .where(police_feed.c.alert_id == bindparam("alert"))
    .order_by(police_feed.c.id.desc())
    .limit(1)
)
_HOOKS: Final = select(subscribers.c.name).where(subscribers.c.disabled_at.is_(None), subscribers.c.webhook != "")


class FeedSubject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a candidate may be, and how sure the network is."""

    listed_as: str | None
    plate: str | None
    score: float | None
    network: str | None


class FeedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """How a case stands. `case` is its number: an entry is written when its state changes, or how grave it is, or when
    it is judged.

    `verdict`: confirmed or rejected, by an officer; null: nobody has judged it.
    """

    id: int
    site: str
    case: int
    kind: str
    severity: str
    state: str
    candidate: bool
    raised_at: str
    updated_at: str
    node: str
    camera: str | None
    lane: str | None
    subject: FeedSubject | None
    verdict: str | None = None
    judged_at: str | None = None


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries in the order in which they happened. `next` is where to go on; `more`: there is another page already."""

    items: list[FeedEntry]
    next: str
    more: bool


class Feed:
    """Listens to the book of cases and writes what may leave, with one delivery per webhook."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = frozenset(kinds)

    def __call__(self, link: Connection, alert: RowMapping, at: str) -> None:
        """A case changed; repeats that change nothing are not told again."""
        told = alert["kind"] in self._kinds or tells_police(link, alert["key"])
        if not told:
            return
        entry = _case(link, alert)
        if _is_told(link, entry):
            return
        number = counters.take(link, "police")
        body = msgspec.json.encode(replace(entry, id=number)).decode()
        values = {"id": number, "alert_id": alert["id"], "type": alert["state"], "at": at, "body": body}
        link.execute(police_feed.insert(), values)
        waiting = {"feed_id": number, "state": "queued", "tries": 0, "next_at": at, "error": ""}
        if hooks := [waiting | {"subscriber": name} for name in link.execute(_HOOKS).scalars()]:
            link.execute(deliveries.insert(), hooks)


def _is_told(link: Connection, now: FeedEntry) -> bool:
    """Whether the last entry says how the case stands already."""
    body = link.execute(_LAST, {"alert": now.case}).scalar()
    if body is None:
        return False
    last = msgspec.json.decode(body, type=FeedEntry)
    return _standing(last) == _standing(now)


def _standing(entry: FeedEntry) -> tuple[str | bool | None, ...]:
    return entry.state, entry.severity, entry.candidate, entry.verdict, entry.judged_at


def after(link: Connection, last: int, limit: int = 200) -> list[Row[Any]]:
    """Entries after `last` (`id`, `type`, `body`), oldest first."""
    query = select(police_feed.c.id, police_feed.c.type, police_feed.c.body).where(police_feed.c.id > last)
    return list(link.execute(query.order_by(police_feed.c.id).limit(limit)))


def lost(link: Connection, last: int) -> int | None:
    """None where entry `last` is one of this store's; else the last one before it that is (0: none).

    So it is after a restore from an older backup, for a place from elsewhere, and for an entry that was deleted since.
    """
    head = counters.current(link, "police")
    if last in (0, head) or link.execute(select(police_feed.c.id).where(police_feed.c.id == last)).first():
        return None
    if last > head:
        return 0
    return link.execute(select(func.max(police_feed.c.id)).where(police_feed.c.id < last)).scalar() or 0


def _case(link: Connection, alert: RowMapping) -> FeedEntry:
    """As it stands, without a number of its own yet."""
    same = ("site", "kind", "severity", "state", "candidate", "raised_at", "updated_at", "node", "camera", "lane")
    plain: dict[str, Any] = {name: alert[name] for name in same}
    subject = _subject(link, alert) if alert["candidate"] else None
    found = verdicts.latest(link, [alert["id"]]).get(alert["id"])
    return FeedEntry(
        id=0,
        case=alert["id"],
        subject=subject,
        verdict=found.finding if found else None,
        judged_at=found.at if found else None,
        **plain,
    )


def _subject(link: Connection, alert: RowMapping) -> FeedSubject:
    query = select(people.c.id).where(people.c.opaque == alert["person"], people.c.watch)
    evidence = from_text(alert["evidence"])
    best = max(evidence, key=lambda piece: piece.score or 0.0, default=None)
    return FeedSubject(
        listed_as=link.execute(query).scalar(),
        plate=alert["plate"],
        score=best.score if best else None,
        network=best.network if best else None,
    )
