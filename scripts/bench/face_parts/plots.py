"""The DET curves as a picture: false match against false non-match, both on the normal deviate's scale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
TICKS = (1e-4, 1e-3, 1e-2, 0.05, 0.2, 0.5)
CLIP = 5e-5


def det(title: str, curves: Mapping[str, tuple[Scores, Scores]], path: Path) -> None:
    """Draw one curve per name from its (impostor, genuine) scores."""
    import matplotlib as mpl  # noqa: PLC0415 - only drawing needs it

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(6, 6), dpi=110)
    for name, (impostor, genuine) in curves.items():
        false, missed = _points(impostor, genuine)
        none = bool(np.all(missed <= _deviates(np.array([CLIP]))))
        axes.plot(false, missed, label=f"{name} (none missed)" if none else name)
    places = _deviates(np.array(TICKS))
    axes.set(xlabel="false match rate", ylabel="false non-match rate", title=title)
    axes.set_xticks(places, [f"{tick:g}" for tick in TICKS])
    axes.set_yticks(places, [f"{tick:g}" for tick in TICKS])
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def _points(impostor: Scores, genuine: Scores) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    limits = np.quantile(impostor, 1 - np.geomspace(CLIP, 0.5, 120))
    false = np.array([np.mean(impostor >= limit) for limit in limits])
    missed = np.array([np.mean(genuine < limit) for limit in limits])
    return _deviates(false), _deviates(missed)


def _deviates(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([NormalDist().inv_cdf(float(s)) for s in np.clip(shares, CLIP, 1 - CLIP)])
