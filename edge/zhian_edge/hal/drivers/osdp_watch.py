"""When an OSDP device must be taken off its line and put on it again: libosdp leaves it alone for 300 s otherwise."""

from __future__ import annotations

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
