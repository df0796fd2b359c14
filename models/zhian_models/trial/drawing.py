"""Drawing findings on a picture, with labels in Chinese: OpenCV 5 carries a font for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..atomic import write_atomically
from .looks import Finding

Picture = NDArray[np.uint8]

GREEN, BLACK, WHITE = (80, 220, 60), (20, 20, 20), (255, 255, 255)


def draw(bgr: Picture, findings: Sequence[Finding]) -> Picture:
    """A copy of `bgr` with outlines, dots and labels, whose size follows the picture's."""
    picture = bgr.copy()
    size = max(12, min(picture.shape[:2]) // 32)
    line = max(1, size // 10)
    for finding in findings:
        outline = np.round(finding.outline).astype(np.int32)
        cv2.polylines(picture, [outline], True, GREEN, line, cv2.LINE_AA)
        for x, y in np.round(finding.dots).astype(int):
            cv2.circle(picture, (int(x), int(y)), line + 1, GREEN, -1, cv2.LINE_AA)
        left, top = outline.min(axis=0)
        _write(picture, finding.label, int(left), int(top), size)
    return picture


def _write(picture: Picture, text: str, left: int, top: int, size: int) -> None:
    """White on a dark ground, above the point, or below it at the picture's upper edge."""
    font = cv2.FontFace("uni")
    (_, _, width, height) = cv2.getTextSize((0, 0), text, (0, 0), font, size, 400)
    left = max(0, min(left, picture.shape[1] - width - 4))
    bottom = top - 4 if top > height + 8 else top + height + 6
    cv2.rectangle(picture, (left, bottom - height - 4), (left + width + 4, bottom + 4), BLACK, -1)
    cv2.putText(picture, text, (left + 2, bottom), WHITE, font, size, 400)


def save(picture: Picture, target: Path) -> None:
    """Write a JPEG; a name in Chinese is no obstacle, half a file is never seen."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    write_atomically(target, data.tobytes())
