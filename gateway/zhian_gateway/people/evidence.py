"""Crops of who wants none kept: deleted when they say so, and whenever one comes later; open cases keep theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from .. import moments
from ..retention.holds import crops, held_pictures
from ..retention.passing import forget_pictures
from ..services import Services
from ..store.tables import passages, people
from . import consents
from .consent import EVIDENCE

#: A crop comes minutes after its passage, or days, when its node was cut off.
LATE: Final = timedelta(days=7)
CHUNK: Final = 500


def forget_of(link: Connection, person_id: str) -> tuple[str, ...]:
    """Take every crop of somebody's passages off the list; those whose files are to be deleted."""
    theirs = select(people.c.opaque).where(people.c.id == person_id)
    return _forget(link, select(passages.c.evidence).where(passages.c.person.in_(theirs)))


def forget_refused(parts: Services) -> int:
    """Likewise of everybody who refused, as far as it came lately; how many."""
    now = parts.clock()
    since = moments.text(now - LATE)
    with parts.store.read() as link:
        query = select(people.c.opaque).where(people.c.id.in_(consents.refused(link, EVIDENCE, moments.text(now))))
        who = list(link.execute(query.where(people.c.withdrawn_at.is_(None))).scalars())
    gone: list[str] = []
    for some in _chunks(who):
        with parts.store.write() as link:
            recent = passages.c.person.in_(some) & (passages.c.time >= since)
            gone += _forget(link, select(passages.c.evidence).where(recent))
    parts.pictures.delete(gone)
    return len(gone)


def _forget(link: Connection, query: Select[Any]) -> tuple[str, ...]:
    shown = {crop for text in link.execute(query).scalars() for crop in crops(text)}
    return forget_pictures(link, shown - held_pictures(link)) if shown else ()


def _chunks(who: Sequence[str]) -> list[Sequence[str]]:
    return [who[start : start + CHUNK] for start in range(0, len(who), CHUNK)]
