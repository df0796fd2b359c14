"""Passages and the crops that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from typing import Final, Literal

from sqlalchemy import Connection, delete, func, select

from ..store.tables import alert_passages, events, passages, pictures
from .classes import Gone, number
from .contents import empty
from .holds import crops, held_passages, held_pictures

#: Most values in one `IN`.
CHUNK: Final = 500
#: Numbers that one look goes over, for each row that it may delete.
WINDOW: Final = 10


class Passages:
    """Passages of one kind of people. Their age counts from their arrival: a node's clock may stand in 1970 or 2099."""

    def __init__(self, whose: Literal["known", "strangers"]) -> None:
        # By its value, not as null: the index of persons would be read from its beginning for every look.
        who = func.coalesce(passages.c.person, "")
        self._theirs = who == "" if whose == "strangers" else who != ""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says; the event of each loses its bytes at once.

        A look goes over so many numbers at most, however few of them are due, so that it never takes long.
        """
        bound = last_before(link, before)
        # Numbers jump where a month begins, so rows are counted, not numbers.
        window = select(passages.c.id).where(passages.c.id > number(after)).order_by(passages.c.id)
        end = min(bound, link.execute(window.offset(WINDOW * limit - 1).limit(1)).scalar() or bound)
        query = (
            select(passages.c.id, passages.c.evidence)
            .join(events, events.c.id == passages.c.id)
            .where(passages.c.id > number(after), passages.c.id <= end)
            .where(self._theirs, events.c.received_at < before, passages.c.id.not_in(held_passages()))
            .order_by(passages.c.id)
        )
        rows = link.execute(query.limit(limit)).all()
        ids = [row.id for row in rows]
        gone = self._delete(link, ids, {crop for row in rows for crop in crops(row.evidence)}) if rows else ()
        if len(ids) == limit:
            end = ids[-1]
        return Gone(len(ids), None if end >= bound else str(end), gone)

    def _delete(self, link: Connection, ids: Sequence[int], shown: Set[str]) -> tuple[str, ...]:
        gone = forget_pictures(link, shown - held_pictures(link)) if shown else ()
        link.execute(delete(alert_passages).where(alert_passages.c.passage_id.in_(ids)))
        link.execute(delete(passages).where(passages.c.id.in_(ids)))
        empty(link, ids)
        return gone


def last_before(link: Connection, before: str) -> int:
    """The number of the last event that came before a moment, as far as the gateway's clock only went forward."""
    low, high = 0, link.execute(select(events.c.id).order_by(events.c.id.desc()).limit(1)).scalar() or 0
    while low < high:
        middle = (low + high + 1) // 2
        query = select(events.c.id, events.c.received_at).where(events.c.id <= middle, events.c.id > low)
        row = link.execute(query.order_by(events.c.id.desc()).limit(1)).one_or_none()
        if row is None or row.received_at < before:
            low = middle
        else:
            high = row.id - 1
    return low


class Crops:
    """Pictures of evidence, from their arrival."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says."""
        query = select(pictures.c.sha256).where(pictures.c.received_at < before, pictures.c.sha256 > after)
        found = list(link.execute(query.order_by(pictures.c.sha256).limit(limit)).scalars())
        if not found:
            return Gone(0, None)
        return Gone(0, found[-1], forget_pictures(link, set(found) - held_pictures(link)))


def forget_pictures(link: Connection, all_: Iterable[str]) -> tuple[str, ...]:
    """Take pictures off the list; those that were on it. Their files are deleted after the commit, or by the sweep."""
    wanted = sorted(all_)
    gone: list[str] = []
    for start in range(0, len(wanted), CHUNK):
        some: Collection[str] = wanted[start : start + CHUNK]
        query = delete(pictures).where(pictures.c.sha256.in_(some)).returning(pictures.c.sha256)
        gone += link.execute(query).scalars()
    return tuple(gone)
