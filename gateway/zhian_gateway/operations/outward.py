"""What could not be sent on to the world outside: the guard room must know whom it has to call itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from .. import moments
from ..notices.rows import needed
from ..store.tables import deliveries, notices, police_feed, subscribers

#: What waits for less is on its way; parents are told within seconds, the police at once.
PATIENCE: Final = timedelta(seconds=30)
#: What was given up so long ago is for the office, not for the guard on duty.
LOOKS_BACK: Final = timedelta(hours=12)
#: Not those of quiet hours, which wait on purpose.
STUCK: Final = ("queued", "sending")
GIVEN_UP: Final = ("failed", "expired")


@dataclass(frozen=True)
class Debt:
    """What one way out owes. `oldest`: since when it waits; `given_up`: of the last hours; `why`: what failed last."""

    waiting: int
    oldest: str | None
    given_up: int
    why: str


@dataclass(frozen=True)
class Outward:
    """The ways out."""

    notices: Debt
    police: Debt


def look(link: Connection, site: str, now: datetime) -> Outward:
    """How they stand."""
    late, young = moments.text(now - PATIENCE), moments.text(now - LOOKS_BACK)
    return Outward(_notices(link, site, late, young), _police(link, site, late, young))


def _notices(link: Connection, site: str, late: str, young: str) -> Debt:
    ours = notices.c.site == site
    waits = ours & notices.c.state.in_(STUCK) & (notices.c.created_at < late)
    lost = ours & notices.c.state.in_(GIVEN_UP) & (notices.c.created_at > young) & needed()
    return _debt(link, (notices, notices.c.created_at, notices.c.error), waits, lost)


def _police(link: Connection, site: str, late: str, young: str) -> Debt:
    source = deliveries.join(police_feed, police_feed.c.id == deliveries.c.feed_id)
    source = source.join(subscribers, subscribers.c.name == deliveries.c.subscriber)
    ours = (subscribers.c.site == site) & subscribers.c.disabled_at.is_(None)
    waits = ours & (deliveries.c.state == "queued") & (police_feed.c.at < late)
    lost = ours & (deliveries.c.state == "dead") & (police_feed.c.at > young)
    return _debt(link, (source, police_feed.c.at, deliveries.c.error), waits, lost)


def _debt(link: Connection, of: tuple[Any, Any, Any], waits: ColumnElement[bool], lost: ColumnElement[bool]) -> Debt:
    source, at, error = of
    count, oldest = link.execute(select(func.count(), func.min(at)).select_from(source).where(waits)).one()
    why = select(error).select_from(source).where(waits | lost, error != "").order_by(at.desc()).limit(1)
    given_up = link.execute(select(func.count()).select_from(source).where(lost)).scalar_one()
    return Debt(waiting=count, oldest=oldest, given_up=given_up, why=link.execute(why).scalar() or "")
