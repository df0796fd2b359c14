"""Who went out of a zone lately, by whichever of its lanes: who collects a child may walk through the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from zhian_wire.events import Passage
from zhian_wire.roster import Person

#: A passage is told at most this long after somebody went over the line.
TOLD_MS: Final = 10_000


@dataclass(frozen=True, eq=False)
class Gone:
    """Somebody who went out, at monotonic `at_ms`. `child`: must be collected; `names`: id and plate of the passage."""

    at_ms: int
    passage: Passage
    child: Person | None = None
    names: frozenset[str] = field(default_factory=frozenset)


class GoneLately:
    """By the zone that was left, for as long as whoever went up to `reach_ms` before or after may ask for them."""

    def __init__(self, reach_ms: int) -> None:
        self._keep_ms = 2 * reach_ms + TOLD_MS
        self._gone: dict[str, list[Gone]] = {}

    def add(self, zone: str, gone: Gone, now_ms: int) -> None:
        """Somebody left `zone`."""
        kept = [each for each in self._gone.get(zone, ()) if now_ms - each.at_ms <= self._keep_ms]
        self._gone[zone] = [*kept, gone]

    def beside(self, zone: str, gone: Gone, reach_ms: int) -> Sequence[Gone]:
        """Who else left `zone` within `reach_ms` of somebody, before or after."""
        others = (each for each in self._gone.get(zone, ()) if each is not gone)
        return [each for each in others if abs(each.at_ms - gone.at_ms) <= reach_ms]
