"""Takes a guard's word back: the wrong button. The passage stays to be seen, and counts for nothing any more.

What a card, a face or a plate says counts without the word: such a passage stands, and one that was taken for the same
as what was recorded counts in its place.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update
from zhian_wire import times
from zhian_wire.whereabouts import BY_HAND

from .. import moments
from ..errors import Conflict
from ..notices import withdrawing
from ..notices.happenings import PASSAGE_TAKEN_BACK, Happening
from ..people import whereabouts
from ..people.whereabouts import Went
from ..rules.situation import Situation
from ..services import Services
from ..store import counters, stream
from ..store.tables import events, hand_passes, passages
from ..visitors import ending
from ..visitors import rows as visits
from . import by_hand, reviving
from .by_hand import UNDO, VOID


def take_back(link: Connection, parts: Services, hand: RowMapping, *, who: str) -> str | None:
    """Undo it; where the person was before, for the nodes to know (None: nobody knows, or they went all the same).

    Raises:
        Conflict: it is too long ago.
    """
    now = parts.clock()
    if hand["undone_at"] is not None:
        return None
    if now - times.from_text(hand["at"]) > UNDO:
        raise Conflict(f"more than {UNDO.seconds // 60} minutes ago: the teacher corrects it on the school day's page")
    values = {"undone_at": moments.text(now), "undone_by": who}
    link.execute(update(hand_passes).where(hand_passes.c.id == hand["id"]).values(values))
    passed = reviving.stored(link, hand["passage_id"])
    if passed is not None and not by_hand.worded(reviving.told(link, passed)[1]):
        return None
    if hand["visit"] is not None:
        _visit(link, parts, hand, who)
    if passed is None:
        return _zone_before(link, hand["person"], None, _today(parts, now))
    return _void(link, parts, passed, now, instead=reviving.revive(link, parts, hand, now))


def _visit(link: Connection, parts: Services, hand: RowMapping, who: str) -> None:
    """They are still to come, unless somebody has gone on with the visit meanwhile."""
    row = visits.find(link, hand["visit"])
    if row.state == "inside":
        ending.take_back(link, parts, row, who=who)


def _void(
    link: Connection, parts: Services, passed: RowMapping, now: datetime, *, instead: Situation | None
) -> str | None:
    """`instead`: what counts in its place."""
    said = moments.text(now)
    values = {"movement": None, "zone": None, "reason": VOID[0]}
    link.execute(update(passages).where(passages.c.id == passed["id"]).values(values))
    stream.push(link, "passage", str(passed["id"]), said)
    # Whoever judges days looks again.
    counters.take(link, "roster")
    if instead is None or not reviving.tells_the_same(passed, instead):
        _correct(link, parts, passed, now)
        reviving.tell(link, parts, instead, said)
    zone = _zone_before(link, passed["person"], passed["id"], passed["day"])
    if passed["zone"] is not None and zone is not None:
        _restore(link, passed, zone, said)
    return zone


def _correct(link: Connection, parts: Services, passed: RowMapping, now: datetime) -> None:
    """Who was told of it is told that it was a mistake; who was not yet, is not."""
    if passed["movement"] is None or passed["person"] is None:
        return
    query = select(events.c.node, events.c.epoch, events.c.seq).where(events.c.id == passed["id"])
    event = "/".join(map(str, link.execute(query).one()))
    told = withdrawing.take_back(link, f"{passed['movement']}/{event}", moments.text(now))
    if not told:
        return
    happening = Happening(
        kind=PASSAGE_TAKEN_BACK,
        key=f"{PASSAGE_TAKEN_BACK}/{event}",
        at=now,
        person=passed["person"],
        place=parts.config.place_name(passed["node"], passed["camera"], passed["lane"]),
    )
    parts.desk.tell(link, happening, moments.text(now), only=told)


def _zone_before(link: Connection, person: str | None, passage: int | None, day: str) -> str | None:
    """Where somebody's passage before led that day; "" where there was none."""
    if person is None:
        return None
    mine = (passages.c.person == person) & (passages.c.day == day) & passages.c.zone.is_not(None)
    query = select(passages.c.zone).where(mine, passages.c.id != (passage or 0))
    when = func.coalesce(passages.c.crossed_at, passages.c.time)
    found: str | None = link.execute(query.order_by(when.desc(), passages.c.id.desc()).limit(1)).scalar()
    return found or ""


def _restore(link: Connection, passed: RowMapping, zone: str, now: str) -> None:
    """Unless they have gone elsewhere since."""
    back = Went(passed["person"], zone, BY_HAND, now, passed["day"], lane_node=passed["node"])
    whereabouts.take_back(link, back, passed["crossed_at"] or passed["time"])


def _today(parts: Services, now: datetime) -> str:
    return moments.local_day(now, parts.zone)
