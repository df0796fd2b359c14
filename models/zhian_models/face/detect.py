"""Face detection with five points: one detector over every network that has a decoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.candidates import Candidates, Floats, suppress
from zhian_models.face.centerface import CenterFace
from zhian_models.face.errors import UnknownFaceNetwork
from zhian_models.face.letterbox import Canvas, Letterbox, letterbox
from zhian_models.face.scrfd import Scrfd
from zhian_models.face.types import Face, FaceDetector, Picture
from zhian_models.face.yunet import YuNet
from zhian_models.runtime import Runtime

VIDEO_SIZE = (640, 384)
"""Canvas for 16:9 cameras: a 1280x720 picture at half size, padded to multiples of 32."""

SIDES = 32
"""Every network here wants sides that are multiples of this."""


class Decoder(Protocol):
    """How a network's input is made and its outputs are read; no state."""

    input_name: str

    def tensor(self, canvas: Canvas) -> Floats:
        """Turn a BGR canvas into the network's input."""
        ...

    def decode(self, outputs: Mapping[str, NDArray[np.float32]], size: tuple[int, int], threshold: float) -> Candidates:
        """Read what scores above `threshold`, in canvas pixels."""
        ...


@dataclass(frozen=True)
class Contract:
    """A network's decoder with its usual thresholds: least score, and the overlap at which two are one face."""

    decoder: Callable[[], Decoder]
    threshold: float
    overlap: float


CONTRACTS: Mapping[str, Contract] = {
    "centerface": Contract(CenterFace, threshold=0.5, overlap=0.3),
    "yunet": Contract(YuNet, threshold=0.7, overlap=0.3),
    "yunet_dynamic": Contract(YuNet, threshold=0.7, overlap=0.3),
    "scrfd_500m": Contract(Scrfd, threshold=0.5, overlap=0.4),
    "scrfd_10g": Contract(Scrfd, threshold=0.5, overlap=0.4),
}
"""By the manifest's name. Overlaps are the publishers'; thresholds: docs/recognition.md."""


class NetworkDetector:
    """Runs one network on a canvas of fixed `size` (width, height), so that the runtime sees one shape only."""

    def __init__(self, runtime: Runtime, name: str, contract: Contract, size: tuple[int, int]) -> None:
        if size[0] % SIDES or size[1] % SIDES:
            raise ValueError(f"the detector's size must be multiples of {SIDES}, not {size[0]}x{size[1]}")
        self._runtime = runtime
        self._name = name
        self._contract = contract
        self._decoder = contract.decoder()
        self._size = size
        runtime.prepare(name, {self._decoder.input_name: (1, 3, size[1], size[0])})

    def detect(self, bgr: Picture) -> list[Face]:
        """Return the faces of `bgr` in its own pixels, best score first."""
        canvas, placed = letterbox(bgr, self._size)
        outputs = self._runtime.run(self._name, {self._decoder.input_name: self._decoder.tensor(canvas)})
        found = self._decoder.decode(outputs, self._size, self._contract.threshold)
        return _faces(suppress(found, self._contract.overlap), placed)


def _faces(found: Candidates, placed: Letterbox) -> list[Face]:
    corners = placed.clip(placed.back(found.corners.reshape(-1, 2, 2)).reshape(-1, 4))
    points = placed.back(found.points)
    boxes = [(float(a), float(b), float(c - a), float(d - b)) for a, b, c, d in corners]
    return [Face(box, dots, float(score)) for box, dots, score in zip(boxes, points, found.scores, strict=True)]


def open_detector(runtime: Runtime, name: str = "centerface", size: tuple[int, int] = VIDEO_SIZE) -> FaceDetector:
    """Return the detector for the manifest's network `name`; `size` is its canvas (width, height)."""
    contract = CONTRACTS.get(name)
    if contract is None:
        raise UnknownFaceNetwork(name, CONTRACTS)
    return NetworkDetector(runtime, name, contract, size)
