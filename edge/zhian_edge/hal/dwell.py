"""One presentation from many sightings: a UHF tag is seen many times a second for as long as it is in the field."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

#: Tags that are remembered at once; a flood of made-up tags pushes out the ones not seen for longest.
REMEMBERED: Final = 4096


class Stay(NamedTuple):
    """A tag in the field: since when, when last, how often, and its strongest signal (None: not told by the reader)."""

    card: str
    first_ms: int
    last_ms: int
    sightings: int
    best_dbm: float | None
    told: bool


class Dwell:
    """Tells a tag once when it comes, and again only when it had been away.

    Args:
        away_ms: not seen for so long, it has left. It must be longer than the reader's pauses.
        min_dbm: a weaker sighting counts for nothing: the tag is elsewhere. Readers that tell no strength ignore it.
        sightings: a tag must be seen so often to be told: one glimpse of a tag that passes by is not enough.
    """

    def __init__(self, away_ms: int, *, min_dbm: float = -100.0, sightings: int = 1) -> None:
        self._away_ms = away_ms
        self._min_dbm = min_dbm
        self._needed = sightings
        self._stays: OrderedDict[str, Stay] = OrderedDict()
        self.repeats = 0
        self.weak = 0

    def step(self, card: str, at_ms: int, rssi_dbm: float | None = None) -> bool:
        """A sighting: whether this tells the tag's presence. Times must not go back."""
        if rssi_dbm is not None and rssi_dbm < self._min_dbm:
            self.weak += 1
            return False
        stay = self._stays.pop(card, None)
        if stay is None or at_ms - stay.last_ms >= self._away_ms:
            stay = Stay(card, at_ms, at_ms, 0, None, told=False)
        best = (
            rssi_dbm if stay.best_dbm is None else max(stay.best_dbm, stay.best_dbm if rssi_dbm is None else rssi_dbm)
        )
        stay = stay._replace(last_ms=at_ms, sightings=stay.sightings + 1, best_dbm=best)
        tells = not stay.told and stay.sightings >= self._needed
        self.repeats += stay.told
        self._stays[card] = stay._replace(told=stay.told or tells)
        if len(self._stays) > REMEMBERED:
            self._stays.popitem(last=False)
        return tells

    def present(self, now_ms: int) -> list[Stay]:
        """The tags that are in the field, longest unseen first; forgets those that have left."""
        while self._stays:
            card, stay = next(iter(self._stays.items()))
            if now_ms - stay.last_ms < self._away_ms:
                break
            del self._stays[card]
        return list(self._stays.values())
