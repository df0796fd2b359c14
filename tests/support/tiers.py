"""Which cases of a test are fast, and which thorough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings


def one_fast(values: Iterable[Any]) -> list[Any]:
    """Values to parametrize by: the first stands for all, the others are thorough."""
    first, *others = values
    return [first, *(pytest.param(value, marks=pytest.mark.thorough) for value in others)]


def examples(thoroughly: int) -> int:
    """How many examples of a property are looked at: so many, or in the fast profile no more than that says."""
    fast = settings.get_profile("fast").max_examples
    return min(thoroughly, fast) if settings.default.max_examples == fast else thoroughly
