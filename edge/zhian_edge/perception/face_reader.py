"""From a face in a full-resolution crop to its template: points put right, aligned, embedded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from zhian_models.face.types import Face

from .types import Picture

Template = NDArray[np.float32]
"""(d,), of length 1."""


class Embeds(Protocol):
    """A face's five points give an aligned crop, an aligned crop becomes a template."""

    key: str

    def crop(self, bgr: Picture, points: NDArray[np.float32]) -> Picture: ...

    def embed(self, crops: Sequence[Picture]) -> NDArray[np.float32]: ...

    def glance(self, crop: Picture) -> NDArray[np.float32]: ...


class Refines(Protocol):
    """A closer look puts a face's points right."""

    def refine(self, bgr: Picture, face: Face) -> Face: ...


class FaceReader:
    """From a face in a full-resolution crop to its template: points put right, aligned, embedded."""

    def __init__(self, refiner: Refines, embedder: Embeds) -> None:
        self._refiner = refiner
        self._embedder = embedder
        self.key = embedder.key

    def read(self, bgr: Picture, face: Face) -> Template:
        """The template (d,) of `face` in `bgr`, of length 1."""
        better = self._refiner.refine(bgr, face)
        template: Template = self._embedder.embed([self._embedder.crop(bgr, better.points)])[0]
        return template

    def glance(self, bgr: Picture, face: Face) -> Template:
        """About the same for a third of the cost, with the points as they are: good for comparing with `read`'s."""
        return self._embedder.glance(self._embedder.crop(bgr, face.points))


class ReadsFaces(Protocol):
    """What `FaceReader` does; `key` ties its templates to network and pre-processing."""

    key: str

    def read(self, bgr: Picture, face: Face) -> Template: ...

    def glance(self, bgr: Picture, face: Face) -> Template: ...
