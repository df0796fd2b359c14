"""What pages are told, in the order of commits: only which thing changed; it is looked up when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, delete, func, or_, select

from . import bulk, counters
from .tables import stream

Kind = Literal["passage", "alert", "node", "notice", "lane", "watch_list"]

#: Entries kept for pages that come back; a guard's shift at two a second.
KEEP: Final = 100_000

#: So many entries are told at once.
AT_ONCE: Final = 200
#: So many entries behind, a page would be behind for seconds; and what it is told then of passages.
FAR: Final = 1000
LATEST: Final = 20


class Entry(NamedTuple):
    """Something changed."""

    id: int
    kind: str
    ref: str


def push(link: Connection, kind: Kind, ref: str, at: str) -> None:
    """Tell the pages that `ref` is new or changed."""
    link.execute(stream.insert(), {"id": counters.take(link, "stream"), "kind": kind, "ref": ref, "at": at})


def push_all(link: Connection, kind: Kind, refs: Sequence[str], at: str) -> None:
    """Tell the pages of several at once, in their order."""
    first = counters.take(link, "stream", len(refs))
    bulk.insert(
        link, stream, [{"id": first + place, "kind": kind, "ref": ref, "at": at} for place, ref in enumerate(refs)]
    )


def after(link: Connection, last: int, limit: int = AT_ONCE) -> list[Entry]:
    """What came after entry `last`, oldest first.

    Who is far behind hears of the latest passages only: no page can show thousands of them, and an alert among them
    must not wait until all were told.
    """
    query = select(stream.c.id, stream.c.kind, stream.c.ref).where(stream.c.id > last).order_by(stream.c.id)
    newest = head(link)
    if newest - last > FAR:
        query = query.where(or_(stream.c.kind != "passage", stream.c.id > newest - LATEST))
    return [Entry(*row) for row in link.execute(query.limit(limit))]


def head(link: Connection) -> int:
    """The last entry's id."""
    return counters.current(link, "stream")


def reaches_back_to(link: Connection, last: int) -> bool:
    """Whether everything after entry `last` is still kept; False also for an id from another database."""
    newest = head(link)
    oldest = link.execute(select(func.min(stream.c.id))).scalar()
    return last <= newest and (last == newest or (oldest is not None and oldest <= last + 1))


def prune(link: Connection, keep: int = KEEP) -> None:
    """Forget all but the last `keep` entries."""
    link.execute(delete(stream).where(stream.c.id <= head(link) - keep))
