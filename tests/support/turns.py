"""In what order the files of tests begin: those that wait for others beside those that work."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath


def taking_turns(files: Iterable[PurePath]) -> dict[PurePath, float]:
    """Where each file begins, between 0 and 1: every folder's files are spread evenly over the whole time.

    Whole folders wait for browsers, brokers and clocks, and whole folders count; one after the other, the machine is
    idle through the former and is too small for the latter.
    """
    folders: dict[str, list[PurePath]] = {}
    for file in files:
        folders.setdefault(file.parts[0], []).append(file)
    return {file: (place + 0.5) / len(each) for each in folders.values() for place, file in enumerate(each)}
