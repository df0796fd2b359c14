"""A parked car is one passage: seen again in its place, after something hid it, it has not come again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from zhian_models.plate.fuzzy import edits

from .dossier import Dossier
from .geometry import alike_in_size, distance, overlap
from .types import Box

KEPT: Final = 32
"""Plates that are remembered for each camera."""

PLACE: Final = 0.3
"""Overlap from which a plate stands where it stood; cameras tremble."""

ALIKE: Final = 2
"""Readings of one plate that differ in so many characters may be one plate, read badly once."""

DRIVES: Final = {3: 0.25, 4: 0.125}
"""Read so often, farther from his first reading at each further one, at last by this share of his size: he moves by
himself. A camera that trembles seldom shows that; and where the text was read the whole plate was seen, nothing that
hides a part of it moves its box."""

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

    def knows(self, dossier: Dossier[Any], text: str, read: Sequence[Box] = ()) -> bool:
        """Whether the plate `text` of `dossier` stands where it was left before; it is remembered from now on.

        What moves is never parked: who drives off is a passage again. `read`: where `text` was read, one after the
        other. To be asked once more when the track ends.
        """
        left = self._left[dossier.camera]
        there = (
            []
            if dossier.moved or _drives(read)
            else [before for before in left.values() if _stands_there(before, dossier, text)]
        )
        for before in there:  # seen again, it is remembered anew
            left[before.track] = replace(before, seen_ms=dossier.last_ms)
        if there:
            return True
        left.pop(dossier.track, None)
        left[dossier.track] = Left(dossier.track, text, dossier.box, dossier.last_ms, dossier.last_ms)
        if len(left) > KEPT:
            del left[next(iter(left))]
        return False


def _drives(read: Sequence[Box]) -> bool:
    """Whether a plate was read farther and farther from where it was read first."""
    ways = [max(distance(read[0], box), 1 - alike_in_size(read[0], box)) for box in read]
    onwards = all(before < after for before, after in pairwise(ways))
    return onwards and any(len(read) >= times and ways[-1] >= far for times, far in DRIVES.items())


def _stands_there(before: Left, now: Dossier[Any], text: str) -> bool:
    return (
        before.track != now.track
        and before.at_ms <= now.first_ms <= before.seen_ms + FORGOTTEN_MS
        and edits(before.text, text) <= ALIKE
        and overlap(before.box, now.path[0].box) >= PLACE
    )
