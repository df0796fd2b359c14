"""How much less often to look while frames are being dropped, and back again. Pure."""

from __future__ import annotations

from typing import Final

#: Fewer looks than every fourth one would miss who passes quickly; then frames are rather dropped.
MOST: Final = 4.0


class Pressure:
    """A factor on the time between looks, from 1 to `MOST`; call `step` once a second."""

    def __init__(self) -> None:
        self._dropped = 0
        self._factor = 1.0

    def step(self, dropped: int) -> float:
        """The factor from now on, given all frames dropped so far."""
        rising = dropped > self._dropped
        self._dropped = dropped
        self._factor = min(MOST, self._factor * 1.25) if rising else max(1.0, self._factor * 0.95)
        return self._factor
