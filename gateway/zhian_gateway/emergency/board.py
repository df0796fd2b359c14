"""What became of the sirens, for the page: written by the thread that sounds them, read by anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

#: sounding; none: the node has no siren; failed: it could not; waiting: it has not answered.
Outcome = Literal["sounding", "none", "failed", "waiting"]


class SirenBoard:
    """`outcomes` is replaced whole, by one thread; empty while no siren is to sound."""

    def __init__(self) -> None:
        self.outcomes: Mapping[str, Outcome] = {}
