"""A parked car is one passage: seen again in its place, after something hid it, it has not come again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, Final

from zhian_models.plate.fuzzy import edits

from .dossier import Dossier
from .geometry import overlap
from .types import Box

KEPT: Final = 32
"""Plates that are remembered for each camera."""

PLACE: Final = 0.3
"""Overlap from which a plate stands where it stood; cameras tremble."""

ALIKE: Final = 2
"""Readings of one plate that differ in so many characters may be one plate, read badly once."""

FORGOTTEN_MS: Final = 2 * 3_600_000
"""Whoever was not seen standing for so long has gone; if not, one passage more is told."""


@dataclass(frozen=True)
class Left:
    """Where a plate was last, and until when it was seen there; no more than that, since a dossier holds pictures."""

    track: int
    text: str
    box: Box
    at_ms: int
    seen_ms: int


class Parked:
    """Remembers where plates were last, for each camera."""

    def __init__(self) -> None:
        self._left: defaultdict[str, dict[int, Left]] = defaultdict(dict)

    def knows(self, dossier: Dossier[Any], text: str) -> bool:
        """Whether the plate `text` of `dossier` stands where it was left before; it is remembered from now on.

        What moves is never parked: who drives off is a passage again. To be asked once more when the track ends.
        """
        left = self._left[dossier.camera]
        there = [] if dossier.moved else [before for before in left.values() if _stands_there(before, dossier, text)]
        for before in there:  # seen again, it is remembered anew
            left[before.track] = replace(before, seen_ms=dossier.last_ms)
        if there:
            return True
        left.pop(dossier.track, None)
        left[dossier.track] = Left(dossier.track, text, dossier.box, dossier.last_ms, dossier.last_ms)
        if len(left) > KEPT:
            del left[next(iter(left))]
        return False


def _stands_there(before: Left, now: Dossier[Any], text: str) -> bool:
    return (
        before.track != now.track
        and before.at_ms <= now.first_ms <= before.seen_ms + FORGOTTEN_MS
        and edits(before.text, text) <= ALIKE
        and overlap(before.box, now.path[0].box) >= PLACE
    )
