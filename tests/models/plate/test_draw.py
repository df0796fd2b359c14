"""Drawn plates have the sizes of the standard."""

from __future__ import annotations

import numpy as np
import pytest
from zhian_models.plate.draw import draw
from zhian_models.plate.types import Colour, Kind


@pytest.mark.parametrize(
    ("text", "kind", "colour", "rows", "size"),
    [
        ("京A12345", Kind.CIVIL, Colour.BLUE, 1, (440, 140)),
        ("苏ED51712", Kind.NEV, Colour.GREEN, 1, (480, 140)),
        ("沪AN9241", Kind.CIVIL, Colour.YELLOW, 2, (440, 220)),
        ("皖1149885", Kind.FARM, Colour.GREEN, 2, (300, 165)),
        ("沪QJ4950", Kind.TEMPORARY, Colour.WHITE, 1, (220, 140)),
    ],
)
def test_a_plate_has_its_kinds_size(text: str, kind: Kind, colour: Colour, rows: int, size: tuple[int, int]) -> None:
    assert draw(text, kind, colour, rows).shape == (size[1], size[0], 3)


def test_scale_is_pixels_per_millimetre() -> None:
    assert draw("京A12345", Kind.CIVIL, Colour.BLUE, scale=0.5).shape == (70, 220, 3)


def test_another_character_is_another_picture() -> None:
    one, other = (draw(text, Kind.CIVIL, Colour.BLUE) for text in ("京A12345", "津A12345"))
    changed = np.abs(one.astype(int) - other).max(axis=(0, 2)) > 0
    assert changed[:65].any()
    assert not changed[65:].any()
