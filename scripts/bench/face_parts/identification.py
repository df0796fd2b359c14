"""1:N: who of all enrolled is this, if anybody? False names and misses by gallery size, pictures, looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zhian_models.face.embed import unit
from zhian_models.face.gallery import CROWD, CROWD_SHARE

from .material import Material, synthetic
from .statistics import bootstrap, quantile_at
from .verification import claimed

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
REAL_SIZES = (1, 3, 7, 10, 30, 100, 300)
SYNTHETIC_SIZES = (1300, 10000)
ROUNDS = 12
PICTURES = (1, 3, 5)
LOOKS = (1, 3, 5)
DRAWS = 40

Scores = NDArray[np.float32]


def standing(scores: Scores, crowd: int = CROWD, share: float = CROWD_SHARE) -> Scores:
    """How far the best of each row (n, persons) stands out of the crowd, as `Gallery.search` scores: (n,)."""
    top = min(crowd + 1, scores.shape[1])
    best = -np.sort(-np.partition(scores, scores.shape[1] - top, axis=1)[:, -top:], axis=1)
    return np.asarray(best[:, 0] - share * best[:, 1:].sum(axis=1) / crowd, np.float32)


def probes(material: Material, kind: str) -> Scores:
    """What strangers show: one `look`, or a fused `track`."""
    rows = material.of("strangers")
    return material.looks[rows] if kind == "look" else unit(material.tracks[rows].mean(axis=1))


def impostors(material: Material, kind: str, size: int, rng: np.random.Generator) -> dict[str, Scores]:
    """By stranger: their standing in galleries of `size` others, drawn ROUNDS times.

    Up to the largest of REAL_SIZES all are real. Beyond, half of the strangers are filled up with synthetic ones made
    of that half, and the other half is looked up, so that no probe is a part of its gallery.
    """
    rows, shown = material.of("strangers"), probes(material, kind)
    found: dict[str, list[float]] = {material.files[row]: [] for row in rows}
    for _ in range(ROUNDS):
        order = rng.permutation(len(rows))
        held = size if size <= max(REAL_SIZES) else len(rows) // 2
        gallery, others = material.enrolled[rows[order[:held]]], order[held:]
        if size > held:
            gallery = np.concatenate([gallery, synthetic(gallery, size - held, rng)])
        for index, value in zip(others, standing(shown[others] @ gallery.T), strict=True):
            found[material.files[rows[index]]].append(float(value))
    return {file: np.array(values, np.float32) for file, values in found.items() if values}


def tracks_of_persons(material: Material, looks: int, rng: np.random.Generator) -> dict[str, Scores]:
    """By person of the Asian part: the standing of several fused pictures of somebody who is not enrolled."""
    gallery = material.enrolled[material.of("strangers")]
    found = {}
    for name, rows in _persons(material, "asian"):
        fused = [unit(material.looks[rng.permutation(rows)[:looks]].mean(axis=0, keepdims=True)) for _ in range(DRAWS)]
        found[name] = standing(np.concatenate(fused) @ gallery.T)
    return found


def thresholds(material: Material, rng: np.random.Generator) -> list[dict[str, Any]]:
    """The standing that a share of strangers reaches, per gallery size and kind of probe, with its bounds."""
    found = []
    for kind in ("look", "track"):
        for size in (*REAL_SIZES, *SYNTHETIC_SIZES):
            scores = impostors(material, kind, size, rng)
            for share in RATES:
                value, low, high = bootstrap(scores, quantile_at(share), rng)
                origin = "real" if size <= max(REAL_SIZES) else "synthetic"
                found.append(
                    {"probe": kind, "size": size, "persons": origin, "fpir": share}
                    | {"threshold": value, "low": low, "high": high}
                )
    return found


def misses(material: Material, group: str, threshold: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Share of known people not named among all strangers, by enrolment pictures and fused looks."""
    found = []
    for pictures in PICTURES:
        for looks in LOOKS:
            scores = np.concatenate(list(genuine(material, group, pictures, looks, rng).values()))
            found.append({"pictures": pictures, "looks": looks, "missed": float(np.mean(scores < threshold))})
    return found


def genuine(material: Material, group: str, pictures: int, looks: int, rng: np.random.Generator) -> dict[str, Scores]:
    """By person: their standing when enrolled among all strangers; -1 where a stranger is nearer."""
    gallery = material.enrolled[material.of("strangers")]
    found = {}
    for name, rows in _persons(material, group):
        values = []
        for _ in range(DRAWS):
            order = rng.permutation(rows)
            own = material.enrolled[order[:pictures]]
            rest = order[pictures:] if len(order) >= pictures + looks else order[-looks:]
            look = unit(material.looks[rest[:looks]].mean(axis=0, keepdims=True))[0]
            score, others = float(claimed(own, look[None])[0]), gallery @ look
            crowd = float(np.sort(others)[-CROWD:].sum()) / CROWD
            values.append(score - CROWD_SHARE * crowd if score > others.max() else -1.0)
        found[name] = np.array(values, np.float32)
    return found


def proposal(found: list[dict[str, Any]]) -> dict[str, dict[str, list[float]]]:
    """The table for `thresholds.py`: per probe and rate, for real sizes, never falling as the gallery grows.

    The upper bound of the interval counts, rounded up to .005: a threshold that is too low names a stranger, one that
    is too high asks for a second look.
    """
    table: dict[str, dict[str, list[float]]] = {"look": {}, "track": {}}
    for probe, rows in table.items():
        for share in RATES:
            high = [e["high"] for e in found if (e["probe"], e["fpir"], e["persons"]) == (probe, share, "real")]
            rows[str(share)] = [float(v) for v in np.round(np.ceil(np.maximum.accumulate(high) * 200) / 200, 3)]
    return table


def _persons(material: Material, group: str) -> Iterator[tuple[str, NDArray[np.intp]]]:
    rows = material.of(group)
    for name in np.unique(material.person[rows]):
        yield str(name), rows[material.person[rows] == name]
