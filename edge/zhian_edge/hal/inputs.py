"""From the level of a contact to what is said of it: bouncing is waited for, and only a change is news. Pure."""

from __future__ import annotations

from typing import Literal

State = Literal["open", "closed", "active", "idle"]


class Settled:
    """One input, looked at now and then.

    Args:
        role: as configured; a `door` is open or closed, all else active or idle.
        settle_ms: a level counts when it was the same for so long; 0: at once.
    """

    def __init__(self, role: str, settle_ms: int) -> None:
        self._words: tuple[State, State] = ("open", "closed") if role == "door" else ("active", "idle")
        self._settle_ms = settle_ms
        self._level: bool | None = None
        self._since_ms = 0
        self._told: bool | None = None

    def step(self, now_ms: int, *, active: bool) -> State | None:
        """The input is `active` at `now_ms`: what there is to say, None when nothing has changed for good."""
        if active != self._level:
            self._level, self._since_ms = active, now_ms
        if active == self._told or now_ms - self._since_ms < self._settle_ms:
            return None
        self._told = active
        return self._words[0] if active else self._words[1]

    @property
    def waits(self) -> bool:
        """Whether a change was seen of which nobody knows yet that it lasts."""
        return self._level != self._told

    def forget(self) -> None:
        """The next level is news: the input was away, and may have changed meanwhile."""
        self._level = self._told = None
