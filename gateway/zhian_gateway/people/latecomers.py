"""Erases what nodes tell of somebody after they were erased here.

A node that was away has passages, refusals and alerts of them in its outbox, and maybe still has them in its roster.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, not_, select, union

from .. import moments
from ..retention.holds import OPEN, held_passages
from ..services import Services
from ..store import counters
from ..store.tables import alert_repeats, alerts, deletions, passages, refusals
from . import blanking, refused
from .evidence import LATE
from .mentions import Named, look
from .unnaming import ERASED, named_in

#: Looks at new events in one sweep: a backlog of days takes a few sweeps, and holds nothing up.
LOOKS: Final = 20


def erase_latecomers(parts: Services) -> int:
    """Erase them, but who is in an open case that somebody handles; how many passages, cases and messages."""
    with parts.store.read() as link:
        gone: frozenset[str] = frozenset(link.execute(_gone()).scalars())
        busy = _busy(link) if gone else frozenset()
        since = moments.text(parts.clock() - LATE)
        late = tuple(sorted((_told_of(link) | gone & _named_by_closed(link, since)) - busy)) if gone else ()
    return (_erase(parts, late) if late else 0) + _empty_new(parts, gone, busy) + _empty_refused(parts, gone)


class Seen(NamedTuple):
    """How far events and refused messages had come."""

    events: int
    refused: int


def so_far(link: Connection) -> Seen:
    """Of now: what comes later, an erasure that begins now may miss."""
    last = link.execute(select(func.max(refusals.c.id))).scalar() or 0
    return Seen(counters.current(link, "followed"), last)


def go_back(link: Connection, seen: Seen) -> None:
    """Look once more, from there on, for those whom an erasure took off the list in this transaction.

    A look that was taken before it was ended passed over what came meanwhile.
    """
    counters.put(link, "latecomers", min(counters.current(link, "latecomers"), seen.events))
    counters.put(link, "latecomers_refused", min(counters.current(link, "latecomers_refused"), seen.refused))


def _erase(parts: Services, late: tuple[str, ...]) -> int:
    """Of whom there are passages or cases; all their events are gone over, also those that an open case held."""
    emptied = blanking.events(parts, late)
    with parts.store.write() as link:
        # Going over the events takes minutes: somebody may be in a case that was opened meanwhile.
        busy = _busy(link)
        free = tuple(each for each in late if each not in busy)
        named = Named("", free, free)
        shown, passed = blanking.their_passages(link, named, parts.now())
        photos, cases = blanking.their_cases(link, named, parts.now())
    parts.pictures.delete([*shown, *photos])
    return passed + cases + emptied


def _empty_new(parts: Services, gone: Set[str], busy: Set[str]) -> int:
    """Go over the events that came since the last time, whoever is in them; how many named one of these."""
    with parts.store.read() as link:
        began = after = counters.current(link, "latecomers")
        end = counters.current(link, "followed")
    emptied, wanted = 0, gone - busy
    if not wanted:
        after = end
    for _ in range(LOOKS if wanted else 0):
        looked = look(parts.store, after, wanted)
        if looked is None:
            after = max(after, end)
            break
        emptied += blanking.some_events(parts, looked.found, wanted)
        after = looked.last
    _go_on(parts, "latecomers", began, after, gone)
    return emptied


def _empty_refused(parts: Services, gone: Set[str]) -> int:
    """Likewise of messages that were refused."""
    with parts.store.read() as link:
        began = after = counters.current(link, "latecomers_refused")
        if not gone:
            after = max(after, link.execute(select(func.max(refusals.c.id))).scalar() or 0)
    emptied = 0
    for _ in range(LOOKS if gone else 0):
        looked = refused.empty_some(parts, after, gone)
        if looked is None:
            break
        emptied, after = emptied + looked.emptied, looked.last
    _go_on(parts, "latecomers_refused", began, after, gone)
    return emptied


def _go_on(parts: Services, cursor: counters.Counter, began: int, after: int, gone: Set[str]) -> None:
    """Move a cursor on, but where an erasure ended meanwhile: nobody looked for that one, so it is looked again."""
    if after == began:
        return
    with parts.store.write() as link:
        if counters.current(link, cursor) == began and gone >= set(link.execute(_gone()).scalars()):
            counters.put(link, cursor, after)


def _gone() -> Select[Any]:
    """What nodes called those who were erased."""
    return select(deletions.c.opaque).where(deletions.c.person_id.startswith(f"{ERASED}-", autoescape=True))


def _told_of(link: Connection) -> frozenset[str]:
    """Whom of them a passage or case names again."""
    which = union(
        *(select(table.c.person).where(table.c.person.in_(_gone())) for table in (passages, alerts, alert_repeats))
    )
    return frozenset(link.execute(which).scalars())


def _named_by_closed(link: Connection, since: str) -> frozenset[str]:
    """Whom evidence names in cases, also of somebody else, that were closed since."""
    return named_in(link, not_(OPEN) & (alerts.c.updated_at >= since))


def _busy(link: Connection) -> frozenset[str]:
    """Who is in an open case, also as what an earlier time of it was about; afterwards they are erased."""
    shown = select(passages.c.person).where(passages.c.id.in_(held_passages()), passages.c.person.is_not(None))
    named = select(alerts.c.person).where(OPEN, alerts.c.person.is_not(None))
    again = select(alert_repeats.c.person).join(alerts, alerts.c.id == alert_repeats.c.alert_id)
    again = again.where(OPEN, alert_repeats.c.person.is_not(None))
    return frozenset(link.execute(union(shown, named, again)).scalars()) | named_in(link, OPEN)
