"""Face embedding: an aligned crop becomes a template, a unit vector that is compared by its dot product."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.face.align import SIDE, align, align_smoothly
from zhian_models.face.errors import UnknownFaceNetwork
from zhian_models.face.types import Picture
from zhian_models.manifest import Network, Precision
from zhian_models.runtime import Runtime

Templates = NDArray[np.float32]
"""(n, d), each row of length 1."""


Cut = Callable[[Picture, NDArray[np.float32]], Picture]
"""From a picture and a face's five points in it to an aligned crop."""


@dataclass(frozen=True)
class Contract:
    """How a network wants its crops: order of colours, (x - mean) / scale, its input's name, and how they are cut."""

    rgb: bool
    mean: float
    scale: float
    input_name: str
    cut: Cut = align


CONTRACTS: Mapping[str, Contract] = {
    # A face a little smaller than ArcFace wants it, and smooth: a fifth fewer misses of hard pictures
    # (docs/recognition.md). The others are cut as their publishers do, for nothing was measured.
    "fr_feature": Contract(
        rgb=False, mean=127.5, scale=128.0, input_name="input", cut=partial(align_smoothly, zoom=0.96)
    ),
    # insightface.model_zoo.arcface_onnx: MXNet graphs carry their own scaling, these two do not.
    "w600k_mbf": Contract(rgb=True, mean=127.5, scale=127.5, input_name="input.1"),
    "w600k_r50": Contract(rgb=True, mean=127.5, scale=127.5, input_name="input.1"),
    # cv::FaceRecognizerSF::feature: blobFromImage(aligned, 1, 112x112, swapRB), no scaling; the graph does it.
    "sface": Contract(rgb=True, mean=0.0, scale=1.0, input_name="data"),
    # As their publications say; no file was at hand, so the input's name is the usual one.
    "edgeface_s": Contract(rgb=True, mean=127.5, scale=127.5, input_name="input"),
    "adaface_ir18": Contract(rgb=False, mean=127.5, scale=127.5, input_name="input"),
}
"""By the manifest's name; every network is read flip-averaged."""


class Embedder:
    """Turns aligned crops into templates of one `key`; templates of different keys must never be compared."""

    def __init__(self, runtime: Runtime, network: Network, precision: Precision = "f32") -> None:
        contract = CONTRACTS.get(network.name)
        if contract is None:
            raise UnknownFaceNetwork(network.name, CONTRACTS)
        self._runtime = runtime
        self._name = network.name
        self._contract = contract
        self.key: str = network.template_key(precision)

    def crop(self, bgr: Picture, points: NDArray[np.float32]) -> Picture:
        """Cut the face with the five `points` (5, 2) out of `bgr` as this network wants it: 112x112x3."""
        return self._contract.cut(bgr, points)

    def embed(self, crops: Sequence[Picture]) -> Templates:
        """Return the templates (n, d) of `crops` (each 112x112x3, BGR, aligned).

        The crop and its mirror image are averaged before the length is brought to 1. They run one by one: on one
        core a batch of two saves nothing (docs/recognition.md).
        """
        if not crops:
            return np.zeros((0, 0), np.float32)
        return unit(np.stack([self._raw(crop) + self._raw(crop[:, ::-1]) for crop in crops]))

    def glance(self, crop: Picture) -> NDArray[np.float32]:
        """The template (d,) of one crop without its mirror image, for half the cost: good enough to be compared with
        templates of this key (cosine .98 with the whole one, median; .91 at 5 of 100), never to be kept as one.
        """
        return np.asarray(unit(self._raw(crop)[None])[0], np.float32)

    def _raw(self, crop: Picture) -> NDArray[np.float32]:
        if crop.shape != (SIDE, SIDE, 3):
            raise ValueError(f"an aligned crop is {SIDE}x{SIDE}x3, not {'x'.join(map(str, crop.shape))}")
        plane = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB) if self._contract.rgb else crop
        tensor = (plane.transpose(2, 0, 1)[None].astype(np.float32) - np.float32(self._contract.mean)) / np.float32(
            self._contract.scale
        )
        (output,) = self._runtime.run(self._name, {self._contract.input_name: tensor}).values()
        return np.asarray(output[0], np.float32)


def unit(vectors: NDArray[np.float32]) -> Templates:
    """Bring each row of `vectors` (n, d) to length 1; a row of zeros stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


def fuse(templates: Templates, weights: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Return one template (d,) for several of one face: the weighted mean, brought to length 1.

    `weights` (n,) are the shots' quality; without them all count alike.
    """
    factors = np.ones(len(templates), np.float32) if weights is None else np.asarray(weights, np.float32)
    if not len(templates) or factors.shape != (len(templates),) or not np.all(factors >= 0) or not factors.sum() > 0:
        raise ValueError("fusing takes at least one template, and as many weights, none negative, not all zero")
    return np.asarray(unit((factors @ templates)[None])[0], np.float32)
