"""Counts per node and local day. Pure arithmetic over what the store knows of each day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple


class DayOfRun(NamedTuple):
    """What is stored of an epoch of a node on one local day."""

    node: str
    epoch: str
    day: str
    stored: int
    highest: int


class Counts(NamedTuple):
    """What came on a day and was not stored as a new event."""

    repeated: int = 0
    conflicts: int = 0
    foreign: int = 0
    unreadable: int = 0
    turned_away: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One node's day.

    Attributes:
        decided: numbers given out that day, as far as the highest one that arrived tells.
        stored: events in the store.
        holes: decided and not stored.
        repeated: copies of stored events, receipted and not stored again.
        conflicts: known numbers with other bytes, refused.
        turned_away: messages under this name while it was no node of the site; not read, not receipted.
    """

    node: str
    day: str
    decided: int
    stored: int
    holes: int
    repeated: int = 0
    conflicts: int = 0
    foreign: int = 0
    unreadable: int = 0
    turned_away: int = 0


def lines(days: Iterable[DayOfRun], counts: dict[tuple[str, str], Counts]) -> list[Line]:
    """The ledger, by node and day.

    Numbers rise through an epoch, so what a day decided is how far its highest number lies above that of the numbers
    before. Days are taken in the order of their numbers: a board that wakes up in 1970 still counts on.
    """
    decided: dict[tuple[str, str], int] = {}
    stored: dict[tuple[str, str], int] = {}
    reached: dict[tuple[str, str], int] = {}
    for each in sorted(days, key=attrgetter("highest")):
        run, place = (each.node, each.epoch), (each.node, each.day)
        decided[place] = decided.get(place, 0) + each.highest - reached.get(run, 0)
        stored[place] = stored.get(place, 0) + each.stored
        reached[run] = each.highest
    return [
        _line(place, decided.get(place, 0), stored.get(place, 0), counts.get(place, Counts()))
        for place in sorted(set(decided) | set(counts))
    ]


def _line(place: tuple[str, str], decided: int, stored: int, counts: Counts) -> Line:
    node, day = place
    # A day that a clock's jump cut in two can hold numbers that were counted on another day.
    return Line(node=node, day=day, decided=decided, stored=stored, holes=max(0, decided - stored), **counts._asdict())
