"""Finds plates in the whole of a frame, in a part of it, or near the place where one is expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from zhian_models.plate import close
from zhian_models.plate.detect import Canvas, Detects
from zhian_models.plate.types import PlateBox

from zhian_edge.capture.frame import Frame

from .attention import Where
from .geometry import Region, centre, clipped, overlap, widened
from .types import Box, Detection, Picture

NEAR_CANVAS: Final[Canvas] = (320, 192)
NEAR_WIDTH: Final = 110.0
"""Pixels along an expected plate in a search about its place: a look finds it then if it moved by its own length."""

CANVASES: Final[tuple[Canvas, ...]] = (
    NEAR_CANVAS,
    (640, 192),
    (448, 384),
    (640, 384),
    (1280, 384),
    (896, 736),
    (1280, 736),
)
"""What areas are searched in, by rising cost; few, because a runtime prepares itself for each."""

PLAIN: Final = 0.8
"""Detection score of a plate that a look in the small picture has plainly found."""

THOROUGH_MS: Final = 600
"""Where something moves and no plate is plain, the full picture is looked at this often: dark, blurred and distant
plates are found only there, at four times the cost."""

BARREN_MS: Final = 1200
"""The same where the last look at the full picture found nothing: a vehicle stays in view for longer."""

FULL: Final = 1280
"""Longer side at which the full picture is looked at; larger frames are made smaller."""

SAME_PLACE: Final = 0.3
"""Overlap at which two finds are one plate."""

AROUND: Final = 3.0
"""Lengths of a suspected plate that are cut out for a look from close by."""

RIM: Final = 0.02
"""A plate this close to the border of a cut, in its lengths, may be divided by it."""


class FindsPlates(Protocol):
    """What `PlateFinder` does."""

    def everywhere(self, frame: Frame) -> Sequence[Detection]: ...

    def at(self, frame: Frame, where: Where) -> Sequence[Detection]: ...


class PlateFinder:
    """Searches at the scale at which the whole frame is `width` pixels wide, and near a place at that of the plate.

    The detector must tell of suspicions too (`close.SUSPECTED`): they are looked at in the full picture.
    """

    def __init__(self, detector: Detects, width: int) -> None:
        self._detector = detector
        self._width = width
        self._thorough: dict[str, tuple[int, int]] = {}

    def everywhere(self, frame: Frame) -> Sequence[Detection]:
        """All plates of the frame."""
        return _distinct(self._area(frame, (0, 0, frame.width, frame.height)))

    def at(self, frame: Frame, where: Where) -> Sequence[Detection]:
        """The plates of `where`, each once."""
        found = [] if where.area is None else self._area(frame, where.area)
        for place in where.places:
            found += self._near(frame, place)
        return _distinct(found)

    def _near(self, frame: Frame, place: Box) -> list[Detection]:
        """The plates about a place where one is expected."""
        reach = [place[2] / NEAR_WIDTH * side for side in NEAR_CANVAS]
        x, y = centre(place)
        around = int(x - reach[0] / 2), int(y - reach[1] / 2), int(reach[0]), int(reach[1])
        region = clipped(around, frame.width, frame.height)
        if region is None:
            return []
        scale = min(1.0, NEAR_CANVAS[0] / reach[0])
        picture = frame.crop(region, max(1, round(scale * max(region[2:]))))
        found = close.confirmed(self._detector, picture, self._detector.detect_at(picture, 1.0, NEAR_CANVAS))
        return _whole([_placed(box, region[2] / picture.shape[1], region[:2]) for box in found], region, frame)

    def _area(self, frame: Frame, region: Region) -> list[Detection]:
        """The plates of a region, the small picture's first; the full one's where none of them is plain."""
        found = self._small(frame, region)
        if any(plate.score >= PLAIN for plate in found) or not self._full_due(frame):
            return found
        full = self._searched(frame, region, min(1.0, FULL / max(frame.width, frame.height)))
        full = [plate for plate in full if plate.score >= close.FAINT]
        self._thorough[frame.camera] = frame.at_ms, THOROUGH_MS if full else BARREN_MS
        return full + found

    def _small(self, frame: Frame, region: Region) -> list[Detection]:
        """What the small picture shows plainly, and what it only lets suspect where the full one confirms that."""
        found = self._searched(frame, region, min(1.0, self._width / frame.width))
        sure = [plate for plate in found if plate.score >= close.FAINT]
        faint = [plate for plate in found if plate.score < close.FAINT]
        for plate in faint[: close.MOST]:
            if all(overlap(plate.box, other.box) == 0 for other in sure):
                sure += self._suspected(frame, plate)
        return sure

    def _suspected(self, frame: Frame, plate: Detection) -> list[Detection]:
        region = clipped(widened(plate.box, AROUND), frame.width, frame.height)
        if region is None or plate.points is None:
            return []
        picture = frame.crop(region)
        found = close.look(self._detector, picture, close.moved(_box(plate), (-region[0], -region[1])))
        return [_placed(found, 1.0, region[:2])] if found is not None and found.score >= close.SURE else []

    def _searched(self, frame: Frame, region: Region, scale: float) -> list[Detection]:
        """One look at a region, made smaller by `scale`."""
        picture = _picture(frame, region, scale)
        factor = region[2] / picture.shape[1]
        found = self._detector.detect_at(picture, 1.0, _canvas_for(picture))
        return _whole([_placed(box, factor, region[:2]) for box in found], region, frame)

    def _full_due(self, frame: Frame) -> bool:
        """Whether the full picture's turn has come at this camera."""
        last_ms, pause_ms = self._thorough.get(frame.camera, (0, 0))
        return not 0 <= frame.at_ms - last_ms < pause_ms


def _picture(frame: Frame, region: Region, scale: float) -> Picture:
    if region[2:] == (frame.width, frame.height):
        return frame.bgr(max(1, round(frame.width * scale)))
    return frame.crop(region, max(1, round(scale * max(region[2:]))))


def _canvas_for(picture: Picture) -> Canvas | None:
    """The smallest canvas that holds the picture."""
    height, width = picture.shape[:2]
    return next((canvas for canvas in CANVASES if canvas[0] >= width and canvas[1] >= height), None)


def _placed(box: PlateBox, scale: float, corner: tuple[float, float]) -> Detection:
    """What was found in a cut, in pixels of the frame."""
    x, y, w, h = (side * scale for side in box.box)
    points: NDArray[np.float32] = (box.corners * scale + np.array(corner)).astype(np.float32)
    return Detection("plate", (x + corner[0], y + corner[1], w, h), box.score, points)


def _box(plate: Detection) -> PlateBox:
    assert plate.points is not None
    return PlateBox(plate.points, plate.box, plate.score)


def _whole(found: list[Detection], region: Region, frame: Frame) -> list[Detection]:
    """Those that the region does not divide: what its border cuts is another search's."""
    left, top, width, height = region
    low = (left if left > 0 else -np.inf, top if top > 0 else -np.inf)
    high = (
        left + width if left + width < frame.width else np.inf,
        top + height if top + height < frame.height else np.inf,
    )
    kept = []
    for plate in found:
        x, y, w, h = plate.box
        rim = RIM * w
        if x - low[0] >= rim and y - low[1] >= rim and high[0] - x - w >= rim and high[1] - y - h >= rim:
            kept.append(plate)
    return kept


def _distinct(found: list[Detection]) -> list[Detection]:
    """Each plate once, the surest find of it."""
    kept: list[Detection] = []
    for plate in sorted(found, key=lambda other: -other.score):
        if all(overlap(plate.box, other.box) < SAME_PLACE for other in kept):
            kept.append(plate)
    return kept
