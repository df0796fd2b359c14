"""Which layouts come into question in which arrangement of the characters (pure)."""

from __future__ import annotations

from functools import cache

from zhian_models.plate import ctc
from zhian_models.plate.grammar import LAYOUTS, Layout
from zhian_models.plate.types import Kind

Arrangement = tuple[int, bool, bool]
"""Rows; whether the cut was the number of a paper plate; whether small digits were enlarged."""


def layouts_in(rows: int, paper: bool, small: bool) -> list[Layout]:
    """The layouts of one arrangement."""
    if paper:
        return [layout for layout in LAYOUTS if layout.kind is Kind.TEMPORARY]
    if small:
        return [layout for layout in LAYOUTS if layout.small_digits]
    return [layout for layout in LAYOUTS if rows in layout.rows]


@cache
def masks_in(rows: int, paper: bool, small: bool) -> ctc.Masks:
    """The patterns of one arrangement, ready for `ctc.spell`."""
    return ctc.masks_of(sorted({pattern_of(layout) for layout in layouts_in(rows, paper, small)}))


@cache
def pattern_of(layout: Layout) -> ctc.Pattern:
    """The layout's positions, the last one shared by all layouts that differ only in their closing mark."""
    *begin, end = layout.positions
    if end.isascii() or len(end) > 1:
        return layout.positions
    alike = [other.positions[-1] for other in LAYOUTS if other.positions[:-1] == layout.positions[:-1]]
    return (*begin, "".join(sorted({mark for mark in alike if len(mark) == 1 and not mark.isascii()})))
