"""What a pull tells while it works; the command line draws bars of it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """One step after another: `begin`, any number of `advance`."""

    def begin(self, text: str, total: int | None) -> None:
        """A new step; `total` in bytes, None if nobody knows."""
        ...

    def advance(self, count: int) -> None:
        """So many bytes more."""
        ...


class Silent:
    """Tells nobody."""

    def begin(self, text: str, total: int | None) -> None:
        """See Progress."""

    def advance(self, count: int) -> None:
        """See Progress."""
