"""1:N: who of all enrolled is this, if anybody? False names and misses by gallery size, pictures, looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from zhian_models.face.embed import unit
from zhian_models.face.gallery import CROWD, CROWD_SHARE
from zhian_models.face.thresholds import BEYOND, name_threshold

from .material import Material, synthetic
from .statistics import bootstrap, quantile_at, share_from
from .verification import claimed

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
REAL_SIZES = (1, 3, 7, 10, 30, 100, 300)
SYNTHETIC_SIZES = (1300, 10000)
PROPOSED_SIZES = (100, 1300, 10000)
FPIR = 0.01
ROUNDS = (12, 120)
"""Galleries drawn at least and at most: the smaller a gallery, the more it matters who is in it."""

ENROLLED = 1200
"""Persons in all galleries of one size together, where ROUNDS allows it."""

PICTURES = (1, 3, 5)
LOOKS = (1, 3, 5)
DRAWS = 40

Scores = NDArray[np.float32]
Rows = NDArray[np.intp]


def standing(scores: Scores, crowd: int = CROWD, share: float = CROWD_SHARE) -> Scores:
    """How far the best of each row (n, persons) stands out of the crowd, as `Gallery.search` scores: (n,)."""
    top = min(crowd + 1, scores.shape[1])
    best = -np.sort(-np.partition(scores, scores.shape[1] - top, axis=1)[:, -top:], axis=1)
    return np.asarray(best[:, 0] - share * best[:, 1:].sum(axis=1) / crowd, np.float32)


def probes(material: Material, kind: str) -> Scores:
    """What strangers show: one `look`, or a fused `track`."""
    rows = material.of("strangers")
    return material.looks[rows] if kind == "look" else unit(material.tracks[rows].mean(axis=1))


def impostors(
    material: Material, kind: str, size: int, rng: np.random.Generator, rows: Rows | None = None
) -> dict[str, Scores]:
    """By stranger: their standing in galleries of `size` others, drawn again and again; of `rows` only.

    Up to the largest of REAL_SIZES all are real. Beyond, half of the strangers are filled up with synthetic ones made
    of that half, and the other half is looked up, so that no probe is a part of its gallery.
    """
    everybody, shown = material.of("strangers"), probes(material, kind)
    places = np.arange(len(everybody)) if rows is None else np.nonzero(np.isin(everybody, rows))[0]
    found: dict[str, list[float]] = {material.files[everybody[place]]: [] for place in places}
    for _ in range(min(max(ENROLLED // size, ROUNDS[0]), ROUNDS[1])):
        order = rng.permutation(places)
        held = size if size <= max(REAL_SIZES) else len(places) // 2
        gallery, others = material.enrolled[everybody[order[:held]]], order[held:]
        if size > held:
            gallery = np.concatenate([gallery, synthetic(gallery, size - held, rng)])
        for place, value in zip(others, standing(shown[others] @ gallery.T), strict=True):
            found[material.files[everybody[place]]].append(float(value))
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
    """The standing that a share of strangers reaches, per gallery size and kind of probe, with its bounds.

    And the share of strangers who get a name at the default threshold of that size.
    """
    found = []
    for kind in ("look", "track"):
        for size in (*REAL_SIZES, *SYNTHETIC_SIZES):
            scores = impostors(material, kind, size, rng)
            named = _named(scores, name_threshold(size, FPIR, 1 if kind == "look" else LOOKS[-1]), rng)
            for share in RATES:
                value, low, high = bootstrap(scores, quantile_at(share), rng)
                origin = "real" if size <= max(REAL_SIZES) else "synthetic"
                found.append(
                    {"probe": kind, "size": size, "persons": origin, "fpir": share}
                    | {"threshold": value, "low": low, "high": high, "at_default": named}
                )
    return found


def _named(scores: dict[str, Scores], threshold: float, rng: np.random.Generator) -> dict[str, float]:
    share, low, high = bootstrap(scores, share_from(threshold), rng)
    return {"threshold": threshold, "fpir": share, "low": low, "high": high}


def held_out(material: Material, rng: np.random.Generator, size: int = 100) -> list[dict[str, Any]]:
    """A threshold for FPIR from one half of the strangers (upper bound), and the other half's rate at it; both ways."""
    order = rng.permutation(material.of("strangers"))
    middle, found = len(order) // 2, []
    for here, there in ((order[:middle], order[middle:]), (order[middle:], order[:middle])):
        _, _, high = bootstrap(impostors(material, "track", size, rng, here), quantile_at(FPIR), rng)
        found.append({"size": size} | _named(impostors(material, "track", size, rng, there), high, rng))
    return found


