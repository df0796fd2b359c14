"""What the whole site was ordered to be, kept until its end: also who was away then is to hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, delete, select
from zhian_wire import times
from zhian_wire.commands import SetLane

from .. import moments
from ..errors import Conflict
from ..store.tables import site_order_lanes, site_orders
from .ordering import LASTS, Errand, command_id

SiteState: TypeAlias = Literal["held_open", "locked", "normal"]
Place: TypeAlias = tuple[str, str]

#: An order that is over is forgotten later: a press that a browser sends again is still known by then.
REMEMBERED: Final = timedelta(days=1)

#: Answers after which telling it again would change nothing.
FINAL: Final = ("done", "refused", "unsupported")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One order to the whole site. `at` and `until` are RFC 3339, by the gateway's clock."""

    id: int
    press: str
    state: SiteState
    who: str
    why: str
    at: str
    until: str

    def errand(self, place: Place, now: datetime, ahead: timedelta) -> Errand:
        """What to tell a lane's node, whose clock is `ahead`. However often it is told, it has one id there."""
        node, lane = place
        command = SetLane(
            id=command_id(self.press, node, lane),
            expires=moments.text(now + LASTS + ahead),
            who=self.who,
            why=self.why,
            lane=lane,
            state=self.state,
            until=moments.text(times.from_text(self.until) + ahead),
            ordered=moments.text(times.from_text(self.at) + ahead),
        )
        return Errand(node, command)

    @property
    def words(self) -> str:
        """For the audit; an order that does not stay has no end to speak of."""
        return f"{self.state}{'' if self.state == 'normal' else f' until {self.until}'}: {self.why}"


def keep(link: Connection, site: str, wanted: Kept, now: datetime) -> Kept:
    """`wanted` is what the site is to be from now on; the same press again is the order that it was before.

    `wanted.id` does not matter.

    Raises:
        Conflict: another order was given since that press.
    """
    ours = site_orders.c.site == site
    known = link.execute(select(site_orders).where(ours, site_orders.c.press == wanted.press)).one_or_none()
    if known is not None:
        if link.execute(select(site_orders.c.id).where(ours, site_orders.c.id > known.id)).first():
            raise Conflict("another order to the whole site was given since")
        return _kept(known._mapping)
    over = select(site_orders.c.id).where(ours, site_orders.c.until < moments.text(now - REMEMBERED))
    link.execute(delete(site_order_lanes).where(site_order_lanes.c.order_id.in_(over)))
    link.execute(delete(site_orders).where(ours, site_orders.c.until < moments.text(now - REMEMBERED)))
    row = {"site": site, "press": wanted.press, "state": wanted.state, "who": wanted.who, "why": wanted.why}
    row |= {"at": wanted.at, "until": wanted.until}
    found = link.execute(site_orders.insert().returning(*site_orders.c), row).one()
    return _kept(found._mapping)


def current(link: Connection, site: str, now: datetime) -> Kept | None:
    """The last order to the whole site, while it is not over."""
    query = select(site_orders).where(site_orders.c.site == site).order_by(site_orders.c.id.desc()).limit(1)
    found = link.execute(query).one_or_none()
    kept = None if found is None else _kept(found._mapping)
    return kept if kept is not None and times.from_text(kept.until) > now else None


def settle(link: Connection, kept: Kept, place: Place, result: str, now: str) -> None:
    """A lane needs to hear of the order no more: it answered, or somebody ordered something else there since."""
    node, lane = place
    key = {"order_id": kept.id, "node": node, "lane": lane}
    ours = [site_order_lanes.c[name] == value for name, value in key.items()]
    link.execute(delete(site_order_lanes).where(*ours))
    link.execute(site_order_lanes.insert(), key | {"result": result, "at": now})


def settled(link: Connection, kept: Kept) -> set[Place]:
    """The lanes that need to hear of it no more."""
    query = select(site_order_lanes.c.node, site_order_lanes.c.lane).where(site_order_lanes.c.order_id == kept.id)
    return {(row.node, row.lane) for row in link.execute(query)}


def _kept(row: RowMapping) -> Kept:
    return Kept(**{name: row[name] for name in ("id", "press", "state", "who", "why", "at", "until")})
