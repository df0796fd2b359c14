"""Whether a plate that could not be read was a plate at all: scenery, lettering and shadows make no passage."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from zhian_models.plate.types import Reading

LEAST_HITS: Final = 4
LEAST_LOOKS: Final = 3
LEAST_WIDTH: Final = 60.0
"""An unread plate is worth a passage only when it was there for a while, and large enough to read (pixels)."""

ASPECTS: Final = 1.2, 5.0
"""Width over height of what may be a plate, seen aslant: plates of two rows are 1.6, those of one row 3.1 and 3.4."""

LEGIBLE: Final = 0.2
"""Mean share of the likeliest symbols. Blurred, dark and smeared plates that resist reading give .33 and more; what
never was a plate (windows, kerbs, railings, grilles) gives .01 to .07."""


def why_not(readings: Sequence[Reading], hits: int, *, moved: bool) -> str:
    """Why these readings of one track show no plate; empty when they show one that could not be read.

    `hits` is how often it was detected; `moved`: it came or went, which lettering on a wall does not.
    """
    if hits < LEAST_HITS or len(readings) < LEAST_LOOKS:
        return "brief"
    if max(reading.width for reading in readings) < LEAST_WIDTH:
        return "small"
    if not ASPECTS[0] <= median(map(_aspect, readings)) <= ASPECTS[1]:
        return "shape"
    if median(map(_legibility, readings)) < LEGIBLE:
        return "no_symbols"
    return "" if moved else "still"


def _aspect(reading: Reading) -> float:
    top_left, _, _, bottom_left = reading.where.corners
    height = float(((bottom_left - top_left) ** 2).sum() ** 0.5)
    return reading.width / max(height, 1.0)


def _legibility(reading: Reading) -> float:
    shares = [max(position.values(), default=0.0) for position in reading.positions]
    return sum(shares) / len(shares) if shares else 0.0
