"""In which order people are served who wait for one another."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter


def in_turn(waits: Mapping[str, AbstractSet[str]]) -> list[tuple[str, ...]]:
    """Everybody after whomever they wait for; who waits in a circle, or for one, is served at once with the circle.

    Args:
        waits: for whom each of them waits; these are among them.
    """
    order = TopologicalSorter(waits)
    # Up to the circles it goes all the same.
    with suppress(CycleError):
        order.prepare()
    found: list[tuple[str, ...]] = []
    while ready := order.get_ready():
        found += [(each,) for each in sorted(ready)]
        order.done(*ready)
    rest = waits.keys() - {each for (each,) in found}
    return found + _apart({each: waits[each] & rest for each in rest})


def _apart(waits: Mapping[str, AbstractSet[str]]) -> list[tuple[str, ...]]:
    """Those who have to do with one another, together."""
    near = {each: set(others) for each, others in waits.items()}
    for each, others in waits.items():
        for other in others:
            near[other].add(each)
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for first in sorted(near):
        group, open_ones = set[str](), {first} - seen
        while open_ones:
            group |= open_ones
            open_ones = {other for each in open_ones for other in near[each]} - group
        seen |= group
        found += [tuple(sorted(group))] if group else []
    return found
