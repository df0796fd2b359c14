"""Lets a passage count after all that was taken for the same as one that a guard recorded, and then took back."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from msgspec import UNSET
from sqlalchemy import Connection, RowMapping, select, update
from zhian_wire import codec
from zhian_wire.events import Event, Passage

from .. import moments
from ..people import whereabouts
from ..people.whereabouts import Went
from ..rules.gathering import situations
from ..rules.judging import movement_of
from ..rules.situation import Situation
from ..services import Services
from ..store import stream
from ..store.tables import events, passages
from . import by_hand


def stored(link: Connection, number: int | None) -> RowMapping | None:
    """A passage by its number."""
    return link.execute(select(passages).where(passages.c.id == number)).mappings().one_or_none()


def told(link: Connection, passed: RowMapping) -> tuple[Event, Passage]:
    """A stored passage as it was told."""
    event = codec.decode(link.execute(select(events.c.body).where(events.c.id == passed["id"])).scalar_one())
    return event, cast(Passage, event.data)


def revive(link: Connection, parts: Services, hand: RowMapping, now: datetime) -> Situation | None:
    """What the node told of the same passage counts now, if more than this word says that somebody went."""
    passed = stored(link, hand["double_id"])
    if passed is None:
        return None
    event, passage = told(link, passed)
    if passage.transaction == hand["id"] and by_hand.worded(passage):
        return None
    (case,) = situations(link, [(passed["id"], event)], parts.config.rules)
    zone = None if passage.zone is UNSET else passage.zone
    values = {"movement": movement_of(case), "zone": zone, "reason": passage.reason}
    link.execute(update(passages).where(passages.c.id == passed["id"]).values(values))
    stream.push(link, "passage", str(passed["id"]), moments.text(now))
    if _is_followed(case) and zone is not None and passed["crossed_at"] is not None:
        went = Went(passed["person"], zone, passed["node"], passed["crossed_at"], passed["day"])
        whereabouts.keep(link, [went])
    return case


def tells_the_same(passed: RowMapping, instead: Situation) -> bool:
    """Whether who was told of a recorded passage was told what is true: they did go, that way and about then."""
    person = None if instead.person is None else instead.person.id
    return (person, movement_of(instead)) == (passed["person"], passed["movement"])


def tell(link: Connection, parts: Services, instead: Situation | None, now: str) -> None:
    """Tell who is to be told of what counts now."""
    movement = None if instead is None else movement_of(instead)
    if instead is not None and movement is not None and _is_followed(instead):
        parts.desk.write(link, instead, cast(Passage, instead.event.data), movement, now)


def _is_followed(case: Situation) -> bool:
    """A watch-list hit is no fact, and nobody follows it around."""
    return case.person is not None and not case.person.watch
