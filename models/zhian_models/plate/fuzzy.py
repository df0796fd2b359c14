"""Finds plates that may be meant by a text typed or heard wrong: for searching, never for opening a barrier (pure).

A lane opens by equality alone. Here characters that readers and people take for each other cost little, others much,
so that 川AM118G finds 川AM1186 before it finds 川AM1185.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhian_models.plate.alphabet import LOOK_ALIKES, PROVINCES
from zhian_models.plate.grammar import repair

ALIKE = 0.3
"""Cost of a character for one that looks like it."""
PROVINCE = 0.6
"""Cost of one province for another: who remembers a plate remembers its letters and digits."""
OTHER = 1.0
"""Cost of any other change, and of a character too many or too few."""
NEAR = 1.3
"""Distance up to which a plate is worth showing: one wrong character and one look-alike."""

_ALIKE = frozenset((one, other) for group in LOOK_ALIKES for one in group for other in group if one != other)


def distance(one: str, other: str) -> float:
    """Weighted edits between two texts (Levenshtein 1965), separators, case, I for 1 and O for 0 forgiven.

    0 for one plate in two spellings; the same in both directions.
    """
    a, b = repair(one), repair(other)
    row = [at * OTHER for at in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        left, row[0] = row[0], i * OTHER
        for j, y in enumerate(b, 1):
            left, row[j] = row[j], min(row[j] + OTHER, row[j - 1] + OTHER, left + _swap(x, y))
    return row[-1]


def edits(one: str, other: str) -> int:
    """Characters to insert, drop or change until both texts are equal (Levenshtein 1965)."""
    row = list(range(len(other) + 1))
    for i, x in enumerate(one, 1):
        left, row[0] = row[0], i
        for j, y in enumerate(other, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (x != y))
    return row[-1]


def near(wanted: str, plates: Iterable[str], most: float = NEAR) -> list[tuple[str, float]]:
    """The plates no farther than `most` from what is wanted, the nearest first, equals in the order of their text.

    A part of a plate finds the plates that hold it: what a witness leaves out costs nothing.
    """
    found = ((plate, _distance_to_part(repair(wanted), repair(plate))) for plate in plates)
    return sorted(((plate, cost) for plate, cost in found if cost <= most), key=lambda pair: (pair[1], pair[0]))


def _distance_to_part(wanted: str, plate: str) -> float:
    """The least distance between what is wanted and any part of the plate (Sellers 1980)."""
    row = [0.0] * (len(plate) + 1)
    for i, x in enumerate(wanted, 1):
        left, row[0] = row[0], i * OTHER
        for j, y in enumerate(plate, 1):
            left, row[j] = row[j], min(row[j] + OTHER, row[j - 1] + OTHER, left + _swap(x, y))
    return min(row)


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if (one, other) in _ALIKE:
        return ALIKE
    return PROVINCE if one in PROVINCES and other in PROVINCES else OTHER
