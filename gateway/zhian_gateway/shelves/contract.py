"""What the picture store needs of the place where sealed pictures lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Shelf(Protocol):
    """Bytes by names such as `evidence/ab/abcd...`; any thread may use it.

    Every method raises `PicturesAway` when the place cannot be reached just now.
    """

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, whole or not at all, in place of what was there."""

    def has(self, name: str) -> bool:
        """Whether there is something of this name."""

    def get(self, name: str) -> bytes:
        """What is there; FileNotFoundError."""

    def head(self, name: str, size: int) -> bytes:
        """Its first bytes; empty when there is nothing (any more)."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete these; what is gone already is fine."""

    def names(self, prefix: str, before: float | None = None) -> list[str]:
        """The last parts of all names in `prefix`, sorted; only those untouched since `before` (seconds), if given."""
