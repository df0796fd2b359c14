"""What was chosen by data: the crowd, how a person with several templates is scored, fusing a track or voting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zhian_models.face.embed import unit

from .identification import standing
from .material import LOOKS, Material
from .verification import claimed

Scores = NDArray[np.float32]
CROWDS = (1, 3, 5, 10)
SHARES = (0.0, 0.25, 0.4, 0.5, 0.75)
FPIR = 0.01
SIZES = (10, 30, 100, 300)
DRAWS = 40
HALF = 240

SCORINGS: Mapping[str, Callable[[Scores, Scores], Scores]] = {
    "best template": lambda own, looks: (own @ looks.T).max(axis=0),
    "mean of scores": lambda own, looks: (own @ looks.T).mean(axis=0),
    "fused template": lambda own, looks: (unit(own.mean(axis=0, keepdims=True)) @ looks.T)[0],
    "best and fused, mean": claimed,
}


def crowds(material: Material, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Thresholds for FPIR at several sizes, and misses of the Asian part, for each crowd and share."""
    strangers = material.of("strangers")
    tables = {}
    for size in SIZES:
        orders = [rng.permutation(strangers) for _ in range(8)]
        tables[size] = np.concatenate([material.looks[o[size:]] @ material.enrolled[o[:size]].T for o in orders])
    known = [own for own in _known(material, 3, 1, rng)]
    found = []
    for crowd in CROWDS:
        for share in SHARES if crowd == CROWDS[0] else SHARES[1:]:
            limits = {size: float(np.quantile(standing(t, crowd, share), 1 - FPIR)) for size, t in tables.items()}
            scores = [_stand(material, own, look, crowd, share) for own, look in known]
            missed = float(np.mean(np.array(scores) < limits[max(SIZES)]))
            found.append({"crowd": crowd, "share": share, "thresholds": limits, "missed": missed})
    return found


def scorings(material: Material, rng: np.random.Generator) -> list[dict[str, Any]]:
    """FNMR of the Asian part at FMR 1e-3, one look against 3 and 5 enrolment pictures, per way to score."""
    strangers = material.looks[material.of("strangers")]
    found = []
    for pictures in (3, 5):
        pairs = list(_draws(material, pictures, rng))
        for name, score in SCORINGS.items():
            impostors = np.concatenate([score(own, strangers) for own, _ in pairs])
            genuine = np.concatenate([score(own, looks) for own, looks in pairs])
            limit = float(np.quantile(impostors, 0.999))
            found.append(
                {"pictures": pictures, "scoring": name, "threshold": limit, "fnmr": float((genuine < limit).mean())}
            )
    return found


def tracks(material: Material, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Misses at FPIR by fusing a track's looks into one template, or by the median of the looks' own standings."""
    strangers = rng.permutation(material.of("strangers"))
    gallery, probes = material.enrolled[strangers[:HALF]], strangers[HALF:]
    limits = {
        "fused": np.quantile(standing(unit(material.tracks[probes].mean(axis=1)) @ gallery.T), 1 - FPIR),
        "voted": np.quantile([_vote(material.tracks[p] @ gallery.T) for p in probes], 1 - FPIR),
    }
    found = []
    for pictures in (1, 3):
        scores: dict[str, list[float]] = {"fused": [], "voted": []}
        for own, looks in _known(material, pictures, LOOKS, rng):
            for way, shown in (("fused", unit(looks.mean(axis=0, keepdims=True))), ("voted", looks)):
                table = np.concatenate([claimed(own, shown)[:, None], shown @ gallery.T], axis=1)
                scores[way].append(_vote(table, 0))
        for way, values in scores.items():
            missed = float(np.mean(np.array(values) < limits[way]))
            found.append({"pictures": pictures, "way": way, "threshold": float(limits[way]), "missed": missed})
    return found


def _vote(table: Scores, person: int | None = None) -> float:
    """Median standing of the looks (rows) whose best is the majority's (or `person`); -1 if most name others."""
    best = table.argmax(axis=1)
    name = int(np.bincount(best).argmax()) if person is None else person
    values = np.where(best == name, standing(table), -1.0)
    return float(np.median(values))


def _stand(material: Material, own: Scores, look: Scores, crowd: int, share: float) -> float:
    others = material.enrolled[material.of("strangers")] @ look[0]
    score = float(claimed(own, look)[0])
    return score - share * float(np.sort(others)[-crowd:].mean()) if score > others.max() else -1.0


def _draws(material: Material, pictures: int, rng: np.random.Generator) -> Iterator[tuple[Scores, Scores]]:
    rows = material.of("asian")
    for name in np.unique(material.person[rows]):
        own = rows[material.person[rows] == name]
        for _ in range(DRAWS):
            order = rng.permutation(own)
            yield material.enrolled[order[:pictures]], material.looks[order[pictures:]]


def _known(material: Material, pictures: int, looks: int, rng: np.random.Generator) -> Iterator[tuple[Scores, Scores]]:
    return ((own, shown[:looks]) for own, shown in _draws(material, pictures, rng))
