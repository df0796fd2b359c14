"""Crops of who wants none kept: deleted when they say so, and whenever one comes later.

Wanting none is refusing evidence, or having withdrawn. Open cases keep theirs until they are closed.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, or_, select, union
from zhian_wire.alerts import CLOSED

from .. import moments
from ..retention.holds import crops, held_pictures
from ..retention.passing import forget_pictures
from ..services import Services
from ..store.tables import alert_passages, alerts, departed, passages, people, pictures
from . import consents
from .consent import EVIDENCE

#: A crop comes minutes after its passage, or days, when its node was cut off.
LATE: Final = timedelta(days=7)
CHUNK: Final = 500
T = TypeVar("T")


def forget_of(link: Connection, person_id: str) -> tuple[str, ...]:
    """Take every crop of somebody's passages off the list; those whose files are to be deleted."""
    theirs = select(people.c.opaque).where(people.c.id == person_id)
    shown = _crops(link, select(passages.c.evidence).where(passages.c.person.in_(theirs)))
    return forget_pictures(link, shown - held_pictures(link)) if shown else ()


def forget_unwanted(parts: Services) -> int:
    """Likewise of everybody who refused or withdrew, as far as it came, or its case was closed, lately; how many."""
    now = parts.clock()
    since = moments.text(now - LATE)
    with parts.store.read() as link:
        shown = _shown_late(link, since, moments.text(now)) | _shown_by_closed(link, since, moments.text(now))
        found = _listed(link, shown - held_pictures(link))
    if not found:
        return 0
    with parts.store.write() as link:
        # Somebody may have opened a case meanwhile.
        gone = forget_pictures(link, found - held_pictures(link))
    parts.pictures.delete(gone)
    return len(gone)


def _shown_late(link: Connection, since: str, now: str) -> set[str]:
    """The crops of passages since then of who wants none."""
    late = select(passages.c.evidence).where(passages.c.time >= since)
    found = _crops(link, late.where(passages.c.person.in_(select(departed.c.opaque))))
    for some in _chunks(list(link.execute(_refusing(link, now)).scalars())):
        found |= _crops(link, late.where(passages.c.person.in_(some)))
    return found


def _shown_by_closed(link: Connection, since: str, now: str) -> set[str]:
    """The crops of passages of who wants none, in cases that were closed since."""
    over = alerts.c.state.in_(sorted(CLOSED)) & (alerts.c.updated_at >= since)
    led = select(alert_passages.c.passage_id).join(alerts, alerts.c.id == alert_passages.c.alert_id).where(over)
    latest = select(alerts.c.passage_id).where(over, alerts.c.passage_id.is_not(None))
    unwilling = or_(passages.c.person.in_(select(departed.c.opaque)), passages.c.person.in_(_refusing(link, now)))
    found: set[str] = set()
    for some in _chunks(list(link.execute(union(led, latest)).scalars())):
        found |= _crops(link, select(passages.c.evidence).where(passages.c.id.in_(some), unwilling))
    return found


def _refusing(link: Connection, now: str) -> Select[Any]:
    """The opaque ids of those enrolled who refused."""
    query = select(people.c.opaque).where(people.c.id.in_(consents.refused(link, EVIDENCE, now)))
    return query.where(people.c.withdrawn_at.is_(None))


def _crops(link: Connection, query: Select[Any]) -> set[str]:
    return {crop for text in link.execute(query).scalars() for crop in crops(text)}


def _listed(link: Connection, shown: Set[str]) -> set[str]:
    """Those of them that are kept."""
    found: set[str] = set()
    for some in _chunks(sorted(shown)):
        found |= set(link.execute(select(pictures.c.sha256).where(pictures.c.sha256.in_(some))).scalars())
    return found


def _chunks(all_: Sequence[T]) -> list[Sequence[T]]:
    return [all_[start : start + CHUNK] for start in range(0, len(all_), CHUNK)]
