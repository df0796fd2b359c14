"""Short films that tests make themselves: drawn cars that come up to the camera and pass it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_models.plate.draw import draw
from zhian_models.plate.types import Colour, Kind

FPS = 10
WIDTH, HEIGHT = 960, 540
PLATES = ("京N8P7Q5", "沪A3K79F", "粤B6T42X", "苏E91W3D")
#: A node's camera that shows the film `clip` again and again.
CAR_CAMERA = """
[[cameras]]
id = "drive"
source = "{clip}"
senses = ["plate"]
lane = "main"
loop = true
synthetic = true
"""


def cars(path: Path, plates: Sequence[str] = PLATES, seconds: float = 2.0, pause: float = 1.0) -> Path:
    """A film of one car after the other, each with its plate; `pause` seconds without any between them."""
    ground = np.random.default_rng(3).normal(96, 6, (HEIGHT, WIDTH, 3)).clip(0, 255).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "20"}
        for text in plates:
            plate = draw(text, Kind.CIVIL, Colour.BLUE)
            for step in np.linspace(0, 1, round(seconds * FPS)):
                _write(container, stream, _scene(ground, plate, float(step)))
            for _ in range(round(pause * FPS)):
                _write(container, stream, ground)
        container.mux(stream.encode(None))
    return path


def _scene(ground: NDArray[np.uint8], plate: NDArray[np.uint8], step: float) -> NDArray[np.uint8]:
    """The car at `step` (0..1) of its way: small in the middle of the picture, then large at its lower edge."""
    picture = ground.copy()
    width = round(60 + 140 * step)
    height = round(width * plate.shape[0] / plate.shape[1])
    small = cv2.resize(plate, (width, height), interpolation=cv2.INTER_AREA)
    x, y = WIDTH // 2 - width // 2, round(200 + 270 * step)
    body = (x - width, max(y - 2 * width, 0)), (x + 2 * width, min(y + 2 * height, HEIGHT - 1))
    cv2.rectangle(picture, *body, (52, 54, 60), -1)
    bottom = min(y + height, HEIGHT)
    picture[y:bottom, x : x + width] = small[: bottom - y]
    return picture


def _write(container: av.container.OutputContainer, stream: av.VideoStream, picture: NDArray[np.uint8]) -> None:
    container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
