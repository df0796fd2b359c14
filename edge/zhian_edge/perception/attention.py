"""Where a detector looks: near what it follows, where something changed since, or everywhere.

A search of the whole picture is what seeing costs most. Whoever is followed is found again in a small cut about the
place where he should be; whoever is new changed the picture where he appeared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_edge.capture.frame import Frame

from .geometry import Region, clipped, inside
from .motion import LUMA_WIDTH, STEP
from .tracker import Track
from .types import Box

WIDE_MS = 800
"""Somebody who comes while others are followed is found this late at most, half of it while one is out of sight."""

WHOLE_MS = 2400
"""What was overlooked, and stands still since, is found this late at most."""

MARGIN = 0.1
"""Share of the frame's width by which a changed area is widened: a face may stand out from its background in part."""

LARGE = 0.6
"""From this share of the picture on a search of the changed area saves nothing."""

PROMPT_MS = 50
"""Between frames this close together nobody leaves the place that is searched for him."""

MOST_PLACES = 6
"""With more subjects in view a search of the whole picture costs no more than one at each of their places."""


@dataclass(frozen=True)
class Where:
    """Look near `places`, boxes of what is expected there, and in `area` of the frame, if there is one."""

    places: tuple[Box, ...]
    area: Region | None = None

    @property
    def extent(self) -> str:
        """For counters: how far the search goes."""
        return "places" if self.area is None else "area"


class Attention:
    """One detector's at one camera. A detector that always needs the whole picture has none."""

    def __init__(self) -> None:
        self._searched: NDArray[np.uint8] | None = None
        self._wide_ms = -math.inf
        self._whole_ms = -math.inf

    def where(self, frame: Frame, tracks: Sequence[Track], now_ms: int) -> Where | None:
        """Where to look in `frame`; None: everywhere. Asking counts as looking."""
        places = tuple(track.expected(now_ms) for track in tracks)
        wait = WIDE_MS / (2 if any(track.missed for track in tracks) else 1)
        # Nobody knows yet where somebody goes who was seen once: between slow frames he leaves his place.
        astray = any(track.hits == 1 and now_ms - track.seen_ms > PROMPT_MS for track in tracks)
        if places and len(places) <= MOST_PLACES and now_ms - self._wide_ms < wait and not astray:
            return Where(places)
        self._wide_ms = now_ms
        area = self._changed(frame)
        if now_ms - self._whole_ms >= WHOLE_MS or len(places) > MOST_PLACES or _is_large(area, frame):
            self._whole_ms = now_ms
            return None
        return Where(tuple(place for place in places if area is None or inside(place, area) < 1), area)

    def restart(self) -> None:
        """Another scene: look everywhere."""
        self._searched = None
        self._wide_ms = self._whole_ms = -math.inf

    def _changed(self, frame: Frame) -> Region | None:
        """What changed since the last such search, widened; None: nothing."""
        small = np.asarray(cv2.blur(frame.luma(LUMA_WIDTH), (3, 3)), np.uint8)
        before, self._searched = self._searched, small
        if before is None or before.shape != small.shape:
            return 0, 0, frame.width, frame.height
        x, y, w, h = cv2.boundingRect((cv2.absdiff(small, before) > STEP).astype(np.uint8))
        if not w:
            return None
        scale, margin = frame.width / small.shape[1], MARGIN * frame.width
        corner = math.floor(x * scale - margin), math.floor(y * scale - margin)
        size = math.ceil(w * scale + 2 * margin), math.ceil(h * scale + 2 * margin)
        return clipped((*corner, *size), frame.width, frame.height)


def _is_large(area: Region | None, frame: Frame) -> bool:
    return area is not None and area[2] * area[3] >= LARGE * frame.width * frame.height
