"""Crops of somebody who was erased: taken off the list, and kept no more where their node brings them only now.

A crop comes minutes after what it shows was told, or days, when its node was cut off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select

from ..retention.passing import forget_pictures
from ..store.tables import unwanted_crops

#: Most values in one `IN`.
CHUNK: Final = 500


def let_go(link: Connection, shown: Collection[str], now: str) -> tuple[str, ...]:
    """Take these off the list, and remember that nobody wants them; those whose files are to be deleted."""
    for some in (sorted(shown)[start : start + CHUNK] for start in range(0, len(shown), CHUNK)):
        marks = {_mark(sha256) for sha256 in some}
        known = set(link.execute(select(unwanted_crops.c.mark).where(unwanted_crops.c.mark.in_(marks))).scalars())
        if marks - known:
            link.execute(unwanted_crops.insert(), [{"mark": mark, "at": now} for mark in sorted(marks - known)])
    return forget_pictures(link, shown) if shown else ()


def is_unwanted(link: Connection, sha256: str) -> bool:
    """Whether a crop that comes now shows somebody who was erased."""
    query = select(unwanted_crops.c.mark).where(unwanted_crops.c.mark == _mark(sha256))
    return link.execute(query).first() is not None


def _mark(sha256: str) -> str:
    """Not the name of its file, so that no list of files tells which was somebody's."""
    return hashlib.sha256(f"unwanted/{sha256}".encode()).hexdigest()
