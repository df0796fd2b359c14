"""What a poor line does to each packet: when it arrives, or that it does not. Pure: `now` is handed in."""

from __future__ import annotations

import random
from typing import NamedTuple


class Profile(NamedTuple):
    """A line, the same in both directions.

    Attributes:
        bit_per_s: what it carries.
        loss: the share of packets that never arrive, each by itself.
        delay_ms: one way; a round trip takes twice as long.
        buffer: bytes that may wait before it; what comes when it is full is dropped.
    """

    bit_per_s: int = 512_000
    loss: float = 0.05
    delay_ms: float = 100.0
    buffer: int = 32 * 1024


class Shaper:
    """One direction of a line."""

    def __init__(self, profile: Profile, chance: random.Random) -> None:
        self._profile = profile
        self._chance = chance
        self._free_s = 0.0
        self.carried = 0
        self.lost = 0
        self.dropped = 0

    def step(self, size: int, now_s: float) -> float | None:
        """When a packet of so many bytes that is sent now arrives; None: never."""
        profile = self._profile
        begins = max(self._free_s, now_s)
        if (begins - now_s) * profile.bit_per_s / 8 + size > profile.buffer:
            self.dropped += 1
            return None
        # What is lost on its way has taken its time on the line.
        self._free_s = begins + size * 8 / profile.bit_per_s
        if self._chance.random() < profile.loss:
            self.lost += 1
            return None
        self.carried += 1
        return self._free_s + profile.delay_ms / 1000
