"""A camera's picture with its line, the way in, and its zone drawn into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_edge.calibration.geometry import Geometry, Line, Zone, way_in
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.pixels import Picture
from zhian_edge.config.types import Point

#: Orange for the line, blue for the zone, as on the page; BGR.
_LINE: Final = (0, 140, 255)
_ZONE: Final = (230, 160, 40)
_DARK: Final = (20, 20, 20)
_QUALITY: Final = [cv2.IMWRITE_JPEG_QUALITY, 85]


def drawn(frame: Frame, geometry: Geometry, width: int = 1280) -> Picture:
    """The frame, at most `width` pixels wide, with the geometry drawn over it."""
    picture = frame.bgr(width).copy()
    if geometry.zone is not None:
        _zone(picture, geometry.zone)
    if geometry.line is not None:
        _line(picture, geometry.line)
    return picture


def jpeg(picture: Picture) -> bytes:
    """The picture as a JPEG file."""
    return bytes(cv2.imencode(".jpg", picture, _QUALITY)[1])


def _zone(picture: Picture, zone: Zone) -> None:
    """The zone's border, with what lies outside darkened: nobody looks there."""
    corners = _pixels(picture, zone)
    inside = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(inside, [corners], 255)
    picture[inside == 0] //= 2
    cv2.polylines(picture, [corners], True, _ZONE, 2, cv2.LINE_AA)


def _line(picture: Picture, line: Line) -> None:
    height, width = picture.shape[:2]
    thick = max(2, width // 400)
    start, end = _pixels(picture, line)
    across = np.array(way_in(line, width / height))
    middle = (start + end) / 2
    tip = (middle + across * 0.07 * width).astype(int)
    for colour, extra in ((_DARK, 2 * thick), (_LINE, 0)):
        cv2.line(picture, start.tolist(), end.tolist(), colour, thick + extra, cv2.LINE_AA)
        cv2.arrowedLine(picture, middle.astype(int).tolist(), tip.tolist(), colour, thick + extra, cv2.LINE_AA, 0, 0.35)
    place = np.clip(
        (tip + across * 0.03 * width).astype(int) - (width // 60, -width // 120), 20, (width - 60, height - 8)
    )
    for colour, extra in ((_DARK, 3 * thick), (_LINE, thick)):
        cv2.putText(picture, "IN", place.tolist(), cv2.FONT_HERSHEY_SIMPLEX, width / 1000, colour, extra, cv2.LINE_AA)


def _pixels(picture: Picture, points: Sequence[Point]) -> NDArray[np.int32]:
    height, width = picture.shape[:2]
    return np.asarray(np.rint(np.array(points) * (width - 1, height - 1)), np.int32)
