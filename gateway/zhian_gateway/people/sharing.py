"""Pictures that passages of several people show: one car of two parents is a passage of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, select
from zhian_wire import times

from ..retention.holds import crops
from ..store.tables import passages, pictures

#: What shows the same is told together.
TOGETHER: Final = timedelta(minutes=1)
#: Most values in one `IN`.
CHUNK: Final = 500


def listed(link: Connection, shown: Collection[str]) -> frozenset[str]:
    """Those of these crops that are kept."""
    wanted, found = sorted(shown), set[str]()
    for some in (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)):
        found |= set(link.execute(select(pictures.c.sha256).where(pictures.c.sha256.in_(some))).scalars())
    return frozenset(found)


def others_crops(
    link: Connection, moments: Iterable[tuple[str, str]], is_theirs: Callable[[Any], bool]
) -> frozenset[str]:
    """The crops of passages that a node told within a minute of one of these (node, RFC 3339), but of `is_theirs`."""
    found: set[str] = set()
    for node, time in set(moments):
        begin, end = _around(time)
        query = select(passages.c.id, passages.c.person, passages.c.evidence)
        query = query.where(passages.c.time.between(begin, end), passages.c.node == node)
        found |= {crop for row in link.execute(query) if not is_theirs(row) for crop in crops(row.evidence)}
    return frozenset(found)


def _around(time: str) -> tuple[str, str]:
    try:
        at = times.from_text(time)
        return times.to_text(at - TOGETHER), times.to_text(at + TOGETHER)
    except OverflowError:
        # A node's clock stood at one end of time.
        return time, time
