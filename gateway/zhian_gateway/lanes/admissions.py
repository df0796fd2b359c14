"""Which guard's word at a lane let a visitor in: kept with the word, and taken back where no node heeded it."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from ..services import Services
from ..store.tables import hand_passes
from ..visitors import ending
from ..visitors import rows as visits
from . import by_hand
from .by_hand import Hand


def is_open(link: Connection, site: str, visit: int) -> bool:
    """Whether a word let this visitor in of which nobody knows whether they went through."""
    table = hand_passes
    unknown = table.c.passage_id.is_(None) & table.c.recorded.is_(False) & table.c.undone_at.is_(None)
    query = select(table.c.id).where(table.c.site == site, table.c.visit == visit, unknown)
    return link.execute(query.limit(1)).first() is not None


def note(link: Connection, hand: Hand) -> None:
    """A word that was kept before lets a visitor in (again): whoever undoes it takes that back too."""
    if hand.visit is not None:
        mine = (hand_passes.c.site == hand.site) & (hand_passes.c.id == hand.id)
        link.execute(update(hand_passes).where(mine).values(visit=hand.visit))


def take_back(link: Connection, parts: Services, order: str, *, who: str) -> None:
    """The node did not let them pass: they are still to come, unless they went through or somebody undid it already."""
    row = by_hand.demand(link, parts.site, order)
    if row["visit"] is None or row["recorded"] or row["passage_id"] is not None or row["undone_at"] is not None:
        return
    visit = visits.find(link, row["visit"])
    if visit.state == "inside":
        ending.take_back(link, parts, visit, who=who)
    link.execute(update(hand_passes).where(hand_passes.c.id == order).values(visit=None))
