"""A short film with a face and a plate in it: an official portrait and a drawn plate, swaying a little."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_models.plate.draw import draw
from zhian_models.plate.types import Colour, Kind

FPS: Final = 10
WIDTH, HEIGHT = 1280, 720
PLATE: Final = "京AF0236"
FACE_HEIGHT: Final = 420
Image = NDArray[np.uint8]


def film(path: Path, portrait: Path, seconds: float = 8.0) -> Path:
    """Somebody at the left, a car's plate at the right, for so long."""
    face, plate = _read(portrait), draw(PLATE, Kind.CIVIL, Colour.BLUE)
    ground = np.random.default_rng(3).normal(110, 6, (HEIGHT, WIDTH, 3)).clip(0, 255).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "20", "g": str(FPS)}
        for step in range(round(seconds * FPS)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_scene(ground, face, plate, step), format="bgr24")))
        container.mux(stream.encode(None))
    return path


def _read(portrait: Path) -> Image:
    face = np.asarray(cv2.imread(str(portrait)), np.uint8)
    width = round(face.shape[1] * FACE_HEIGHT / face.shape[0])
    return np.asarray(cv2.resize(face, (width, FACE_HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def _scene(ground: Image, face: Image, plate: Image, step: int) -> Image:
    picture = ground.copy()
    sway = round(12 * np.sin(step / 4))
    picture[140 : 140 + face.shape[0], 120 + sway : 120 + sway + face.shape[1]] = face
    small = cv2.resize(plate, (190, round(190 * plate.shape[0] / plate.shape[1])), interpolation=cv2.INTER_AREA)
    x, y = 860 + sway, 420 + step % 40
    cv2.rectangle(picture, (x - 130, y - 220), (x + 320, y + 100), (52, 54, 60), -1)
    picture[y : y + small.shape[0], x : x + small.shape[1]] = small
    return picture
