"""When an OSDP device must be taken off its line and put on it again: libosdp leaves it alone for 300 s otherwise.

And which of its states are asked for when it comes back, since it tells a change only once. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

#: A handshake takes 0.2 s on a fast line and under 1 s at 9600 baud.
HANDSHAKE_MS: Final = 1500


class Watchdog:
    """Watches one device; pure. `disable` and `enable` are the halves of a restart, which takes libosdp a moment."""

    def __init__(self) -> None:
        self._since_ms: int | None = None
        self._was_active = False
        self._disabling = False
        self.restarts = 0

    def step(self, now_ms: int, *, active: bool, enabled: bool) -> Literal["", "disable", "enable"]:
        """What to do with a device that is `active` (online, and encrypted where it must be) and `enabled`."""
        if self._disabling:
            if enabled:
                return ""
            self._disabling, self._since_ms = False, now_ms
            return "enable"
        if active:
            self._was_active, self._since_ms = True, None
            return ""
        if self._since_ms is None:
            self._since_ms = now_ms
        # One that was active and is no more never comes back by itself; one that never was may be shaking hands.
        if not self._was_active and now_ms - self._since_ms < HANDSHAKE_MS:
            return ""
        self._was_active, self._disabling = False, True
        self.restarts += 1
        return "disable"


#: A question that went unanswered so often, since the device was always lost meanwhile, is put no more.
IN_VAIN: Final = 3


class Questions:
    """Which states of one device are to be asked for: each once whenever it has come (back) to its line.

    A device that cannot answer says NAK, and libosdp takes it off the line for that: it is not asked again.
    """

    def __init__(self) -> None:
        self._asked: set[int] = set()
        self._vain: Counter[int] = Counter()

    def due(self, able: Iterable[int]) -> list[int]:
        """Of what the device is `able` to tell, what is to be asked now."""
        wanted = [what for what in able if what not in self._asked and self._vain[what] < IN_VAIN]
        self._asked.update(wanted)
        return wanted

    def ended(self, what: int, outcome: Literal["told", "refused", "lost"]) -> None:
        """What became of a question."""
        self._vain[what] = {"told": 0, "refused": IN_VAIN, "lost": self._vain[what] + 1}[outcome]

    def again(self) -> None:
        """The device was away, and what it told then may have been lost."""
        self._asked.clear()
