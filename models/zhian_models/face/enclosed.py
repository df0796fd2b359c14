"""Is a face shown inside a rectangle, as prints and screens show faces that are held before a camera?

Nothing is learned here: four straight edges that meet and go all around a face are no part of a living person, whose
body would hide the lower one. It finds a good third of what is held whole before the camera and nothing of what fills
the picture (docs/recognition.md), so it only ever speaks against a face.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.face.types import Box, Picture

SIDE = 320
"""Pixels of the view's side."""

WIDEN = 6.0
"""The view is so many times as wide as the face: a phone held upright shows a face on a third of its width."""

STRAIGHT = 0.9
"""Share of an outline's convex area that its four corners must span."""

SEEN = 0.7
"""Share of the four sides that must lie on edges: 0 of 230 living faces of the development footage reach .6."""

LARGER = 1.6
"""The rectangle's area, in those of the face's box, at least."""

EDGES = (20, 60)
"""Canny's thresholds: a sheet of paper before a white wall is a weak edge."""

Quad = NDArray[np.int32]


def enclosed(bgr: Picture, box: Box) -> bool:
    """Whether a closed rectangle goes around the face in `box` of the whole picture `bgr`; four milliseconds."""
    _, _, wide, high = box
    if wide < 1 or high < 1:
        return False
    width = SIDE / WIDEN
    view = cv2.GaussianBlur(_view(bgr, box), (3, 3), 0)
    planes = (np.asarray(plane, np.uint8) for plane in cv2.split(view))
    return any(_around(plane, width, width * high / wide) for plane in planes)


def _view(bgr: Picture, box: Box) -> Picture:
    """The face in the middle with its surroundings; beyond the picture its edge goes on, which is no line."""
    x, y, w, h = box
    scale = SIDE / (WIDEN * w)
    shift = SIDE / 2 - (x + w / 2) * scale, SIDE / 2 - (y + h / 2) * scale
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)
    view = cv2.warpAffine(bgr, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(view, np.uint8)


def _around(grey: NDArray[np.uint8], width: float, height: float) -> bool:
    edges = np.asarray(cv2.dilate(cv2.Canny(grey, *EDGES), np.ones((3, 3), np.uint8)), np.uint8)
    outlines, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        hull = cv2.convexHull(outline)
        if LARGER * width * height < cv2.contourArea(hull) < 0.9 * SIDE * SIDE:
            quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, closed=True), closed=True)
            if len(quad) == 4 and _is_frame(np.asarray(quad, np.int32), cv2.contourArea(hull), edges, width, height):
                return True
    return False


def _is_frame(quad: Quad, area: float, edges: NDArray[np.uint8], width: float, height: float) -> bool:
    """Whether the quad is straight, lies inside the view, holds the whole face, and is seen on all sides."""
    if cv2.contourArea(quad) < STRAIGHT * area or quad.min() < 3 or quad.max() > SIDE - 4:
        return False
    corners = [(SIDE / 2 + a * width / 2, SIDE / 2 + b * height / 2) for a in (-1, 1) for b in (-1, 1)]
    if any(cv2.pointPolygonTest(quad, corner, measureDist=False) <= 0 for corner in corners):
        return False
    sides = np.zeros((SIDE, SIDE), np.uint8)
    cv2.polylines(sides, [quad], isClosed=True, color=255)
    return float((edges[sides > 0] > 0).mean()) >= SEEN
