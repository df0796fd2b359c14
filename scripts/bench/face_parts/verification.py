"""1:1: is this the person who is claimed? Distributions, FMR, FNMR, and the points of a DET curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zhian_edge.perception.claims import PLAINLY_OTHER, SURE_LOOKS
from zhian_models.face.embed import unit
from zhian_models.face.gallery import CROWD, CROWD_SHARE
from zhian_models.face.thresholds import verify_threshold

from .material import Material
from .statistics import bootstrap, quantile_at, rate, share_below

RATES = (1e-2, 1e-3, 1e-4)
PICTURES = (1, 3, 5)
OTHERS = (0, 10, 30, 100, 240)
"""Other persons in the gallery; none: the bare cosine."""
DRAWS = 40
BINS = np.round(np.arange(-0.4, 1.01, 0.02), 2)

Scores = NDArray[np.float32]


def measure(material: Material, rng: np.random.Generator) -> dict[str, Any]:
    """Everything 1:1. The thresholds come from East Asian impostors; each part's misses are counted at them.

    A threshold always comes from impostors who are scored as the part is: with as many pictures of the claimed person
    and as many others in the gallery. The others are one half of the strangers, the impostors the other half, and then
    the other way round.
    """
    claims = [_claims(material, others, pictures, rng) for others in OTHERS for pictures in PICTURES]
    return {
        "distributions": distributions(material),
        "pairs": _thresholds(dict(_pairs(material)), rng),
        "claims": claims,
        "denials": denials(material, np.random.default_rng(0)),  # of its own: it moves nothing that is drawn after it
        "proposal": {"others": OTHERS, "table": proposal(claims)},
    }


def proposal(claims: Sequence[dict[str, Any]]) -> dict[str, dict[str, list[float]]]:
    """The table for `thresholds.py`: by rate and pictures, never rising with the others nor falling with the pictures.

    The upper bound counts, rounded up to .001.
    """
    table: dict[str, dict[str, list[float]]] = {}
    for index, share in enumerate(RATES):
        high = {(c["others"], c["pictures"]): c["thresholds"][index]["high"] for c in claims}
        rows = {}
        for most in PICTURES:
            row = [max(high[others, pictures] for pictures in PICTURES if pictures <= most) for others in OTHERS]
            falling = np.maximum.accumulate(row[::-1])[::-1]
            rows[str(most)] = [round(float(v), 3) for v in np.ceil(np.round(falling * 1000, 3)) / 1000]
        table[str(share)] = rows
    return table


def _claims(material: Material, others: int, pictures: int, rng: np.random.Generator) -> dict[str, Any]:
    thresholds = _thresholds(impostors(material, others, pictures, rng), rng)
    parts = {}
    for group in material.known:
        looked_at = sum(len(rows) - pictures for rows in _persons(material, group).values())
        same = genuine(material, group, others, pictures, rng)
        parts[group] = _misses(same, looked_at, thresholds, rng)
        for row in parts[group]:
            default = verify_threshold(row["fmr"], pictures, others)
            row["at_default"] = share_below(default)(np.concatenate(list(same.values())))
    return {"others": others, "pictures": pictures, "thresholds": thresholds, "genuine": parts}


def denials(material: Material, rng: np.random.Generator) -> list[dict[str, Any]]:
    """How often a card's owner, and somebody else with the card, is said to be plainly another.

    By several looks fused, as `claims.py` demands: of persons of the Asian part other pictures than the enrolled, of
    strangers an emulated track. Each share is bounded by drawing persons again.
    """
    rows = []
    for others in OTHERS[1:]:
        for pictures in PICTURES:
            row: dict[str, Any] = {"others": others, "pictures": pictures, "below": PLAINLY_OTHER}
            own, foreign = _at_a_reader(material, others, pictures, rng)
            for who, scores in (("owner", own), ("another", foreign)):
                share, low, high = bootstrap(scores, share_below(PLAINLY_OTHER), rng)
                row[who] = {"denied": share, "low": low, "high": high}
            rows.append(row)
    return rows


def _at_a_reader(
    material: Material, others: int, pictures: int, rng: np.random.Generator
) -> tuple[dict[str, Scores], dict[str, Scores]]:
    """By the card's owner: the scores of themselves, and of strangers with their card, SURE_LOOKS looks each."""
    own: dict[str, list[Scores]] = {}
    foreign: dict[str, list[Scores]] = {}
    for gallery, strangers in _halves(material, others):
        tracks = unit(material.tracks[strangers][:, :SURE_LOOKS].mean(axis=1))
        less = crowded(gallery, tracks)
        for name, mine in _persons(material, "asian").items():
            for _ in range(DRAWS):
                order = rng.permutation(mine)
                enrolled, rest = material.enrolled[order[:pictures]], order[pictures:][:SURE_LOOKS]
                seen = unit(material.looks[rest].mean(axis=0, keepdims=True))
                own.setdefault(name, []).append(claimed(enrolled, seen) - crowded(gallery, seen))
                foreign.setdefault(name, []).append(claimed(enrolled, tracks) - less)
    return (
        {name: np.concatenate(parts) for name, parts in own.items()},
        {name: np.concatenate(parts) for name, parts in foreign.items()},
    )


def curve(material: Material, group: str, count: int, rng: np.random.Generator) -> tuple[Scores, Scores]:
    """Return (impostor, genuine) scores of one part for a DET curve, in the largest gallery."""
    different = impostors(material, OTHERS[-1], count, rng)
    same = genuine(material, group, OTHERS[-1], count, rng)
    return np.concatenate(list(different.values())), np.concatenate(list(same.values()))


