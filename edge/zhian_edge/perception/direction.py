"""Which way a subject went where no line says it: what comes nearer goes in, what moves away goes out; plain functions.

A body is nearer the lower its feet stand in the picture (on any ground seen from above its horizon), and the taller it
is; a face or plate has no feet, and is nearer the larger it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Final, Literal

from .geometry import size
from .types import Box

Way = Literal["in", "out", "none"]

GROWN: Final = 1.07
"""A face or plate whose size changes by this factor comes or goes; less is swaying."""

NEARER: Final = 0.06
"""A body comes or goes whose feet move by this share of its height, or that grows so much; less is how it steps."""

RIM: Final = 0.015
"""Share of the picture's height; a box that ends this near its lower edge is cut there."""

ENDS: Final = 3
"""Places at either end of a path that are looked at: whoever stood for minutes in between came from somewhere."""


def by_size(boxes: Sequence[Box]) -> Way:
    """Of a face or plate: its size in the first third of its path and in the last."""
    if len(boxes) < 3:
        return "none"
    third = max(1, len(boxes) // 3)
    before, after = _middle(boxes[:third]), _middle(boxes[-third:])
    if before <= 0 or after <= 0:
        return "none"
    return "in" if after / before >= GROWN else "out" if before / after >= GROWN else "none"


def by_feet(boxes: Sequence[Box], height: int) -> Way:
    """Of a body in a picture of `height` pixels; where its feet are cut off at both ends, its size decides."""
    if len(boxes) < 3:
        return "none"
    count = max(1, min(ENDS, len(boxes) // 3))
    before, after = boxes[:count], boxes[-count:]
    cut_before, cut_after = _cut(before, height), _cut(after, height)
    if cut_before and cut_after:
        return by_size(boxes)
    tall = median(box[3] for box in boxes)
    nearer = (_feet(after) - _feet(before)) / max(tall, 1.0)
    if not cut_before and not cut_after:
        nearer += math.log(max(_tall(after), 1.0) / max(_tall(before), 1.0))
    return "in" if nearer >= NEARER else "out" if nearer <= -NEARER else "none"


def _middle(boxes: Sequence[Box]) -> float:
    return sorted(map(size, boxes))[len(boxes) // 2]


def _cut(boxes: Sequence[Box], height: int) -> bool:
    return _feet(boxes) >= height * (1 - RIM)


def _feet(boxes: Sequence[Box]) -> float:
    return median(box[1] + box[3] for box in boxes)


def _tall(boxes: Sequence[Box]) -> float:
    return median(box[3] for box in boxes)
