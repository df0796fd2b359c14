"""1:1: is this the person who is claimed? Distributions, FMR, FNMR, and the points of a DET curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zhian_models.face.embed import unit

from .material import Material
from .statistics import bootstrap, quantile_at, rate

RATES = (1e-2, 1e-3, 1e-4)
PICTURES = (1, 3, 5)
DRAWS = 40

Scores = NDArray[np.float32]


def measure(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Everything 1:1. The thresholds come from East Asian impostors; each part's misses are counted at them."""
    impostors = {count: _impostors(material, count, rng) for count in PICTURES}
    thresholds = {count: _thresholds(impostors[count], rng) for count in PICTURES}
    parts = {}
    for group in material.known:
        parts[group] = {
            str(count): _misses(_genuine(material, group, count, rng), thresholds[count], thresholds[1])
            for count in PICTURES
        }
    return {
        "impostors": {str(k): _spread(np.concatenate(list(v.values()))) for k, v in impostors.items()},
        "thresholds": {str(k): v for k, v in thresholds.items()},
        "genuine": parts,
    }


def curve(material: Material, group: str, count: int, rng: np.random.Generator) -> tuple[Scores, Scores]:
    """Return (impostor, genuine) scores of one part for a DET curve."""
    genuine = _genuine(material, group, count, rng)
    return np.concatenate(list(_impostors(material, count, rng).values())), np.concatenate(list(genuine.values()))


def claimed(templates: Scores, looks: Scores) -> Scores:
    """Score looks (m, d) against one claimed person's templates (n, d), as `Gallery.cosine` does: (m,)."""
    fused = unit(templates.mean(axis=0, keepdims=True))
    return np.asarray(((templates @ looks.T).max(axis=0) + (fused @ looks.T)[0]) / 2, np.float32)


def _persons(material: Material, group: str) -> dict[str, NDArray[np.intp]]:
    rows = material.of(group)
    return {str(name): rows[material.person[rows] == name] for name in np.unique(material.person[rows])}


def _genuine(material: Material, group: str, count: int, rng: np.random.Generator) -> dict[str, Scores]:
    """Per person: `count` pictures drawn to enrol, all others looked at, DRAWS times."""
    found = {}
    for name, rows in _persons(material, group).items():
        parts = []
        for _ in range(DRAWS):
            order = rng.permutation(rows)
            parts.append(claimed(material.enrolled[order[:count]], material.looks[order[count:]]))
        found[name] = np.concatenate(parts)
    return found


def _impostors(material: Material, count: int, rng: np.random.Generator) -> dict[str, Scores]:
    """By the claimed person: strangers (and, with one picture, strangers among themselves) who claim to be them."""
    strangers = material.of("strangers")
    found = {}
    for name, rows in _persons(material, "asian").items():
        drawn = (rng.permutation(rows)[:count] for _ in range(DRAWS))
        found[name] = np.concatenate([claimed(material.enrolled[d], material.looks[strangers]) for d in drawn])
    if count == 1:
        table = material.enrolled[strangers] @ material.looks[strangers].T
        for index, row in enumerate(strangers):
            found[material.files[row]] = np.delete(table[index], index)
    return found


def _thresholds(impostors: dict[str, Scores], rng: np.random.Generator) -> list[dict[str, float]]:
    found = []
    for share in RATES:
        value, low, high = bootstrap(impostors, quantile_at(share), rng)
        found.append({"fmr": share, "threshold": value, "low": low, "high": high})
    return found


def _misses(
    genuine: dict[str, Scores], thresholds: Sequence[dict[str, float]], pairs: Sequence[dict[str, float]]
) -> list[dict[str, Any]]:
    """FNMR at each threshold, and at the threshold of single pictures in pairs, which is what others state.

    Bounds count persons' pictures once, not each draw of them.
    """
    scores = np.concatenate(list(genuine.values()))
    pictures = len(scores) // DRAWS
    found = []
    for entry, pair in zip(thresholds, pairs, strict=True):
        share = float(np.mean(scores < entry["threshold"]))
        bounds = asdict(rate(round(share * pictures), pictures))
        at_pairs = float(np.mean(scores < pair["threshold"]))
        found.append({"fmr": entry["fmr"], "fnmr": share, "bounds": bounds, "fnmr_at_pairs": at_pairs})
    return found


def _spread(scores: Scores) -> dict[str, float]:
    names = ("q001", "q50", "q99", "q999", "q9999")
    values = np.quantile(scores, [0.001, 0.5, 0.99, 0.999, 0.9999])
    return {"count": float(len(scores)), "mean": float(scores.mean())} | dict(
        zip(names, map(float, values), strict=True)
    )