def claimed(templates: Scores, looks: Scores) -> Scores:
    """The cosine of looks (m, d) with one claimed person's templates (n, d), as `gallery` has it: (m,)."""
    fused = unit(templates.mean(axis=0, keepdims=True))
    return np.asarray(((templates @ looks.T).max(axis=0) + (fused @ looks.T)[0]) / 2, np.float32)


def crowded(gallery: Scores, looks: Scores) -> Scores:
    """What `Gallery.verify` takes off for the others, one template each (n, d), of looks (m, d): (m,)."""
    top = np.sort(looks @ gallery.T, axis=1)[:, -CROWD:]
    return np.asarray(CROWD_SHARE * top.sum(axis=1) / CROWD, np.float32)


def distributions(material: Material) -> dict[str, Any]:
    """Cosines of single pictures in pairs: of different people (strangers), and of one person, by part."""
    different = np.concatenate([values for _, values in _pairs(material)])
    found = {"different, strangers": _spread(different)}
    for group in material.known:
        rows = material.of(group)
        table = material.enrolled[rows] @ material.looks[rows].T
        one = material.person[rows][:, None] == material.person[rows][None]
        np.fill_diagonal(one, val=False)
        found[f"same, {group}"] = _spread(table[one])
    return {"bins": BINS.tolist(), **found}


def _pairs(material: Material) -> Iterator[tuple[str, Scores]]:
    rows = material.of("strangers")
    table = material.enrolled[rows] @ material.looks[rows].T
    for index, row in enumerate(rows):
        yield material.files[row], np.delete(table[index], index)


def _persons(material: Material, group: str) -> dict[str, NDArray[np.intp]]:
    rows = material.of(group)
    return {str(name): rows[material.person[rows] == name] for name in np.unique(material.person[rows])}


def _halves(material: Material, others: int) -> Iterator[tuple[Scores, NDArray[np.intp]]]:
    """(templates of the others, rows of the impostors), twice; without others every stranger is an impostor."""
    rows = np.random.default_rng(others).permutation(material.of("strangers"))
    if not others:
        yield np.zeros((0, material.enrolled.shape[1]), np.float32), rows
        return
    middle = len(rows) // 2
    for here, there in ((rows[:middle], rows[middle:]), (rows[middle:], rows[:middle])):
        yield material.enrolled[here[:others]], there


def genuine(material: Material, group: str, others: int, pictures: int, rng: np.random.Generator) -> dict[str, Scores]:
    """Per person: `pictures` drawn to enrol, all others looked at, DRAWS times."""
    found: dict[str, list[Scores]] = {}
    for gallery, _ in _halves(material, others):
        for name, rows in _persons(material, group).items():
            for _ in range(DRAWS):
                order = rng.permutation(rows)
                looks = material.looks[order[pictures:]]
                scores = claimed(material.enrolled[order[:pictures]], looks) - crowded(gallery, looks)
                found.setdefault(name, []).append(scores)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def impostors(material: Material, others: int, pictures: int, rng: np.random.Generator) -> dict[str, Scores]:
    """By the claimed person of the Asian part: strangers who claim to be them.

    With one picture the strangers of the gallery are claimed too.
    """
    found: dict[str, list[Scores]] = {}
    for gallery, rows in _halves(material, others):
        looks, less = material.looks[rows], crowded(gallery, material.looks[rows])
        for name, own in _persons(material, "asian").items():
            for _ in range(DRAWS):
                drawn = material.enrolled[rng.permutation(own)[:pictures]]
                found.setdefault(name, []).append(claimed(drawn, looks) - less)
        if pictures == 1:
            for index in range(len(gallery)):
                rest = crowded(np.delete(gallery, index, axis=0), looks)
                found.setdefault(f"{rows[0]}/{index}", []).append(looks @ gallery[index] - rest)
    if pictures == 1 and not others:
        found |= {name: [values] for name, values in _pairs(material)}
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _thresholds(found: dict[str, Scores], rng: np.random.Generator) -> list[dict[str, float]]:
    rows = []
    for share in RATES:
        value, low, high = bootstrap(found, quantile_at(share), rng)
        rows.append({"fmr": share, "threshold": value, "low": low, "high": high})
    return rows


def _misses(
    same: dict[str, Scores], looked_at: int, thresholds: Sequence[dict[str, float]], rng: np.random.Generator
) -> list[dict[str, Any]]:
    """FNMR at each threshold. Wilson's bounds count each picture looked at once; the others draw persons again."""
    found = []
    for entry in thresholds:
        share, low, high = bootstrap(same, share_below(entry["threshold"]), rng)
        bounds = asdict(rate(round(share * looked_at), looked_at))
        persons = {"low": low, "high": high}
        found.append({"fmr": entry["fmr"], "fnmr": share, "bounds": bounds, "by_person": persons})
    return found


def _spread(scores: Scores) -> dict[str, Any]:
    names = ("q001", "q50", "q99", "q999", "q9999")
    values = np.quantile(scores, [0.001, 0.5, 0.99, 0.999, 0.9999])
    counts, _ = np.histogram(scores, BINS)
    return {
        "count": len(scores),
        "mean": float(scores.mean()),
        "deviation": float(scores.std()),
        "histogram": counts.tolist(),
    } | dict(zip(names, map(float, values), strict=True))
