"""Raw detections on a canvas, and the suppression of those that mean the same face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Detections in canvas pixels: `corners` (n, 4) x1 y1 x2 y2, `points` (n, 5, 2), `scores` (n,)."""

    corners: Floats
    points: Floats
    scores: Floats

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, index: NDArray[np.intp]) -> Candidates:
        """Return the chosen ones, in the order of `index`."""
        return Candidates(self.corners[index], self.points[index], self.scores[index])

    @staticmethod
    def join(parts: list[Candidates]) -> Candidates:
        """Put the candidates of several strides together."""
        return Candidates(
            np.concatenate([part.corners for part in parts]),
            np.concatenate([part.points for part in parts]),
            np.concatenate([part.scores for part in parts]),
        )


def overlap(corners: Floats, others: Floats) -> Floats:
    """Intersection over union of boxes (n, 4) with boxes (m, 4): (n, m)."""
    low = np.maximum(corners[:, None, :2], others[None, :, :2])
    high = np.minimum(corners[:, None, 2:], others[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    other = np.prod(others[:, 2:] - others[:, :2], axis=1)
    return np.asarray(shared / np.maximum(area[:, None] + other[None, :] - shared, 1e-9), np.float32)


def suppress(found: Candidates, limit: float) -> Candidates:
    """Keep, best score first, what overlaps no better candidate by `limit` (intersection over union) or more.

    Equal scores keep their order, so the answer is the same on every machine.
    """
    found = found.take(np.argsort(-found.scores, kind="stable"))
    table = overlap(found.corners, found.corners)
    kept: list[int] = []
    for index in range(len(found)):
        if not np.any(table[index, kept] >= limit):
            kept.append(index)
    return found.take(np.array(kept, np.intp))
