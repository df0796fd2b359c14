"""Who is in which zone, by the passages of this node and what is heard of others; what is old is said to be.

A zone inside another has the other's name before a slash: whoever is in `school/library` is in `school` too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass


def within(zone: str, outer: str) -> bool:
    """Whether `zone` is `outer` or a part of it."""
    return zone == outer or zone.startswith(f"{outer}/")


@dataclass(frozen=True)
class Whereabouts:
    """Where somebody went last. `at_ms` is monotonic of this boot, and negative for what happened before it."""

    zone: str
    at_ms: int
    lane: str = ""


class Presence:
    """Zones have names; whoever is in "" is outside, or where nobody keeps count."""

    def __init__(self, stale_ms: int) -> None:
        self._stale_ms = stale_ms
        self._people: dict[str, Whereabouts] = {}

    def moved(self, person_id: str, zone: str, at_ms: int, lane: str = "") -> None:
        """Somebody went into `zone`. An older word than the one that is known changes nothing."""
        known = self._people.get(person_id)
        if known is None or known.at_ms <= at_ms:
            self._people[person_id] = Whereabouts(zone, at_ms, lane)

    def keep_only(self, people: Collection[str]) -> None:
        """Forget whoever is listed no more."""
        self._people = {person: where for person, where in self._people.items() if person in people}

    def of(self, person_id: str) -> Whereabouts | None:
        return self._people.get(person_id)

    def stale(self, where: Whereabouts, now_ms: int) -> bool:
        """Whether it is too old to rely on."""
        return now_ms - where.at_ms > self._stale_ms

    def surely_in(self, person_id: str, zone: str, now_ms: int) -> bool:
        """Whether the person went into this zone or a part of it, and nothing newer is known."""
        known = self._people.get(person_id)
        return known is not None and within(known.zone, zone) and not self.stale(known, now_ms)

    def counts(self, now_ms: int) -> Mapping[str, int]:
        """Persons by zone; those who were not heard of for too long under `<zone>?`."""
        counted = Counter(
            f"{where.zone}?" if self.stale(where, now_ms) else where.zone
            for where in tuple(self._people.values())  # any thread may ask
            if where.zone
        )
        return dict(sorted(counted.items()))

    def inside(self, zone: str, now_ms: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who is in `zone`: those who surely are, and those whose last word is stale."""
        here = sorted((person, where) for person, where in self._people.items() if where.zone == zone)
        old = tuple(person for person, where in here if self.stale(where, now_ms))
        return tuple(person for person, _ in here if person not in set(old)), old
