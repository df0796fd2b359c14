"""One vehicle is one passage: lettering beside a plate that was read, or that plate before it was read, is no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from .dossier import Dossier, Place
from .geometry import centre

AnyDossier = Dossier[Any]

REACH: Final = 3.0
"""In lengths of a plate (.44 m) that both lie apart at most: what is on one vehicle (1.8 m) does."""

GAP_MS: Final = 4000
"""A track that ended this long before a plate was read near by, or began this long after, may be the same vehicle's."""

KEPT: Final = 32
"""Finished plates that are remembered."""


@dataclass(frozen=True)
class Passed:
    """A vehicle's way; no more than that, since a dossier holds pictures."""

    first_ms: int
    last_ms: int
    path: tuple[Place, ...]


class Vehicles:
    """Remembers the plates of one camera that were read."""

    def __init__(self) -> None:
        self._read: list[Passed] = []

    def knows(self, dossier: AnyDossier, others: Iterable[AnyDossier]) -> bool:
        """Whether the unread plate `dossier` is on a vehicle whose plate was read; a read one is remembered."""
        if _is_read(dossier):
            self._read = [*self._read[1 - KEPT :], _way(dossier)]
            return False
        ways = (_way(other) for other in others if other is not dossier and _is_read(other))
        return any(_on_one_vehicle(_way(dossier), way) for way in (*self._read, *ways))

    def forget(self) -> None:
        """Another scene."""
        self._read.clear()


def _way(dossier: AnyDossier) -> Passed:
    return Passed(dossier.first_ms, dossier.last_ms, tuple(dossier.path))


def _is_read(dossier: AnyDossier) -> bool:
    return dossier.kind == "plate" and dossier.judgement is not None and dossier.judgement.plate is not None


def _on_one_vehicle(unread: Passed, read: Passed) -> bool:
    if unread.first_ms - read.last_ms > GAP_MS or read.first_ms - unread.last_ms > GAP_MS:
        return False
    a, b = min(((p, q) for p in unread.path for q in read.path), key=lambda pair: abs(pair[0].at_ms - pair[1].at_ms))
    return _apart(a, b) <= REACH


def _apart(a: Place, b: Place) -> float:
    """The longer of the ways across and down, in lengths of the larger plate."""
    (ax, ay), (bx, by) = centre(a.box), centre(b.box)
    return max(abs(ax - bx), abs(ay - by)) / max(a.box[2], b.box[2], 1.0)
