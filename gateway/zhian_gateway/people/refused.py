"""Takes somebody out of messages that were refused: number, reason and hash stay, as when their days are over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import select, update

from ..services import Services
from ..store.tables import alerts, refusals
from .mentions import AT_ONCE, has_digest

#: What was refused may be no JSON, or half of it: whatever stands between what parts words there.
_WORD: Final = re.compile(rb'[^\x00-\x20"\\,:{}\[\]]{1,64}')
#: The cases that quote what was wrong with a message.
_KINDS: Final = ("event_unreadable", "event_foreign", "event_conflict")


class Look(NamedTuple):
    """How many of some refused messages were emptied, and the number of the last one that was looked at."""

    emptied: int
    last: int


class Refused(NamedTuple):
    """A message that was refused: which, when it came, why, and what it said."""

    node: str
    epoch: str
    seq: int
    at: str
    reason: str
    detail: str
    body: bytes


def naming(parts: Services, tokens: Collection[str], former: Collection[str]) -> Iterator[Refused]:
    """Every refused message that names one of these (`former`: or what has such a digest) and has its bytes."""
    wanted, after = frozenset(token.encode() for token in tokens), 0
    columns = [refusals.c[name] for name in Refused._fields]
    query = select(refusals.c.id, *columns).where(refusals.c.body != b"").order_by(refusals.c.id).limit(AT_ONCE)
    while True:
        with parts.store.read() as link:
            rows = link.execute(query.where(refusals.c.id > after)).all()
        if not rows:
            return
        after = rows[-1].id
        yield from (Refused(*row[1:]) for row in rows if _names(parts.store.key, row.body, wanted, former))


def empty_all(parts: Services, tokens: Collection[str], former: Collection[str]) -> int:
    """Empty every refused message that names one of these (`former`: or what has such a digest); how many."""
    emptied = after = 0
    while looked := empty_some(parts, after, tokens, former):
        emptied, after = emptied + looked.emptied, looked.last
    return emptied


def empty_some(parts: Services, after: int, tokens: Collection[str], former: Collection[str] = ()) -> Look | None:
    """Likewise of the next `AT_ONCE` after number `after`; None: there are none."""
    query = select(refusals.c.id, refusals.c.body, refusals.c.detail).where(refusals.c.body != b"")
    with parts.store.read() as link:
        rows = link.execute(query.where(refusals.c.id > after).order_by(refusals.c.id).limit(AT_ONCE)).all()
    if not rows:
        return None
    wanted = frozenset(token.encode() for token in tokens)
    named = [row for row in rows if _names(parts.store.key, row.body, wanted, former)]
    if named:
        _empty(parts, [row.id for row in named], [row.detail for row in named])
    return Look(len(named), rows[-1].id)


def _names(key: bytes, body: bytes, tokens: Collection[bytes], former: Collection[str]) -> bool:
    words = set(_WORD.findall(body))
    return not words.isdisjoint(tokens) or any(has_digest(key, each, former) for each in words if former)


def _empty(parts: Services, ids: Sequence[int], details: Sequence[str]) -> None:
    with parts.store.write() as link:
        # What was wrong with it may quote it, and so may the case.
        link.execute(update(refusals).where(refusals.c.id.in_(ids)).values(body=b"", detail=""))
        quoting = alerts.c.kind.in_(_KINDS) & alerts.c.detail.in_(sorted({each for each in details if each}))
        link.execute(update(alerts).where(quoting).values(detail=""))
