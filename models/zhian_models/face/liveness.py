"""Passive liveness: is this a face, or a print or a screen that shows one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.face.enclosed import enclosed
from zhian_models.face.errors import UnknownFaceNetwork
from zhian_models.face.types import Box, Picture
from zhian_models.runtime import Runtime


@dataclass(frozen=True)
class Contract:
    """A network's view: input side in pixels, how much wider than the face's box it looks, index of "live", and
    whether it answers logits or already shares that add up to 1."""

    side: int
    widen: float
    live: int
    logits: bool


CONTRACTS: Mapping[str, Contract] = {
    "fr_liveness": Contract(side=128, widen=2.7, live=0, logits=True),
    "minifasnet_v2": Contract(side=80, widen=2.7, live=1, logits=False),
    "minifasnet_v1se": Contract(side=80, widen=4.0, live=1, logits=False),
}
"""By the manifest's name; every network wants BGR 0..255 and answers three classes at `output`."""


class Liveness:
    """Scores one look by the mean of its networks, and a face inside a rectangle by 0.

    A track's looks are joined by `over_track`.
    """

    def __init__(self, runtime: Runtime, names: Sequence[str] = ("fr_liveness",)) -> None:
        for name in names:
            if name not in CONTRACTS:
                raise UnknownFaceNetwork(name, CONTRACTS)
            runtime.prepare(name, {"input": (1, 3, CONTRACTS[name].side, CONTRACTS[name].side)})
        self._runtime = runtime
        self._names = tuple(names)

    def score(self, bgr: Picture, box: Box) -> float:
        """Return how surely the face in `box` is live: 0 (an attack) to 1."""
        if enclosed(bgr, box):
            return 0.0
        return float(np.mean([self._live(name, bgr, box) for name in self._names]))

    def _live(self, name: str, bgr: Picture, box: Box) -> float:
        contract = CONTRACTS[name]
        view = surroundings(bgr, box, contract.widen, contract.side)
        tensor = view.transpose(2, 0, 1)[None].astype(np.float32)
        answer = self._runtime.run(name, {"input": tensor})["output"][0]
        return float((_softmax(answer) if contract.logits else answer)[contract.live])


def surroundings(bgr: Picture, box: Box, widen: float, side: int) -> Picture:
    """Cut `box`, widened about its centre, out of `bgr` and scale it to `side` x `side`.

    As Silent-Face-Anti-Spoofing's `CropImage`: near the edge the view is moved inwards, not filled, and never
    wider than the picture, so that both sides of the view shrink alike.
    """
    height, width = bgr.shape[:2]
    x, y, w, h = box
    factor = min((height - 1) / max(h, 1.0), (width - 1) / max(w, 1.0), widen)
    wide, high = w * factor, h * factor
    left = min(max(x + w / 2 - wide / 2, 0.0), max(width - 1 - wide, 0.0))
    top = min(max(y + h / 2 - high / 2, 0.0), max(height - 1 - high, 0.0))
    cut = bgr[int(top) : int(top + high) + 1, int(left) : int(left + wide) + 1]
    return np.asarray(cv2.resize(cut, (side, side)), np.uint8)


def over_track(scores: Sequence[float]) -> float | None:
    """Join the looks of one track: their mean, so that one lucky frame opens nothing; None without a look."""
    return float(np.mean(scores)) if scores else None


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    power = np.exp(logits - logits.max())
    return np.asarray(power / power.sum(), np.float32)