def several(material: Material, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Thresholds for strangers' tracks in galleries of the Asian part alone, by pictures per person."""
    shown, found = probes(material, "track"), []
    for pictures in PICTURES:
        rounds = []
        for _ in range(DRAWS):
            held = [material.enrolled[rng.permutation(rows)[:pictures]] for _, rows in _persons(material, "asian")]
            rounds.append(standing(np.stack([claimed(own, shown) for own in held], axis=1)))
        by_person = {str(place): values for place, values in enumerate(np.stack(rounds, axis=1))}
        value, low, high = bootstrap(by_person, quantile_at(FPIR), rng)
        found.append({"pictures": pictures, "persons": len(held), "fpir": FPIR, "threshold": value})
        found[-1] |= {"low": low, "high": high}
    return found


def misses(material: Material, group: str, size: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Share of known people not named at the default threshold, by enrolment pictures and fused looks.

    They are enrolled among `size` others: all strangers, and synthetic ones made of them where these do not suffice.
    """
    gallery = material.enrolled[material.of("strangers")]
    if size > len(gallery):
        gallery = np.concatenate([gallery, synthetic(gallery, size - len(gallery), rng)])
    found = []
    for pictures in PICTURES:
        for looks in LOOKS:
            scores = genuine(material, gallery[:size], group, (pictures, looks), rng)
            share, low, high = bootstrap(scores, share_from(name_threshold(size, FPIR, looks)), rng)
            row = {"size": size, "pictures": pictures, "looks": looks, "threshold": name_threshold(size, FPIR, looks)}
            found.append(row | {"missed": 1 - share, "low": 1 - high, "high": 1 - low})
    return found


def genuine(
    material: Material, gallery: Scores, group: str, seen: tuple[int, int], rng: np.random.Generator
) -> dict[str, Scores]:
    """By person: their standing among `gallery` with (pictures, looks) `seen`; -1 where somebody else is nearer."""
    pictures, looks = seen
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


def proposals(found: list[dict[str, Any]], table: dict[str, dict[str, list[float]]]) -> list[dict[str, Any]]:
    """Thresholds for FPIR per look and per track at PROPOSED_SIZES, and which measurement decides each.

    Real people's upper bound, raised by BEYOND per tenfold size past the largest gallery of them; or the synthetic
    gallery's upper bound where that is higher.
    """
    rows = []
    for probe in table:
        for size in PROPOSED_SIZES:
            real = float(np.interp(np.log(size), np.log(REAL_SIZES), table[probe][str(FPIR)]))
            real += BEYOND * max(0.0, float(np.log10(size / REAL_SIZES[-1])))
            made = [e["high"] for e in found if (e["probe"], e["fpir"], e["size"]) == (probe, FPIR, size)]
            best = max([real, *made])
            rows.append(
                {"probe": probe, "size": size, "fpir": FPIR, "threshold": round(best, 3)}
                | {"decided_by": "real persons" if best == real else "synthetic persons"}
            )
    return rows


def _persons(material: Material, group: str) -> Iterator[tuple[str, NDArray[np.intp]]]:
    rows = material.of(group)
    for name in np.unique(material.person[rows]):
        yield str(name), rows[material.person[rows] == name]
