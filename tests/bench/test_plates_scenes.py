"""Drawn gates are the same for the same seed, and say what is to be read in them."""

from __future__ import annotations

import importlib
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zhian_models.plate.grammar import LAYOUTS

BENCH = Path(__file__).resolve().parents[2] / "scripts" / "bench"


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module under test; its neighbours are found where scripts find them."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module("plates_scenes")


def test_equal_seeds_draw_equal_scenes(drawing: Any) -> None:
    ((kind, texts, one),) = islice(drawing.scenes("gate", 1, 7), 1)
    ((_, again, other),) = islice(drawing.scenes("gate", 1, 7), 1)
    assert kind == drawing.MADE[0].name
    assert texts == again
    assert np.array_equal(one, other)
    assert one.shape == (drawing.SIZE[1], drawing.SIZE[0], 3)


@pytest.mark.parametrize(
    ("view", "texts"), [("gate", 1), ("small", 1), ("turned", 1), ("large", 1), ("two", 2), ("cut", 0)]
)
def test_every_view_says_what_is_to_be_read(drawing: Any, view: str, texts: int) -> None:
    ((_, said, _),) = islice(drawing.scenes(view, 1, 7), 1)
    assert len(said) == texts


def test_every_kind_is_drawn(drawing: Any) -> None:
    assert {made.layout for made in drawing.MADE} == set(LAYOUTS)
