"""When rules let the intake go first: both want the one pen, and nodes wait for receipts. Pure."""

from __future__ import annotations

from typing import Final

#: What was stored longest ago waits no longer than this for its rules, however many go on coming.
PATIENCE_S: Final = 60.0


class Courtesy:
    """Alerts never wait; the rest does while more comes than can be kept at once, up to `PATIENCE_S`."""

    def __init__(self) -> None:
        self._since: float | None = None

    def yields(self, now_s: float, *, pressed: bool) -> bool:
        """Whether only alerts are to be followed now; `now_s` is monotonic."""
        if not pressed:
            self._since = None
            return False
        if self._since is None:
            self._since = now_s
        return now_s - self._since < PATIENCE_S
