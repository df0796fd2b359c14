"""When a name may be said: thresholds by the gallery's size, and the margin to the second-best person.

Every number comes from `scripts/bench/face.py`; docs/recognition.md holds the tables and the command.
"""

from __future__ import annotations

import math

MARGIN = 0.05

_SIZES = (1, 100, 1300, 10000)
_THRESHOLDS = (0.40, 0.50, 0.55, 0.60)


def name_threshold(gallery_size: int, fpir: float = 0.01, shots: int = 1) -> float:
    """Return the least score at which the best person of a gallery of `gallery_size` persons is named."""
    del fpir, shots
    place = math.log(max(gallery_size, 1))
    for low, high, at, to in zip(_SIZES, _SIZES[1:], _THRESHOLDS, _THRESHOLDS[1:], strict=True):
        if place <= math.log(high):
            share = (place - math.log(low)) / (math.log(high) - math.log(low))
            return at + share * (to - at)
    return _THRESHOLDS[-1]
